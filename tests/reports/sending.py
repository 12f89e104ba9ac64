"""Reports as a person sends them, and what the database then holds."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.extensions import db
from referral.models import Provider
from tests.pages.reading import Page, read

KEY = "a key for tests only"


def listing(site: Flask, key: str = "harbor") -> str:
    """The address of a listing of tests/pages/world.py."""
    with site.app_context(), db.engine.connect() as connection:
        number = connection.execute(sa.select(Provider.id).where(Provider.source_key == key)).scalar_one()
    return f"/providers/{number}"


def hidden(page: Page, name: str) -> str:
    [field] = page.find("input", name=name)
    return str(field.get("value"))


def open_form(client: FlaskClient, address: str) -> str:
    """Open the form of a listing; the token that it gives out."""
    page = read(client.get(f"{address}/report"))
    assert page.status == 200
    return hidden(page, "token")


def post(client: FlaskClient, address: str, **form: Any) -> TestResponse:
    """Open the form of a listing, fill it in and send it."""
    known = {"kind": "wrong_phone", "text": "", "homepage": ""}
    token = form.pop("token", None) or open_form(client, address)
    return client.post(f"{address}/report", data=known | {"token": token} | form)


def send(client: FlaskClient, address: str, **form: Any) -> str:
    """Send a report that is taken; its code."""
    response = post(client, address, **form)
    assert response.status_code == 303, response.get_data(as_text=True)
    path, _, code = response.headers["Location"].rpartition("/")
    assert path.endswith("/reports")
    return code


def rows(site: Flask) -> list[Any]:
    with site.app_context(), db.engine.connect() as connection:
        return list(connection.execute(sa.text("SELECT * FROM report ORDER BY id")))


def run(site: Flask, *arguments: str) -> tuple[int, str]:
    """How a `flask reports` command ends, and what it says with its lines and blanks drawn together."""
    result = site.test_cli_runner().invoke(args=["reports", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, " ".join(result.output.split())
