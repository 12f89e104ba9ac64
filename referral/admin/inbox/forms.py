"""The form that closes a report with an answer."""

from __future__ import annotations

from wtforms import HiddenField, TextAreaField, ValidationError

from referral.admin.shared.code_field import CodeField
from referral.admin.shared.forms import StaffForm
from referral.models.report import MAX_TEXT, OUTCOMES
from referral.pages.text import _
from referral.vocabulary.words import N_


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
