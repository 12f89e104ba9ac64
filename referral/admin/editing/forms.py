"""The form of a listing. Its fields are all that staff can change there; nothing else that is sent does anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # not in the stubs yet

from referral.admin.editing.fields import (
    CountField,
    DayField,
    FactsField,
    OneOfField,
    Pairs,
    PhonesField,
    TextField,
    extension_refusal,
    is_extension,
    phone_refusal,
)
from referral.admin.editing.listing_values import facts_of, pairs_of_facts, pairs_of_phones, text_of
from referral.admin.editing.websites import problem_with_website
from referral.admin.shared.forms import StaffForm
from referral.history.fields import ADDRESS_LABELS
from referral.importers import contact
from referral.models.history import MAX_WHY
from referral.models.recording import Values
from referral.pages.text import _
from referral.places.states import STATES
from referral.vocabulary.words import N_

MAX_BEDS = 100_000
MAX_STAFF_NOTE = 2000

POINT_WAYS = {
    "auto": N_("From the address"),
    "hand": N_("By hand, with these numbers:"),
    "none": N_("No point on the map"),
}
TEXTS = (
    *("name", "organization", "street", "unit", "city", "state", "postal_code"),
    *("phone", "phone_extension", "website", "license_number", "staff_note", "address_kind"),
)
"""Fields whose value is a text, under the name of their column."""


class ChoiceField(RadioField):
    """Radio buttons of `allowed`: code to label."""

    def __init__(self, label: str, allowed: Mapping[str, str], **values: Any) -> None:
        super().__init__(
            label, choices=lambda: [SelectChoice(code, _(text)) for code, text in allowed.items()], **values
        )
        self.allowed = allowed

    def pre_validate(self, form: Any) -> None:
        if self.data not in self.allowed:
            raise ValidationError(_("Choose one of these."))


class Doubt(NamedTuple):
    """What looks wrong, though it can be saved by whoever says that it is right."""

    code: str
    about: str
    """What was typed: with something else there the person is asked again."""
    text: str

    @property
    def answer(self) -> str:
        """What the form sends where the box is ticked."""
        return f"{self.code} {self.about}"


class ListingForm(StaffForm):
    version = HiddenField()
    """Of the listing, when the form was opened."""
    key = HiddenField()
    """Of the form for a new listing, see gone.new_key."""
    report = HiddenField()
    """The report that the form was opened for."""
    name = TextField(N_("Name"), contact.MAX_NAME)
    organization = TextField(N_("Organization that it belongs to"))
    address_kind = ChoiceField(N_("Kind of address"), ADDRESS_LABELS)
    street = TextField(N_("Street and number"))
    unit = TextField(N_("Suite, floor or building"))
    city = TextField(N_("City"), 100)
    state = OneOfField(N_("State"), {"": N_("Not known"), **STATES}, N_("Choose a state."))
    postal_code = TextField(N_("ZIP code"), 10)
    point_how = ChoiceField(N_("Point on the map"), POINT_WAYS, default="auto")
    latitude = TextField(N_("Latitude"), 30)
    longitude = TextField(N_("Longitude"), 30)
    phone = TextField(N_("Phone"), 60)
    phone_extension = TextField(N_("Extension"), 10)
    phones = PhonesField(N_("More numbers"))
    website = TextField(N_("Website"), contact.MAX_WEBSITE)
    license_number = TextField(N_("License number"), 100)
    license_expires_on = DayField(N_("License expires on"))
    licensed_beds = CountField(N_("Licensed beds"), 0, MAX_BEDS)
    facts = FactsField(N_("What is known"))
    staff_note = TextAreaField(N_("Note for staff"))
    why = TextField(N_("Why do you change this?"), MAX_WHY)

    def __init__(self, formdata: MultiDict[str, str] | None, stored: Values, **values: Any) -> None:
        self.stored = stored
        self.sure = frozenset(formdata.getlist("sure")) if formdata else frozenset()
        """Answers to the doubts that the person has seen and set aside."""
        self.warnings: list[Doubt] = []
        known = {name: text_of(stored.get(name)) for name in (*TEXTS, "license_expires_on", "licensed_beds")}
        super().__init__(
            formdata, data={**known, "phones": stored.get("other_phones"), "facts": facts_of(stored), **values}
        )

    def validate_name(self, field: TextField) -> None:
        if not field.data:
            raise ValidationError(_("Enter the name of the place."))

    def validate_postal_code(self, field: TextField) -> None:
        if not field.data or self._is_as_stored(field):
            return
        field.data = contact.postal_code(field.data, "", self.state.data or "", []) or field.data
        if not contact.postal_code(field.data, "", "", []):
            raise ValidationError(_("A ZIP code has five digits, such as 40202, or nine, such as 40202-1234."))

    def validate_phone(self, field: TextField) -> None:
        if not field.data or self._is_as_stored(field):
            return
        parsed = contact.phone(field.data)
        if parsed is None:
            raise ValidationError(phone_refusal())
        field.data = parsed.number
        self.phone_extension.data = self.phone_extension.data or parsed.extension

    def validate_phone_extension(self, field: TextField) -> None:
        if not is_extension(field.data or "") and not self._is_as_stored(field):
            raise ValidationError(extension_refusal())

    def validate_website(self, field: TextField) -> None:
        if field.data and not self._is_as_stored(field) and (problem := problem_with_website(field.data)):
            raise ValidationError(problem)

    def validate_latitude(self, _field: TextField) -> None:
        if self.point_how.data == "hand" and self.is_at_street and self.point is None:
            raise ValidationError(
                _("Enter two numbers in degrees, such as 38.25670 and -85.75140. West of Greenwich has a minus sign.")
            )

    def validate_staff_note(self, field: TextAreaField) -> None:
        if len(field.data or "") > MAX_STAFF_NOTE:
            raise ValidationError(_("Write at most %(n)s characters here.", n=f"{MAX_STAFF_NOTE:,}"))

    def _is_as_stored(self, field: TextField) -> bool:
        """What a source gave stays as it is while nobody changes it."""
        return bool(field.data == self.stored.get(field.name))

    @property
    def is_at_street(self) -> bool:
        return bool(self.address_kind.data == "street")

    @property
    def point(self) -> tuple[float, float] | None:
        """The numbers that were typed, in degrees; None where they are no point on Earth."""
        return contact.point(self.latitude.data or "", self.longitude.data or "", [])

    @property
    def seen_version(self) -> int:
        """0 where the form does not say: then nothing of what it shows can be trusted to be what is there."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def values(self, point: list[Any] | None) -> Values:
        """What was sent, in the form in which history keeps values. `point`: that of the base, for "auto"."""
        how = self.point_how.data if self.is_at_street else "none"
        by_hand = [*self.point, "exact"] if how == "hand" and self.point else None
        day = self.license_expires_on.day
        return {
            **{name: getattr(self, name).data or "" for name in TEXTS},
            "point": point if how == "auto" else by_hand,
            "other_phones": self.phones.data,
            "license_expires_on": day.isoformat() if day else None,
            "licensed_beds": self.licensed_beds.number,
            **{f"facts.{code}": known for code, known in self.facts.data.items()},
        }

    def pairs(self, values: Values) -> Pairs:
        """What a form sends that holds these values, with the rest of this one; without the version."""
        how, latitude, longitude = self._point_pairs(values.get("point"))
        return [
            *((name, text_of(values.get(name))) for name in (*TEXTS, "license_expires_on", "licensed_beds")),
            *(("point_how", how), ("latitude", latitude), ("longitude", longitude)),
            *(("why", self.why.data or ""), ("report", self.report.data or "")),
            ("key", self.key.data or ""),
            *(("sure", answer) for answer in sorted(self.sure)),
            *pairs_of_phones(values.get("other_phones")),
            *pairs_of_facts(values),
        ]

    def _point_pairs(self, point: list[Any] | None) -> tuple[str, str, str]:
        """How the point is set, when a merge may have given it another one than was typed."""
        how = self.point_how.data or ""
        typed = how, self.latitude.data or "", self.longitude.data or ""
        if how == "auto":
            return typed if point or not self.stored.get("point") else ("none", "", "")
        if point == self.values(None)["point"]:
            return typed
        if not point:
            return "none", "", ""
        return "hand" if point[2] == "exact" else "auto", repr(point[0]), repr(point[1])

    def summary(self) -> list[tuple[str, str]]:
        """With each wrong further number by itself, and what looks wrong."""
        own = [entry for entry in super().summary() if entry[0] != self.phones.id]
        return [*own, *self.phones.problems(), *((f"sure-{doubt.code}", doubt.text) for doubt in self.warnings)]
