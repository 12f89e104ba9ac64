"""Each scenario in tests/scenarios/*.toml holds."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from geopy.distance import geodesic

from referral.matching import (
    Match,
    MatchIndex,
    Order,
    Origin,
    ProgramEntry,
    ProviderEntry,
    Query,
    Requirement,
    Results,
    Whereabouts,
    search,
)
from referral.vocabulary import NEEDS

FOLDER = Path(__file__).parent.parent / "scenarios"
HERE = (38.25, -85.76)


def scenarios() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.toml")):
        for scenario in tomllib.loads(path.read_text(encoding="utf-8"))["scenario"]:
            yield pytest.param(scenario, id=f"{path.stem}: {scenario['shows']}")


def facts(known: dict[str, Any]) -> dict[str, bool]:
    return dict.fromkeys(known.get("yes", []), True) | dict.fromkeys(known.get("no", []), False)


def entry(identity: int, told: dict[str, Any]) -> ProviderEntry:
    whereabouts = Whereabouts[told.get("whereabouts", "located").upper()]
    is_located = whereabouts is Whereabouts.LOCATED
    point = geodesic(miles=told["miles_north"]).destination(HERE, 0) if is_located else None
    return ProviderEntry(
        id=identity,
        name=told["name"],
        state=told.get("state", "KY"),
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        is_approximate=False,
        whereabouts=whereabouts,
        facts=facts(told),
        programs=tuple(
            ProgramEntry(identity * 100 + number, p["level"], p.get("longest_stay_days"), facts(p))
            for number, p in enumerate(told["programs"])
        ),
    )


def asked(scenario: dict[str, Any]) -> Query:
    radius = scenario.get("radius_miles", 25)
    return Query(
        origin=Origin(*HERE, state="KY"),
        needs=tuple(scenario["needs"]),
        requirements=tuple(
            Requirement(group, tuple(wanted)) for group, wanted in scenario.get("require", {}).items()
        ),
        radius_miles=float(radius) or None,
        order=Order(scenario.get("order", "best")),
    )


def check_reasons(match: Match, expected: dict[str, Any]) -> None:
    reasons = {reason.item: reason for reason in match.reasons}
    for item, verdict in expected.get("reasons", {}).items():
        assert reasons[item].verdict.code == verdict
    for item, codes in expected.get("facts", {}).items():
        assert list(reasons[item].facts) == codes
    if "limits" in expected:
        assert list(match.limits) == expected["limits"]


def check_plan(results: Results, expected: dict[str, Any], names: dict[int, str]) -> None:
    if not expected:
        assert results.plan is None
        return
    assert results.plan is not None
    assert [names[stop.provider_id] for stop in results.plan.together] == expected["together"]
    assert {s.need: [names[stop.provider_id] for stop in s.stops] for s in results.plan.steps} == expected["steps"]
    assert [step.need for step in results.plan.steps if step.is_beyond_radius] == expected.get("beyond", [])
    assert list(results.plan.legs_miles) == pytest.approx(expected["legs_miles"], abs=0.001)


@pytest.mark.parametrize("scenario", list(scenarios()))
def test_scenario(scenario: dict[str, Any]) -> None:
    names = {number: told["name"] for number, told in enumerate(scenario["providers"], 1)}
    index = MatchIndex.build(entry(number, told) for number, told in enumerate(scenario["providers"], 1))
    results = search(index, asked(scenario), per_page=100)
    assert [(names[m.provider_id], m.tier.value) for m in results.matches] == [
        (expected["name"], expected["tier"]) for expected in scenario["expect"]
    ]
    for match, expected in zip(results.matches, scenario["expect"], strict=True):
        check_reasons(match, expected)
    assert not {names[m.provider_id] for m in results.matches} & set(scenario.get("not_found", []))
    if "relaxations" in scenario:
        assert {r.group: r.n_matches for r in results.relaxations} == scenario["relaxations"]
    if "wider" in scenario:
        wider = {"any" if w.radius_miles is None else f"{w.radius_miles:g}": w.n_matches for w in results.wider}
        assert wider == scenario["wider"]
    if "nearest_miles" in scenario:
        assert results.nearest_miles == pytest.approx(scenario["nearest_miles"], abs=0.001)
    if "alternatives" in scenario:
        assert {a.need: a.n_matches for a in results.alternatives} == scenario["alternatives"]
    unlocated = {g.whereabouts.name.lower(): [names[m.provider_id] for m in g.matches] for g in results.unlocated}
    assert unlocated == scenario.get("unlocated", {})
    if "plan" in scenario:
        check_plan(results, scenario["plan"], names)


def test_each_need_is_shown_by_a_scenario() -> None:
    shown = {need for scenario in scenarios() for need in scenario.values[0]["needs"]}
    assert shown == set(NEEDS)
