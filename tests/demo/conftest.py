"""The made-up directory, loaded once on SQLite for all tests that only read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from referral.demo.loading import load_demo
from referral.extensions import db
from tests.conftest import make_app

TODAY = date(2024, 2, 29)


@pytest.fixture(scope="session")
def demo(sqlite_places_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Connection]:
    """A connection to a database with places and the made-up listings, loaded as if on 29 February 2024."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    shutil.copy(sqlite_places_template, path)
    with make_app(f"sqlite:///{path}").app_context():
        engine = db.engine
    # No context stays open: the session's other tests have applications of their own.
    with engine.begin() as connection:
        load_demo(connection, TODAY)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
