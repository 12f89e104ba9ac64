"""No dead end: what could be left out, how much farther to look, and which other kinds of care there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from referral.matching.distances import ALL_AT_ONCE, Distances
from referral.matching.index import Ints, MatchIndex
from referral.matching.query import RADIUS_CHOICES_MILES, Query
from referral.matching.results import Alternative, Relaxation, Wider
from referral.matching.verdicts import MAY_MEET_ALL, Verdicted, answers_mask, facts_verdict, verdicts
from referral.vocabulary import ALTERNATIVES

FEW_MATCHES = 5
"""Below this many providers in the first two tiers a result says what else could be done (DESIGN 3)."""


def relaxations(inside: Verdicted, is_inside: np.ndarray, query: Query) -> tuple[Relaxation, ...]:
    """For each group that may be left out, how many providers would fit without it.

    inside: verdicts of rows about the radius; is_inside: bool (m,), which providers are within it.
    """
    return tuple(
        Relaxation(item.group, int(np.count_nonzero((inside.tiers(item.group)[0] <= MAY_MEET_ALL) & is_inside)))
        for item in query.requirements
        if item.is_relaxable
    )


def wider(index: MatchIndex, query: Query) -> tuple[tuple[Wider, ...], tuple[float, int] | None]:
    """For each larger radius how many would fit; miles to the nearest provider of all and its id, if there is one."""
    fitting = _fitting_rows(index, query)
    if query.radius_miles is None:
        radii: list[float | None] = []
    else:
        radii = [*(radius for radius in RADIUS_CHOICES_MILES if radius > query.radius_miles), None]
    if not len(fitting):
        return tuple(Wider(radius, 0) for radius in radii), None
    distances = Distances.of(index, fitting, (query.origin.latitude, query.origin.longitude))
    if len(fitting) <= ALL_AT_ONCE:
        miles = distances.miles(np.arange(len(fitting)))
        within = [len(miles) if radius is None else int(np.count_nonzero(miles <= radius)) for radius in radii]
        which = np.flatnonzero(miles == miles.min())
    else:
        within = [int(np.count_nonzero(distances.is_within(radius))) for radius in radii]
        which = np.arange(len(fitting))
    nearest_miles, _name, identity, _position = distances.nearest(which, 1)[0]
    return tuple(map(Wider, radii, within)), (nearest_miles, identity)


def _fitting_rows(index: MatchIndex, query: Query) -> Ints:
    """One row of each located provider, anywhere, that is in the first two tiers.

    No verdict but no matters for that, so what fails one part is not looked at for the next, and the rarest need
    comes first.
    """
    by_step = [index.located_rows(answers_mask([step])) for step in query.level_needs] or [index.located_rows(0)]
    by_step.sort(key=len)
    is_left: npt.NDArray[np.bool_] | None = None
    for step_rows in by_step:
        rows = step_rows if is_left is None else step_rows[is_left[index.rows.provider[step_rows]]]
        for _item, facts in query.wanted_facts:
            rows = rows[facts_verdict(index, rows, facts) > 0]
        providers = index.rows.provider[rows]
        is_left = np.zeros(len(index.providers.names), dtype=np.bool_)
        is_left[providers] = True
    is_first = np.ones(len(rows), dtype=np.bool_)
    np.not_equal(providers[1:], providers[:-1], out=is_first[1:])
    first: Ints = rows[is_first]
    return first


def alternatives(inside: Verdicted, is_inside: npt.NDArray[np.bool_], query: Query) -> tuple[Alternative, ...]:
    """How many providers within the radius have each alternative to 90 days that is not asked for already."""
    found = []
    for need in (code for code in ALTERNATIVES if code not in query.needs):
        answers = verdicts(inside.index, inside.rows, replace(query, needs=(need, *query.fact_needs)))
        found.append(Alternative(need, int(np.count_nonzero((answers.best(need) > 0) & is_inside))))
    return tuple(found)


def for_alternative(query: Query, need: str) -> Query:
    """The same question with this alternative in the place of residential_90."""
    needs = tuple(need if code == "residential_90" else code for code in query.needs)
    return replace(query, needs=needs)
