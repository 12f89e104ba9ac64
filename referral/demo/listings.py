"""The made-up providers themselves, as values to insert. The same on every run and machine."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
import zipcodes

from referral.demo import shares
from referral.demo.chance import Chance
from referral.demo.facts import programs, provider_facts
from referral.demo.towns import Country, Town, Zip, centers, numbers_by_state, read_country
from referral.demo.words import provider_name, street

SEED = 20231231
N_LISTINGS = 1_500
SOURCE = "demo"

EVERY_NEED: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("clinic", ("outpatient",)),
    ("house", ("detox_residential", "residential_long")),
    ("home", ("recovery_residence",)),
)
"""Kinds and levels that a large city always has, so that each of the five needs is met there."""

TOLL_FREE = "800"
"""Area code where a ZIP has none."""

JITTER_DEGREES = 0.015
"""How far an exact point may lie from the middle of its ZIP: about a mile."""


@dataclass(frozen=True)
class Plan:
    """One listing to make: where, of which kind, and with which levels for certain."""

    town: Town
    kind: str
    forced: tuple[str, ...] = ()


def listings(connection: sa.Connection, today: date) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Values of each provider and of its programs; about 1,500. Only `confirmed_on` depends on `today`.

    Raises PlacesMissingError when the offline places are not loaded.
    """
    country = read_country(connection)
    chance = Chance(SEED)
    areas = _area_codes()
    zips: dict[Town, list[Zip]] = {}
    for number, plan in enumerate(_plans(country, chance), start=1):
        if plan.town not in zips:
            zips[plan.town] = country.zips_near(plan.town)
        facts = provider_facts(chance, plan.kind)
        if "outpatient" in plan.forced:
            facts["co_occurring"] = True
        zip_ = chance.pick(zips[plan.town])
        values = _provider(chance, plan, zip_, today) | _contact(chance, areas.get(zip_.code, TOLL_FREE))
        values |= {"source": SOURCE, "source_key": f"{number:04}", "facts": facts}
        yield values, programs(chance, plan.kind, facts, plan.forced)


def _plans(country: Country, chance: Chance) -> Iterator[Plan]:
    left = Counter({kind: round(profile.share * N_LISTINGS) for kind, profile in shares.PROFILES.items()})
    left_in_state = Counter(numbers_by_state(country, N_LISTINGS))
    for town in centers(country):
        for kind, forced in EVERY_NEED:
            left[kind] -= 1
            left_in_state[town.state] -= 1
            yield Plan(town, kind, forced)
    by_state: dict[str, list[tuple[float, Town]]] = defaultdict(list)
    for town in country.towns:
        by_state[town.state].append((float(town.size), town))
    for state in sorted(by_state):
        for _ in range(left_in_state[state]):
            kind = chance.weighted([(max(number, 0), kind) for kind, number in left.items()])
            left[kind] -= 1
            yield Plan(chance.weighted(by_state[state]), kind)


def _provider(chance: Chance, plan: Plan, zip_: Zip, today: date) -> dict[str, Any]:
    name, organization = provider_name(chance, plan.kind)
    first_line, unit = street(chance)
    precision = chance.weighted(shares.PRECISIONS)
    is_confidential = chance.happens(shares.CONFIDENTIAL)
    is_closed = chance.happens(shares.TEMPORARILY_CLOSED)
    address_kind = "telehealth" if plan.kind == "telehealth" else "confidential" if is_confidential else "street"
    if plan.forced:
        precision, address_kind, is_closed = "exact", "street", False
    if address_kind != "street":
        precision, first_line, unit = None, "", ""
    latitude, longitude = _point(chance, precision, plan.town, zip_)
    return {
        "name": name,
        "organization": organization,
        "address_kind": address_kind,
        "street": first_line,
        "unit": unit,
        "city": plan.town.name,
        "state": plan.town.state,
        "postal_code": zip_.code if address_kind == "street" else "",
        "latitude": latitude,
        "longitude": longitude,
        "precision": precision,
        "status": "temporarily_closed" if is_closed else "active",
        "confirmed_on": _confirmed_on(chance, today),
    }


def _point(chance: Chance, precision: str | None, town: Town, zip_: Zip) -> tuple[float | None, float | None]:
    north, east = (chance.between(-JITTER_DEGREES, JITTER_DEGREES) for _ in range(2))
    if precision is None:
        return None, None
    if precision == "city":
        return town.latitude, town.longitude
    if precision == "zip":
        return zip_.latitude, zip_.longitude
    return round(zip_.latitude + north, 6), round(zip_.longitude + east, 6)


def _area_codes() -> dict[str, str]:
    """The first telephone area code of each ZIP that has one."""
    rows = zipcodes.list_all()  # type: ignore[no-untyped-call]
    return {row["zip_code"]: row["area_codes"][0] for row in rows if row["area_codes"]}


def _contact(chance: Chance, area: str) -> dict[str, Any]:
    """Phone numbers that are reserved for fiction (555-0100 to 555-0199), and a website that cannot exist."""
    numbers = [f"{area}-555-01{int(chance.between(0, 100)):02}" for _ in range(2)]
    has_intake, has_extension, has_website = (chance.happens(share) for share in (0.2, 0.1, 0.7))
    extension = str(int(chance.between(1, 900)))
    address = f"https://www.listing-{int(chance.between(1, 100_000))}.example/"
    return {
        "phone": numbers[0],
        "phone_extension": extension if has_extension else "",
        "other_phones": [{"kind": "intake", "number": numbers[1], "extension": ""}] if has_intake else [],
        "website": address if has_website else "",
    }


def _confirmed_on(chance: Chance, today: date) -> date | None:
    days = chance.weighted(shares.CONFIRMED_DAYS_AGO)
    return None if days is None else today - timedelta(days=int(chance.between(*days)))
