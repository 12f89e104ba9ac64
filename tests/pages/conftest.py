"""Clients of an application with the directory of world.py."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from tests.conftest import make_app
from tests.pages.reading import Page, read
from tests.pages.world import fill

Search = Callable[..., Page]


@pytest.fixture(scope="session")
def pages_path(sqlite_places_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all places and the directory of world.py."""
    path = tmp_path_factory.mktemp("pages") / "onward.db"
    shutil.copy(sqlite_places_template, path)
    app = make_app(f"sqlite:///{path}")
    with app.app_context():
        fill()
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def site(pages_path: Path) -> Iterator[Flask]:
    """For tests that only read."""
    app = make_app(f"sqlite:///{pages_path}")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def search(client: FlaskClient) -> Search:
    """Send the intake form, follow its redirect, and give the results page."""

    def send(**form: Any) -> Page:
        answer = client.post("/", data={"near": "40202", "radius_miles": "25"} | form)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        return read(client.get(answer.headers["Location"]))

    return send
