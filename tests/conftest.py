"""Shared fixtures: databases of both kinds, applications on them, and the folder of real directories."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from config import ROOT, Config
from referral import create_app
from referral.cli.schema import migrate
from referral.extensions import db
from referral.places.loading import load_places
from tests.postgres import running_server

SHARED = ROOT.parent / "shared"
IS_CI = os.environ.get("CI") == "true"


def skip_or_fail(reason: str) -> None:
    """Skip where something is missing; under CI=true nothing may be skipped, so fail."""
    if IS_CI:
        pytest.fail(f"under CI=true nothing is skipped: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real directories, outside the project."""
    if not (SHARED / "data").is_dir():
        skip_or_fail("the folder ../shared/data with real directories is not here")
    return SHARED / "data"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    try:
        with running_server() as url:
            yield url
    except FileNotFoundError as error:
        skip_or_fail(str(error))


def make_config(database_url: str, **changes: Any) -> Config:
    """Settings for a test: limits off, a key of its own."""
    values: dict[str, Any] = {
        "secret_key": "a key for tests only",
        "database_url": database_url,
        "ratelimit_enabled": False,
    }
    return Config(**values | changes)


def make_app(database_url: str, **changes: Any) -> Flask:
    app = create_app(make_config(database_url, **changes))
    app.testing = True
    return app


def _migrate(url: str) -> None:
    app = make_app(url)
    with app.app_context():
        migrate()
        db.engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite database to copy."""
    path = tmp_path_factory.mktemp("template") / "onward.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def sqlite_places_template(sqlite_template: Path) -> Path:
    """A migrated SQLite database with all places and no listings, to copy or to read."""
    path = sqlite_template.with_name("places.db")
    shutil.copy(sqlite_template, path)
    fill_places(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """Name of a migrated, empty PostgreSQL database to copy."""
    run_maintenance(postgresql_server, "CREATE DATABASE onward_template")
    _migrate(postgresql_server.rsplit("/", 1)[0] + "/onward_template")
    return "onward_template"


@pytest.fixture(scope="session")
def postgresql_places_template(postgresql_server: str, postgresql_template: str) -> str:
    """Name of a migrated PostgreSQL database with all places and no listings, to copy."""
    run_maintenance(postgresql_server, f"CREATE DATABASE onward_places_template TEMPLATE {postgresql_template}")
    fill_places(postgresql_server.rsplit("/", 1)[0] + "/onward_places_template")
    return "onward_places_template"


def run_maintenance(server: str, statement: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)


def filled_copy(template: Path, folder: Path, fill: Callable[[], None] = lambda: None) -> Path:
    """A copy of a SQLite database, with what `fill` writes into the database of the application at work."""
    path = folder / "onward.db"
    shutil.copy(template, path)
    app = make_app(f"sqlite:///{path}")
    with app.app_context():
        fill()
        db.engine.dispose()
    return path


def reading_app(path: Path, make: Callable[[str], Flask] = make_app) -> Iterator[Flask]:
    """An application on a SQLite database, for tests that only read."""
    app = make(f"sqlite:///{path}")
    yield app
    with app.app_context():
        db.engine.dispose()


def fill_places(url: str) -> None:
    """Load the offline places into a migrated database."""
    app = make_app(url)
    with app.app_context():
        with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
            load_places(connection)
        db.engine.dispose()


_numbers = itertools.count()


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    shutil.copy(sqlite_template, tmp_path / "onward.db")
    return f"sqlite:///{tmp_path / 'onward.db'}"


@pytest.fixture
def postgresql_url(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    run_maintenance(postgresql_server, f"CREATE DATABASE {name} TEMPLATE {postgresql_template}")
    yield postgresql_server.rsplit("/", 1)[0] + f"/{name}"
    run_maintenance(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database; the test runs once on SQLite and once on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """An application on an empty database of either kind, with its context pushed."""
    app = make_app(database_url)
    with app.app_context():
        engine = db.engine
        yield app
    engine.dispose()


@pytest.fixture
def app_with_places(sqlite_places_template: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a SQLite database of its own with all places and no listings, with its context pushed."""
    shutil.copy(sqlite_places_template, tmp_path / "places.db")
    app = make_app(f"sqlite:///{tmp_path / 'places.db'}")
    with app.app_context():
        engine = db.engine
        yield app
    engine.dispose()
