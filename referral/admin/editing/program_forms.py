"""The form of a program, and the one that opens, closes and removes it."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField
from wtforms.validators import AnyOf

from referral.admin.editing.fields import CountField, FactsField, OneOfField, Pairs, TextField
from referral.admin.editing.listing_values import facts_of, pairs_of_facts, text_of
from referral.admin.shared.forms import StaffForm
from referral.models.history import MAX_WHY
from referral.models.recording import Values
from referral.vocabulary import LEVELS
from referral.vocabulary.words import N_

MAX_STAY_DAYS = 3650
MAX_CAPACITY = 100_000
PARTS = ("level", "name", "max_stay_days", "capacity")


class ProgramForm(StaffForm):
    version = HiddenField()
    """Of the listing, when the form was opened."""
    level = OneOfField(
        N_("Kind of care"),
        {"": N_("Choose"), **{code: level.label for code, level in LEVELS.items()}},
        N_("Choose a kind of care."),
    )
    name = TextField(N_("Name of the program"))
    max_stay_days = CountField(N_("Longest stay in days"), 1, MAX_STAY_DAYS)
    capacity = CountField(N_("Room for how many people"), 0, MAX_CAPACITY)
    facts = FactsField(N_("Where it differs from the listing"))
    why = TextField(N_("Why do you change this?"), MAX_WHY)

    def __init__(self, formdata: MultiDict[str, str] | None, stored: Values, **values: Any) -> None:
        known = {name: text_of(stored.get(name)) for name in PARTS}
        super().__init__(formdata, data={**known, "facts": facts_of(stored), **values})

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid = super().validate(extra_validators)
        if not self.level.data and not self.level.errors:
            self.level.errors = [self.level.refusal]
            return False
        return bool(is_valid)

    @property
    def seen_version(self) -> int:
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def values(self) -> Values:
        return {
            "level": self.level.data,
            "name": self.name.data or "",
            "max_stay_days": self.max_stay_days.number,
            "capacity": self.capacity.number,
            **{f"facts.{code}": known for code, known in self.facts.data.items()},
        }

    def pairs(self, values: Values) -> Pairs:
        """What a form sends that holds these values, with the rest of this one; without the version."""
        own = [(name, text_of(values.get(name))) for name in PARTS]
        return [*own, ("why", self.why.data or ""), *pairs_of_facts(values)]


class ProgramStatusForm(StaffForm):
    version = HiddenField()
    status = HiddenField(validators=[AnyOf(("active", "temporarily_closed", "inactive", "removed"))])
