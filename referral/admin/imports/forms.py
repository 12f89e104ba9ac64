"""The forms of this part, but that of mappings."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet

from referral.admin.shared.forms import StaffForm
from referral.importers.formats import LABELS
from referral.models.history import MAX_WHY
from referral.pages.text import _
from referral.vocabulary.words import N_

FIND_OUT, BY_HAND = "", "columns"


class UploadForm(StaffForm):
    """A file, and how it is to be read: found out, one of the formats, a kept mapping, or columns named by hand."""

    file = FileField(N_("File"))
    how = SelectField(N_("How is it read?"), choices=[], validate_choice=False)
    include_mental_health = BooleanField(
        N_("Also take facilities that list no addiction treatment (FindTreatment.gov export only)")
    )
    button_id = "send"

    def offer(self, mappings: dict[str, str]) -> None:
        """`mappings`: name by number."""
        choices = {FIND_OUT: _("Find out from the file"), **{code: _(label) for code, label in LABELS.items()}}
        choices |= {number: _("Our mapping “%(name)s”", name=name) for number, name in mappings.items()}
        choices[BY_HAND] = _("Show me its columns: I say what they are")
        self.how.choices = [SelectChoice(value, label) for value, label in choices.items()]
        if self.how.data not in choices:
            self.how.data = FIND_OUT

    def validate_file(self, field: FileField) -> None:
        if not field.data or not getattr(field.data, "filename", ""):
            raise ValidationError(N_("Choose a file."))


class WhyForm(StaffForm):
    """Something that is done once, and why."""

    why = TextAreaField(N_("Why (for the history)"))
    seen = HiddenField()
    """What the person was shown: something else is not done."""
    button_id = "do"

    def validate_why(self, field: TextAreaField) -> None:
        length = len(field.data or "")
        if length > MAX_WHY:
            raise ValidationError(
                _("Write at most %(max)s characters. These are %(n)s.", max=f"{MAX_WHY:,}", n=f"{length:,}")
            )


class TakeOffForm(WhyForm):
    spare_confirmed = BooleanField(N_("Leave those that somebody confirmed in the last 180 days"))


class UndoForm(WhyForm):
    even_partly = HiddenField()
