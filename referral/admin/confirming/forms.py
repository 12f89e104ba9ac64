"""The form that says a listing is still right, and the one that logs a call."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, SelectMultipleField, TextAreaField, ValidationError

from referral.admin.shared.code_field import CodeField
from referral.admin.shared.forms import StaffForm
from referral.models.check import CHECK_OUTCOMES, MAX_NOTE, WAYS
from referral.pages.text import _
from referral.vocabulary.words import N_


class CheckForm(StaffForm):
    """What both forms carry along: the version that the person has seen, and where to go then."""

    version = HiddenField()
    after = HiddenField()
    """Number of the last attempt that the person could see: a later one like theirs is the same form once more."""
    then = HiddenField()
    """"queue": to the next listing of one's own queue; else back to the listing."""


class ConfirmForm(CheckForm):
    what = HiddenField()
    """The button: "all", or "parts" for those that are ticked."""
    how = CodeField(
        N_("How was it checked?"), WAYS, N_("Choose how it was checked."), id="confirm-how", default="phone"
    )
    part = SelectMultipleField(N_("Part by part"), choices=[], validate_choice=False)
    button_id = "still-right"

    @property
    def is_whole(self) -> bool:
        return self.what.data != "parts"


class CallForm(CheckForm):
    outcome = CodeField(N_("What came of it?"), CHECK_OUTCOMES, N_("Choose what came of it."))
    how = CodeField(N_("How did you try?"), WAYS, N_("Choose how you tried."), id="call-how", default="phone")
    note = TextAreaField(N_("Note for the other staff"))
    take_off = BooleanField(N_("It has closed for good: take it off the list"))
    button_id = "log"

    def validate_note(self, field: TextAreaField) -> None:
        length = len(field.data or "")
        if length > MAX_NOTE:
            raise ValidationError(
                _("Write at most %(max)s characters. These are %(n)s.", max=f"{MAX_NOTE:,}", n=f"{length:,}")
            )

    def validate_take_off(self, field: BooleanField) -> None:
        if field.data and self.outcome.data != "closed":
            raise ValidationError(_("Only a place that has closed is taken off the list."))
