"""Puts the rows of the `place` table together from the package `zipcodes` and data/us_cities.csv."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import zipcodes

from referral.places.clusters import City, Zip, cities_of_one_name
from referral.places.names import city_key, county_key, is_county_name
from referral.places.states import MILITARY, STATES

CITIES_FILE = Path(__file__).parent / "data" / "us_cities.csv"

DOMINANCE = 10
"""Times by which the largest place of a name must exceed the next, to be meant when nothing else is said."""

NICKNAMES = {
    "nyc": ("newyork", "NY"),
    "nycity": ("newyork", "NY"),
    "la": ("losangeles", "CA"),
    "sf": ("sanfrancisco", "CA"),
    "philly": ("philadelphia", "PA"),
    "vegas": ("lasvegas", "NV"),
    "stpete": ("stpetersburg", "FL"),
    "slc": ("saltlakecity", "UT"),
    "nola": ("neworleans", "LA"),
    "kcmo": ("kansascity", "MO"),
    "kck": ("kansascity", "KS"),
    "indy": ("indianapolis", "IN"),
    "chitown": ("chicago", "IL"),
    "abq": ("albuquerque", "NM"),
}
"""Key of a nickname: key and state of the city."""

Names = dict[tuple[str, str], list[City]]


def place_rows() -> Iterator[dict[str, Any]]:
    """All rows of the table, as values for an insert. Points are degrees WGS-84; `size` counts people."""
    zips = list(_zips())
    cities = _cities(zips)
    yield from (_zip_row(zip_) for zip_ in zips)
    yield from _city_rows(cities)
    yield from _county_rows(zips, cities)
    yield from _state_rows(cities)


def _zips() -> Iterator[Zip]:
    for row in zipcodes.list_all():  # type: ignore[no-untyped-call]
        latitude, longitude = float(row["lat"]), float(row["long"])
        yield Zip(
            code=row["zip_code"],
            kind=row["zip_code_type"].casefold().replace(" ", "_"),
            state=row["state"],
            city=row["city"],
            other_names=tuple(row["acceptable_cities"]) if row["active"] else (),
            county=row["county"],
            # "0" stands for no point in the source.
            point=(latitude, longitude) if latitude != 0.0 else None,
        )


def _zip_row(zip_: Zip) -> dict[str, Any]:
    return {
        "kind": "zip",
        "key": zip_.code,
        "label": f"{zip_.code} ({zip_.city}, {zip_.state})",
        "state": zip_.state,
        "city": zip_.city,
        "county": zip_.county,
        "latitude": zip_.point[0] if zip_.point else None,
        "longitude": zip_.point[1] if zip_.point else None,
        "size": 0,
        "zip_kind": zip_.kind,
    }


def _cities(zips: list[Zip]) -> Names:
    """Cities by key and state; several under one key where towns of one name lie apart, the largest first."""
    known: Names = defaultdict(list)
    with CITIES_FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            city = City(
                name=row["postal_name"] or row["name"],
                state=row["state"],
                county=row["county"],
                point=(float(row["latitude"]), float(row["longitude"])),
                size=int(row["population"]),
                other_name=row["name"] if row["postal_name"] else "",
            )
            known[city_key(city.name), city.state].append(city)
    named: dict[tuple[str, str], list[tuple[Zip, str]]] = defaultdict(list)
    for zip_ in zips:
        if zip_.point and zip_.state not in MILITARY:
            for name in (zip_.city, *zip_.other_names):
                # The post accepts "Adams County" as a city; for people it is the county.
                if name.endswith(" County"):
                    continue
                named[city_key(name), zip_.state].append((zip_, name))
    cities: Names = {}
    for at in sorted(known.keys() | named.keys()):
        found = cities_of_one_name(known.get(at, []), named.get(at, []))
        cities[at] = sorted(found, key=lambda city: (-city.size, city.county))
    return cities


def _city_label(city: City, others: list[City]) -> str:
    """Name and state; the county between them unless the city is the only one or by far the largest."""
    rest = [other.size for other in others if other is not city]
    if not rest or city.size >= DOMINANCE * max(rest) or not city.county:
        return f"{city.name}, {city.state}"
    return f"{city.name}, {city.county}, {city.state}"


def _city_rows(cities: Names) -> Iterator[dict[str, Any]]:
    for (key, state), namesakes in cities.items():
        for city in namesakes:
            values = _row("city", key, _city_label(city, namesakes), state, city.point, city.size)
            values |= {"city": city.name, "county": city.county}
            yield values
            others = [city_key(city.other_name)] if city.other_name else []
            if city is namesakes[0] and city.county.casefold() == f"{city.name} city".casefold():
                others.append(f"{key}city")
            for other in others:
                if (other, state) not in cities:
                    yield values | {"key": other}
    for nickname, at in NICKNAMES.items():
        city = cities[at][0]
        values = _row("city", nickname, _city_label(city, cities[at]), at[1], city.point, city.size)
        yield values | {"city": city.name, "county": city.county}


def _row(kind: str, key: str, label: str, state: str, point: tuple[float, float], size: int) -> dict[str, Any]:
    return {
        "kind": kind,
        "key": key,
        "label": label,
        "state": state,
        "city": "",
        "county": "",
        "latitude": round(point[0], 4),
        "longitude": round(point[1], 4),
        "size": size,
        "zip_kind": None,
    }


def _county_rows(zips: list[Zip], cities: Names) -> Iterator[dict[str, Any]]:
    """Counties, parishes, boroughs, municipios. Independent cities are cities, not counties."""
    key_of = cache(county_key)
    spellings: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for zip_ in zips:
        if zip_.point and is_county_name(zip_.county):
            at = (key_of(zip_.county), zip_.state)
            spellings[at][zip_.county] += 1
            points[at].append(zip_.point)
    people: Counter[tuple[str, str]] = Counter()
    for namesakes in cities.values():
        for city in namesakes:
            people[key_of(city.county), city.state] += city.size
    for (key, state), names in sorted(spellings.items()):
        name = max(names, key=lambda name: (names[name], name))
        size = people[key, state]
        row = _row("county", key, f"{name}, {state}", state, _middle(points[key, state]), size)
        yield row | {"county": name}


def _state_rows(cities: Names) -> Iterator[dict[str, Any]]:
    by_state: dict[str, list[City]] = defaultdict(list)
    for namesakes in cities.values():
        for city in namesakes:
            by_state[city.state].append(city)
    for code, name in STATES.items():
        if code in by_state:
            point = _middle([city.point for city in by_state[code]])
            size = sum(city.size for city in by_state[code])
            yield _row("state", city_key(name), name, code, point, size)


def _middle(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The given point that lies closest to the others' median: always a place that exists, never in a lake."""
    latitude = sorted(point[0] for point in points)[len(points) // 2]
    longitude = sorted(point[1] for point in points)[len(points) // 2]
    return min(points, key=lambda point: (abs(point[0] - latitude) + abs(point[1] - longitude), point))
