"""`search` gives what a plain loop gives that follows the contract literally with geopy's geodesic."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from geopy.distance import geodesic
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from referral.matching import MatchIndex, Origin, ProgramEntry, ProviderEntry, Query, Results, Whereabouts, search
from referral.matching.relax import FEW_MATCHES
from tests.matching.plain_loop import PlainResult, answer
from tests.matching.worlds import POINTS, directories, queries
from tests.rounds import rounds

RADII = (5.0, 10.0, 25.0, 50.0, 100.0, 3000.0)
PER_PAGE = 3


def all_pages(index: MatchIndex, query: Query) -> list[Results]:
    first = search(index, query, per_page=PER_PAGE)
    return [first, *(search(index, query, page=n, per_page=PER_PAGE) for n in range(2, first.n_pages + 1))]


def allowed_error(miles: float) -> float:
    """The distance contract: 0.001 mile to 50, 0.01 % to 1,000, 0.1 % to 5,000; 1 % from there to the antipode."""
    if miles <= 50:
        return 0.001
    if miles <= 1000:
        return miles * 1e-4
    return miles * (1e-3 if miles <= 5000 else 1e-2)


def is_at_an_edge(providers: list[ProviderEntry], query: Query) -> bool:
    """Some distance is nearer to a radius, or to another distance, than the contract resolves."""
    origin = (query.origin.latitude, query.origin.longitude)
    points = {(p.latitude, p.longitude) for p in providers if p.whereabouts == Whereabouts.LOCATED}
    miles = sorted(geodesic(origin, point).miles for point in points)
    if any(abs(m - radius) <= allowed_error(m) for m in miles for radius in RADII):
        return True
    return any(b - a <= 2 * allowed_error(b) for a, b in pairwise(miles))


def check(providers: list[ProviderEntry], index: MatchIndex, query: Query) -> None:
    plain, pages = answer(providers, query), all_pages(index, query)
    first = pages[0]
    matches = [match for page in pages for match in page.matches]
    assert [match.provider_id for match in matches] == plain.order
    assert {match.provider_id: match.tier.value for match in matches} == plain.tiers
    for match in matches:
        assert match.distance_miles is not None
        expected = plain.miles[match.provider_id]
        assert abs(match.distance_miles - expected) <= allowed_error(expected)
    totals = first.totals
    assert {
        "meets_all": totals.meets_all,
        "may_meet_all": totals.may_meet_all,
        "meets_some": totals.meets_some,
    } == plain.totals
    check_the_rest(first, plain, query)


def check_the_rest(first: Results, plain: PlainResult, query: Query) -> None:
    assert {group.whereabouts: [m.provider_id for m in group.matches] for group in first.unlocated} == plain.unlocated
    assert {relaxation.group: relaxation.n_matches for relaxation in first.relaxations} == plain.relaxations
    assert {wider.radius_miles: wider.n_matches for wider in first.wider} == plain.wider
    assert {item.need: item.n_matches for item in first.alternatives} == plain.alternatives
    assert first.nearest_id == (plain.nearest_id if first.totals.n_fitting < FEW_MATCHES else None)
    if plain.nearest_miles is None:
        assert first.nearest_miles is None
    else:
        assert first.nearest_miles is not None
        assert abs(first.nearest_miles - plain.nearest_miles) <= allowed_error(plain.nearest_miles)


def located(identity: int, point: tuple[float, float], name: str = "Blue Door") -> ProviderEntry:
    return ProviderEntry(
        identity, name, "KY", *point, False, Whereabouts.LOCATED, {}, (ProgramEntry(identity, "detox"),)
    )


@settings(max_examples=rounds(250), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(directories(), queries())
@example([located(2, POINTS[0]), located(1, POINTS[0]), located(3, POINTS[0], "Alder")], Query(Origin(*POINTS[0])))
def test_search_equals_the_plain_loop(providers: list[ProviderEntry], query: Query) -> None:
    assume(not is_at_an_edge(providers, query))
    check(providers, MatchIndex.build(providers), query)


@settings(max_examples=rounds(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(directories(), directories(), st.sets(st.integers(1, 14)), queries())
def test_an_index_brought_up_to_date_answers_like_one_made_anew(
    before: list[ProviderEntry], after: list[ProviderEntry], gone: set[int], query: Query
) -> None:
    changed = [provider for provider in after if provider.id not in gone]
    new_ids = {provider.id for provider in changed}
    now = [p for p in before if p.id not in gone | new_ids] + changed
    assume(not is_at_an_edge(now, query))
    index = MatchIndex.build(before).updated(changed, gone)
    check(now, index, query)
    assert index.n_providers == len(now)
    assert index.n_programs == sum(len(provider.programs) for provider in now)


@settings(max_examples=rounds(60), deadline=None)
@given(directories(), queries())
def test_an_index_once_handed_out_never_changes(providers: list[ProviderEntry], query: Query) -> None:
    index = MatchIndex.build(providers)
    before = search(index, query, per_page=50)
    index.updated([located(99, POINTS[0])], [provider.id for provider in providers[::2]])
    assert search(index, query, per_page=50) == before


@settings(max_examples=rounds(80), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(directories(), st.lists(queries(), min_size=2, max_size=4))
def test_what_is_remembered_of_one_question_changes_no_other_answer(
    providers: list[ProviderEntry], asked: list[Query]
) -> None:
    index, memo = MatchIndex.build(providers), dict[Any, Any]()
    for query in [*asked, *asked]:
        assert search(index, query, per_page=50, memo=memo) == search(index, query, per_page=50)


def test_a_listing_exactly_at_the_origin_stays_at_distance_0() -> None:
    index = MatchIndex.build([located(1, POINTS[0])])
    for radius in (5.0, None):
        (match,) = search(index, Query(Origin(*POINTS[0]), ("detox",), radius_miles=radius)).matches
        assert match.distance_miles == 0


def test_the_nearest_are_taken_after_filtering_not_before() -> None:
    near = [located(n, (38.2527, -85.7585 + n * 1e-4)) for n in range(1, 60)]
    far = ProviderEntry(
        99, "Far", "KY", 38.35, -85.7, False, Whereabouts.LOCATED, {}, (ProgramEntry(990, "recovery_residence"),)
    )
    results = search(MatchIndex.build([*near, far]), Query(Origin(*POINTS[0]), ("sober_living",)), per_page=10)
    assert [match.provider_id for match in results.matches] == [99]


def test_nothing_but_the_contract_moves_a_listing() -> None:
    """Two equal listings apart from everything that money could buy: the name and the number decide, nothing else."""
    plain = located(5, POINTS[0], "Alder")
    paying = ProviderEntry(
        4,
        "Best Rehab",
        "KY",
        *POINTS[0],
        is_approximate=False,
        whereabouts=Whereabouts.LOCATED,
        facts={"carf": True, "joint_commission": True, "for_profit": True},
        programs=tuple(ProgramEntry(40 + n, "detox") for n in range(5)),
    )
    results = search(MatchIndex.build([paying, plain]), Query(Origin(*POINTS[0]), ("detox",)))
    assert [match.provider_id for match in results.matches] == [5, 4]


def test_more_places_without_a_map_point_than_are_named_are_still_counted() -> None:
    index = MatchIndex.build(
        ProviderEntry(
            number,
            f"Place {number:03}",
            "KY",
            None,
            None,
            is_approximate=False,
            whereabouts=Whereabouts.TELEHEALTH,
            facts={},
            programs=(ProgramEntry(number, "outpatient"),),
        )
        for number in range(1, 131)
    )
    results = search(index, Query(Origin(38.25, -85.76, state="KY"), ("outpatient",)))
    (group,) = results.unlocated
    assert (group.n_matches, len(group.matches)) == (130, 100)
    assert results.has_unlocated
    assert not search(index, Query(Origin(38.25, -85.76), ("detox",))).has_unlocated
