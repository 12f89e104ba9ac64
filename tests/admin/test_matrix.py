"""Role by route, from the URL map: who may use what, and that nothing comes in without its token."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.admin.shared.access import ANYONE, roles_by_endpoint
from referral.models.user import ROLES
from tests.admin.conftest import Staff
from tests.admin.matrix import ENDS_SESSION, ROUTES, path_of, staff_rules
from tests.admin.people import csrf
from tests.security.requests import HEADERS, UNSAFE, rules
from tests.security.requests import path_of as public_path_of

ORDER = list(ROLES)
REACHED = {200, 303, 400, 404, 409, 410, 422}
"""What a view answers that has run, to numbers of nothing and to an empty form."""
ACCOUNT = "/en/admin/account"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database is enough: who may use what is decided before any view runs."""
    return sqlite_url


def asks_to_sign_in(response: TestResponse) -> bool:
    return response.status_code == 303 and "/admin/sign-in" in response.headers["Location"]


def send(client: FlaskClient, app: Flask, rule: Any, method: str, **more: Any) -> TestResponse:
    """The request of this route, with a valid token where one is needed."""
    if method == "GET":
        return client.get("/en" + path_of(app, rule), **more)
    known = "/en/admin/sign-in" if ROUTES[method, rule.endpoint] == ANYONE else ACCOUNT
    data = {"csrf_token": csrf(client, known)}
    return client.open("/en" + path_of(app, rule), method=method, data=data, **more)


def test_every_route_is_placed(app: Flask) -> None:
    assert {(method, rule.endpoint) for rule, method in staff_rules(app)} == set(ROUTES)


def test_each_view_asks_for_the_role_that_it_is_placed_under(app: Flask) -> None:
    asked = roles_by_endpoint(app)
    assert {endpoint: role for (_method, endpoint), role in ROUTES.items()} == asked


@pytest.mark.parametrize("prefix", ["", "/en", "/es"])
def test_nobody_who_is_not_signed_in_gets_further_than_signing_in(
    app: Flask, anybody: FlaskClient, prefix: str
) -> None:
    n_refused = 0
    for rule, method in staff_rules(app):
        if ROUTES[method, rule.endpoint] != ANYONE:
            response = anybody.open(prefix + path_of(app, rule), method=method)
            assert asks_to_sign_in(response), (rule.endpoint, response.status_code)
            n_refused += 1
    assert n_refused > 10


@pytest.mark.parametrize("role", ORDER)
def test_a_role_reaches_what_it_may_and_is_refused_the_rest_whatever_the_id(
    app: Flask, staff: Staff, role: str
) -> None:
    client = staff(role)
    for rule, method in staff_rules(app):
        needed = ROUTES[method, rule.endpoint]
        response = send(client, app, rule, method)
        if needed == ANYONE or ORDER.index(role) >= ORDER.index(needed):
            assert response.status_code in REACHED, (rule.endpoint, response.status_code)
            assert needed == ANYONE or rule.endpoint == ENDS_SESSION or not asks_to_sign_in(response)
        else:
            assert response.status_code == 403, (rule.endpoint, response.status_code)


def test_a_view_that_says_no_role_is_refused_to_everybody(app: Flask, staff: Staff, anybody: FlaskClient) -> None:
    app.add_url_rule("/admin/forgotten", "admin.forgotten", lambda: "secret")
    for client in (anybody, staff("viewer"), staff("admin")):
        response = client.get("/admin/forgotten")
        assert response.status_code == 403
        assert b"secret" not in response.data


FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://elsewhere.example"},
]


def test_no_unsafe_route_takes_a_form_without_its_token_or_from_another_site(app: Flask, staff: Staff) -> None:
    admin, stranger = staff("admin"), staff("viewer")
    others = csrf(stranger, ACCOUNT)
    n_routes = 0
    for rule, method in staff_rules(app):
        if method not in UNSAFE:
            continue
        path = "/en" + path_of(app, rule)
        for data in ({}, {"csrf_token": ""}, {"csrf_token": "x"}, {"csrf_token": others}):
            response = admin.open(path, method=method, data=data)
            assert response.status_code == 400, (rule.endpoint, data)
        token = {"csrf_token": csrf(admin, ACCOUNT)}
        for headers in FOREIGN:
            response = admin.open(path, method=method, data=token, headers=headers)
            assert response.status_code == 400, (rule.endpoint, headers)
        n_routes += 1
    assert n_routes > 10
    assert admin.get(ACCOUNT).status_code == 200


def test_a_get_request_changes_no_session(app: Flask, staff: Staff) -> None:
    """Sign-out and the like answer only POST, so that no picture or link of another page can send them."""
    client = staff("admin")
    for rule, method in staff_rules(app):
        if method == "POST" and "GET" not in {m for r, m in staff_rules(app) if r.rule == rule.rule}:
            assert client.get("/en" + path_of(app, rule)).status_code == 405, rule.endpoint


def test_odd_spellings_of_an_address_lead_nobody_in(app: Flask, anybody: FlaskClient, staff: Staff) -> None:
    viewer = staff("viewer")
    for path in (
        "/admin/users/",
        "/ADMIN/users",
        "//admin/users",
        "/admin//users",
        "/admin/./users",
        "/admin/%75sers",
        "/admin/x/../users",
        "/en/en/admin/users",
        "/en//admin/users",
        "/admin;x/users",
        "/admin/users;x",
        "/static/../admin/users",
    ):
        for client in (anybody, viewer):
            response = client.get(path, follow_redirects=True)
            assert b"admin@staff.example" not in response.data, path
            assert b"Invite somebody" not in response.data, path


def test_every_answer_to_staff_has_the_headers_and_is_kept_by_nobody(app: Flask, staff: Staff) -> None:
    client = staff("editor")
    for rule, method in staff_rules(app):
        response = send(client, app, rule, method)
        for name, value in HEADERS.items():
            assert response.headers[name] == value, (rule.endpoint, name)
        assert response.headers["Cache-Control"] == "no-store", rule.endpoint
        assert "Cookie" in response.headers["Vary"], rule.endpoint


def test_public_pages_are_never_sent_the_cookie_of_staff_and_set_none(app: Flask, staff: Staff) -> None:
    client = staff("admin")
    assert "onward_staff=" in client.get(ACCOUNT).request.headers["Cookie"]
    for rule, method in rules(app, {"GET"}):
        if rule.endpoint in ("reports.status", "handout.shortlist"):
            continue  # their addresses need a directory
        for prefix in ("", "/en", "/es"):
            response = client.open(prefix + public_path_of(app, rule), method=method)
            assert "Cookie" not in response.request.headers, rule.endpoint
            assert "Set-Cookie" not in response.headers, rule.endpoint
