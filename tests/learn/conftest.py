"""Clients of an application without listings: what explains needs none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import filled_copy, reading_app


@pytest.fixture(scope="session")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """For tests that only read."""
    yield from reading_app(filled_copy(sqlite_template, tmp_path_factory.mktemp("learn")))


@pytest.fixture
def client(site: Flask) -> FlaskClient:
    return site.test_client()
