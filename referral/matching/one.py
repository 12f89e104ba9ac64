"""One provider's answer to a query, whether it is a match or not: for the call to it, and to say why it is not shown.

The rules are those of `search` (DESIGN 3, "Need against level", "Requirement against program", "Provider's match");
a property test holds that both agree. Only the radius is left aside: it says whom to look for, not who may be called.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from referral.matching.columns import LEVEL_CODES
from referral.matching.distances import Distances
from referral.matching.index import Ints, MatchIndex
from referral.matching.query import Query
from referral.matching.reasons import TIERS, VERDICTS, explain
from referral.matching.results import Basis, ProgramAnswer, Reason, Tier
from referral.matching.verdicts import ANY_LEVEL, NO_MATCH, Verdicted, facts_verdict, verdicts
from referral.vocabulary import ASKS, FACTS_BY_FAMILY, Verdict


class OneAnswer(NamedTuple):
    """As Match, but `tier` is None where the provider is no match, and the reasons then say what is missing."""

    provider_id: int
    tier: Tier | None
    distance_miles: float | None
    """Straight line; None without a point."""
    is_within_radius: bool
    """Without a point a provider is never outside."""
    is_approximate: bool
    programs: tuple[ProgramAnswer, ...]
    reasons: tuple[Reason, ...]
    """A reason of verdict NO that stands on facts names the wanted facts that are no."""
    limits: tuple[str, ...] = ()

    def reasons_of(self, verdict: Verdict) -> tuple[Reason, ...]:
        return tuple(reason for reason in self.reasons if reason.verdict is verdict)


def match_of(index: MatchIndex, query: Query, provider_id: int) -> OneAnswer | None:
    """What this provider answers to the query; None when it is not published.

    Where it is no match, the reasons are those of the programs that come nearest: with the fewest things that do not
    fit. A provider without published programs answers no need. Costs one pass over the index's columns of ids.
    """
    numbers = np.flatnonzero(index.is_current & (index.providers.ids == provider_id))
    if not len(numbers):
        return None
    number = int(numbers[0])
    rows: Ints = np.flatnonzero(index.rows.provider[: index.n] == number)
    is_approximate = bool(index.providers.is_approximate[number])
    if not len(rows):
        nothing = tuple(Reason(need, Verdict.NO, Basis.LEVEL) for need in query.level_needs)
        return OneAnswer(provider_id, None, None, True, is_approximate, (), nothing)
    verdicted = verdicts(index, rows, query)
    miles, is_within = _distance(index, query, rows)
    tier = int(verdicted.tiers()[0][0])
    if tier != NO_MATCH:
        match = explain(verdicted, query, 0, tier, miles)
        return OneAnswer(
            provider_id, TIERS[tier], miles, is_within, is_approximate, match.programs, match.reasons, match.limits
        )
    reasons = tuple(_what_is_missing(verdicted, query))
    return OneAnswer(provider_id, None, miles, is_within, is_approximate, (), reasons, _limits(index, rows))


def _distance(index: MatchIndex, query: Query, rows: Ints) -> tuple[float | None, bool]:
    """Miles to the provider of these rows, and whether that is inside the radius."""
    if not np.isfinite(index.rows.latitude[rows[0]]):
        return None, True
    distances = Distances.of(index, rows[:1], (query.origin.latitude, query.origin.longitude))
    return float(distances.miles(np.array([0]))[0]), bool(distances.is_within(query.radius_miles)[0])


def _what_is_missing(verdicted: Verdicted, query: Query) -> Iterable[Reason]:
    """A reason for each thing asked, from the nearest program of each need. At least one of them is no."""
    nearest = {step: _nearest_program(verdicted, step) for step in verdicted.steps}
    for step, position in nearest.items():
        if step != ANY_LEVEL:
            yield _need_reason(verdicted, step, position)
    has_level = [position for step, position in nearest.items() if verdicted.by_level[step][position]]
    for item, wanted in query.wanted_facts:
        values = verdicted.by_part[item]
        worst = min(has_level or nearest.values(), key=values.__getitem__)
        verdict = VERDICTS[values[worst]]
        yield Reason(item, verdict, Basis.FACT, _facts_behind(verdicted, worst, wanted, verdict))


def _nearest_program(verdicted: Verdicted, step: str) -> int:
    """Position of the program that comes nearest to a step: its level first, then the fewest parts that are no."""

    def nearness(position: int) -> tuple[bool, int, int]:
        parts = [int(values[position]) for values in verdicted.by_part.values()]
        return bool(verdicted.by_level[step][position]), -parts.count(Verdict.NO), sum(parts)

    return max(range(len(verdicted.rows)), key=nearness)


def _need_reason(verdicted: Verdicted, step: str, position: int) -> Reason:
    """What level and stay of this program say to a need. A stay that is known to be too short is told apart."""
    level = LEVEL_CODES[verdicted.index.rows.level[verdicted.rows[position]]]
    verdict = VERDICTS[verdicted.by_level[step][position]]
    if verdict is not Verdict.NO:
        return Reason(step, verdict, Basis.STAY if level in ASKS[step].stay_levels else Basis.LEVEL, level=level)
    levels = [LEVEL_CODES[number] for number in verdicted.index.rows.level[verdicted.rows]]
    too_short = [level for level in levels if level in ASKS[step].stay_levels]
    return Reason(step, Verdict.NO, Basis.STAY if too_short else Basis.LEVEL, level=too_short[0] if too_short else "")


def _facts_behind(verdicted: Verdicted, position: int, wanted: tuple[str, ...], verdict: Verdict) -> tuple[str, ...]:
    """Of the wanted facts, those on which this verdict stands."""
    row = verdicted.rows[position : position + 1]
    said = {code: int(facts_verdict(verdicted.index, row, (code,))[0]) for code in wanted}
    if verdict is Verdict.ASK:
        return tuple(code for code in wanted if said[code] != Verdict.NO)
    return tuple(code for code in wanted if said[code] == verdict)


def _limits(index: MatchIndex, rows: Ints) -> tuple[str, ...]:
    limits = [fact.code for fact in FACTS_BY_FAMILY["limits"]]
    return tuple(code for code in limits if facts_verdict(index, rows[:1], (code,))[0] == Verdict.YES)
