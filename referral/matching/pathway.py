"""The plan for several needs: detox → residential → outpatient → sober living, and how far apart the steps are."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from referral import geo
from referral.matching.distances import Distances
from referral.matching.index import MatchIndex
from referral.matching.query import Query
from referral.matching.reasons import explain
from referral.matching.results import Plan, PlanStep, PlanStop
from referral.matching.verdicts import MEETS_SOME, Verdicted, answers_mask, verdicts
from referral.vocabulary import PATHWAY, Verdict

N_STOPS = 3
"""How many providers a step names."""

Flags = npt.NDArray[np.bool_]
Stops = tuple[tuple[PlanStop, ...], int | None]
"""Stops, nearest first, and a row of the first."""


def pathway_needs(query: Query) -> list[str]:
    """The needs of a query that are steps of the path, in its order."""
    return [need for need in PATHWAY if need in query.level_needs]


def plan(inside: Verdicted, distances: Distances, is_inside: Flags, query: Query) -> Plan | None:
    """The plan, or None when fewer than two steps of the path are asked.

    inside: verdicts of rows about the radius; distances, is_inside: (m,) of its providers.
    """
    needs = pathway_needs(query)
    if len(needs) < 2:
        return None
    together, _ = _nearest(replace(inside, steps=tuple(needs)), query, distances, is_inside)
    steps, rows = [], []
    for need in needs:
        stops, row = _nearest(replace(inside, steps=(need,)), query, distances, is_inside)
        is_beyond = not stops
        if is_beyond:
            stops, row = _nearest_anywhere(inside.index, query, need)
        steps.append(PlanStep(need, stops, is_beyond_radius=is_beyond and bool(stops)))
        rows.append(row)
    legs = tuple(_leg(inside.index, a, b) for a, b in pairwise(rows))
    return Plan(together, tuple(steps), legs)


def _nearest(asked: Verdicted, query: Query, distances: Distances, is_inside: Flags, n_stops: int = N_STOPS) -> Stops:
    """The nearest providers that answer every step of `asked`, a yes and an ask alike."""
    worst = np.min([asked.best(step) for step in asked.steps], axis=0)
    found = distances.nearest(np.flatnonzero((worst > 0) & is_inside), n_stops)
    if not found:
        return (), None
    stops = tuple(_stop(asked, query, group, int(worst[group]), miles) for miles, _name, _id, group in found)
    return stops, int(distances.rows[found[0][3]])


def _stop(asked: Verdicted, query: Query, group: int, verdict: int, miles: float) -> PlanStop:
    match = explain(asked, query, group, MEETS_SOME - verdict, miles)
    return PlanStop(
        match.provider_id,
        Verdict(verdict),
        miles,
        match.is_approximate,
        match.programs,
        match.reasons,
        match.limits,
    )


def _nearest_anywhere(index: MatchIndex, query: Query, need: str) -> Stops:
    rows = index.located_rows(answers_mask([need]))
    alone = verdicts(index, rows, replace(query, needs=(need, *query.fact_needs)))
    distances = Distances.of(index, alone.first_rows, (query.origin.latitude, query.origin.longitude))
    return _nearest(alone, query, distances, distances.is_within(None), n_stops=1)


def _leg(index: MatchIndex, row_a: int | None, row_b: int | None) -> float | None:
    """Miles between the points of two rows."""
    if row_a is None or row_b is None:
        return None
    rows = index.rows
    chord_2 = sum((getattr(rows, axis)[row_a] - getattr(rows, axis)[row_b]) ** 2 for axis in "xyz")
    return float(geo.arc_miles(np.array([chord_2]), rows.latitude[row_a], rows.latitude[row_b])[0])
