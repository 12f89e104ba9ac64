"""The fields of history in words: what a field is called, and how its value reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from referral.vocabulary import FACTS, LEVELS
from referral.vocabulary.words import N_

KEPT_LABEL = N_("Ours kept against the source")
"""Of a change under putting_back.KEPT."""

LABELS: Mapping[str, str] = {
    "listing": N_("Whole listing"),
    "program": N_("Program"),
    "name": N_("Name"),
    "organization": N_("Organization"),
    "address_kind": N_("Kind of address"),
    "street": N_("Street"),
    "unit": N_("Suite, floor or building"),
    "city": N_("City"),
    "state": N_("State"),
    "postal_code": N_("ZIP code"),
    "point": N_("Map point"),
    "phone": N_("Phone"),
    "phone_extension": N_("Extension"),
    "other_phones": N_("Other phones"),
    "website": N_("Website"),
    "status": N_("Status"),
    "closed_until": N_("Closed until"),
    "confirmed_on": N_("Confirmed on"),
    "license_number": N_("License number"),
    "license_expires_on": N_("License expires on"),
    "licensed_beds": N_("Licensed beds"),
    "staff_note": N_("Note for staff"),
    "level": N_("Kind of care"),
    "max_stay_days": N_("Longest stay in days"),
    "capacity": N_("Capacity"),
}
"""English name of each field but facts; a caller translates it."""

STATUS_LABELS: Mapping[str, str] = {
    "active": N_("Open"),
    "temporarily_closed": N_("Closed for now"),
    "inactive": N_("Taken off the list"),
}
ADDRESS_LABELS: Mapping[str, str] = {
    "street": N_("Street address"),
    "confidential": N_("Confidential address"),
    "telehealth": N_("Telehealth only"),
}
PRECISION_LABELS: Mapping[str, str] = {
    "exact": N_("exact address"),
    "zip": N_("middle of the ZIP"),
    "city": N_("middle of the city"),
}
NOT_KNOWN = N_("not known")
NOTHING = N_("nothing")
YES = N_("yes")
NO = N_("no")


def label_of(field: str) -> tuple[str, str]:
    """(English name of the field, English name of what it is about, or "").

    For a fact: its label. For "level.<code>", "capacity.<code>" of corrections: the field, and the level's label.
    """
    first, dot, rest = field.partition(".")
    if not dot:
        return LABELS.get(field, field), ""
    if first == "kept":
        label, about = label_of(rest)
        return KEPT_LABEL, about or label
    if first == "facts":
        return (FACTS[rest].label if rest in FACTS else rest), ""
    about = LEVELS[rest].label if rest in LEVELS else rest
    return LABELS.get(first, first), about


def value_words(field: str, value: Any) -> tuple[str, bool]:
    """(the value in words, whether these words are English and to be translated; else they are data)."""
    first, _, rest = field.partition(".")
    if first == "kept":
        return value_words(rest, value.get("ours", value.get("theirs")))
    if first in ("facts", "level") and isinstance(value, bool):
        return (YES if value else NO), True
    if value is None or value in ("", []):
        return (NOT_KNOWN if first == "facts" else NOTHING), True
    coded = _coded(field, value)
    return (coded, True) if coded else (_data(field, value), False)


def _coded(field: str, value: Any) -> str:
    """The label of a value that is a code; else empty."""
    if field == "status":
        return STATUS_LABELS.get(value, "")
    if field == "address_kind":
        return ADDRESS_LABELS.get(value, "")
    if field == "level" and value in LEVELS:
        return LEVELS[value].label
    if field == "program" and isinstance(value, dict) and value.get("level") in LEVELS:
        return LEVELS[value["level"]].label
    return ""


def _data(field: str, value: Any) -> str:
    if field == "listing" and isinstance(value, dict):
        return str(value.get("name", ""))
    if field == "point":
        return f"{value[0]:.5f}, {value[1]:.5f}"
    if field == "other_phones":
        return ", ".join(" ".join(filter(None, (one.get("number"), one.get("extension")))) for one in value)
    return value.isoformat() if isinstance(value, date) else str(value)
