"""What the tests of the inbox ask of its pages and of the database."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.extensions import db
from referral.models import Report
from tests.admin.people import csrf
from tests.pages.reading import Page, read

INBOX = "/en/admin/reports"


def look(client: FlaskClient, path: str = INBOX) -> Page:
    page = read(client.get(path))
    assert page.status == 200
    return page


def waiting(client: FlaskClient, query: str = "") -> list[str]:
    """Where the reports of a list lead, in order."""
    page = look(client, f"{INBOX}?{query}")
    return [str(a.get("href")).rpartition("/")[2] for row in page.find("th", scope="row") for a in row.iter("a")]


def post(client: FlaskClient, number: int, what: str, **form: Any) -> TestResponse:
    return client.post(f"{INBOX}/{number}/{what}", data={"csrf_token": csrf(client, "/en/admin/account"), **form})


def stored(number: int) -> Report:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Report, number)
