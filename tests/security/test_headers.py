"""The same headers on every answer and every error; error pages are kind, show where to call, and repeat nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.security.conftest import prepared_site
from tests.security.requests import BODIES, HEADERS, UNSAFE, path_of, rules
from tests.security.server import free_port, running, status

FOREIGN = {"Sec-Fetch-Site": "cross-site"}

Forced = dict[str, Any]

ERRORS: list[tuple[int, str, Forced]] = [
    (400, "/", {"method": "POST", "headers": FOREIGN}),
    (400, "/api/v1/match", {"method": "POST", "json": {}}),
    (404, "/nowhere", {}),
    (404, "/providers/999999", {}),
    (404, "/api/v1/nowhere", {}),
    (405, "/", {"method": "DELETE"}),
    (405, "/api/v1/match", {}),
    (410, "/results/damaged", {}),
    (413, "/", {"method": "POST", "data": {"near": "x" * 100_000}}),
    (413, "/api/v1/match", {"method": "POST", "json": {"near": "x" * 100_000}}),
    (415, "/api/v1/match", {"method": "POST", "data": "x"}),
    (422, "/", {"method": "POST", "data": {}}),
    (500, "/crash", {}),
    (500, "/api/v1/crash", {}),
]


def check_headers(response: TestResponse) -> None:
    for name, value in HEADERS.items():
        assert response.headers.getlist(name) == [value], name
    assert "Set-Cookie" not in response.headers
    assert "Strict-Transport-Security" not in response.headers


def check_error(response: TestResponse, path: str) -> None:
    check_headers(response)
    assert response.headers["Cache-Control"] == "no-store"
    text = response.get_data(as_text=True)
    if path.startswith("/api/"):
        assert response.mimetype == "application/problem+json"
        assert response.get_json()["status"] == response.status_code
    else:
        assert response.mimetype == "text/html"
        for number in ("911", "988", "1-800-662-4357"):
            assert number in text
    assert "nobody may read" not in text
    assert "Traceback" not in text


def test_every_answer_has_the_headers(site: Flask) -> None:
    client = site.test_client()
    for rule, method in rules(site, {"GET", *UNSAFE}):
        check_headers(client.open(path_of(site, rule), method=method, buffered=True, **BODIES.get(rule.endpoint, {})))


@pytest.mark.parametrize(("status", "path", "forced"), ERRORS)
def test_every_error_has_the_headers_and_says_where_to_call(
    site: Flask, status: int, path: str, forced: Forced
) -> None:
    response = site.test_client().open(path, **forced)
    assert response.status_code == status
    check_error(response, path)


@pytest.mark.parametrize("path", ["/", "/api/v1/match"])
def test_too_many_searches_are_told_when_to_come_back(site_path: Path, path: str) -> None:
    client = prepared_site(f"sqlite:///{site_path}", ratelimit_enabled=True).test_client()
    statuses = [client.post(path).status_code for _ in range(121)]
    assert statuses.count(429) == 1
    response = client.post(path)
    check_error(response, path)
    assert 1 <= int(response.headers["Retry-After"]) <= 61


@pytest.mark.parametrize(
    ("path", "forced"),
    [
        ("/providers/1", {}),
        ("/", {"method": "POST", **BODIES["intake.ask"]}),
        ("/api/v1/match", {"method": "POST", **BODIES["api.match"]}),
    ],
)
def test_a_database_that_is_gone_is_told_with_when_to_come_back(tmp_path: Path, path: str, forced: Forced) -> None:
    client = prepared_site(f"sqlite:///{tmp_path}/no/such/folder/onward.db").test_client()
    response = client.open(path, **forced)
    assert response.status_code == 503
    check_error(response, path)
    assert response.headers["Retry-After"] == "10"


def test_the_form_and_its_errors_need_no_database(tmp_path: Path) -> None:
    client = prepared_site(f"sqlite:///{tmp_path}/no/such/folder/onward.db").test_client()
    assert client.get("/").status_code == 200
    assert client.get("/nowhere").status_code == 404
    assert client.get("/api/v1/vocabulary").status_code == 200


def test_browsers_are_told_to_stay_with_https_once_they_came_by_it(site: Flask) -> None:
    client = site.test_client()
    for path in ("/", "/nowhere", "/api/v1/vocabulary"):
        headers = client.get(path, base_url="https://localhost").headers
        assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_error_pages_speak_the_language_of_the_address(site: Flask) -> None:
    client = site.test_client()
    for path in ("/nowhere", "/crash"):
        english, spanish = (client.get(prefix + path).get_data(as_text=True) for prefix in ("/en", "/es"))
        assert '<html lang="es"' in spanish
        assert english.split("<h1")[1].split("</h1>")[0] != spanish.split("<h1")[1].split("</h1>")[0]


def test_a_client_that_sends_too_much_still_gets_its_answer(site_path: Path) -> None:
    env = {"PORT": str(free_port()), "DATABASE_URL": f"sqlite:///{site_path}", "SECRET_KEY": "0123456789abcdef"}
    with running(["gunicorn", "wsgi:app"], "Onward is at", **env) as server:
        for _ in range(10):
            for path in ("/", "/api/v1/match"):
                answer = server.request(f"POST {path}", b"a" * 900_000, Content_Type="application/json")
                assert status(answer) == 413
