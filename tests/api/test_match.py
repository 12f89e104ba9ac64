"""POST /api/v1/match gives what the matcher gives, in the documented form, and never a hidden address."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from geopy.distance import geodesic

from referral import catalog
from referral.extensions import db
from referral.matching import Match, Order, Origin, Query, Requirement, search
from referral.models import Program, Provider
from tests.api.conftest import Ask, asking
from tests.api.world import DOWNTOWN, SECRETS

DETOX = ("detox_hospital", "detox_residential", "detox_outpatient", "detox")

TOP_KEYS = [
    "origin", "warnings", "radius_miles", "order", "totals", "page", "per_page", "pages", "matches", "unlocated",
    "unlocated_totals", "relaxations", "wider", "alternatives", "nearest_miles", "plan",
]  # fmt: skip
PROVIDER_KEYS = {
    "id", "name", "organization", "address_kind", "street", "unit", "city", "state", "postal_code", "phone",
    "phone_extension", "website", "latitude", "longitude", "precision", "source", "is_reported", "confirmed_on",
}  # fmt: skip


def names(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["provider"]["name"] for entry in entries]


def entry_by_name(entries: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(entry for entry in entries if entry["provider"]["name"] == name)


def as_json(match: Match) -> dict[str, Any]:
    """What the API must say of a match, without its provider and its labels."""
    return {
        "id": match.provider_id,
        "distance_miles": match.distance_miles,
        "tier": str(match.tier),
        "programs": [(p.id, p.level, list(p.answers), p.verdict.code) for p in match.programs],
        "reasons": [(r.item, r.verdict.code) for r in match.reasons],
        "limits": list(match.limits),
    }


def from_json(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": entry["provider"]["id"],
        "distance_miles": entry.get("distance_miles"),
        "tier": entry["tier"],
        "programs": [(p["id"], p["level"], p["answers"], p["verdict"]) for p in entry["programs"]],
        "reasons": [(r["item"], r["verdict"]) for r in entry["reasons"]],
        "limits": entry["limits"],
    }


QUERIES: list[dict[str, Any]] = [
    {},
    {"needs": ["detox"]},
    {"needs": ["detox"], "order": "distance", "radius_miles": None},
    {"needs": ["detox", "outpatient", "dual_diagnosis"], "require": {"payment": ["takes_medicaid", "sliding_fee"]}},
    {"needs": ["residential_90"], "require": {"language": ["spanish"]}, "radius_miles": 12.5},
    {"needs": ["dual_diagnosis"]},
    {"needs": ["detox", "residential_90", "sober_living"], "radius_miles": 3},
    {"needs": ["hospital"], "radius_miles": 1e-9},
]


def test_what_a_person_must_read_first_goes_along(sqlite_client: FlaskClient) -> None:
    body = {"near": DOWNTOWN, "needs": ["outpatient"], "require": {"population": ["pregnant_postpartum"]}}
    alone = sqlite_client.post("/api/v1/match", json=body).get_json()
    assert [warning["code"] for warning in alone["warnings"]] == ["pregnancy"]
    more = sqlite_client.post("/api/v1/match", json=body | {"concerns": ["benzodiazepines"]}).get_json()
    assert [warning["code"] for warning in more["warnings"]] == ["withdrawal", "pregnancy"]
    assert more["matches"] == alone["matches"]
    assert all(warning["source_url"].startswith("https://") for warning in more["warnings"])
    assert sqlite_client.post("/api/v1/match", json=body | {"concerns": ["curious"]}).status_code == 400


@pytest.mark.parametrize("body", QUERIES, ids=json.dumps)
def test_the_answer_is_what_the_matcher_says(filled_app: Flask, body: dict[str, Any]) -> None:
    answer = asking(filled_app.test_client())(**body)
    query = Query(
        Origin(DOWNTOWN["latitude"], DOWNTOWN["longitude"]),
        needs=tuple(body.get("needs", ())),
        requirements=tuple(Requirement(group, tuple(facts)) for group, facts in body.get("require", {}).items()),
        radius_miles=body.get("radius_miles", 25.0),
        order=Order(body.get("order", "best")),
    )
    results = search(catalog.current(), query, per_page=20)
    assert [from_json(entry) for entry in answer["matches"]] == [as_json(match) for match in results.matches]
    unlocated = [match for group in results.unlocated for match in group.matches]
    assert [from_json(entry) for entry in answer["unlocated"]] == [as_json(match) for match in unlocated]
    assert answer["totals"] == vars(results.totals)
    assert answer["relaxations"] == [{"drop": r.group, "matches": r.n_matches} for r in results.relaxations]
    assert answer["wider"] == [{"radius_miles": w.radius_miles, "matches": w.n_matches} for w in results.wider]
    assert answer["alternatives"] == [{"need": a.need, "matches": a.n_matches} for a in results.alternatives]
    assert answer["nearest_miles"] == results.nearest_miles
    assert (answer["plan"] is None) == (results.plan is None)


def plain_detox(radius_miles: float) -> list[tuple[str, float]]:
    """Names and miles of the places with detox, straight from the tables and with geopy."""
    rows = db.session.execute(
        sa.select(Provider.name, Provider.latitude, Provider.longitude)
        .join(Program)
        .where(Program.level.in_(DETOX), Program.status == "active", Provider.status == "active")
        .where(Provider.latitude.is_not(None))
        .distinct()
    )
    here = (DOWNTOWN["latitude"], DOWNTOWN["longitude"])
    found = [(row.name, float(geodesic(here, (row.latitude, row.longitude)).miles)) for row in rows]
    return sorted((item for item in found if item[1] <= radius_miles), key=lambda item: (item[1], item[0]))


@pytest.mark.parametrize(("radius_miles", "n"), [(4, 1), (25, 2), (12_450, 3)])
def test_detox_is_what_a_plain_loop_over_the_tables_finds(filled_app: Flask, radius_miles: float, n: int) -> None:
    expected = plain_detox(radius_miles)
    assert len(expected) == n
    answer = asking(filled_app.test_client())(needs=["detox"], radius_miles=radius_miles)
    assert names(answer["matches"]) == [name for name, _ in expected]
    for entry, (_, miles) in zip(answer["matches"], expected, strict=True):
        assert entry["distance_miles"] == pytest.approx(miles, abs=max(0.001, miles * 1e-4))
    assert answer["totals"] == {"meets_all": n, "may_meet_all": 0, "meets_some": 0}


def test_the_answer_has_the_documented_keys_in_their_order(sqlite_client: FlaskClient) -> None:
    body = {"needs": ["detox", "residential_90"], "near": "40202"}
    response = sqlite_client.post("/api/v1/match", json=body)
    answer = response.get_json()
    assert response.mimetype == "application/json"
    assert list(answer) == TOP_KEYS
    assert answer["origin"] == {
        "label": "40202 (Louisville, KY)", "latitude": 38.2529, "longitude": -85.7514, "precision": "zip",
    }  # fmt: skip
    first = answer["matches"][0]
    assert list(first) == ["provider", "distance_miles", "tier", "programs", "reasons", "limits"]
    assert set(first["provider"]) == PROVIDER_KEYS
    assert list(first["programs"][0]) == ["id", "level", "answers", "verdict"]
    assert list(first["reasons"][0]) == ["item", "verdict", "label"]
    hidden = answer["unlocated"][0]
    assert list(hidden) == ["provider", "whereabouts", "tier", "programs", "reasons", "limits"]
    assert (answer["radius_miles"], answer["order"], answer["page"], answer["per_page"]) == (25.0, "best", 1, 20)


def test_a_provider_says_what_is_listed(ask: Ask) -> None:
    provider = entry_by_name(ask(needs=["detox"])["unlocated"], "Town Center")["provider"]
    del provider["id"]
    assert provider == {
        "name": "Town Center", "organization": "Town Health", "address_kind": "street", "street": "5 Main Street",
        "unit": "Floor 2", "city": "Louisville", "state": "KY", "postal_code": "40202", "phone": "502-555-0100",
        "phone_extension": "12", "website": "https://town.example/", "latitude": None, "longitude": None,
        "precision": None, "source": "test", "is_reported": False, "confirmed_on": "2026-05-01",
    }  # fmt: skip


def test_the_address_of_a_confidential_place_is_nowhere_in_the_answer(client: FlaskClient) -> None:
    response = client.post("/api/v1/match", json={"near": "40202", "needs": ["detox"]})
    rose = entry_by_name(response.get_json()["unlocated"], "Rose Shelter")
    assert rose["whereabouts"] == "confidential"
    assert rose["provider"]["city"] == "Louisville"
    for text in SECRETS.values():
        assert text not in response.get_data(as_text=True)


def test_places_without_a_point_stand_apart_and_are_counted(ask: Ask) -> None:
    answer = ask()
    assert [(entry["whereabouts"], entry["provider"]["name"]) for entry in answer["unlocated"]] == [
        ("no_map_point", "Town Center"),
        ("confidential", "Rose Shelter"),
        ("telehealth", "Screen Care"),
    ]
    assert answer["unlocated_totals"][0] == {"whereabouts": "no_map_point", "matches": 1, "same_state": 0}
    assert all("distance_miles" not in entry for entry in answer["unlocated"])


def test_a_place_at_the_origin_comes_first_at_distance_zero(ask: Ask) -> None:
    first = ask(needs=["outpatient"])["matches"][0]
    assert (first["provider"]["name"], first["distance_miles"]) == ("On the Point", 0)


def test_distances_are_not_rounded(ask: Ask) -> None:
    miles = entry_by_name(ask(needs=["detox"])["matches"], "Blue Door")["distance_miles"]
    assert miles != round(miles, 4)


def test_pages_follow_each_other_without_gap_or_repeat(ask: Ask) -> None:
    whole = names(ask(per_page=100)["matches"])
    first = ask(per_page=4)
    pages = [ask(per_page=4, page=number)["matches"] for number in range(1, first["pages"] + 1)]
    assert [name for page in pages for name in names(page)] == whole
    assert [len(page) for page in pages] == [4, 4, 1]
    assert ask(per_page=4, page=999)["matches"] == []


@pytest.mark.parametrize("radius_miles", [0.5, 7, 25.0, 12_450, None])
def test_any_radius_is_searched_as_asked(ask: Ask, radius_miles: float | None) -> None:
    answer = ask(radius_miles=radius_miles)
    assert answer["radius_miles"] == radius_miles
    limit = float("inf") if radius_miles is None else radius_miles
    assert all(entry["distance_miles"] <= limit for entry in answer["matches"])


def test_the_radius_is_25_miles_unless_it_is_given(ask: Ask) -> None:
    assert ask(needs=["detox"]) == ask(needs=["detox"], radius_miles=25)


def test_whole_numbers_may_be_written_with_a_point(ask: Ask) -> None:
    assert ask(page=1.0, per_page=2.0) == ask(page=1, per_page=2)


def test_the_plan_names_who_does_each_step_and_how_far_apart_they_are(ask: Ask) -> None:
    plan = ask(needs=["sober_living", "detox", "residential_90"])["plan"]
    assert [step["need"] for step in plan["steps"]] == ["detox", "residential_90", "sober_living"]
    stops = [step["stops"][0] for step in plan["steps"]]
    assert names(stops) == ["Blue Door", "Hill House", "North Recovery"]
    points = [(stop["provider"]["latitude"], stop["provider"]["longitude"]) for stop in stops]
    expected = [geodesic(a, b).miles for a, b in pairwise(points)]
    assert plan["legs_miles"] == pytest.approx(expected, abs=0.001)
    assert stops[1]["verdict"] == "ask"


def test_an_alternative_that_was_offered_can_be_asked_for(ask: Ask) -> None:
    offered = {item["need"]: item["matches"] for item in ask(needs=["residential_90"])["alternatives"]}
    assert offered == {"residential_shorter": 1, "hospital": 1}
    for need, n_matches in offered.items():
        assert ask(needs=[need])["totals"]["meets_all"] == n_matches


def test_a_provider_that_goes_between_index_and_answer_is_left_out(filled_app: Flask) -> None:
    ask = asking(filled_app.test_client())
    assert "Blue Door" in names(ask(needs=["detox"])["matches"])
    # Around the session, so that the change counter does not tell the index.
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.execute(sa.delete(Provider).where(Provider.name == "Blue Door"))
    answer = ask(needs=["detox", "outpatient"])
    assert "Blue Door" not in json.dumps(answer)


def test_labels_are_in_the_language_of_the_request(sqlite_client: FlaskClient) -> None:
    body = {"near": DOWNTOWN, "needs": ["residential_90"]}
    english, by_prefix, by_header = (
        sqlite_client.post(path, json=body, headers=headers).get_json()["matches"][0]["reasons"][0]["label"]
        for path, headers in [
            ("/api/v1/match", {}),
            ("/es/api/v1/match", {}),
            ("/api/v1/match", {"Accept-Language": "es-MX,es;q=0.9"}),
        ]
    )
    assert by_prefix == by_header != english
    assert sqlite_client.post("/es/api/v1/match", json=body).headers["Content-Language"] == "es"


def test_other_sites_servers_may_ask(sqlite_client: FlaskClient) -> None:
    headers = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    assert sqlite_client.post("/api/v1/match", json={"near": DOWNTOWN}, headers=headers).status_code == 200
