"""Why a provider stands where it stands: each rule of DESIGN 3 with its verdict, program by program, and its place.

For staff. The verdicts are those of `verdicts`, asked of an index that holds this provider alone, so that a listing
which is not published can be asked about too. The place is counted over the whole index; a property test holds that
it is where `search` has it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from referral.matching.columns import LEVEL_CODES, LOCATED
from referral.matching.distances import Distances
from referral.matching.entries import ProgramEntry, ProviderEntry, Whereabouts
from referral.matching.index import MatchIndex
from referral.matching.query import Order, Query
from referral.matching.reasons import TIERS, VERDICTS
from referral.matching.results import Tier
from referral.matching.surroundings import surroundings
from referral.matching.verdicts import ANY_LEVEL, MEETS_ALL, MEETS_SOME, NO_MATCH, Verdicted, verdicts
from referral.vocabulary import ASKS, FACTS, Verdict

UNRANKED = 9999
"""The rank of what is no match: behind all others."""


class FactSaid(NamedTuple):
    """What is known of one wanted fact for one program."""

    code: str
    answer: bool | None
    is_own: bool
    """The program says it itself, over what its provider says."""


class PartVerdict(NamedTuple):
    """A fact need or a requirement group, for one program."""

    item: str
    verdict: Verdict
    facts: tuple[FactSaid, ...]
    refused_by: str = ""
    """The fact whose no decides by itself here, whatever the others say (Fact.no_decides_unless)."""


class NeedVerdict(NamedTuple):
    """A need that a level answers, for one program."""

    need: str
    by_level: Verdict
    """What level and stay alone say."""
    is_by_stay: bool
    """The level answers it, if the stay does."""
    verdict: Verdict
    """With the fact needs and the requirements: the worst of its parts."""


class ProgramVerdicts(NamedTuple):
    id: int
    level: str
    max_stay_days: int | None
    needs: tuple[NeedVerdict, ...]
    """Empty where no need names a level: then every level answers."""
    parts: tuple[PartVerdict, ...]
    verdict: Verdict
    """Its best answer to what was asked."""


class Rules(NamedTuple):
    """All verdicts of one provider."""

    programs: tuple[ProgramVerdicts, ...]
    best: tuple[tuple[str, Verdict], ...]
    """Per level need (empty name: nothing that names a level was asked), the best among the programs."""
    tier: Tier | None
    n_answered: int
    distance_miles: float | None
    """Straight line; None without a point."""
    is_within_radius: bool
    """Without a point a provider is never outside."""


class Place(NamedTuple):
    """Where a provider stands among those that are listed together, counted from 1."""

    whereabouts: Whereabouts
    number: int
    n_listed: int
    number_if_confirmed: int | None
    """Where it would stand if every open question were answered with yes; None where it makes no difference."""


def rules_of(entry: ProviderEntry, query: Query) -> Rules:
    """The verdict of each rule for this provider and its programs, published or not."""
    index = MatchIndex.build([entry])
    rows = np.arange(index.n)
    steps = query.level_needs or (ANY_LEVEL,)
    if not len(rows):
        return Rules((), tuple((step, Verdict.NO) for step in steps), None, 0, *_distance_of(entry, query))
    verdicted = verdicts(index, rows, query)
    tier, n_answered = (int(values[0]) for values in verdicted.tiers())
    by_id = {program.id: program for program in entry.programs}
    programs = tuple(
        _program(verdicted, query, position, entry, by_id[int(index.rows.program_id[row])])
        for position, row in enumerate(rows.tolist())
    )
    return Rules(
        programs,
        tuple((step, VERDICTS[int(verdicted.best(step)[0])]) for step in steps),
        TIERS.get(tier),
        n_answered,
        *_distance_of(entry, query),
    )


def _distance_of(entry: ProviderEntry, query: Query) -> tuple[float | None, bool]:
    if entry.whereabouts is not Whereabouts.LOCATED or entry.latitude is None or entry.longitude is None:
        return None, True
    # A row is needed to measure from, whether the provider has programs or not.
    index = MatchIndex.build([replace(entry, programs=(ProgramEntry(0, LEVEL_CODES[0]),))])
    distances = Distances.of(index, np.arange(1), (query.origin.latitude, query.origin.longitude))
    return float(distances.miles(np.arange(1))[0]), bool(distances.is_within(query.radius_miles)[0])


def _program(
    verdicted: Verdicted, query: Query, position: int, entry: ProviderEntry, program: ProgramEntry
) -> ProgramVerdicts:
    needs = tuple(
        NeedVerdict(
            step,
            VERDICTS[verdicted.by_level[step][position]],
            program.level in ASKS[step].stay_levels,
            VERDICTS[verdicted.with_parts(step)[position]],
        )
        for step in query.level_needs
    )
    parts = tuple(
        _part(item, VERDICTS[verdicted.by_part[item][position]], wanted, entry, program)
        for item, wanted in query.wanted_facts
    )
    best = max(int(verdicted.with_parts(step)[position]) for step in verdicted.steps)
    return ProgramVerdicts(program.id, program.level, program.max_stay_days, needs, parts, VERDICTS[best])


def _part(
    item: str, verdict: Verdict, wanted: tuple[str, ...], entry: ProviderEntry, program: ProgramEntry
) -> PartVerdict:
    own = program.facts or {}
    said = tuple(FactSaid(code, own.get(code, entry.facts.get(code)), code in own) for code in wanted)
    refused_by = ""
    if verdict is Verdict.NO:
        # No although something wanted is yes or not known: then one of them decides by itself.
        is_no = [fact.code for fact in said if fact.answer is False]
        deciding = [code for code in is_no if FACTS[code].no_decides_unless is not None]
        if deciding and len(is_no) < len(said):
            refused_by = deciding[0]
    return PartVerdict(item, verdict, said, refused_by)


def place_of(index: MatchIndex, query: Query, provider_id: int) -> Place | None:
    """The place of a provider in the whole list that `search` gives in pages; None where it is not on it.

    Places without a point are counted in their own group, behind all others. Costs what a search costs.
    """
    numbers = np.flatnonzero(index.is_current & (index.providers.ids == provider_id))
    if not len(numbers):
        return None
    number = int(numbers[0])
    if index.providers.whereabouts[number] == LOCATED:
        return _located_place(index, query, number)
    return _unlocated_place(index, query, number)


def _located_place(index: MatchIndex, query: Query, number: int) -> Place | None:
    inside, distances = surroundings(index, query, query.level_needs)
    all_tiers, n_answered = inside.tiers()
    tier = np.where(distances.is_within(query.radius_miles), all_tiers, np.uint8(NO_MATCH))
    mine = np.flatnonzero(index.rows.provider[inside.first_rows] == number)
    if not len(mine) or tier[mine[0]] == NO_MATCH:
        return None
    own = int(mine[0])
    steps = len(inside.steps)
    rank = _ranks(tier, n_answered, query.order)
    at = _number(distances, rank, own, int(rank[own]))
    best = int(_ranks(np.array([MEETS_ALL], np.uint8), np.array([steps], np.uint8), query.order)[0])
    is_open = MEETS_ALL < int(tier[own]) < MEETS_SOME and query.order is Order.BEST
    return Place(
        Whereabouts.LOCATED,
        at,
        int(np.count_nonzero(tier < NO_MATCH)),
        _number(distances, rank, own, best) if is_open else None,
    )


def _ranks(tier: npt.NDArray[np.uint8], n_answered: npt.NDArray[np.uint8], order: Order) -> npt.NDArray[np.int64]:
    """(m,) What comes before distance: tier, then for `meets_some` the number of needs answered."""
    rank = np.zeros(len(tier), dtype=np.int64)
    if order is Order.BEST:
        rank = tier.astype(np.int64) * 100 - np.where(tier == MEETS_SOME, n_answered, 0)
    return np.where(tier < NO_MATCH, rank, UNRANKED)


def _number(distances: Distances, rank: npt.NDArray[np.int64], own: int, own_rank: int) -> int:
    """The place, from 1, of the provider at position `own` if it had this rank."""
    is_other = np.ones(len(rank), dtype=np.bool_)
    is_other[own] = False
    n_before = int(np.count_nonzero((rank < own_rank) & is_other))
    level = np.flatnonzero((rank == own_rank) & is_other)
    # Measured together, so that equal points have equal distances to the last bit.
    miles = distances.miles(np.append(level, own))
    n_before += int(np.count_nonzero(miles[:-1] < miles[-1]))
    ties = level[miles[:-1] == miles[-1]].tolist()
    mine = _name_and_id(distances, own)
    return 1 + n_before + sum(_name_and_id(distances, other) < mine for other in ties)


def _name_and_id(distances: Distances, position: int) -> tuple[str, int]:
    index = distances.index
    provider = int(index.rows.provider[distances.rows[position]])
    return index.providers.names[provider], int(index.providers.ids[provider])


def _unlocated_place(index: MatchIndex, query: Query, number: int) -> Place | None:
    rows = index.unlocated_rows
    if not len(rows):
        return None
    verdicted = verdicts(index, rows, query)
    tier, _ = verdicted.tiers()
    provider = index.rows.provider[verdicted.first_rows]
    kind = index.providers.whereabouts[number]
    listed = np.flatnonzero((index.providers.whereabouts[provider] == kind) & (tier < NO_MATCH))
    mine = listed[provider[listed] == number]
    if not len(mine):
        return None

    def key(position: int, tier_number: int | None = None) -> tuple[bool, int, str, int]:
        other = int(provider[position])
        is_same = bool(index.providers.states[other] == query.origin.state)
        known = int(tier[position]) if tier_number is None else tier_number
        return (not is_same, known, index.providers.names[other], int(index.providers.ids[other]))

    own = int(mine[0])
    others = [key(position) for position in listed.tolist() if position != own]
    is_open = MEETS_ALL < int(tier[own]) < MEETS_SOME
    return Place(
        Whereabouts(int(kind)),
        1 + sum(other < key(own) for other in others),
        len(listed),
        1 + sum(other < key(own, MEETS_ALL) for other in others) if is_open else None,
    )
