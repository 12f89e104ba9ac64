"""Names that look like the one that was typed: offered as "did you mean", never taken in silence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from referral.models.place import keys_between, keys_in_state, keys_of_large_cities, places_by_key
from referral.places.names import city_key, state_code, words
from referral.places.reading import Reading
from referral.places.states import STATES

N_SUGGESTIONS = 5
MIN_LIKENESS = 0.72
"""1 less the share of letters to insert, delete, change or swap: "Pheonix" to "Phoenix" is 0.86."""

LARGE = 20_000
"""People from which a city is compared even when its first letter is another."""

SIZE_WEIGHT = 0.03
"""What ten times more people add to the likeness, in the ranking only."""


def elsewhere(rows: Sequence[Any], limit: int) -> list[Any]:
    """Places of the very name in other states than the one typed, the largest first."""
    cities = [row for row in rows if row.kind in ("city", "county")]
    return sorted(cities, key=lambda row: (-row.size, row.label))[:limit]


def suggestions(database: sa.Connection | Session, ways: Sequence[Reading]) -> list[Any]:
    """At most five places whose names are like the name in one of the readings, the likeliest first.

    With a state only places of that state; without one also "Louisville Kentuky", where the state is misspelt.
    """
    scored: dict[str, tuple[float, Any]] = {}
    for way in [*ways, *(_misspelt_state(way) for way in ways)]:
        if way is None or not way.keys:
            continue
        likeness = _alike(_keys(database, way), way.keys[0])
        for row in database.execute(places_by_key, {"keys": list(likeness)}).all():
            score = likeness[row.key] + SIZE_WEIGHT * math.log10(row.size + 1)
            if row.kind in ("city", "county") and way.state in (None, row.state):
                scored[row.label] = max(scored.get(row.label, (score, row)), (score, row), key=lambda pair: pair[0])
    best = sorted(scored.values(), key=lambda pair: (-pair[0], pair[1].label))
    return [row for _, row in best[:N_SUGGESTIONS]]


def _alike(keys: list[str], typed: str) -> dict[str, float]:
    """The keys that are most like the typed one, with their likeness."""
    found = process.extract(
        _sound(typed),
        [_sound(key) for key in keys],
        scorer=OSA.normalized_similarity,
        score_cutoff=MIN_LIKENESS,
        limit=4 * N_SUGGESTIONS,
    )
    return {keys[index]: likeness for _, likeness, index in found}


def _sound(key: str) -> str:
    """The key with one sign for the sound that people write in two ways."""
    return key.replace("ph", "f")


def _keys(database: sa.Connection | Session, way: Reading) -> list[str]:
    """Keys of a length that can be alike enough, two letters more for what `_sound` shortens.

    Keys alone, no rows: thousands of plain strings cost a tenth of as many rows.
    """
    n_letters = len(way.keys[0])
    lengths = {"shortest": math.floor(n_letters * MIN_LIKENESS), "longest": math.ceil(n_letters / MIN_LIKENESS) + 2}
    if way.state:
        return sorted(set(database.execute(keys_in_state, {"state": way.state, **lengths}).scalars()))
    first = way.keys[0][0]
    like = database.execute(keys_between, {"first": first, "after": chr(ord(first) + 1), **lengths}).scalars()
    large = database.execute(keys_of_large_cities, {"size": LARGE, **lengths}).scalars()
    return sorted({*like, *large})


def _misspelt_state(way: Reading) -> Reading | None:
    """The reading with its last word taken as a misspelt state, if it looks like one."""
    pieces = words(way.name)
    if way.state or len(pieces) < 2:
        return None
    names = {city_key(name): code for code, name in STATES.items()}
    best = process.extractOne(pieces[-1], list(names), scorer=OSA.normalized_similarity, score_cutoff=MIN_LIKENESS)
    if best is None or state_code(pieces[-1]):
        return None
    name = " ".join(pieces[:-1])
    return Reading((city_key(name),), name, names[best[0]])
