"""The plan for several needs: detox → residential → outpatient → sober living, and how far apart the steps are."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from referral import geo
from referral.matching.index import MatchIndex
from referral.matching.query import Query
from referral.matching.results import Plan, PlanStep, PlanStop
from referral.matching.verdicts import Verdicted, answers_mask, verdicts
from referral.vocabulary import PATHWAY, Verdict

N_STOPS = 3
"""How many providers a step names."""

Stops = tuple[tuple[PlanStop, ...], int | None]
"""Stops, nearest first, and a row of the first."""


def plan(inside: Verdicted, miles: geo.Floats, is_inside: np.ndarray, query: Query) -> Plan | None:
    """The plan, or None when fewer than two steps of the path are asked.

    inside: verdicts of rows about the radius; miles, is_inside: (m,) for its providers.
    """
    needs = [need for need in PATHWAY if need in query.level_needs]
    if len(needs) < 2:
        return None
    worst = np.min([inside.best(need) for need in needs], axis=0)
    together, _ = _nearest(inside, worst, miles, is_inside)
    steps, rows = [], []
    for need in needs:
        stops, row = _nearest(inside, inside.best(need), miles, is_inside)
        is_beyond = not stops
        if is_beyond:
            stops, row = _nearest_anywhere(inside.index, query, need)
        steps.append(PlanStep(need, stops, is_beyond_radius=is_beyond and bool(stops)))
        rows.append(row)
    legs = tuple(_leg(inside.index, a, b) for a, b in pairwise(rows))
    return Plan(together, tuple(steps), legs)


def _nearest(verdicted: Verdicted, best: np.ndarray, miles: geo.Floats, is_inside: np.ndarray) -> Stops:
    groups = np.flatnonzero((best > 0) & is_inside)
    if not len(groups):
        return (), None
    index = verdicted.index
    # Enough of the nearest to settle ties by name and id, as everywhere in the order of matches.
    limit = np.partition(miles[groups], min(N_STOPS, len(groups)) - 1)[min(N_STOPS, len(groups)) - 1]
    near = groups[miles[groups] <= limit]
    found = []
    for group in near.tolist():
        row = int(verdicted.first_rows[group])
        provider = int(index.rows.provider[row])
        stop = PlanStop(int(index.providers.ids[provider]), Verdict(int(best[group])), float(miles[group]))
        found.append((stop.distance_miles, index.providers.names[provider], stop.provider_id, stop, row))
    found.sort(key=lambda item: item[:3])
    return tuple(item[3] for item in found[:N_STOPS]), found[0][4]


def _nearest_anywhere(index: MatchIndex, query: Query, need: str) -> Stops:
    rows = index.located_rows(answers_mask([need]))
    alone = verdicts(index, rows, replace(query, needs=(need, *query.fact_needs)))
    if not len(rows):
        return (), None
    first = alone.first_rows
    origin = (query.origin.latitude, query.origin.longitude)
    miles = geo.arc_miles(index.chord_2(origin, first), origin[0], index.rows.latitude[first])
    stops, row = _nearest(alone, alone.best(need), miles, np.ones(len(first), dtype=np.bool_))
    return stops[:1], row


def _leg(index: MatchIndex, row_a: int | None, row_b: int | None) -> float | None:
    """Miles between the points of two rows."""
    if row_a is None or row_b is None:
        return None
    rows = index.rows
    chord_2 = sum((getattr(rows, axis)[row_a] - getattr(rows, axis)[row_b]) ** 2 for axis in "xyz")
    return float(geo.arc_miles(np.array([chord_2]), rows.latitude[row_a], rows.latitude[row_b])[0])
