"""A viewer on a database with a few listings, for tests of what one kind of database is enough for."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from referral.extensions import db
from tests.admin.listings.world import add_each_kind
from tests.admin.people import StaffClient, email_of, make_user, sign_in
from tests.conftest import make_app


@pytest.fixture(scope="module")
def sqlite_staff(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Somebody who only reads, on listings that stay as they are."""
    path = tmp_path_factory.mktemp("listings") / "onward.db"
    shutil.copy(sqlite_template, path)
    app = make_app(f"sqlite:///{path}")
    app.test_client_class = StaffClient
    with app.app_context():
        add_each_kind()
        make_user("viewer")
        client = app.test_client()
        sign_in(client, email_of("viewer"))
        yield client
        db.engine.dispose()
