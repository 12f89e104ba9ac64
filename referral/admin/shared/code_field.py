"""A choice between some codes, each with its label."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wtforms import RadioField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet

from referral.pages.text import _


class CodeField(RadioField):
    """Radio buttons. `labels`: N_ text by code; `problem`: N_ text for when none of them is chosen."""

    def __init__(self, label: str, labels: Mapping[str, str], problem: str, **values: Any) -> None:
        def choices() -> list[SelectChoice]:
            return [SelectChoice(code, _(text)) for code, text in labels.items()]

        super().__init__(label, choices=choices, **values)
        self._labels, self._problem = labels, problem

    def pre_validate(self, form: Any) -> None:
        if self.data not in self._labels:
            raise ValidationError(_(self._problem))
