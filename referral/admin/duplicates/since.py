"""What was changed since a merge, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from referral.duplicates.undoing import Since
from referral.history.fields import label_of, value_words
from referral.pages.text import _


class SinceLine(NamedTuple):
    number: int
    label: str
    merged: str
    now: str


def since_lines(found: Sequence[Since]) -> list[SinceLine]:
    return [
        SinceLine(
            one.change.provider_id,
            _(label_of(one.change.field)[0]),
            _words(one.change.field, one.change.new),
            _words(one.change.field, one.value),
        )
        for one in found
    ]


def _words(field: str, value: Any) -> str:
    text, is_ours = value_words(field, value)
    return _(text) if is_ours else text
