"""What stands in the cookie: the token of the session, and nothing of the time before it."""

from __future__ import annotations

from flask import current_app, session
from sqlalchemy.orm import Session

from config import Config
from referral.accounts.signing_in import Try, who_tries
from referral.accounts.throttle import take_try
from referral.database import start_writing
from referral.extensions import who
from referral.models import utc_now


def config() -> Config:
    known: Config = current_app.config["ONWARD"]
    return known


def keep(token: str, *, awaits_code: bool = False) -> None:
    """Put the token into a cookie that has nothing else in it: also the token of the forms is a new one."""
    session.clear()
    session["half" if awaits_code else "token"] = token


def token() -> str:
    return str(session.get("token", ""))


def half_token() -> str:
    """Of a sign-in that awaits the second step."""
    return str(session.get("half", ""))


def count_try(db_session: Session, email_key: str) -> tuple[Try, int]:
    """Write down that somebody tries to prove they are this user. Gives the seconds to wait, 0 when they may."""
    tried = who_tries(config(), email_key, who())
    start_writing(db_session)
    wait = take_try(db_session, tried.account, tried.address, utc_now())
    db_session.commit()
    return tried, wait
