"""Second steps for tests: users with an app for codes, and the codes that it shows."""

from __future__ import annotations

import re
import time

import pyotp

from referral.accounts.second_step import sealed_secret
from referral.extensions import db
from referral.models import User
from tests.admin.people import make_user

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
KEY = "a key for tests only"
RECOVERY = re.compile(r"<code>([a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4})</code>")


def make_user_with_app(role: str = "editor") -> User:
    return make_user(role, totp_secret=sealed_secret(KEY, SECRET))


def code_now(steps_off: int = 0, secret: str = SECRET) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps_off)


def wrong_code() -> str:
    """Six digits that are right at no time near now."""
    near = {code_now(off) for off in range(-3, 4)}
    return next(text for text in (f"{number:06}" for number in range(10)) if text not in near)


def only_user() -> User:
    db.session.rollback()
    return db.session.query(User).one()
