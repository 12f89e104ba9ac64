"""Clients of an application with the directory of world.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.models import Provider
from tests.conftest import filled_copy, reading_app
from tests.handout.world import fill
from tests.pages.reading import Page, read

Ids = dict[str, int]
Get = Callable[..., Page]


def ids_of(app: Flask) -> Ids:
    """Ids of the directory's providers by their keys."""
    with app.app_context(), db.engine.connect() as connection:
        return {row.source_key: row.id for row in connection.execute(sa.select(Provider.source_key, Provider.id))}


@pytest.fixture(scope="session")
def handout_path(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled_copy(sqlite_template, tmp_path_factory.mktemp("handout"), fill)


@pytest.fixture(scope="session")
def site(handout_path: Path) -> Iterator[Flask]:
    yield from reading_app(handout_path)


@pytest.fixture(scope="session")
def ids(site: Flask) -> Ids:
    return ids_of(site)


@pytest.fixture
def show_list(site: Flask, ids: Ids) -> Get:
    """The page of a list of providers, told by their keys."""

    def get(*keys: str, prefix: str = "", query: str = "") -> Page:
        address = "-".join(str(ids[key]) for key in keys)
        return read(site.test_client().get(f"{prefix}/list/{address}{query}"))

    return get
