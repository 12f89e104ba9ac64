"""Clients of an application with the directory of world.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import filled_copy, reading_app
from tests.pages.reading import Page, read
from tests.pages.world import fill

Search = Callable[..., Page]


@pytest.fixture(scope="session")
def pages_path(sqlite_places_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with all places and the directory of world.py."""
    return filled_copy(sqlite_places_template, tmp_path_factory.mktemp("pages"), fill)


@pytest.fixture(scope="session")
def site(pages_path: Path) -> Iterator[Flask]:
    """For tests that only read."""
    yield from reading_app(pages_path)


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
