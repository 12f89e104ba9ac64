"""Which of the towns that share a name and a state are one place, and where its middle is."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

MILES_PER_DEGREE = 69.0
SAME_POINT_MILES = 3.0
SAME_TOWN_MILES = 15.0
PEOPLE_PER_ZIP = 2_000
"""Taken for each delivery ZIP named for a town whose people are not counted: about the median of all ZIPs."""
PEOPLE_PER_POST_OFFICE = 500
"""Taken for a town that is only post boxes; GeoNames would know it from 500 people on."""
UNPOSTAL_PEOPLE = 5_000
"""At most taken for a town that no ZIP near it is named for: GeoNames gives some parts the people of the whole."""


@dataclass(frozen=True)
class Zip:
    """A ZIP as its source gives it. `point`: degrees WGS-84 or none."""

    code: str
    kind: str
    state: str
    city: str
    other_names: tuple[str, ...]
    county: str
    point: tuple[float, float] | None


@dataclass
class City:
    """A town: point in degrees WGS-84, `size` in people, guessed from its ZIPs where they are not counted."""

    name: str
    state: str
    county: str
    point: tuple[float, float]
    size: int
    other_name: str = ""
    points: list[tuple[float, float]] = field(default_factory=list)


def miles_about(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Miles between two near points, to about 1 %: enough to tell one town from the next."""
    east = abs(one[1] - other[1])
    east = min(east, 360.0 - east) * math.cos(math.radians((one[0] + other[0]) / 2))
    return MILES_PER_DEGREE * math.hypot(one[0] - other[0], east)


def cities_of_one_name(known: list[City], named: list[tuple[Zip, str]]) -> list[City]:
    """The distinct towns of one name in one state, from cities with a population and from ZIPs that carry the name.

    Cities closer than 3 miles are one. The ZIPs whose main city has the name are one town, wherever they are; a ZIP
    for which the name is only accepted belongs to a town within 15 miles, or makes one. One town for each county.
    """
    towns: list[City] = []
    for city in sorted(known, key=lambda city: -city.size):
        if not any(miles_about(city.point, town.point) <= SAME_POINT_MILES for town in towns):
            towns.append(city)
            city.points.append(city.point)
    main = [zip_ for zip_, name in named if name == zip_.city]
    if main:
        n_delivery = sum(zip_.kind == "standard" for zip_ in main)
        _join(towns, main, main[0].city, max(PEOPLE_PER_ZIP * n_delivery, PEOPLE_PER_POST_OFFICE))
    for zip_, name in named:
        if name != zip_.city:
            _join(towns, [zip_], name, size=1)
    for town in towns:
        if len(town.points) == 1 and town in known:
            town.size = min(town.size, UNPOSTAL_PEOPLE)
    by_county: dict[str, City] = {}
    for town in sorted(towns, key=lambda town: -town.size):
        by_county.setdefault(town.county, town)
    return list(by_county.values())


def _join(towns: list[City], zips: list[Zip], name: str, size: int) -> None:
    """Add ZIPs to the nearest town within 15 miles, or make them a town."""
    points = [zip_.point for zip_ in zips if zip_.point]
    reach = [(min(miles_about(one, other) for one in points for other in town.points), town) for town in towns]
    distance, nearest = min(reach, key=lambda pair: pair[0], default=(math.inf, None))
    if nearest is not None and distance <= SAME_TOWN_MILES:
        nearest.points += points
        return
    standard = [zip_ for zip_ in zips if zip_.kind == "standard"]
    middle = _most_central(standard or zips)
    towns.append(City(name, middle.state, middle.county, middle.point or points[0], size, points=points))


def _most_central(zips: list[Zip]) -> Zip:
    """The ZIP closest to the median of all; of several the lowest number."""
    latitudes = sorted(zip_.point[0] for zip_ in zips if zip_.point)
    longitudes = sorted(zip_.point[1] for zip_ in zips if zip_.point)
    median = (latitudes[len(latitudes) // 2], longitudes[len(longitudes) // 2])
    return min(zips, key=lambda zip_: (miles_about(zip_.point or median, median), zip_.code))
