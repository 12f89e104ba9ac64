"""A site that errors can be forced on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.api.world import fill
from tests.conftest import filled_copy, make_app, reading_app

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
    return filled_copy(sqlite_template, tmp_path_factory.mktemp("site"), fill)


@pytest.fixture(scope="session")
def site(site_path: Path) -> Iterator[Flask]:
    """For tests that only read."""
    yield from reading_app(site_path, prepared_site)
