"""The number beside each filter is what a plain loop counts when that choice is made."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, assume, given, settings

from referral.matching import RADIUS_CHOICES_MILES, MatchIndex, Origin, ProviderEntry, Query, Requirement
from referral.matching.facets import facets
from referral.vocabulary import FACTS, INTAKE_FACTS_BY_GROUP, NEEDS
from tests.matching.plain_loop import answer
from tests.matching.test_search_against_plain_loop import is_at_an_edge
from tests.matching.worlds import FACTS as USED_FACTS
from tests.matching.worlds import directories, queries
from tests.rounds import rounds


def n_fitting(providers: list[ProviderEntry], query: Query) -> int:
    totals = answer(providers, query).totals
    return totals["meets_all"] + totals["may_meet_all"]


def with_fact(query: Query, code: str) -> Query:
    group = FACTS[code].family
    others = tuple(item for item in query.requirements if item.group != group)
    return replace(query, requirements=(*others, Requirement(group, (code,))))


def with_need(query: Query, code: str) -> Query:
    return replace(query, needs=tuple(dict.fromkeys((*query.needs, code))))


@settings(max_examples=rounds(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(directories(), queries())
def test_every_number_is_what_the_plain_loop_counts(providers: list[ProviderEntry], query: Query) -> None:
    assume(not is_at_an_edge(providers, query))
    found = facets(MatchIndex.build(providers), query)
    assert found.needs == {code: n_fitting(providers, with_need(query, code)) for code in NEEDS}
    assert found.radii == {
        radius: n_fitting(providers, replace(query, radius_miles=radius)) for radius in (*RADIUS_CHOICES_MILES, None)
    }
    intake = {fact.code for facts in INTAKE_FACTS_BY_GROUP.values() for fact in facts}
    assert set(found.facts) == intake
    for code in intake & set(USED_FACTS):
        assert found.facts[code] == n_fitting(providers, with_fact(query, code)), code


ORIGIN = Origin(38.25, -85.76)


@pytest.mark.parametrize("radius", [25.0, None])
def test_an_empty_directory_has_only_noughts(radius: float | None) -> None:
    found = facets(MatchIndex.build([]), Query(ORIGIN, ("detox",), radius_miles=radius))
    assert not any((*found.needs.values(), *found.facts.values(), *found.radii.values()))


def test_a_kind_of_care_beside_the_five_is_counted_where_it_was_asked() -> None:
    index = MatchIndex.build([])
    assert "residential_shorter" in facets(index, Query(ORIGIN, ("residential_shorter",))).needs
    assert "residential_shorter" not in facets(index, Query(ORIGIN, ("detox",))).needs
