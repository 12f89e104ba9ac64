"""One connection to the loaded places for all tests here, on SQLite and on PostgreSQL: they only read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from tests.conftest import make_app, run_maintenance


@pytest.fixture(scope="session")
def postgresql_places_url(postgresql_server: str, postgresql_places_template: str) -> str:
    run_maintenance(postgresql_server, f"CREATE DATABASE onward_places TEMPLATE {postgresql_places_template}")
    return postgresql_server.rsplit("/", 1)[0] + "/onward_places"


@pytest.fixture(scope="session")
def sqlite_places_url(sqlite_places_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("places") / "places.db"
    shutil.copy(sqlite_places_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def places_app(request: pytest.FixtureRequest) -> Flask:
    url: str = request.getfixturevalue(f"{request.param}_places_url")
    return make_app(url)


@pytest.fixture(scope="session")
def places(places_app: Flask) -> Iterator[sa.Connection]:
    """A connection to a database with all places, of either kind."""
    with places_app.app_context():
        engine = db.engine
    # No context stays open: the session's other tests have applications of their own.
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_places(sqlite_places_url: str) -> Iterator[sa.Connection]:
    """A connection to a SQLite database with all places: for what does not depend on the database."""
    engine = sa.create_engine(sqlite_places_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
