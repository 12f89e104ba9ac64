"""A viewer on the directory of tests/pages, with all places, for tests that only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from referral.extensions import db
from tests.admin.people import StaffClient, email_of, make_user, sign_in
from tests.conftest import filled_copy, make_app
from tests.pages.world import fill


def _fill() -> None:
    fill()
    make_user("viewer")


@pytest.fixture(scope="module")
def viewer(sqlite_places_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    path = filled_copy(sqlite_places_template, tmp_path_factory.mktemp("why"), _fill)
    app = make_app(f"sqlite:///{path}")
    app.test_client_class = StaffClient
    with app.app_context():
        client = app.test_client()
        sign_in(client, email_of("viewer"))
        yield client
        db.engine.dispose()
