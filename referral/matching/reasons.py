"""Why a provider fits: its programs and a reason for each thing that was asked. Done only for what a page shows."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from referral.matching.columns import LEVEL_CODES
from referral.matching.entries import FACT_BIT, WORD_BITS, mask_words, masks
from referral.matching.index import Ints, MatchIndex
from referral.matching.query import Query
from referral.matching.results import Basis, Match, ProgramAnswer, Reason, Tier
from referral.matching.verdicts import ANY_LEVEL, MAY_MEET_ALL, MEETS_ALL, MEETS_SOME, Verdicted
from referral.vocabulary import ASKS, FACTS_BY_FAMILY, Verdict

_LIMIT_WORDS = [
    (number, word)
    for number, word in enumerate(mask_words(masks({fact.code: True for fact in FACTS_BY_FAMILY["limits"]})[0]))
    if word
]
VERDICTS = (Verdict.NO, Verdict.ASK, Verdict.YES)
TIERS = {MEETS_ALL: Tier.MEETS_ALL, MAY_MEET_ALL: Tier.MAY_MEET_ALL, MEETS_SOME: Tier.MEETS_SOME}

Why = tuple[tuple[ProgramAnswer, ...], tuple[Reason, ...], tuple[str, ...]]
"""Programs that answer, reasons, limits."""

Memo = dict[tuple[int, tuple[str, ...], tuple[tuple[str, tuple[str, ...]], ...]], Why]
"""Why a provider (its position in the index) fits, by what was asked. Where one asks from is no part of it."""


def explain(
    verdicted: Verdicted,
    query: Query,
    group: int,
    tier: int,
    distance_miles: float | None,
    memo: Memo | None = None,
) -> Match:
    """The match of the provider at position `group` of verdicted.starts.

    memo: where given, why it fits is worked out once for each provider and question; it belongs to one index.
    """
    index = verdicted.index
    provider = int(index.rows.provider[verdicted.rows[verdicted.starts[group]]])
    if memo is None:
        programs, reasons, limits = _why(verdicted, query, group)
    else:
        key = (provider, verdicted.steps, query.wanted_facts)
        known = memo.get(key)
        if known is None:
            known = memo[key] = _why(verdicted, query, group)
        programs, reasons, limits = known
    return Match(
        int(index.providers.ids[provider]),
        TIERS[tier],
        distance_miles,
        bool(index.providers.is_approximate[provider]),
        programs,
        reasons,
        limits,
    )


def _why(verdicted: Verdicted, query: Query, group: int) -> Why:
    start = int(verdicted.starts[group])
    stop = int(verdicted.starts[group + 1]) if group + 1 < len(verdicted.starts) else len(verdicted.rows)
    index, rows = verdicted.index, verdicted.rows[start:stop]
    by_step = {step: verdicted.with_parts(step)[start:stop].tolist() for step in verdicted.steps}
    best = {step: max(range(stop - start), key=values.__getitem__) for step, values in by_step.items()}
    answering = [start + position for step, position in best.items() if by_step[step][position]]
    needs = [
        _need_reason(verdicted, step, start + position, by_step[step][position])
        for step, position in best.items()
        if step != ANY_LEVEL
    ]
    return (
        _programs(index, rows, by_step, query),
        (*needs, *_fact_reasons(verdicted, query, answering)),
        _limits(index, int(rows[0])),
    )


def _limits(index: MatchIndex, row: int) -> tuple[str, ...]:
    """Facts that say whom the provider takes only."""
    for number, word in _LIMIT_WORDS:
        if int(index.rows.yes[number, row]) & word:
            return tuple([fact.code for fact in FACTS_BY_FAMILY["limits"] if _has(index.rows.yes, row, fact.code)])
    return ()


def _programs(
    index: MatchIndex, rows: Ints, by_step: dict[str, list[int]], query: Query
) -> tuple[ProgramAnswer, ...]:
    ids, levels = index.rows.program_id[rows].tolist(), index.rows.level[rows].tolist()
    programs = []
    for position, (identity, level) in enumerate(zip(ids, levels, strict=True)):
        answered = {step: values[position] for step, values in by_step.items() if values[position]}
        if answered:
            needs = query.fact_needs if ANY_LEVEL in answered else tuple(answered)
            programs.append(ProgramAnswer(identity, LEVEL_CODES[level], needs, VERDICTS[max(answered.values())]))
    return tuple(programs)


def _need_reason(verdicted: Verdicted, step: str, position: int, verdict: int) -> Reason:
    """The reason for a need: what level and stay say, or no when no program that has the level fits."""
    if not verdict:
        return Reason(step, Verdict.NO, Basis.LEVEL)
    level = LEVEL_CODES[verdicted.index.rows.level[verdicted.rows[position]]]
    basis = Basis.STAY if level in ASKS[step].stay_levels else Basis.LEVEL
    return Reason(step, VERDICTS[verdicted.by_level[step][position]], basis, level=level)


def _fact_reasons(verdicted: Verdicted, query: Query, positions: list[int]) -> Iterable[Reason]:
    """One reason a fact need and a requirement group: the worst among the programs that answer the needs best."""
    for item, facts in query.wanted_facts:
        values = verdicted.by_part[item]
        worst = min(positions, key=values.__getitem__)
        verdict = VERDICTS[values[worst]]
        yield Reason(item, verdict, Basis.FACT, _telling(verdicted.index, int(verdicted.rows[worst]), facts, verdict))


def _telling(index: MatchIndex, row: int, wanted: tuple[str, ...], verdict: Verdict) -> tuple[str, ...]:
    """Of the wanted facts, those on which a yes or an ask stands. (A program that answers has no other.)"""
    yes = [code for code in wanted if _has(index.rows.yes, row, code)]
    if verdict is Verdict.YES:
        return tuple(yes)
    return tuple(code for code in wanted if not _has(index.rows.no, row, code))


def _has(words: npt.NDArray[np.uint64], row: int, code: str) -> bool:
    bit = FACT_BIT[code]
    return bool(int(words[bit // WORD_BITS, row]) >> (bit % WORD_BITS) & 1)
