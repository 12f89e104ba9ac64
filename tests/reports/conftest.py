"""A site with the directory of tests/pages on both databases, to report problems to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from tests.conftest import make_app
from tests.pages.world import fill


@pytest.fixture
def site(database_url: str) -> Iterator[Flask]:
    """Without a pushed context, so that each request has a session of its own, as on a server."""
    app = make_app(database_url)
    with app.app_context():
        fill()
        engine = db.engine
    yield app
    engine.dispose()


@pytest.fixture
def sqlite_site(sqlite_url: str) -> Iterator[Flask]:
    app = make_app(sqlite_url)
    with app.app_context():
        fill()
        engine = db.engine
    yield app
    engine.dispose()


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()
