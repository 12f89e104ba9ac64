"""A site that errors can be forced on."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from referral.extensions import db
from tests.api.world import fill
from tests.conftest import make_app

MakeSite = Callable[..., Flask]


def prepared_site(database_url: str, **settings: Any) -> Flask:
    """An application that answers errors as in production, and has two routes that fail."""
    app = make_app(database_url, **settings)
    app.testing = False

    @app.get("/crash")
    @app.get("/api/v1/crash")
    def crash() -> str:
        raise RuntimeError("words that nobody may read")

    return app


@pytest.fixture(scope="session")
def site_path(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database with the small directory, to copy."""
    path = tmp_path_factory.mktemp("site") / "onward.db"
    shutil.copy(sqlite_template, path)
    app = make_app(f"sqlite:///{path}")
    with app.app_context():
        fill()
        db.engine.dispose()
    return path


@pytest.fixture(scope="session")
def site(site_path: Path) -> Iterator[Flask]:
    """For tests that only read."""
    app = prepared_site(f"sqlite:///{site_path}")
    yield app
    with app.app_context():
        db.engine.dispose()
