"""The database itself refuses what must never be in the tables of accounts."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from referral.extensions import db
from referral.models import OneTimeLink, RecoveryCode, StaffSession, User, utc_now
from tests.admin.people import make_user

TIMES: dict[str, Any] = {"created_at": utc_now()}


@pytest.mark.parametrize(
    "row",
    [
        lambda: User(email="editor@staff.example", name="Other", role="viewer"),
        lambda: User(email="x@staff.example", name="Other", role="owner"),
        lambda: User(email="x@staff.example", name=None, role="viewer"),
        lambda: StaffSession(user_id=999, token_hash="x", seen_at=utc_now(), **TIMES),
        lambda: OneTimeLink(purpose="visit", user_id=1, token_hash="x", expires_at=utc_now(), **TIMES),
        lambda: OneTimeLink(purpose="setup", user_id=1, token_hash="x", expires_at=utc_now(), **TIMES),
        lambda: OneTimeLink(purpose="reset", user_id=None, token_hash="x", expires_at=utc_now(), **TIMES),
        lambda: RecoveryCode(user_id=None, code_hash="x"),
    ],
)
def test_the_database_refuses_a_broken_row(app: Flask, row: Any) -> None:
    make_user("editor")
    db.session.add(row())
    with pytest.raises(IntegrityError):
        db.session.commit()


def test_a_token_or_code_stands_for_one_thing_only(app: Flask) -> None:
    user = make_user("editor")
    for model, values in (
        (StaffSession, {"token_hash": "x", "seen_at": utc_now(), "awaits_code": False, **TIMES}),
        (RecoveryCode, {"code_hash": "x"}),
    ):
        with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
            connection.execute(sa.insert(model), [{"user_id": user.id, **values}])
        with (
            pytest.raises(IntegrityError),
            db.engine.connect().execution_options(is_write=True) as connection,
            connection.begin(),
        ):
            connection.execute(sa.insert(model), [{"user_id": user.id, **values}])
