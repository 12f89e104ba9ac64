"""A request that cannot be answered is told what is wrong, where, and what to do: as application/problem+json."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.world import DOWNTOWN
from tests.conftest import make_app

MATCH = "/api/v1/match"


def send(client: FlaskClient, body: str | bytes, path: str = MATCH) -> dict[str, Any]:
    """Post this text as JSON and give the problem, which must be a well-formed 400."""
    response = client.post(path, data=body, content_type="application/json")
    assert response.status_code == 400, response.get_data(as_text=True)
    assert response.mimetype == "application/problem+json"
    problem: dict[str, Any] = response.get_json()
    assert (problem["type"], problem["title"], problem["status"]) == ("about:blank", "Bad Request", 400)
    assert problem["detail"]
    return problem


def with_part(key: str, text: str) -> str:
    """A right body in which one member is this JSON text."""
    members = {"near": json.dumps(DOWNTOWN)} | {key: text}
    return "{" + ", ".join(f'"{name}": {value}' for name, value in members.items()) + "}"


def faults(client: FlaskClient, body: str) -> list[str]:
    problem = send(client, body)
    assert all(set(error) <= {"field", "detail", "choices"} and error["detail"] for error in problem["errors"])
    return [error["field"] for error in problem["errors"]]


@pytest.mark.parametrize(
    ("key", "text", "field"),
    [
        ("needs", '["detoxx"]', "/needs/0"),
        ("needs", '["detox", 1, null]', "/needs/1"),
        ("needs", '["detox", "detox"]', "/needs/1"),
        ("needs", '"detox"', "/needs"),
        ("needs", "null", "/needs"),
        ("require", '{"money": ["takes_medicaid"]}', "/require/money"),
        ("require", '{"care": ["co_occurring"]}', "/require/care"),
        ("require", '{"payment": ["gold"]}', "/require/payment/0"),
        ("require", '{"payment": ["spanish"]}', "/require/payment/0"),
        ("require", '{"payment": []}', "/require/payment"),
        ("require", '{"payment": "takes_medicaid"}', "/require/payment"),
        ("require", '{"a/b~c": []}', "/require/a~1b~0c"),
        ("require", "[]", "/require"),
        ("radius_miles", "0", "/radius_miles"),
        ("radius_miles", "-5", "/radius_miles"),
        ("radius_miles", "12450.1", "/radius_miles"),
        ("radius_miles", "NaN", "/radius_miles"),
        ("radius_miles", "Infinity", "/radius_miles"),
        ("radius_miles", "-Infinity", "/radius_miles"),
        ("radius_miles", "1e999", "/radius_miles"),
        ("radius_miles", "9" * 5000, "/radius_miles"),
        ("radius_miles", "true", "/radius_miles"),
        ("radius_miles", '"25"', "/radius_miles"),
        ("near", "null", "/near"),
        ("near", "40202", "/near"),
        ("near", "true", "/near"),
        ("near", '["40202"]', "/near"),
        ("near", '""', "/near"),
        ("near", '"   "', "/near"),
        ("near", '"Nowhereville, KY"', "/near"),
        ("near", '"00000"', "/near"),
        ("near", '"\\u0000"', "/near"),
        ("near", '"\\ud800"', "/near"),
        ("near", json.dumps("x" * 20_000), "/near"),
        ("near", '{"latitude": 38}', "/near/longitude"),
        ("near", '{"latitude": 91, "longitude": 0}', "/near/latitude"),
        ("near", '{"latitude": 0, "longitude": -180.5}', "/near/longitude"),
        ("near", '{"latitude": NaN, "longitude": 0}', "/near/latitude"),
        ("near", '{"latitude": true, "longitude": 0}', "/near/latitude"),
        ("near", '{"latitude": "38", "longitude": 0}', "/near/latitude"),
        ("near", '{"latitude": 38, "longitude": 0, "lat": 1}', "/near/lat"),
        ("order", '"cheapest"', "/order"),
        ("order", "1", "/order"),
        ("order", "null", "/order"),
        ("page", "0", "/page"),
        ("page", "1.5", "/page"),
        ("page", "true", "/page"),
        ("page", '"1"', "/page"),
        ("page", "99999999999999999999", "/page"),
        ("page", "9223372036854775807", "/page"),
        ("page", "NaN", "/page"),
        ("page", "1e400", "/page"),
        ("per_page", "0", "/per_page"),
        ("per_page", "101", "/per_page"),
        ("per_page", "null", "/per_page"),
        ("limit", "5", "/limit"),
        ("", "5", "/"),
    ],
)
def test_a_wrong_part_is_named(sqlite_client: FlaskClient, key: str, text: str, field: str) -> None:
    assert field in faults(sqlite_client, with_part(key, text))


def test_all_faults_are_told_at_once(sqlite_client: FlaskClient) -> None:
    body = (
        '{"needs": ["detox", "x"], "near": {"latitude": 95, "longitude": true}, "radius_miles": 0, "need": 1,'
        ' "require": {"payment": ["x"], "nope": []}, "order": 3, "page": 0, "per_page": 500, "page": 1}'
    )
    assert faults(sqlite_client, body) == [
        "/page", "/need", "/needs/1", "/near/latitude", "/near/longitude", "/require/nope", "/require/payment/0",
        "/radius_miles", "/order", "/per_page",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"near": "40202", "near": "40202"}', "/near"),
        ('{"near": {"latitude": 1, "latitude": 1, "longitude": 2}}', "/near/latitude"),
        ('{"near": "40202", "require": {"age": ["seniors"], "age": ["seniors"]}}', "/require/age"),
    ],
)
def test_a_repeated_key_is_refused_even_with_equal_values(sqlite_client: FlaskClient, body: str, field: str) -> None:
    assert faults(sqlite_client, body) == [field]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b'{"near": 40202', b"{'near': 1}", b'{"near": "40202"} x', b"nul", b"\xff", b'{"near": "\xe9"}',
        b'\xef\xbb\xbf{"near": "40202"}', b"[" * 30_000, b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
        b'{"near": "a\nb"}', b"01", b"+1", b"{,}",
    ],
)  # fmt: skip
def test_what_is_not_json_is_refused(sqlite_client: FlaskClient, body: bytes) -> None:
    assert send(sqlite_client, body)["errors"][0]["field"] == ""


@pytest.mark.parametrize("body", ["[]", "null", "1", '"40202"', "NaN", "true"])
def test_a_body_that_is_no_object_is_refused_with_the_keys(sqlite_client: FlaskClient, body: str) -> None:
    error = send(sqlite_client, body)["errors"]
    assert [item["field"] for item in error] == [""]
    assert "needs" in error[0]["choices"]


def choices(client: FlaskClient, key: str, text: str) -> list[str]:
    found: list[str] = send(client, with_part(key, text))["errors"][0]["choices"]
    return found


def test_an_unknown_code_or_key_comes_with_the_known_ones(sqlite_client: FlaskClient) -> None:
    assert choices(sqlite_client, "needs", '["x"]')[:5] == [
        "detox", "residential_90", "outpatient", "dual_diagnosis", "sober_living",
    ]  # fmt: skip
    assert "takes_medicaid" in choices(sqlite_client, "require", '{"payment": ["x"]}')
    assert "payment" in choices(sqlite_client, "require", '{"x": []}')
    assert choices(sqlite_client, "order", '"x"') == ["best", "distance"]
    assert "radius_miles" in choices(sqlite_client, "radius", "1")


def test_each_choice_for_an_ambiguous_place_can_be_sent(sqlite_client: FlaskClient) -> None:
    offered = choices(sqlite_client, "near", '"Springfield"')
    assert offered == ["Springfield, MO", "Springfield, MA", "Springfield, IL"]
    for label in offered:
        answer = sqlite_client.post(MATCH, json={"near": label})
        assert answer.status_code == 200
        assert answer.get_json()["origin"]["label"] == label


def test_a_misspelt_place_comes_with_suggestions(sqlite_client: FlaskClient) -> None:
    assert choices(sqlite_client, "near", '"Louisvile, KY"') == ["Louisville, KY"]


def test_a_small_body_cannot_ask_for_a_huge_answer(sqlite_client: FlaskClient) -> None:
    response = sqlite_client.post(MATCH, json={"near": DOWNTOWN, "needs": ["x"] * 12_000})
    assert response.status_code == 400
    assert len(response.data) < 20_000
    assert response.get_json()["errors"][-1]["detail"] == "11980 more errors are not listed."


def test_what_was_sent_is_not_repeated(sqlite_client: FlaskClient) -> None:
    body = json.dumps({"near": "Secretville", "needs": ["my secret"], "order": "secret"})
    assert "ecret" not in json.dumps(send(sqlite_client, body))


def test_what_to_do_is_said_in_the_language_of_the_request(sqlite_client: FlaskClient) -> None:
    body = '{"near": "00000", "needs": 1, "page": 0, "x": 1}'
    english, spanish = send(sqlite_client, body), send(sqlite_client, body, "/es" + MATCH)
    assert english["detail"] != spanish["detail"]
    pairs = zip(english["errors"], spanish["errors"], strict=True)
    assert [e["field"] for e, s in pairs if e["detail"] == s["detail"]] == []


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonx", ""])
def test_another_content_type_is_refused(sqlite_client: FlaskClient, content_type: str) -> None:
    response = sqlite_client.post(MATCH, data='{"near": "40202"}', content_type=content_type)
    assert (response.status_code, response.mimetype) == (415, "application/problem+json")
    assert "application/json" in response.get_json()["detail"]


def test_a_charset_beside_the_content_type_is_no_fault(sqlite_client: FlaskClient) -> None:
    response = sqlite_client.post(MATCH, data='{"near": "40202"}', content_type="application/json; charset=utf-8")
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", MATCH, 405), ("DELETE", MATCH, 405), ("GET", "/api/v1/nothing", 404), ("GET", "/api/v2/match", 404)],
)
def test_wrong_addresses_and_methods_are_told_as_problems(
    sqlite_client: FlaskClient, method: str, path: str, status: int
) -> None:
    response = sqlite_client.open(path, method=method)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")
    assert response.get_json()["status"] == status
    assert ("POST" in response.headers.get("Allow", "")) == (status == 405)


def test_a_body_over_the_limit_is_refused(sqlite_client: FlaskClient) -> None:
    response = sqlite_client.post(MATCH, data=b'{"near": "' + b"a" * 70_000 + b'"}', content_type="application/json")
    assert (response.status_code, response.mimetype) == (413, "application/problem+json")


def test_a_failure_of_ours_is_told_as_a_problem(sqlite_url: str) -> None:
    app = make_app(sqlite_url)
    app.testing = False

    @app.get("/api/v1/crash")
    def crash() -> str:
        raise RuntimeError("secret words")

    response = app.test_client().get("/api/v1/crash")
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert "secret" not in response.get_data(as_text=True)
