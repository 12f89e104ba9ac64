"""From a typed text to a place, offline: every lookup is one or a few selects on the `place` table."""

from __future__ import annotations

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.models.place import largest_cities, places_by_key, zip_labels_between
from referral.places.build import DOMINANCE
from referral.places.clusters import miles_about
from referral.places.names import city_key, county_key, tidy
from referral.places.reading import Reading, is_number, readings, split_zip, zip_of
from referral.places.results import Choices, Found, NotFound, Reason, Result
from referral.places.states import MILITARY, MILITARY_CITIES, MILITARY_ZIP_PREFIXES
from referral.places.suggest import elsewhere, suggestions

MAX_LENGTH = 120
"""Characters; no place has a longer name."""

MAX_OPTIONS = 15
N_STATE_OPTIONS = 5
LARGE = 50_000
"""People from which a city is meant by its name alone, when it is also DOMINANCE times the next of that name."""

TOWN = 10_000
"""People from which a town in the typed state is meant, though the text has another reading."""

AGREE_MILES = 30.0
"""A ZIP agrees with a city of its state whose middle is this near: a neighbour's name is no contradiction."""

Database = sa.Connection | Session


def lookup(database: Database, text: str) -> Result:
    """The place that a text names: a ZIP, ZIP+4, "City, ST", "City, State", "County, ST", or a city by name alone.

    Never raises for any text, and never takes a place in silence: a name that several places carry gives Choices
    (unless one has at least 50,000 people and ten times those of the next), a misspelt one NotFound with suggestions.
    """
    typed = tidy(text[: MAX_LENGTH * 2])
    if len(text) > MAX_LENGTH * 2 or len(typed) > MAX_LENGTH:
        return NotFound(Reason.TOO_LONG)
    if not typed:
        return NotFound(Reason.EMPTY)
    if is_number(typed):
        return _by_number(database, typed)
    parts = split_zip(typed)
    if parts is None:
        return _by_name(database, typed)
    return _by_zip_and_name(database, *parts)


def _found(row: Any) -> Found:
    precision = "zip" if row.kind == "zip" else "city"
    return Found(row.label, row.latitude, row.longitude, precision, row.state, row.kind)  # type: ignore[arg-type]


def _rows(database: Database, keys: tuple[str, ...]) -> list[Any]:
    return list(database.execute(places_by_key, {"keys": list(keys)}).all()) if keys else []


def _by_number(database: Database, typed: str) -> Result:
    code = zip_of(typed)
    if code:
        return _by_zip(database, code)
    if len(typed) == 4 or (len(typed) == 9 and typed[4] in "- "):
        rows = [row for row in _rows(database, ("0" + typed[:4],)) if row.latitude is not None]
        if rows:
            return Choices(Reason.FOUR_DIGIT_ZIP, tuple(map(_found, rows)))
    return NotFound(Reason.MALFORMED_ZIP)


def _by_zip(database: Database, code: str) -> Found | NotFound:
    rows = _rows(database, (code,))
    is_military = code[:3] in MILITARY_ZIP_PREFIXES
    if rows:
        is_military = rows[0].state in MILITARY or rows[0].city in MILITARY_CITIES
    if is_military:
        return NotFound(Reason.MILITARY_ZIP)
    if rows and rows[0].latitude is not None:
        return _found(rows[0])
    if rows:
        named = _by_name(database, f"{rows[0].city}, {rows[0].state}")
        return NotFound(Reason.ZIP_WITHOUT_POINT, (named,) if isinstance(named, Found) else ())
    return NotFound(Reason.UNKNOWN_ZIP, _cities_of_area(database, code[:3]))


def _cities_of_area(database: Database, prefix: str) -> tuple[Found, ...]:
    """The main cities of the ZIPs that share the first three digits: where an unknown ZIP would be."""
    labels = database.execute(zip_labels_between, {"first": prefix, "after": prefix + ":"}).scalars()
    # "40202 (Louisville, KY)"
    counts = Counter(label[7:-1] for label in labels)
    best = sorted(counts, key=lambda name: (-counts[name], name))[:3]
    places = [_by_name(database, name) for name in best]
    return tuple(place for place in places if isinstance(place, Found))


def _by_zip_and_name(database: Database, code: str, rest: str) -> Result:
    """A ZIP beside a name: the ZIP if they agree or the name says nothing; a choice if they contradict."""
    by_zip = _by_zip(database, code)
    by_name = _by_name(database, rest)
    if not isinstance(by_zip, Found):
        return NotFound(by_zip.reason, (by_name,) if isinstance(by_name, Found) else by_zip.suggestions)
    ways = readings(rest)
    rows = _rows(database, tuple(key for way in ways for key in way.keys))
    for way in ways:
        if way.state == by_zip.state and not way.keys:
            return by_zip
        if way.state in (None, by_zip.state) and any(_agrees(by_zip, row) for row in rows if row.key in way.keys):
            return by_zip
    states = {way.state for way in ways if way.state}
    if not isinstance(by_name, Found) and not rows and states <= {by_zip.state}:
        return by_zip
    return Choices(Reason.ZIP_AND_CITY_DIFFER, (by_zip, *_all_of(by_name)[: MAX_OPTIONS - 1]))


