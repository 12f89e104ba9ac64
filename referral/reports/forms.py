"""The form that reports a problem, and the one that asks what became of a report."""

from __future__ import annotations

import unicodedata
from typing import Any

from wtforms import Form, HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet

from referral.models.report import KINDS, MAX_TEXT
from referral.models.report_code import read_code
from referral.pages.text import _


def plain_text(text: str | None) -> str:
    """Text as it is stored: line ends as one mark, no other control characters, no blanks around it."""
    lines = (text or "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(mark for mark in lines if mark == "\n" or unicodedata.category(mark) != "Cc").strip()


class KindField(RadioField):
    def pre_validate(self, form: Any) -> None:
        if self.data not in KINDS:
            raise ValidationError(_("Choose what is wrong."))


class ReportForm(Form):
    kind = KindField(choices=lambda: [SelectChoice(code, _(kind.label)) for code, kind in KINDS.items()])
    text = TextAreaField(filters=[plain_text])
    token = HiddenField()
    homepage = StringField()
    """No person sees this field, so who fills it in is a program."""

    def validate_text(self, field: TextAreaField) -> None:
        length = len(field.data or "")
        if length > MAX_TEXT:
            raise ValidationError(
                _("Write at most %(max)s characters. These are %(n)s.", max=f"{MAX_TEXT:,}", n=f"{length:,}")
            )
        if self.kind.data == "something_else" and not length:
            raise ValidationError(_("Say in a few words what is wrong."))

    def refuse(self, reason: str) -> None:
        """Say why the form cannot be taken now, although nothing in a field is wrong."""
        self.form_errors.append(reason)

    def summary(self) -> list[tuple[str, str]]:
        """Each error with the id of the element where it can be put right."""
        targets = {"kind": "kind-0", "text": "text", "": "send"}
        return [(targets[name], error) for name, errors in self.errors.items() for error in errors]


class CodeForm(Form):
    code = StringField(filters=[plain_text])

    def validate_code(self, field: StringField) -> None:
        if not field.data:
            raise ValidationError(_("Enter the code of the report."))
        if read_code(field.data) is None:
            raise ValidationError(_("This is not a whole code. It has 10 letters and numbers. Look at it once more."))

    def summary(self) -> list[tuple[str, str]]:
        """Each error with the id of the field."""
        return [("code", error) for error in self.code.errors]
