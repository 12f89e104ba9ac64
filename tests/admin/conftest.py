"""Staff who are signed in, on a database of either kind.

def test_x(app, staff):
    editor = staff("editor")
    editor.post("/en/admin/…", data={"csrf_token": csrf(editor), …})
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.models import User
from tests.admin.people import StaffClient, email_of, make_user, sign_in

Staff = Callable[..., FlaskClient]


@pytest.fixture
def anybody(app: Flask) -> FlaskClient:
    """A client that nobody has signed in on."""
    app.test_client_class = StaffClient
    return app.test_client()


@pytest.fixture
def staff(app: Flask) -> Staff:
    """Gives a new client on which somebody of this role has signed in by the real form. Makes the user if needed."""
    app.test_client_class = StaffClient

    def signed_in(role: str = "editor") -> FlaskClient:
        if db.session.scalars(sa.select(User.id).where(User.email == email_of(role))).first() is None:
            make_user(role)
        client = app.test_client()
        response = sign_in(client, email_of(role))
        assert response.status_code == 303
        assert "/sign-in" not in response.headers["Location"]
        return client

    return signed_in
