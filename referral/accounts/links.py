"""Links that let one person choose a password, once and for some days. No e-mail is sent: people hand them on."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.accounts.keys import new_token, token_hash
from referral.models import OneTimeLink, User

LASTS = {"setup": timedelta(hours=24), "invitation": timedelta(days=7), "reset": timedelta(hours=24)}
CLOCK_SLACK = timedelta(minutes=2)


def new_link(
    session: Session, purpose: str, user_id: int | None, now: datetime, *, removes_second_step: bool = False
) -> str:
    """The token of a new link. Earlier ones of the same user, or for the first account, end."""
    end_links(session, user_id)
    token = new_token()
    session.add(
        OneTimeLink(
            purpose=purpose,
            user_id=user_id,
            token_hash=token_hash(token),
            removes_second_step=removes_second_step,
            created_at=now,
            expires_at=now + LASTS[purpose],
        )
    )
    return token


def find_link(
    session: Session, token: str, now: datetime, *, is_setup: bool, is_locked: bool = False
) -> OneTimeLink | None:
    """The link of this token while it can be used. Locked: nobody else uses it or changes its user now."""
    purposes = ("setup",) if is_setup else ("invitation", "reset")
    is_this = (OneTimeLink.token_hash == token_hash(token), OneTimeLink.purpose.in_(purposes))
    if is_locked:  # the user first, as everywhere, or two could wait for each other
        of_link = sa.select(OneTimeLink.user_id).where(*is_this).scalar_subquery()
        session.execute(sa.select(User.id).where(User.id == of_link).with_for_update())
    statement = sa.select(OneTimeLink).where(*is_this)
    link = session.scalars(statement.with_for_update() if is_locked else statement).one_or_none()
    if link is None or now >= link.expires_at or now < link.created_at - CLOCK_SLACK:
        return None
    if link.user_id is not None:
        user = session.get(User, link.user_id)
        if user is None or user.is_disabled:
            return None
    return link


def end_links(session: Session, user_id: int | None) -> None:
    session.connection().execute(sa.delete(OneTimeLink).where(OneTimeLink.user_id.is_not_distinct_from(user_id)))


def purge(session: Session, now: datetime) -> None:
    session.connection().execute(sa.delete(OneTimeLink).where(OneTimeLink.expires_at <= now))


def has_users(session: Session) -> bool:
    return session.scalars(sa.select(User.id).limit(1)).first() is not None
