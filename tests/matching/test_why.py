"""Why a listing is shown or not: the verdicts and the place are those of `search` and of the plain loop."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, assume, example, given, settings

from referral.matching import (
    MatchIndex,
    Order,
    Origin,
    ProgramEntry,
    ProviderEntry,
    Query,
    Requirement,
    Whereabouts,
    match_of,
    search,
)
from referral.matching.why import Place, place_of, rules_of
from referral.vocabulary import Verdict
from tests.matching.plain_loop import (
    group_verdict,
    known,
    need_verdict,
    step_verdicts,
    tier_of,
)
from tests.matching.test_search_against_plain_loop import all_pages, is_at_an_edge, located
from tests.matching.worlds import POINTS, directories, queries
from tests.rounds import rounds

RANDOM = settings(max_examples=rounds(30), deadline=None, suppress_health_check=[HealthCheck.too_slow])


@RANDOM
@given(directories(), queries())
@example([located(2, POINTS[0]), located(1, POINTS[0]), located(3, POINTS[0], "Alder")], Query(Origin(*POINTS[0])))
def test_the_place_of_each_listing_is_where_the_pages_of_a_search_have_it(
    providers: list[ProviderEntry], query: Query
) -> None:
    index = MatchIndex.build(providers)
    for asked in (replace(query, order=order) for order in Order):
        pages = all_pages(index, asked)
        listed = [match.provider_id for page in pages for match in page.matches]
        expected = {number: (Whereabouts.LOCATED, place, len(listed)) for place, number in enumerate(listed, 1)}
        for group in pages[0].unlocated:
            for place, match in enumerate(group.matches, 1):
                expected[match.provider_id] = (group.whereabouts, place, group.n_matches)
        found = {provider.id: place_of(index, asked, provider.id) for provider in providers}
        assert {number: place[:3] for number, place in found.items() if place is not None} == expected


@RANDOM
@given(directories(), queries())
def test_each_rule_says_of_each_program_what_the_plain_loop_says(
    providers: list[ProviderEntry], query: Query
) -> None:
    assume(not is_at_an_edge(providers, query))
    index = MatchIndex.build(providers)
    for provider in providers:
        rules = rules_of(provider, query)
        assert {program.id for program in rules.programs} == {program.id for program in provider.programs}
        programs = {program.id: program for program in provider.programs}
        for verdicts in rules.programs:
            program = programs[verdicts.id]
            for need in verdicts.needs:
                assert need.by_level == need_verdict(need.need, program)
                assert need.verdict == min(need.by_level, *(part.verdict for part in verdicts.parts), Verdict.YES)
            for part in verdicts.parts:
                wanted = tuple(fact.code for fact in part.facts)
                assert part.verdict == group_verdict(provider, program, wanted)
                assert [fact.answer for fact in part.facts] == [known(provider, program, code) for code in wanted]
                is_surprising = part.verdict is Verdict.NO and any(fact.answer is not False for fact in part.facts)
                assert bool(part.refused_by) == is_surprising
        best = step_verdicts(provider, query)
        assert [verdict for _step, verdict in rules.best] == [
            best[step or "anything"] for step, _verdict in rules.best
        ]
        assert (rules.tier.value if rules.tier else None) == tier_of(best)
        assert rules.n_answered == sum(verdict > 0 for verdict in best.values())
        answer = match_of(index, query, provider.id)
        assert answer is not None
        if provider.programs:
            assert (rules.distance_miles, rules.is_within_radius) == (answer.distance_miles, answer.is_within_radius)


@RANDOM
@given(directories(), queries())
def test_with_every_question_answered_it_comes_where_a_search_then_has_it(
    providers: list[ProviderEntry], query: Query
) -> None:
    index = MatchIndex.build(providers)
    for provider in providers:
        place = place_of(index, query, provider.id)
        if place is None or place.number_if_confirmed is None:
            continue
        others = [other for other in providers if other.id != provider.id]
        now = place_of(MatchIndex.build([*others, answered(provider, query)]), query, provider.id)
        assert now == Place(place.whereabouts, place.number_if_confirmed, place.n_listed, None)


def answered(provider: ProviderEntry, query: Query) -> ProviderEntry:
    """The provider with a yes to whatever is not known, and a stay of 90 days where none is stated."""
    wanted = [code for _item, codes in query.wanted_facts for code in codes]
    programs = tuple(
        ProgramEntry(
            program.id,
            program.level,
            program.max_stay_days or 90,
            dict(program.facts or {}) | {code: True for code in wanted if known(provider, program, code) is None},
        )
        for program in provider.programs
    )
    return replace(provider, programs=programs)


def test_of_those_that_have_a_part_the_one_that_answers_more_needs_comes_first() -> None:
    near = replace(located(1, (38.2527, -85.7585)), programs=(ProgramEntry(1, "detox"),))
    far = replace(located(2, (38.30, -85.70)), programs=(ProgramEntry(2, "detox"), ProgramEntry(3, "outpatient")))
    index = MatchIndex.build([near, far])
    query = Query(Origin(38.2527, -85.7585), ("detox", "outpatient", "sober_living"))
    assert [match.provider_id for match in search(index, query).matches] == [2, 1]
    assert [place_of(index, query, number) for number in (2, 1)] == [
        Place(Whereabouts.LOCATED, 1, 2, None),
        Place(Whereabouts.LOCATED, 2, 2, None),
    ]


def test_a_fact_of_the_program_itself_is_told_from_one_of_its_provider() -> None:
    provider = ProviderEntry(
        1,
        "Blue Door",
        "KY",
        *POINTS[0],
        is_approximate=False,
        whereabouts=Whereabouts.LOCATED,
        facts={"takes_medicaid": True, "sliding_fee": False},
        programs=(ProgramEntry(10, "detox", None, {"takes_medicaid": False}),),
    )
    query = Query(
        Origin(*POINTS[0]), ("detox",), (Requirement("payment", ("takes_medicaid", "sliding_fee", "free_care")),)
    )
    ((part,),) = [program.parts for program in rules_of(provider, query).programs]
    assert part.verdict is Verdict.ASK
    assert [tuple(fact) for fact in part.facts] == [
        ("takes_medicaid", False, True),
        ("sliding_fee", False, False),
        ("free_care", None, False),
    ]


def test_a_listing_that_is_not_in_the_index_has_no_place() -> None:
    index = MatchIndex.build([located(1, POINTS[0])])
    assert place_of(index, Query(Origin(*POINTS[0]), ("detox",)), 2) is None
    assert search(index, Query(Origin(*POINTS[0]), ("detox",))).totals.n_matches == 1
