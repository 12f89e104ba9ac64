"""`match_of` says of every provider what `search` and the plain loop say; where it is no match, what is missing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from referral.matching import (
    Match,
    MatchIndex,
    OneAnswer,
    Origin,
    ProgramEntry,
    ProviderEntry,
    Query,
    Requirement,
    Whereabouts,
    match_of,
    search,
)
from referral.matching.results import Basis, Reason
from referral.vocabulary import Verdict
from tests.matching.plain_loop import group_verdict, need_verdict, step_verdicts, tier_of
from tests.matching.test_search_against_plain_loop import is_at_an_edge
from tests.matching.worlds import directories, queries
from tests.rounds import rounds


def found(index: MatchIndex, query: Query) -> dict[int, Match]:
    """Every match of a search, with and without a point."""
    results = search(index, query, per_page=100)
    assert results.n_pages == 1
    unlocated = [match for group in results.unlocated for match in group.matches]
    return {match.provider_id: match for match in (*results.matches, *unlocated)}


def check_agrees(answer: OneAnswer, match: Match) -> None:
    assert (answer.tier, answer.reasons, answer.programs, answer.limits, answer.is_approximate) == (
        match.tier,
        match.reasons,
        match.programs,
        match.limits,
        match.is_approximate,
    )
    if match.distance_miles is None:
        assert answer.distance_miles is None
    else:
        assert answer.distance_miles == pytest.approx(match.distance_miles, rel=1e-12)


def check_missing(answer: OneAnswer, provider: ProviderEntry, query: Query) -> None:
    """What is said to be missing is missing, and something is."""
    assert answer.programs == ()
    assert answer.reasons_of(Verdict.NO) or not (provider.programs or query.level_needs)
    wanted = dict(query.wanted_facts)
    for reason in answer.reasons_of(Verdict.NO):
        if reason.basis is Basis.FACT:
            assert reason.facts
            assert any(
                group_verdict(provider, program, wanted[reason.item]) == Verdict.NO
                and all(group_verdict(provider, program, (fact,)) == Verdict.NO for fact in reason.facts)
                for program in provider.programs
            )
        else:
            assert all(need_verdict(reason.item, program) == Verdict.NO for program in provider.programs)


@settings(max_examples=rounds(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(directories(), queries())
def test_one_answer_is_what_the_search_and_the_plain_loop_say(providers: list[ProviderEntry], query: Query) -> None:
    index = MatchIndex.build(providers)
    anywhere = found(index, replace(query, radius_miles=None))
    for provider in providers:
        answer = match_of(index, query, provider.id)
        assert answer is not None
        tier = tier_of(step_verdicts(provider, query))
        assert (answer.tier.value if answer.tier else None) == tier
        assert (provider.id in anywhere) == (tier is not None)
        if provider.id in anywhere:
            check_agrees(answer, anywhere[provider.id])
        else:
            check_missing(answer, provider, query)


@settings(max_examples=rounds(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(directories(), queries())
def test_inside_the_radius_is_what_the_search_says(providers: list[ProviderEntry], query: Query) -> None:
    assume(not is_at_an_edge(providers, query))
    index = MatchIndex.build(providers)
    inside = found(index, query)
    for provider in providers:
        answer = match_of(index, query, provider.id)
        assert answer is not None
        if answer.tier is not None:
            assert answer.is_within_radius == (provider.id in inside)


@settings(max_examples=rounds(40), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(directories(), directories(), st.sets(st.integers(1, 14)), queries())
def test_changed_providers_answer_in_their_new_form_and_gone_ones_not_at_all(
    before: list[ProviderEntry], after: list[ProviderEntry], gone: set[int], query: Query
) -> None:
    changed = [provider for provider in after if provider.id not in gone]
    index = MatchIndex.build(before).updated(changed, gone)
    anew = MatchIndex.build(changed)
    for provider in changed:
        assert match_of(index, query, provider.id) == match_of(anew, query, provider.id)
    for identity in gone:
        assert match_of(index, query, identity) is None


def answer_of(query_facts: tuple[str, ...], known: dict[str, bool], *programs: ProgramEntry, need: str) -> OneAnswer:
    here = (38.25, -85.76)
    provider = ProviderEntry(7, "Alder", "KY", *here, False, Whereabouts.LOCATED, known, programs)
    requirements = (Requirement("medication", query_facts),) if query_facts else ()
    answer = match_of(MatchIndex.build([provider]), Query(Origin(*here), (need,), requirements), 7)
    assert answer is not None
    return answer


def test_a_program_that_refuses_methadone_is_named_as_no_with_the_fact() -> None:
    answer = answer_of(
        ("accepts_on_medication",), {"accepts_on_medication": False}, ProgramEntry(1, "detox"), need="detox"
    )
    assert answer.tier is None
    assert answer.reasons == (
        Reason("detox", Verdict.YES, Basis.LEVEL, level="detox"),
        Reason("medication", Verdict.NO, Basis.FACT, ("accepts_on_medication",)),
    )


def test_a_stay_that_is_too_short_is_told_apart_from_another_kind_of_care() -> None:
    short = answer_of((), {}, ProgramEntry(1, "residential_long", 60), need="residential_90")
    assert short.reasons == (Reason("residential_90", Verdict.NO, Basis.STAY, level="residential_long"),)
    other = answer_of((), {}, ProgramEntry(1, "outpatient"), need="residential_90")
    assert other.reasons == (Reason("residential_90", Verdict.NO, Basis.LEVEL),)


def test_the_program_that_comes_nearest_speaks_for_the_provider() -> None:
    """Two programs are no match for different reasons: the one with less missing is told, not a mix of both."""
    answer = answer_of(
        ("methadone",),
        {"methadone": False},
        ProgramEntry(1, "detox"),
        ProgramEntry(2, "outpatient", None, {"methadone": True}),
        need="detox",
    )
    assert [(reason.item, reason.verdict) for reason in answer.reasons] == [
        ("detox", Verdict.YES),
        ("medication", Verdict.NO),
    ]


def test_of_programs_with_the_level_the_one_with_the_fewest_refusals_speaks() -> None:
    here = (38.25, -85.76)
    both_no = {"takes_medicaid": False, "methadone": False}
    programs = (
        ProgramEntry(1, "detox", None, both_no),
        ProgramEntry(2, "detox_hospital", None, {"methadone": False}),
    )
    provider = ProviderEntry(7, "Alder", "KY", *here, False, Whereabouts.LOCATED, {}, programs)
    wanted = (Requirement("payment", ("takes_medicaid",)), Requirement("medication", ("methadone",)))
    answer = match_of(MatchIndex.build([provider]), Query(Origin(*here), ("detox",), wanted), 7)
    assert answer is not None
    assert answer.reasons == (
        Reason("detox", Verdict.YES, Basis.LEVEL, level="detox_hospital"),
        Reason("payment", Verdict.ASK, Basis.FACT, ("takes_medicaid",)),
        Reason("medication", Verdict.NO, Basis.FACT, ("methadone",)),
    )


def test_a_provider_that_is_not_published_has_no_answer() -> None:
    assert match_of(MatchIndex.build([]), Query(Origin(38.25, -85.76), ("detox",)), 7) is None
