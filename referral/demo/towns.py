"""Where the made-up providers stand: every larger city, and the rest spread over the states by population."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from referral.models import Place

LARGE = 100_000
"""People from which a city has care of every kind."""

APART_MILES = 18.0
"""A large city nearer than this to a larger one shares its providers."""

MIN_SIZE = 1_000
MIN_IN_STATE = 5
ZIP_MILES = 6.0


class PlacesMissingError(RuntimeError):
    """The offline places are not loaded, so there are no towns to put listings in."""


class Zip(NamedTuple):
    code: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Town:
    """A city. Degrees WGS-84 of its middle; `size` in people."""

    name: str
    state: str
    size: int
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Country:
    """Towns, the largest first, and delivery ZIPs by state."""

    towns: tuple[Town, ...]
    zips: dict[str, list[Zip]]

    def zips_near(self, town: Town) -> list[Zip]:
        """The town's delivery ZIPs: those of its state within six miles of its middle, or the nearest one."""
        by_miles = sorted((miles_about(town, zip_), zip_) for zip_ in self.zips[town.state])
        return [zip_ for miles, zip_ in by_miles if miles <= ZIP_MILES] or [by_miles[0][1]]


def read_country(connection: sa.Connection) -> Country:
    """Towns of a thousand people or more, and ZIPs, out of the places. Raises PlacesMissingError without places."""
    columns = (
        Place.kind,
        Place.key,
        Place.label,
        Place.city,
        Place.state,
        Place.latitude,
        Place.longitude,
        Place.size,
    )
    rows = connection.execute(
        sa.select(*columns)
        .where(Place.latitude.is_not(None), sa.or_(Place.zip_kind == "standard", Place.size >= MIN_SIZE))
        .order_by(Place.size.desc(), Place.label, Place.key)
    ).all()
    zips: dict[str, list[Zip]] = defaultdict(list)
    for row in rows:
        if row.kind == "zip":
            zips[row.state].append(Zip(row.key, row.latitude, row.longitude))
    cities = {row.label: row for row in rows if row.kind == "city" and row.state in zips}
    if not cities:
        raise PlacesMissingError
    towns = (Town(row.city, row.state, row.size, row.latitude, row.longitude) for row in cities.values())
    return Country(tuple(towns), dict(zips))


def miles_about(one: Town | Zip, other: Town | Zip) -> float:
    """Miles between two near points, to about 1 %."""
    east = (one.longitude - other.longitude) * math.cos(math.radians(one.latitude))
    return 69.0 * math.hypot(one.latitude - other.latitude, east)


def centers(country: Country) -> list[Town]:
    """Large cities so chosen that every large city is one or lies within 18 miles of one."""
    chosen: list[Town] = []
    for town in country.towns:
        if town.size >= LARGE and all(miles_about(town, other) > APART_MILES for other in chosen):
            chosen.append(town)
    return chosen


def numbers_by_state(country: Country, n_listings: int) -> dict[str, int]:
    """How many of so many listings each state gets: at least five, the rest by population."""
    people: dict[str, int] = defaultdict(int)
    for town in country.towns:
        people[town.state] += town.size
    total = sum(people.values())
    spread = n_listings - MIN_IN_STATE * len(people)
    return {state: MIN_IN_STATE + round(spread * people[state] / total) for state in sorted(people)}
