"""An export that fails in the middle reaches nobody as a whole file: the server breaks the connection off."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, IncompleteRead
from pathlib import Path
from urllib.parse import urlencode

import pytest

from referral.exporters import FORMATS
from referral.extensions import db
from tests.admin.people import PASSWORD, TOKEN, email_of, make_user
from tests.conftest import filled_copy
from tests.exporters.worlds import fill, listing
from tests.security.server import free_port, running


def world() -> None:
    make_user("viewer")
    fill(db.engine, [listing(f"{number}") for number in range(1500)])


def break_last_listing(path: Path) -> None:
    """Facts that are no JSON make the reading fail once the answer has begun."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE provider SET facts = '{' WHERE id = 1500")


@pytest.fixture
def database(sqlite_template: Path, tmp_path: Path) -> Path:
    return filled_copy(sqlite_template, tmp_path, world)


@pytest.fixture
def port(database: Path) -> Iterator[int]:
    number = free_port()
    env = {"PORT": str(number), "DATABASE_URL": f"sqlite:///{database}", "SECRET_KEY": "a key for tests only"}
    with running(["gunicorn", "wsgi:app"], "Onward is at", RATELIMIT_ENABLED="0", **env):
        yield number


def signed_in(port: int) -> str:
    """The cookie of a viewer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/en/admin/sign-in")
    response = connection.getresponse()
    first = (response.headers["Set-Cookie"] or "").partition(";")[0]
    token = TOKEN.search(response.read().decode())
    assert token
    body = urlencode({"email": email_of("viewer"), "password": PASSWORD, "csrf_token": token[1]})
    headers = {"Cookie": first, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/en/admin/sign-in", body, headers)
    response = connection.getresponse()
    assert response.status == 303
    cookie = (response.headers["Set-Cookie"] or "").partition(";")[0]
    connection.close()
    return cookie


def test_a_client_sees_that_the_file_is_not_whole(port: int, database: Path) -> None:
    cookie = signed_in(port)
    break_last_listing(database)
    for kind in FORMATS:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", f"/en/admin/exports/{kind}", headers={"Cookie": cookie})
        response = connection.getresponse()
        assert (response.status, response.headers["Transfer-Encoding"]) == (200, "chunked")
        with pytest.raises((IncompleteRead, ConnectionError)):
            response.read()
        connection.close()
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", "/en/admin/exports", headers={"Cookie": cookie})
    assert connection.getresponse().status == 200, "and the server goes on"
    connection.close()
