"""Values of a listing by the names of history, and the same as a form sends them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from referral.admin.editing.fields import KNOWN_AS, PHONE_PARTS, Pairs
from referral.history.putting_back import set_value
from referral.models import Program, Provider
from referral.models.recording import Values, program_values, provider_values
from referral.vocabulary import FACTS

LISTING_FIELDS = (
    *("name", "organization", "address_kind", "street", "unit", "city", "state", "postal_code", "point"),
    *("phone", "phone_extension", "other_phones", "website"),
    *("license_number", "license_expires_on", "licensed_beds", "staff_note"),
)
"""What the form of a listing changes, besides facts."""

PROGRAM_FIELDS = ("level", "name", "max_stay_days", "capacity")
"""What the form of a program changes, besides its own facts."""

ADDRESS_FIELDS = ("street", "city", "state", "postal_code")


def listing_values(provider: Provider) -> Values:
    return only(LISTING_FIELDS, provider_values(provider))


def own_program_values(program: Program) -> Values:
    return only(PROGRAM_FIELDS, program_values(program))


def only(fields: tuple[str, ...], values: Mapping[str, Any]) -> Values:
    """Of recorded values those that a form changes; every fact that is known, too."""
    known = {name: value for name, value in values.items() if name.startswith("facts.") and value is not None}
    return {name: values.get(name) for name in fields} | known


def set_values(thing: Provider | Program, fields: tuple[str, ...], values: Values) -> None:
    """Set the fields of a form, and all facts; what is equal stays untouched."""
    for name in fields:
        set_value(thing, name, values.get(name))
    facts = facts_of(values)
    if thing.facts != facts:
        thing.facts = facts


def facts_of(values: Mapping[str, Any]) -> dict[str, bool]:
    named = {name.removeprefix("facts."): known for name, known in values.items() if name.startswith("facts.")}
    return {code: known for code, known in named.items() if code in FACTS and known is not None}


def text_of(value: Any) -> str:
    return "" if value is None else str(value)


def pairs_of_facts(values: Mapping[str, Any]) -> Pairs:
    known = facts_of(values)
    return [(f"facts-{code}", KNOWN_AS[known.get(code)]) for code in FACTS]


def pairs_of_phones(phones: list[dict[str, str]] | None) -> Pairs:
    rows = phones or [{}]
    return [(f"phones-{n}-{part}", row.get(part, "")) for n, row in enumerate(rows) for part in PHONE_PARTS]
