"""Signing in, step by step: each function is one transaction's worth, and the caller commits."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from config import Config
from referral.accounts import passwords, second_step, sessions, throttle
from referral.models import User
from referral.models.user import user_by_email


class Try(NamedTuple):
    """Who tries, from where: both only as hashes."""

    account: str
    address: str


def who_tries(config: Config, email_key: str, address: str) -> Try:
    return Try(throttle.account_key(config.secret_key, email_key), throttle.address_key(config.secret_key, address))


class Proved(NamedTuple):
    """Whose password it was, and the hash that it was compared with."""

    user_id: int
    password_hash: str


def user_of(session: Session, email_key: str, password: str) -> Proved | None:
    """The user whose password this is and who may sign in. Every no takes the same work as a yes."""
    user = user_by_email(session, email_key)
    password_hash = user.password_hash if user is not None and not user.is_disabled else None
    is_right = passwords.matches(password_hash, password)
    return Proved(user.id, password_hash) if is_right and user is not None and password_hash is not None else None


def forgive(session: Session, tried: Try, now: datetime) -> None:
    """The try has succeeded, so it and those before it no longer count. Commits nothing."""
    throttle.succeeded(session, tried.account, tried.address, now)


def finish(session: Session, config: Config, user: User, tried: Try, now: datetime) -> str:
    """The person has proved who they are. Gives the token of their new session."""
    forgive(session, tried, now)
    throttle.purge(session, now)
    sessions.purge(session, sessions.limits_of(config), now)
    user.signed_in_at = now
    return sessions.start(session, user.id, now)


def takes_second_step(session: Session, config: Config, user: User, typed: str, now: datetime) -> bool:
    return second_step.take_code(session, config.secret_key, user, typed, now) or second_step.take_recovery_code(
        session, config.secret_key, user.id, typed
    )
