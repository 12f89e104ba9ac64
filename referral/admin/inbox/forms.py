"""The form that finds a report by its code, and the one that closes a report with an answer."""

from __future__ import annotations

from wtforms import HiddenField, StringField, TextAreaField, ValidationError

from referral.admin.shared.code_field import CodeField
from referral.admin.shared.forms import StaffForm
from referral.models.report import MAX_TEXT, OUTCOMES
from referral.models.report_code import read_code
from referral.pages.text import _
from referral.vocabulary.words import N_


class FindForm(StaffForm):
    """For somebody on the phone who has the code of their report. Sent by GET, it changes nothing."""

    code = StringField(N_("Code of the report"))
    button_id = "find"

    def validate_code(self, field: StringField) -> None:
        if read_code(field.data or "") is None:
            raise ValidationError(_("This is not a whole code. It has 10 letters and numbers. Look at it once more."))


class CloseForm(StaffForm):
    outcome = CodeField(N_("What became of it?"), OUTCOMES, N_("Choose what became of it."))
    answer = TextAreaField(N_("Answer"))
    do = HiddenField()
    """The button: "preview" shows how it reads, else the report is closed."""
    button_id = "close"

    def validate_answer(self, field: TextAreaField) -> None:
        length = len(field.data or "")
        if length > MAX_TEXT:
            raise ValidationError(
                _("Write at most %(max)s characters. These are %(n)s.", max=f"{MAX_TEXT:,}", n=f"{length:,}")
            )
