"""Forms of this part. The form of a merge has a field for each thing in which the two listings differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet
from wtforms.validators import Length, NumberRange, ValidationError

from referral.admin.duplicates.listing_pairs import DISMISSALS
from referral.admin.shared.forms import StaffForm
from referral.duplicates.choices import ADD, LABELS, LEAVE, SIDES, Choices, Side, Two, default_choices, listed
from referral.models import Program
from referral.models.history import MAX_WHY
from referral.models.provider import MAX_ID
from referral.pages.text import _
from referral.phrases import fact_label, level_label
from referral.vocabulary.words import N_

_TOO_LONG = Length(max=MAX_WHY, message=N_("At most 500 characters."))


class DismissForm(StaffForm):
    reason = RadioField(N_("Why are they two?"), validate_choice=False)
    own_words = StringField(N_("In your own words, if it is something else"), validators=[_TOO_LONG])
    button_id = "dismiss"

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.reason.choices = [SelectChoice(code, _(label)) for code, label in DISMISSALS.items()]

    def validate_reason(self, field: RadioField) -> None:
        if field.data not in DISMISSALS:
            raise ValidationError(N_("Choose why they are two."))

    def validate_own_words(self, field: StringField) -> None:
        if self.reason.data == "other" and not field.data:
            raise ValidationError(N_("Say why they are two."))

    @property
    def kept(self) -> str:
        """What is kept: a code, or what was typed."""
        return str(self.own_words.data if self.reason.data == "other" else self.reason.data)


class ListingNumberField(IntegerField):
    """The number of a listing, also as pages write it: #1234. Anything else is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip().removeprefix("#") if valuelist else ""
        self.data = int(text) if text.isascii() and text.isdigit() and len(text) <= 10 else None


class NumbersForm(StaffForm):
    """Any two listings, to look at them side by side."""

    first = ListingNumberField(N_("Number of one listing"), [NumberRange(1, MAX_ID, N_("Enter its number."))])
    second = ListingNumberField(N_("Number of the other"), [NumberRange(1, MAX_ID, N_("Enter its number."))])
    button_id = "compare"


class UndoForm(StaffForm):
    leaves_changed = BooleanField()


class MergeForm(StaffForm):
    """What is chosen in a merge; `merge_form` adds the fields of two listings."""

    keep = HiddenField()
    first_id = HiddenField()
    second_id = HiddenField()
    first_version = HiddenField()
    second_version = HiddenField()
    why = TextAreaField(N_("Why (for the history)"), validators=[_TOO_LONG])
    button_id = "merge"

    two: Two

    @property
    def versions(self) -> tuple[int, int]:
        """As the form showed them; -1 for what is no number."""
        return _number(self.first_version.data), _number(self.second_version.data)

    @property
    def winner(self) -> Side:
        return "second" if self.keep.data == "second" else "first"

    def fields_of(self, kind: str) -> list[RadioField]:
        """Its own fields that choose parts, facts or programs."""
        return [field for field in self if field.name.startswith(f"{kind}-")]

    def choices(self) -> Choices:
        parts = {_about(field): cast(Side, field.data) for field in self.fields_of("part")}
        facts = {_about(field): _KNOWN[field.data] for field in self.fields_of("fact")}
        programs = {int(_about(field)): str(field.data) for field in self.fields_of("program")}
        return Choices(self.winner, parts, facts, programs)

    def show_current(self) -> None:
        """Keep what was chosen, and carry the versions that are shown now."""
        self.first_version.data, self.second_version.data = str(self.two.first.version), str(self.two.second.version)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else -1


_KNOWN: Mapping[str, bool | None] = {"yes": True, "no": False, "unknown": None}


def _about(field: RadioField) -> str:
    return str(field.name).partition("-")[2]


def merge_form(two: Two, keep: str, sent: MultiDict[str, str] | None) -> MergeForm:
    """The form for these two, with what was sent; what was not sent is as suggested.

    `keep`: first or second; otherwise the better one stays.
    """
    suggested = default_choices(two)
    winner: Side = "first" if keep == "first" else "second" if keep == "second" else suggested.winner
    stays, goes = two.sides(winner)
    fields: dict[str, Any] = {}
    defaults: dict[str, str] = {}
    for part, side in suggested.parts.items():
        fields[f"part-{part}"] = RadioField(LABELS[part], choices=[SelectChoice(side, "") for side in SIDES])
        defaults[f"part-{part}"] = side
    for code, known in suggested.facts.items():
        fields[f"fact-{code}"] = RadioField(fact_label(code), choices=_fact_choices(two, code))
        defaults[f"fact-{code}"] = next(name for name, value in _KNOWN.items() if value is known)
    for program in listed(goes.programs):
        fields[f"program-{program.id}"] = RadioField(
            program_text(program), choices=_program_choices(program, listed(stays.programs))
        )
        defaults[f"program-{program.id}"] = suggested.programs[program.id]
    made = cast(type[MergeForm], type("MergeFormOfTwo", (MergeForm,), {"two": two, **fields}))
    form = made(formdata=sent)
    form.keep.data = winner
    form.first_id.data, form.second_id.data = str(two.first.id), str(two.second.id)
    for name, default in defaults.items():
        allowed = {choice.value for choice in form[name].iter_choices()}
        form[name].data = form[name].data if form[name].data in allowed else default
    if sent is None:
        form.show_current()
    return form


def _fact_choices(two: Two, code: str) -> list[SelectChoice]:
    yes, no = (two.first, two.second) if two.first.facts[code] else (two.second, two.first)
    return [
        SelectChoice("yes", _("Yes, as number %(number)s says", number=yes.id)),
        SelectChoice("no", _("No, as number %(number)s says", number=no.id)),
        SelectChoice("unknown", _("Not known: to be asked")),
    ]


def _program_choices(program: Program, others: list[Program]) -> list[SelectChoice]:
    same = [other for other in others if other.level == program.level]
    combined = [
        SelectChoice(str(other.id), _("Combine with: %(program)s", program=program_text(other))) for other in same
    ]
    return [
        *combined,
        SelectChoice(ADD, _("Add it as a program of its own")),
        SelectChoice(LEAVE, _("Leave it out")),
    ]


def program_text(program: Program) -> str:
    label = level_label(program.level)
    return f"{label}: {program.name}" if program.name and program.name != label else label
