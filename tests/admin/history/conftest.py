"""A listing with some history, for the pages of history."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.history import act
from referral.models import Change, Program, Provider, User
from tests.admin.conftest import Staff
from tests.admin.people import email_of


def add_listing(name: str = "Blue Door", **values: Any) -> Provider:
    known: dict[str, Any] = {"source": "county", "source_key": name, "phone": "502-555-0100"}
    provider = Provider(name=name, **known | values, programs=[Program(level="outpatient", max_stay_days=30)])
    db.session.add(provider)
    db.session.commit()
    return provider


def edit(provider: Provider, kind: str = "edit", why: str = "", role: str = "editor", **values: Any) -> None:
    """Change these columns of a listing, as somebody of this role."""
    user_id = db.session.scalar(sa.select(User.id).where(User.email == email_of(role)))
    with act(db.session, kind, user_id=user_id, why=why):
        for name, value in values.items():
            setattr(provider, name, value)
        db.session.commit()


def last_change(field: str) -> Change:
    select = sa.select(Change).where(Change.field == field).order_by(Change.id.desc()).limit(1)
    return db.session.scalars(select).one()


@pytest.fixture
def listing(app: Flask, staff: Staff) -> Provider:
    """Blue Door, whose phone an editor has changed."""
    staff("editor")
    provider = add_listing()
    edit(provider, why="They called.", phone="502-555-0101", facts={"spanish": True})
    return provider


@pytest.fixture
def viewer(staff: Staff) -> FlaskClient:
    return staff("viewer")