def _all_of(result: Result) -> tuple[Found, ...]:
    if isinstance(result, NotFound):
        return result.suggestions
    return (result,) if isinstance(result, Found) else result.options


def _agrees(by_zip: Found, row: Any) -> bool:
    if row.state != by_zip.state or row.latitude is None:
        return False
    is_near = miles_about((row.latitude, row.longitude), (by_zip.latitude, by_zip.longitude)) <= AGREE_MILES
    return is_near or by_zip.label.endswith(f"({row.city}, {row.state})")


def _by_name(database: Database, typed: str) -> Result:
    ways = readings(typed)
    if any(way.state in MILITARY for way in ways):
        return NotFound(Reason.MILITARY_ZIP)
    rows = _rows(database, tuple(dict.fromkeys(key for way in ways for key in way.keys)))
    state_alone = next((way.state for way in ways if not way.keys and way.state), None)
    if state_alone:
        return _by_state(database, state_alone, rows)
    by_way = [(way, hits) for way in ways if (hits := _hits(way, rows))]
    # "Denver co" is the city in Colorado; "Jefferson co" may be a hamlet there or a county anywhere.
    sure = [pair for pair in by_way if pair[0].county or (pair[0].state and max(row.size for row in pair[1]) >= TOWN)]
    by_way = sure[:1] or by_way
    if by_way:
        is_in_state = all(way.state for way, _ in by_way)
        return _pick([row for _, hits in by_way for row in hits], floor=0 if is_in_state else LARGE)
    named = [way for way in ways if way.keys]
    if not named:
        return NotFound(Reason.UNKNOWN_PLACE)
    found = (*_ends_of_address(database, named), *elsewhere(rows, MAX_OPTIONS), *suggestions(database, named))
    options = tuple(dict.fromkeys(map(_found, found)))[:MAX_OPTIONS]
    return NotFound(Reason.MISSPELT if options else Reason.UNKNOWN_PLACE, options)


def _ends_of_address(database: Database, ways: list[Reading]) -> list[Any]:
    """Cities that the last words of a street address without commas name: "123 Main St Louisville KY"."""
    rows: list[Any] = []
    for way in ways:
        pieces = way.name.split()
        if way.state and len(pieces) > 1 and pieces[0].isdigit():
            keys = tuple(city_key(" ".join(pieces[-n:])) for n in (3, 2, 1) if n < len(pieces))
            rows += [row for row in _rows(database, keys) if row.state == way.state and row.kind == "city"]
    return rows


def _hits(way: Reading, rows: list[Any]) -> list[Any]:
    """The rows that one reading of the text names."""
    return [
        row
        for row in rows
        if row.key in way.keys
        and row.kind in ("city", "county")
        and way.state in (None, row.state)
        and (not way.county or county_key(row.county) == way.county)
    ]


def _pick(rows: list[Any], floor: int) -> Result:
    """The only place, or the one that is far larger than the next; otherwise all to choose from."""
    unique = {row.label: row for row in sorted(rows, key=lambda row: (-row.size, row.label))}
    ranked = sorted(unique.values(), key=lambda row: (-row.size, row.label))
    first = ranked[0]
    if len(ranked) == 1 or (first.size >= floor and first.size >= DOMINANCE * ranked[1].size):
        return _found(first)
    return Choices(Reason.AMBIGUOUS_PLACE, tuple(map(_found, ranked[:MAX_OPTIONS])))


def _by_state(database: Database, state: str, rows: list[Any]) -> Result:
    """A state by itself: its largest cities and the cities that share its name. New York and DC mean the city."""
    cities = [row for row in rows if row.kind == "city"]
    largest = database.execute(largest_cities, {"state": state, "limit": 2 * N_STATE_OPTIONS}).all()
    of_state = list({row.label: row for row in largest}.values())[:N_STATE_OPTIONS]
    if state == "DC" or (of_state and any(row.label == of_state[0].label for row in cities)):
        return _found(of_state[0])
    namesakes = sorted(cities, key=lambda row: (-row.size, row.label))[: MAX_OPTIONS - N_STATE_OPTIONS]
    is_ambiguous = any(row.size >= LARGE for row in namesakes)
    options = sorted([*of_state, *namesakes], key=lambda row: (-row.size, row.label))
    unique = tuple(dict.fromkeys(map(_found, options)))
    return Choices(Reason.AMBIGUOUS_PLACE if is_ambiguous else Reason.STATE_ONLY, unique)
