"""The description of the API holds: what it allows is answered as it says, what it forbids is refused."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from referral.vocabulary import ASKS, GROUPS
from tests.api.world import DOWNTOWN
from tests.rounds import rounds

CHECKS = [
    not_a_server_error,
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
]


@pytest.mark.parametrize(
    ("path", "method", "mode"),
    [
        ("/api/v1/match", "POST", GenerationMode.POSITIVE),
        ("/api/v1/match", "POST", GenerationMode.NEGATIVE),
        ("/api/v1/vocabulary", "GET", GenerationMode.POSITIVE),
    ],
)
def test_answers_are_as_described(sqlite_client: FlaskClient, path: str, method: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", sqlite_client.application)

    @settings(max_examples=rounds(75), deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def check(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    check()


def test_a_full_answer_is_as_described(sqlite_client: FlaskClient) -> None:
    """Of what the generated questions seldom reach: many matches, a plan, what to leave out."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", sqlite_client.application)
    operation = schema["/api/v1/match"]["POST"]
    bodies: list[dict[str, Any]] = [
        {"near": DOWNTOWN},
        {"near": "40202", "needs": ["detox", "residential_90"], "require": {"payment": ["free_care"]}},
        {"near": DOWNTOWN, "needs": ["residential_90", "dual_diagnosis"], "radius_miles": None},
    ]
    for body in bodies:
        operation.Case(body=body, media_type="application/json").call_and_validate(checks=CHECKS)


def test_the_description_follows_the_vocabulary(sqlite_client: FlaskClient) -> None:
    question = sqlite_client.get("/api/v1/openapi.json").get_json()["components"]["schemas"]["Question"]
    assert question["properties"]["needs"]["items"]["enum"] == list(ASKS)
    assert list(question["properties"]["require"]["properties"]) == list(GROUPS)
