"""Made-up people of staff for tests, their passwords, and how they sign in."""

from __future__ import annotations

import re
from contextvars import Context
from functools import cache
from typing import Any

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.accounts.passwords import hashed
from referral.extensions import db
from referral.models import User

PASSWORD = "seven blue herons waded out"


@cache
def password_hash() -> str:
    """Of PASSWORD: made once, for the hash is slow by design."""
    return hashed(PASSWORD)


def email_of(role: str) -> str:
    return f"{role}@staff.example"


def make_user(role: str = "editor", **values: Any) -> User:
    """A user of this role, in the database of the application at work."""
    known: dict[str, Any] = {
        "email": email_of(role),
        "name": f"Sam {role.title()}",
        "role": role,
        "password_hash": password_hash(),
    }
    user = User(**known | values)
    db.session.add(user)
    db.session.commit()
    return user


class StaffClient(FlaskClient):
    """Each request has a context and a database session of its own, as on a server."""

    def open(self, *args: Any, **values: Any) -> TestResponse:
        if has_app_context():
            db.session.rollback()  # what the test has read so far may change now
        return Context().run(super().open, *args, **{"buffered": True, **values})


TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def csrf(client: FlaskClient, path: str = "/en/admin/sign-in") -> str:
    """The token that a form on this page carries."""
    found = TOKEN.search(client.get(path).get_data(as_text=True))
    assert found, path
    return found[1]


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: Any) -> TestResponse:
    """Send the real form."""
    data = {"email": email, "password": password, "csrf_token": csrf(client)} | more
    return client.post("/en/admin/sign-in", data=data)
