"""The search: from an index and a query to one page of results."""

from __future__ import annotations

from functools import partial

import numpy as np

from referral.matching.distances import Distances
from referral.matching.entries import Whereabouts
from referral.matching.index import Ints, MatchIndex
from referral.matching.pathway import pathway_needs, plan
from referral.matching.query import Order, Query
from referral.matching.reasons import Memo, explain
from referral.matching.relax import FEW_MATCHES, alternatives, relaxations, wider
from referral.matching.results import Match, Results, Totals, UnlocatedGroup
from referral.matching.surroundings import surroundings
from referral.matching.verdicts import (
    MAY_MEET_ALL,
    MEETS_ALL,
    MEETS_SOME,
    NO_MATCH,
    Verdicted,
    Verdicts,
    answers_mask,
    facts_verdict,
    verdicts,
)
from referral.vocabulary import ALTERNATIVES

MAX_UNLOCATED = 100
"""Matches that a group without a map point names; all are counted."""


def search(
    index: MatchIndex, query: Query, *, page: int = 1, per_page: int = 10, memo: Memo | None = None
) -> Results:
    """Answer a query (DESIGN 3). page counts from 1; a page past the end is empty. Raises ValueError below 1.

    memo: of this index (`explain`).
    """
    if page < 1 or per_page < 1:
        raise ValueError("page and per_page count from 1")
    extra = tuple(ALTERNATIVES) if "residential_90" in query.needs else ()
    extra = tuple(need for need in extra if need not in query.needs)
    inside, distances = surroundings(index, query, (*query.level_needs, *extra) if query.level_needs else ())
    tier, n_answered = inside.tiers()
    is_inside = distances.is_within(query.radius_miles)
    tier = np.where(is_inside, tier, np.uint8(NO_MATCH))
    counts = np.bincount(tier, minlength=NO_MATCH)
    totals = Totals(*(int(counts[number]) for number in (MEETS_ALL, MAY_MEET_ALL, MEETS_SOME)))
    is_few = totals.n_fitting < FEW_MATCHES
    farther, nearest = wider(index, query) if is_few else ((), None)
    least = None if is_few else distances.least(np.flatnonzero(tier <= MAY_MEET_ALL))
    return Results(
        totals=totals,
        page=page,
        per_page=per_page,
        matches=_page(inside, query, tier, n_answered, distances, page, per_page, memo),
        relaxations=relaxations(inside, is_inside, query) if is_few else (),
        wider=farther,
        nearest_miles=nearest[0] if nearest else least,
        nearest_id=nearest[1] if nearest else None,
        find_alternatives=partial(alternatives, inside, is_inside, query) if extra else tuple,
        has_plan=len(pathway_needs(query)) > 1,
        find_plan=partial(plan, inside, distances, is_inside, query),
        find_unlocated=partial(_unlocated, index, query),
        find_any_unlocated=partial(_is_any_unlocated, index, query),
    )


def _page(
    inside: Verdicted,
    query: Query,
    tier: Verdicts,
    n_answered: Verdicts,
    distances: Distances,
    page: int,
    per_page: int,
    memo: Memo | None,
) -> tuple[Match, ...]:
    """The matches of one page, in the order of DESIGN 3: (tier, steps answered,) distance, name, id.

    Only the ranks that the page touches are put in order, and of them only as many as it needs.
    """
    matched = np.flatnonzero(tier < NO_MATCH)
    rank = np.zeros(len(matched), dtype=np.uint8)
    if query.order is Order.BEST:
        rank = tier[matched]
        if len(inside.steps) > 1:
            unanswered = np.uint8(len(inside.steps)) - n_answered[matched]
            rank = rank * np.uint8(16) + np.where(rank == MEETS_SOME, unanswered, np.uint8(0))
    begin, end, n_before = (page - 1) * per_page, page * per_page, 0
    found: list[Match] = []
    for number, n in enumerate(np.bincount(rank).tolist()):
        if n and n_before < end and n_before + n > begin:
            nearest = distances.nearest(matched[rank == number], min(n, end - n_before))
            found.extend(
                explain(inside, query, group, int(tier[group]), miles, memo)
                for miles, _name, _id, group in nearest[max(0, begin - n_before) :]
            )
        n_before += n
    return tuple(found)


def _is_any_unlocated(index: MatchIndex, query: Query) -> bool:
    rows = index.unlocated_rows
    if query.level_needs and len(rows):
        rows = rows[(index.rows.answers[rows] & np.uint16(answers_mask(query.level_needs))) != 0]
    for _item, facts in query.wanted_facts:
        rows = rows[facts_verdict(index, rows, facts) > 0]
    return bool(len(rows))


def _unlocated(index: MatchIndex, query: Query) -> tuple[UnlocatedGroup, ...]:
    """The matches without a point, by why they have none; same state first, then tier, name and id."""
    rows: Ints = index.unlocated_rows
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
