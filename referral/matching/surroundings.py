"""What lies around the origin of a query: verdicts of the rows that a search looks at, and how far they are."""

from __future__ import annotations

from collections.abc import Iterable

from referral.matching.distances import Distances
from referral.matching.index import MatchIndex
from referral.matching.query import Query
from referral.matching.verdicts import Verdicted, answers_mask, verdicts


def surroundings(index: MatchIndex, query: Query, needs: Iterable[str] = ()) -> tuple[Verdicted, Distances]:
    """Located rows that may be within the radius, with their verdicts, and the distances of their m providers.

    needs: at any distance, rows that answer none of these are left out; empty: none is.
    """
    origin = (query.origin.latitude, query.origin.longitude)
    if query.radius_miles is None:
        inside = verdicts(index, index.located_rows(answers_mask(needs)), query)
        return inside, Distances.of(index, inside.first_rows, origin)
    rows, chords_2 = index.rows_within(origin, query.radius_miles)
    inside = verdicts(index, rows, query)
    return inside, Distances(index, inside.first_rows, origin, chords_2[inside.starts])
