"""Sessions of staff: a random token in the cookie, its hash in the database. Without the row a cookie is nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from config import Config
from referral.accounts.keys import new_token, token_hash
from referral.models import StaffSession, User

CODE_MINUTES = 10
"""How long the second step may take."""

SEEN_EVERY = timedelta(minutes=1)
"""How often it is written that a session is still in use."""

CLOCK_SLACK = timedelta(minutes=2)
"""How far the clocks of several machines may lie apart. A clock that went back further ends the session."""


class Limits(NamedTuple):
    idle: timedelta
    whole: timedelta


def limits_of(config: Config) -> Limits:
    return Limits(timedelta(minutes=config.staff_idle_minutes), timedelta(hours=config.staff_session_hours))


def start(session: Session, user_id: int, now: datetime, *, awaits_code: bool = False) -> str:
    """A new session; gives the token for the cookie."""
    token = new_token()
    session.add(
        StaffSession(
            user_id=user_id, token_hash=token_hash(token), created_at=now, seen_at=now, awaits_code=awaits_code
        )
    )
    return token


def is_alive(row: StaffSession, limits: Limits, now: datetime) -> bool:
    """Whether the session may still be used. A clock that steps back never makes it last longer."""
    if now < row.seen_at - CLOCK_SLACK:
        return False
    at = max(now, row.seen_at)
    if row.awaits_code:
        return at < row.created_at + timedelta(minutes=CODE_MINUTES)
    return at < row.created_at + limits.whole and at < row.seen_at + limits.idle


def find(
    session: Session, token: str, limits: Limits, now: datetime, *, awaits_code: bool = False
) -> tuple[StaffSession, User] | None:
    """The session of this token and its user; None where it has ended or the user may no longer sign in."""
    found = session.execute(
        sa.select(StaffSession, User)
        .join(User, StaffSession.user_id == User.id)
        .where(StaffSession.token_hash == token_hash(token), StaffSession.awaits_code.is_(awaits_code))
    ).one_or_none()
    if found is None:
        return None
    row, user = found
    if user.is_disabled or not is_alive(row, limits, now):
        return None
    return row, user


def is_seen_due(row: StaffSession, now: datetime) -> bool:
    return now >= row.seen_at + SEEN_EVERY


def mark_seen(session: Session, session_id: int, now: datetime) -> None:
    session.connection().execute(
        sa.update(StaffSession).where(StaffSession.id == session_id, StaffSession.seen_at < now).values(seen_at=now)
    )


def end(session: Session, token: str) -> None:
    session.connection().execute(sa.delete(StaffSession).where(StaffSession.token_hash == token_hash(token)))


def end_all(session: Session, user_id: int) -> None:
    """End the user's sessions on every device and with every copy of a cookie."""
    session.connection().execute(sa.delete(StaffSession).where(StaffSession.user_id == user_id))


def end_others(session: Session, user_id: int, token: str) -> str:
    """End all but the session of this token. It gets a new token, so that copies of its cookie end too."""
    new = new_token()
    of_user = StaffSession.user_id == user_id
    connection = session.connection()
    connection.execute(sa.delete(StaffSession).where(of_user, StaffSession.token_hash != token_hash(token)))
    connection.execute(
        sa.update(StaffSession)
        .where(of_user, StaffSession.token_hash == token_hash(token))
        .values(token_hash=token_hash(new))
    )
    return new


def count_open(session: Session, user_id: int, limits: Limits, now: datetime) -> int:
    rows = session.scalars(
        sa.select(StaffSession).where(StaffSession.user_id == user_id, StaffSession.awaits_code.is_(False))
    )
    return sum(is_alive(row, limits, now) for row in rows)


def purge(session: Session, limits: Limits, now: datetime) -> None:
    """Delete the rows of sessions that have ended by themselves."""
    session.connection().execute(
        sa.delete(StaffSession).where(
            sa.or_(
                StaffSession.created_at <= now - limits.whole,
                StaffSession.seen_at <= now - limits.idle,
                sa.and_(StaffSession.awaits_code, StaffSession.created_at <= now - timedelta(minutes=CODE_MINUTES)),
            )
        )
    )
