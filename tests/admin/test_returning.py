"""After signing in nobody is led off the staff pages, whatever `next` says."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.admin.shared.returning import own_page
from tests.admin.people import PASSWORD, csrf, email_of, make_user

ELSEWHERE = [
    "//evil.example",
    "//evil.example/admin/account",
    "///evil.example",
    "////evil.example",
    "https://evil.example",
    "https://evil.example/admin/account",
    "http:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "ftp://evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "\\/evil.example",
    "/\\/evil.example",
    "/admin\\@evil.example",
    "/admin/\\evil.example",
    "\t//evil.example",
    "/\t/evil.example",
    "/admin/account\t",
    "\n//evil.example",
    "/\n/evil.example",
    "/\r/evil.example",
    "\x00//evil.example",
    "/\x00/evil.example",
    " //evil.example",
    " https://evil.example",
    "\u00a0//evil.example",
    "/\u2028/evil.example",
    "／／evil.example",
    "/／evil.example",
    "/\u2215evil.example",
    "/\u2044/evil.example",
    "。evil.example",
    "@evil.example",
    "/@evil.example",
    "/admin@evil.example",
    "admin.evil.example",
    "user:pass@evil.example",
    "//user@evil.example",
    "/admin//evil.example",
    "/admin/..//evil.example",
    "/admin/../../evil.example",
    "/admin/..%2f..%2fevil.example",
    "/admin/%2e%2e/",
    "/admin/account/..",
    "/%2f/evil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "%2f%2fevil.example",
    "/admin/account#@evil.example",
    "/admin/account;//evil.example",
    "?next=//evil.example",
    "#//evil.example",
    "/providers/1",
    "/",
    "/static/onward.css",
    "/adminx",
    "/admin/nothing-here",
    "/en/admin/account",
    "/admin/sign-out",
    "/admin/account?x=<script>",
    "/admin/account?x=\r\nSet-Cookie:a=b",
    "/admin/account?" + "x" * 2000,
    "",
]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database is enough: nothing here depends on it."""
    return sqlite_url


def test_there_are_sixty_ways_to_try() -> None:
    assert len(set(ELSEWHERE)) >= 60


def test_nothing_but_a_staff_page_is_taken(app: Flask) -> None:
    with app.test_request_context("/admin/sign-in"):
        assert [text for text in ELSEWHERE if own_page(text) is not None] == []
        for page in ("/admin", "/admin/account", "/admin/users/7", "/admin/users?page=2&q=a%20b"):
            assert own_page(page) == page


def test_whoever_signs_in_stays_here(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    for text in ELSEWHERE[::4]:
        data = {"email": email_of("editor"), "password": PASSWORD, "csrf_token": csrf(anybody), "next": text}
        assert anybody.post("/en/admin/sign-in", data=data).headers["Location"] == "/en/admin", text
    assert b'name="next"' not in anybody.get("/en/admin/sign-in?next=//evil.example").data
