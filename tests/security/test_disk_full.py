"""A disk that is full is told as that; nothing is changed, and the site goes on (THREATS 4)."""

from __future__ import annotations

import gc
import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.models import ImportDraft
from tests.admin.imports.sending import IMPORTS, send
from tests.admin.people import StaffClient, email_of, make_user, sign_in

ROOM = 4_000_000


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# Werkzeug leaves the piece that it has written to be closed when it is collected.
@pytest.mark.filterwarnings("ignore:Unclosed file|Exception ignored in")
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_file_for_which_there_is_no_room_is_answered_and_nothing_is_kept(app: Flask) -> None:
    app.testing = False
    app.test_client_class = StaffClient
    make_user("editor")
    client = app.test_client()
    sign_in(client, email_of("editor"))
    with no_file_larger_than(ROOM):
        answer = send(client, b"name1\n" + b"0" * 2 * ROOM)
        assert client.get(IMPORTS).status_code == 200
    gc.collect()
    assert answer.status_code == 507
    assert "Something went wrong here" in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"
    assert db.session.scalars(sa.select(ImportDraft)).all() == []
