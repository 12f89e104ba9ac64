"""What history tells of a listing: the values of a provider and of its programs, each under the name of its field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from referral.models.program import Program
from referral.models.provider import Provider

PROVIDER: sa.Table = Provider.__table__  # type: ignore[assignment]
PROGRAM: sa.Table = Program.__table__  # type: ignore[assignment]

PROVIDER_FIELDS = (
    *("name", "organization", "address_kind", "street", "unit", "city", "state", "postal_code"),
    *("phone", "phone_extension", "other_phones", "website", "status", "closed_until", "confirmed_on"),
    *("license_number", "license_expires_on", "licensed_beds", "staff_note"),
)
POINT = ("latitude", "longitude", "precision")
"""One value to people: the field "point"."""

PROGRAM_FIELDS = ("level", "name", "max_stay_days", "capacity", "status")

IMPORTED_FIELDS = frozenset(
    {
        *("name", "organization", "street", "unit", "city", "state", "postal_code", "point"),
        *("phone", "phone_extension", "other_phones", "website", "license_number", "license_expires_on"),
        "licensed_beds",
    }
)
"""What imports fill, besides facts and programs: a change of it by staff is a correction that imports keep."""

COMPARE_ANEW = "-"
"""In place of what a source said of a listing: its next file is compared with the listing, whatever it says."""

provider_rows = sa.select(
    PROVIDER.c.id,
    PROVIDER.c.version,
    PROVIDER.c.source,
    PROVIDER.c.facts,
    *(PROVIDER.c[name] for name in (*PROVIDER_FIELDS, *POINT)),
)
program_rows = sa.select(
    PROGRAM.c.id, PROGRAM.c.provider_id, PROGRAM.c.facts, *(PROGRAM.c[name] for name in PROGRAM_FIELDS)
)

Values = dict[str, Any]
"""Value by field, in the form in which history keeps it."""


class Difference(NamedTuple):
    """One value before and after. `program_id` is None for a value of the provider."""

    provider_id: int
    program_id: int | None
    field: str
    old: Any
    new: Any


def stored(value: Any) -> Any:
    """A value as history keeps it: days and times as text."""
    return value.isoformat() if isinstance(value, date) else value


def provider_values(row: Any) -> Values:
    """Of a Provider or a row of provider_rows."""
    values = {name: stored(getattr(row, name)) for name in PROVIDER_FIELDS}
    values["point"] = None if row.latitude is None else [row.latitude, row.longitude, row.precision]
    return values | {f"facts.{code}": known for code, known in row.facts.items()}


def program_values(row: Any) -> Values:
    """Of a Program or a row of program_rows."""
    values = {name: getattr(row, name) for name in PROGRAM_FIELDS}
    return values | {f"facts.{code}": known for code, known in (row.facts or {}).items()}


def differences(
    provider_id: int, program_id: int | None, old: Mapping[str, Any], new: Mapping[str, Any]
) -> Iterator[Difference]:
    """What changed between two sets of values, in the order of the fields. A fact that is not known is None."""
    for field in dict.fromkeys([*old, *new]):
        before, after = old.get(field), new.get(field)
        if before != after:
            yield Difference(provider_id, program_id, field, before, after)
