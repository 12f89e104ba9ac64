"""A listing ready to compare: what tells whether it is the same place as another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from referral.duplicates.addresses import Address, address_of, host_of
from referral.duplicates.names import Name, name_of, plain_words
from referral.models import Program, Provider

_DOING_BUSINESS_AS = re.compile(r"\b(?:dba|d/b/a)\b[\s:]*", re.IGNORECASE)

COLUMNS = (
    Provider.id,
    Provider.name,
    Provider.organization,
    Provider.address_kind,
    Provider.street,
    Provider.unit,
    Provider.city,
    Provider.state,
    Provider.postal_code,
    Provider.latitude,
    Provider.longitude,
    Provider.precision,
    Provider.phone,
    Provider.phone_extension,
    Provider.other_phones,
    Provider.website,
    Provider.license_number,
    Provider.source,
    Provider.change,
)


@dataclass(frozen=True, slots=True)
class Listing:
    id: int
    change: int
    source: str
    name: Name
    site: Name | None
    """The name without that of its organization, where both stand in it."""
    organization: Name | None
    address_kind: str
    address: Address
    city: str
    state: str
    zip5: str
    latitude: float | None
    longitude: float | None
    """Degrees WGS-84 of an exact point; none for the middle of a ZIP."""
    phone: str
    extension: str
    phones: frozenset[str]
    """All of its numbers, digits only."""
    host: str
    license: str
    levels: frozenset[str]


def listing_of(row: Any, levels: Iterable[str]) -> Listing:
    """From a row with COLUMNS."""
    is_exact = row.precision == "exact"
    site = row.name.removeprefix(f"{row.organization}: ") if row.organization else row.name
    site = _DOING_BUSINESS_AS.split(site)[-1]
    numbers = [row.phone, *(str(other.get("number", "")) for other in row.other_phones or ())]
    digits = ["".join(filter(str.isdigit, number)) for number in numbers]
    return Listing(
        id=row.id,
        change=row.change,
        source=row.source,
        name=name_of(row.name, row.city),
        site=name_of(site, row.city) if site != row.name else None,
        organization=name_of(row.organization, row.city) if row.organization else None,
        address_kind=row.address_kind,
        address=address_of(row.street, row.unit),
        city=" ".join(plain_words(row.city)),
        state=row.state,
        zip5=row.postal_code[:5],
        latitude=row.latitude if is_exact else None,
        longitude=row.longitude if is_exact else None,
        phone=digits[0],
        extension=row.phone_extension,
        phones=frozenset(filter(None, digits)),
        host=host_of(row.website),
        license="".join(plain_words(row.license_number)),
        levels=frozenset(levels),
    )


def read_listings(connection: sa.Connection) -> list[Listing]:
    """All listings that are not closed for good, by id."""
    is_open = Provider.status != "inactive"
    programs = sa.select(Program.provider_id, Program.level).join(Provider, Provider.id == Program.provider_id)
    levels: dict[int, list[str]] = {}
    for provider_id, level in connection.execute(programs.where(is_open, Program.status != "inactive")):
        levels.setdefault(provider_id, []).append(level)
    rows = connection.execute(sa.select(*COLUMNS).where(is_open).order_by(Provider.id))
    return [listing_of(row, levels.get(row.id, ())) for row in rows]


def read_two(connection: sa.Connection, first_id: int, second_id: int) -> list[Listing]:
    """These two, closed or not."""
    ids = (first_id, second_id)
    programs = sa.select(Program.provider_id, Program.level).where(Program.provider_id.in_(ids))
    levels: dict[int, list[str]] = {}
    for provider_id, level in connection.execute(programs.where(Program.status != "inactive")):
        levels.setdefault(provider_id, []).append(level)
    rows = connection.execute(sa.select(*COLUMNS).where(Provider.id.in_(ids)).order_by(Provider.id))
    return [listing_of(row, levels.get(row.id, ())) for row in rows]
