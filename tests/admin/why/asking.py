"""Asking why a listing is shown or not, as staff do."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.extensions import db
from referral.models import Provider
from tests.admin.people import csrf
from tests.pages.reading import Page, read, text_of

PATH = "/en/admin/why"


def number_of(key: str) -> int:
    """Number of a listing of tests/pages/world."""
    return db.session.execute(sa.select(Provider.id).where(Provider.source_key == key)).scalar_one()


def send(client: FlaskClient, listing: str, **asked: Any) -> TestResponse:
    question = {"near": "40202", "radius_miles": "25", "listing": listing} | asked
    return client.post(PATH, data=question | {"csrf_token": csrf(client, PATH)})


def ask(client: FlaskClient, key: str, **asked: Any) -> Page:
    response = send(client, str(number_of(key)), **asked)
    page = read(response)
    assert response.status_code == 200, page.text()
    return page


def headline(page: Page) -> str:
    (text,) = page.texts("p", class_="verdict")
    return text


def places(page: Page) -> dict[str, str]:
    """Where it stands, by order."""
    return dict(zip(page.texts("dt"), page.texts("dd"), strict=True))


def verdicts(page: Page, caption: str) -> dict[str, tuple[str, str]]:
    """(verdict, because) by rule, of the table with this caption."""
    (table,) = [e for e in page.find("table") if text_of(next(e.iter("caption"))) == caption]
    rows = [[text_of(cell) for cell in row] for row in table.iter("tr")][1:]
    return {rule: (verdict, because) for rule, verdict, because in rows}
