"""Every public address of the site stands here. A new route fails until it is placed.

Those under /admin are placed in tests/admin/matrix.py, with the lowest role that may use each.
"""

from __future__ import annotations

import pytest
from flask import Flask

from referral.security import SERVER_TO_SERVER
from tests.security.requests import BODIES, UNSAFE, path_of, rules, sealed

ANYONE = "anyone"

ROUTES: dict[tuple[str, str], str] = {
    ("GET", "static"): ANYONE,
    ("GET", "intake.form"): ANYONE,
    ("POST", "intake.ask"): ANYONE,
    ("GET", "intake.results"): ANYONE,
    ("GET", "intake.plan"): ANYONE,
    ("GET", "intake.change"): ANYONE,
    ("POST", "intake.refine"): ANYONE,
    ("GET", "intake.guide"): ANYONE,
    ("GET", "intake.guide_step"): ANYONE,
    ("POST", "intake.answer"): ANYONE,
    ("GET", "directory.provider"): ANYONE,
    ("GET", "learn.index"): ANYONE,
    ("GET", "learn.topic"): ANYONE,
    ("GET", "reports.form"): ANYONE,
    ("POST", "reports.send"): ANYONE,
    ("GET", "reports.find"): ANYONE,
    ("POST", "reports.look"): ANYONE,
    ("GET", "reports.status"): ANYONE,
    ("GET", "handout.empty_list"): ANYONE,
    ("GET", "handout.shortlist"): ANYONE,
    ("GET", "handout.plain_text"): ANYONE,
    ("GET", "handout.call"): ANYONE,
    ("GET", "handout.call_for"): ANYONE,
    ("POST", "api.match"): ANYONE,
    ("GET", "api.vocabulary"): ANYONE,
    ("GET", "api.description"): ANYONE,
}

CROSS_SITE: dict[str, str] = {
    "api.match": "other systems call it from their servers; it reads no cookie and changes nothing",
}
"""Unsafe routes that other sites may call, and why that does no harm."""

METHODS = {"GET", *UNSAFE}


def test_every_route_is_placed(site: Flask) -> None:
    found = {(method, rule.endpoint) for rule, method in rules(site, METHODS)}
    assert {route for route in found if route[1] != "crash"} == set(ROUTES)


def test_anyone_reaches_what_anyone_may_reach(site: Flask) -> None:
    client = site.test_client()
    for rule, method in rules(site, METHODS):
        if rule.endpoint != "crash":
            response = client.open(path_of(site, rule), method=method, buffered=True, **BODIES.get(rule.endpoint, {}))
            assert response.status_code in (200, 303), (rule.endpoint, response.status_code)


def test_what_is_not_public_lies_under_admin(site: Flask) -> None:
    staff = {rule.rule for rule in site.url_map.iter_rules() if rule.endpoint.startswith("admin.")}
    assert staff
    assert all(path == "/admin" or path.startswith("/admin/") for path in staff)
    assert not any(rule.rule.startswith("/admin") for rule, _method in rules(site, METHODS))


def test_no_answer_sets_a_cookie(site: Flask) -> None:
    client = site.test_client()
    client.set_cookie("session", "eyJ4IjoxfQ.x.x")
    for rule, method in rules(site, METHODS):
        path = path_of(site, rule)
        for language in ("", "/es"):
            response = client.open(language + path, method=method, buffered=True, **BODIES.get(rule.endpoint, {}))
            assert "Set-Cookie" not in response.headers, rule.endpoint


def test_writing_to_a_session_raises_instead_of_setting_a_cookie(site: Flask) -> None:
    from flask import session

    with site.test_request_context("/"), pytest.raises(RuntimeError):
        session["needs"] = "detox"


def test_the_exemptions_are_those_with_a_reason() -> None:
    assert set(CROSS_SITE) == SERVER_TO_SERVER


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
    {"Sec-Fetch-Site": ""},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://localhost.elsewhere.example"},
    {"Origin": "http://localhost:81"},
    {"Origin": ""},
    {"Origin": "http://[broken"},
]


def test_a_browser_that_hides_where_a_form_comes_from_still_gets_an_answer(site: Flask) -> None:
    """Under a no-referrer policy browsers without Sec-Fetch-Site say `Origin: null` of our own form."""
    response = site.test_client().post("/", data={"near": ""}, headers={"Origin": "null"})
    assert response.status_code == 422


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_unsafe_routes_refuse_other_sites(site: Flask, headers: dict[str, str]) -> None:
    client = site.test_client()
    n_refused = 0
    for rule, method in rules(site, UNSAFE):
        response = client.open(
            path_of(site, rule), method=method, buffered=True, headers=headers, **BODIES[rule.endpoint]
        )
        if rule.endpoint in CROSS_SITE:
            assert response.status_code == 200
        else:
            assert response.status_code == 400, rule.endpoint
            n_refused += 1
    assert n_refused > 0


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}], ids=str)
def test_unsafe_routes_answer_our_own_pages(site: Flask, headers: dict[str, str]) -> None:
    client = site.test_client()
    for rule, method in rules(site, UNSAFE):
        response = client.open(
            path_of(site, rule), method=method, buffered=True, headers=headers, **BODIES[rule.endpoint]
        )
        assert response.status_code in (200, 303), rule.endpoint


def test_other_host_names_are_refused_where_the_own_ones_are_set(site_path: object) -> None:
    from tests.security.conftest import prepared_site

    client = prepared_site(f"sqlite:///{site_path}", trusted_hosts=("care.example",)).test_client()
    assert client.get("/", headers={"Host": "care.example"}).status_code == 200
    for host in ("evil.example", "care.example.evil.example", "", "a b", "[", "care.example@evil.example"):
        for path in ("/", "/api/v1/vocabulary", "/nowhere"):
            response = client.get(path, headers={"Host": host})
            assert response.status_code == 400, (host, path)
            assert b"evil" not in response.data


def test_results_are_never_kept_by_anyone_on_the_way(site: Flask) -> None:
    client = site.test_client()
    token = sealed(site, "detox")
    for path in (
        f"/results/{token}",
        f"/plan/{token}",
        f"/change/{token}",
        f"/es/results/{token}",
        "/",
        "/providers/1",
    ):
        assert client.get(path).headers["Cache-Control"] == "no-store", path
