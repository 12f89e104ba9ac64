"""The search: from an index and a query to one page of results."""

from __future__ import annotations

import numpy as np

from referral import geo
from referral.matching.entries import Whereabouts
from referral.matching.index import Ints, MatchIndex
from referral.matching.pathway import plan
from referral.matching.query import Order, Query
from referral.matching.reasons import explain
from referral.matching.relax import FEW_MATCHES, alternatives, relaxations, wider
from referral.matching.results import Match, Results, Totals, UnlocatedGroup
from referral.matching.verdicts import (
    MAY_MEET_ALL,
    MEETS_ALL,
    MEETS_SOME,
    NO_MATCH,
    Verdicted,
    answers_mask,
    verdicts,
)
from referral.vocabulary import ALTERNATIVES

MAX_UNLOCATED = 20
"""Matches that a group without a map point names; all are counted."""

_RANK_MILES = 65536.0
"""More than any distance on Earth: parts the ranks in one sortable number."""


def search(index: MatchIndex, query: Query, *, page: int = 1, per_page: int = 10) -> Results:
    """Answer a query (DESIGN 3). page counts from 1; a page past the end is empty. Raises ValueError below 1."""
    if page < 1 or per_page < 1:
        raise ValueError("page and per_page count from 1")
    origin = (query.origin.latitude, query.origin.longitude)
    extra = tuple(ALTERNATIVES) if "residential_90" in query.needs else ()
    extra = tuple(need for need in extra if need not in query.needs)
    if query.radius_miles is None:
        rows = index.located_rows(answers_mask((*query.level_needs, *extra)) if query.level_needs else 0)
    else:
        rows = index.rows_within(origin, query.radius_miles)
    inside = verdicts(index, rows, query, extra_steps=extra)
    if len(rows):
        tier, n_answered = inside.tiers()
        first = inside.first_rows
        miles = geo.arc_miles(index.chord_2(origin, first), origin[0], index.rows.latitude[first])
    else:
        tier, n_answered, miles = np.empty(0, np.uint8), np.empty(0, np.uint8), np.empty(0)
    is_inside = miles <= (np.inf if query.radius_miles is None else query.radius_miles)
    totals = Totals(*(int(np.count_nonzero((tier == t) & is_inside)) for t in (MEETS_ALL, MAY_MEET_ALL, MEETS_SOME)))
    is_few = totals.n_fitting < FEW_MATCHES
    farther, nearest = wider(index, query) if is_few else ((), _least(miles, (tier <= MAY_MEET_ALL) & is_inside))
    return Results(
        totals=totals,
        page=page,
        per_page=per_page,
        matches=_page(inside, query, tier, n_answered, np.where(is_inside, miles, np.inf), page, per_page),
        unlocated=_unlocated(index, query),
        relaxations=relaxations(inside, is_inside, query) if is_few else (),
        wider=farther,
        nearest_miles=nearest,
        alternatives=alternatives(inside, is_inside) if extra else (),
        plan=plan(inside, miles, is_inside, query),
    )


def _least(miles: geo.Floats, among: np.ndarray) -> float | None:
    chosen = miles[among]
    return float(chosen.min()) if len(chosen) else None


def _page(
    inside: Verdicted,
    query: Query,
    tier: np.ndarray,
    n_answered: np.ndarray,
    miles: geo.Floats,
    page: int,
    per_page: int,
) -> tuple[Match, ...]:
    """The matches of one page, in the order of DESIGN 3: (tier, steps answered,) distance, name, id."""
    matched = np.flatnonzero((tier < NO_MATCH) & np.isfinite(miles))
    begin = (page - 1) * per_page
    if begin >= len(matched):
        return ()
    key = miles[matched]
    if query.order is Order.BEST:
        fewer = len(inside.steps) - n_answered[matched].astype(np.float64)
        key = key + _RANK_MILES * (
            8 * tier[matched].astype(np.float64) + np.where(tier[matched] == MEETS_SOME, fewer, 0)
        )
    end = min(begin + per_page, len(matched))
    # Only as many as the page needs are put in full order; the limit keeps everything that ties with the last.
    limit = np.partition(key, end - 1)[end - 1]
    chosen = matched[key <= limit]
    ordered = sorted(chosen.tolist(), key=lambda group: _sort_key(inside, query, tier, n_answered, miles, group))
    return tuple(explain(inside, query, g, int(tier[g]), float(miles[g])) for g in ordered[begin:end])


def _sort_key(
    inside: Verdicted, query: Query, tier: np.ndarray, n_answered: np.ndarray, miles: geo.Floats, group: int
) -> tuple[int, int, float, str, int]:
    providers = inside.index.providers
    provider = int(inside.index.rows.provider[inside.first_rows[group]])
    rank = (0, 0)
    if query.order is Order.BEST:
        rank = (int(tier[group]), -int(n_answered[group]) if tier[group] == MEETS_SOME else 0)
    return (*rank, float(miles[group]), providers.names[provider], int(providers.ids[provider]))


def _unlocated(index: MatchIndex, query: Query) -> tuple[UnlocatedGroup, ...]:
    """The matches without a point, by why they have none; same state first, then tier, name and id."""
    rows: Ints = index.unlocated_rows()
    if not len(rows):
        return ()
    all_verdicts = verdicts(index, rows, query)
    tier, _ = all_verdicts.tiers()
    provider = index.rows.provider[all_verdicts.first_rows]
    kinds, states = index.providers.whereabouts[provider], index.providers.states[provider]
    groups = []
    for kind in Whereabouts:
        chosen = np.flatnonzero((kinds == kind) & (tier < NO_MATCH))
        if kind is Whereabouts.LOCATED or not len(chosen):
            continue
        is_same = states == query.origin.state

        def order(group: int, is_same: np.ndarray = is_same) -> tuple[bool, int, str, int]:
            number = int(provider[group])
            name, identity = index.providers.names[number], int(index.providers.ids[number])
            return (not is_same[group], int(tier[group]), name, identity)

        first = sorted(chosen.tolist(), key=order)[:MAX_UNLOCATED]
        matches = tuple(explain(all_verdicts, query, group, int(tier[group]), None) for group in first)
        groups.append(UnlocatedGroup(kind, len(chosen), int(np.count_nonzero(is_same[chosen])), matches))
    return tuple(groups)
