"""A database that is locked, full of waiting or unreachable: an honest answer in bounded time, and recovery."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from referral import database
from referral.extensions import db
from tests.api.world import DOWNTOWN, fill
from tests.conftest import make_app
from tests.security.conftest import prepared_site
from tests.security.server import free_port, running, status


@pytest.fixture
def own_site_path(site_path: Path, tmp_path: Path) -> Path:
    path = tmp_path / "onward.db"
    shutil.copy(site_path, path)
    return path


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another process keeps the whole file to itself."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def dispose(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


def test_a_locked_file_is_told_in_bounded_time_and_forgotten_afterwards(
    own_site_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 200)
    app = prepared_site(f"sqlite:///{own_site_path}")
    client = app.test_client()
    with locked(own_site_path):
        started_at = time.monotonic()
        response = client.post("/api/v1/match", json={"near": DOWNTOWN})
        assert response.status_code == 503
        assert client.get("/providers/1").status_code == 503
        assert client.get("/").status_code == 200
        assert time.monotonic() - started_at < 5
    assert client.post("/api/v1/match", json={"near": DOWNTOWN}).status_code == 200
    dispose(app)


def test_a_person_waits_five_seconds_for_a_lock_at_most() -> None:
    assert database.BUSY_TIMEOUT_MS <= 5000
    options = database.engine_options("postgresql+psycopg://localhost/x")
    assert options["pool_timeout"] <= 5
    assert options["connect_args"]["connect_timeout"] <= 5


def test_a_server_that_is_not_there_is_told_at_once() -> None:
    app = prepared_site("postgresql+psycopg://onward@127.0.0.1:1/onward")
    started_at = time.monotonic()
    assert app.test_client().post("/api/v1/match", json={"near": DOWNTOWN}).status_code == 503
    assert app.test_client().get("/").status_code == 200
    assert time.monotonic() - started_at < 5
    dispose(app)


@pytest.mark.postgresql
def test_all_connections_taken_is_told_in_bounded_time(postgresql_url: str) -> None:
    app = prepared_site(postgresql_url)
    client = app.test_client()
    with app.app_context():
        fill()
    with app.app_context(), contextlib.ExitStack() as stack:
        pool = db.engine.pool
        assert isinstance(pool, sa.QueuePool)
        for _ in range(pool.size() + pool._max_overflow):
            stack.enter_context(db.engine.connect())
        started_at = time.monotonic()
        response = client.post("/api/v1/match", json={"near": DOWNTOWN})
        assert response.status_code == 503
        assert time.monotonic() - started_at < 7
    assert client.post("/api/v1/match", json={"near": DOWNTOWN}).status_code == 200
    dispose(app)


@pytest.mark.postgresql
def test_reading_goes_on_after_the_server_cut_all_connections(postgresql_url: str, postgresql_server: str) -> None:
    app = prepared_site(postgresql_url)
    with app.app_context():
        fill()
    client = app.test_client()
    assert client.post("/api/v1/match", json={"near": "40202"}).status_code == 200
    name = sa.make_url(postgresql_url).database
    engine = sa.create_engine(postgresql_server, poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.execute(
            sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :n"), {"n": name}
        )
    assert client.post("/api/v1/match", json={"near": "40202"}).status_code == 200
    assert client.get("/providers/1").status_code == 200
    dispose(app)


@pytest.mark.postgresql
def test_a_slow_statement_is_given_up(postgresql_url: str) -> None:
    env = {"PORT": str(free_port()), "DATABASE_URL": postgresql_url, "SECRET_KEY": "0123456789abcdef"}
    env["PGOPTIONS"] = "-c statement_timeout=200"
    with running(["gunicorn", "tests.security.crashing_site:app"], "Onward is at", **env) as server:
        started_at = time.monotonic()
        assert status(server.request("GET /slow")) == 503
        assert time.monotonic() - started_at < 10


def rows_of_all_tables(engine: sa.Engine) -> dict[str, list[str]]:
    metadata = sa.MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
        return {
            table.name: sorted(str(row) for row in connection.execute(sa.select(table)))
            for table in metadata.sorted_tables
        }


def test_nothing_about_a_search_is_stored(database_url: str) -> None:
    app = make_app(database_url)
    with app.app_context():
        fill()
        before = rows_of_all_tables(db.engine)
    assert before["provider"]
    client = app.test_client()
    for need in ("detox", "residential_90", "outpatient", "sober_living"):
        for payment in ("takes_medicaid", "free_care"):
            form = {"need": need, "near": "40202", "radius_miles": "25", "payment": payment}
            assert client.get(client.post("/", data=form).headers["Location"]).status_code == 200
            body = {"needs": [need], "near": "Louisville, KY", "require": {"payment": [payment]}}
            assert client.post("/api/v1/match", json=body).status_code == 200
    with app.app_context():
        assert rows_of_all_tables(db.engine) == before
    dispose(app)
