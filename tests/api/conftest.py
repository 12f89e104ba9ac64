"""Clients of an application with the small directory of world.py."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from tests.api.world import DOWNTOWN, fill
from tests.conftest import make_app

Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def filled_app(app: Flask) -> Flask:
    """The small directory, on SQLite and on PostgreSQL."""
    fill()
    return app


@pytest.fixture
def client(filled_app: Flask) -> FlaskClient:
    return filled_app.test_client()


@pytest.fixture(scope="session")
def sqlite_client(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The small directory on SQLite alone, for tests that only read and do not depend on the database."""
    path = tmp_path_factory.mktemp("api") / "onward.db"
    shutil.copy(sqlite_template, path)
    app = make_app(f"sqlite:///{path}")
    with app.app_context():
        fill()
        engine = db.engine
    yield app.test_client()
    engine.dispose()


@pytest.fixture
def ask(sqlite_client: FlaskClient) -> Ask:
    """Ask from downtown and give the answer, which must be 200."""
    return asking(sqlite_client)


def asking(client: FlaskClient) -> Ask:
    def post(**body: Any) -> dict[str, Any]:
        response = client.post("/api/v1/match", json={"near": DOWNTOWN} | body)
        assert response.status_code == 200, response.get_data(as_text=True)
        answer: dict[str, Any] = response.get_json()
        return answer

    return post
