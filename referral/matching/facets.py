"""How many providers each choice would give: the numbers beside the filters of a results page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from referral.matching.index import MatchIndex
from referral.matching.query import RADIUS_CHOICES_MILES, Query
from referral.matching.relax import wider
from referral.matching.surroundings import surroundings
from referral.matching.verdicts import Verdicted, facts_verdict, verdicts
from referral.vocabulary import ASKS, INTAKE_FACTS_BY_GROUP, NEEDS

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Facets:
    """Providers in the first two tiers, with everything else as it was asked."""

    needs: dict[str, int]
    """With this need and the others: checked beside them it asks for both."""
    facts: dict[str, int]
    """With this fact alone in its group; also for the facts of groups that were not asked."""
    radii: dict[float | None, int]
    """Within each radius, miles; None: at any distance."""


def facets(index: MatchIndex, query: Query) -> Facets:
    """Count what each choice of the intake would give. Costs some milliseconds: only for a page that shows it."""
    inside, distances = surroundings(index, query)
    is_inside = distances.is_within(query.radius_miles)
    shown = [code for code in ASKS if code in NEEDS or code in query.needs]
    return Facets(
        needs={code: _n_with_need(inside, is_inside, query, code) for code in shown},
        facts=_n_with_facts(inside, is_inside, query),
        radii=_n_within(index, query),
    )


def _n_with_need(inside: Verdicted, is_inside: Flags, query: Query, code: str) -> int:
    needs = query.needs if code in query.needs else (*query.needs, code)
    asked = verdicts(inside.index, inside.rows, replace(query, needs=needs))
    return _n_fitting(inside, is_inside, (asked.with_parts(step) > 0 for step in asked.steps))


def _n_with_facts(inside: Verdicted, is_inside: Flags, query: Query) -> dict[str, int]:
    counts = {}
    for group, facts in INTAKE_FACTS_BY_GROUP.items():
        is_open = [inside.with_parts(step, group) > 0 for step in inside.steps]
        # A row that answers no step stays out whatever the fact: most rows, where a need was chosen.
        some = np.flatnonzero(np.logical_or.reduce(is_open))
        for fact in facts:
            is_not_refused = np.zeros(len(inside.rows), dtype=np.bool_)
            is_not_refused[some] = facts_verdict(inside.index, inside.rows[some], (fact.code,)) > 0
            counts[fact.code] = _n_fitting(inside, is_inside, (flags & is_not_refused for flags in is_open))
    return counts


def _n_fitting(inside: Verdicted, is_inside: Flags, by_step: Iterable[Flags]) -> int:
    """Providers within the radius that have, for every step, a row that answers it."""
    fits = is_inside
    for flags in by_step:
        if not len(flags):
            return 0
        fits = fits & np.logical_or.reduceat(flags, inside.starts)
    return int(np.count_nonzero(fits))


def _n_within(index: MatchIndex, query: Query) -> dict[float | None, int]:
    # Every choice is farther than none at all.
    all_wider, _nearest = wider(index, replace(query, radius_miles=RADIUS_CHOICES_MILES[0] / 2))
    return {found.radius_miles: found.n_matches for found in all_wider}
