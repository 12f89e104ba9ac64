"""What was done to accounts, by whom: noted with each change, in its transaction."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from referral.models import AccountEvent, User


def note(
    session: Session, user: User, what: str, *, by_id: int | None, old_role: str = "", new_role: str = ""
) -> None:
    """by_id: who did it; None: a command of the operator."""
    session.add(AccountEvent(user=user, by_id=by_id, what=what, old_role=old_role, new_role=new_role))


def count(session: Session, user_id: int | None = None) -> int:
    return session.execute(sa.select(sa.func.count(AccountEvent.id)).where(*_of(user_id))).scalar_one()


def latest(session: Session, offset: int, size: int, user_id: int | None = None) -> Sequence[AccountEvent]:
    """Of everybody or of one account, the last first."""
    events = sa.select(AccountEvent).options(joinedload(AccountEvent.user), joinedload(AccountEvent.by))
    events = events.where(*_of(user_id)).order_by(AccountEvent.id.desc())
    return session.scalars(events.offset(offset).limit(size)).all()


def _of(user_id: int | None) -> list[sa.ColumnElement[bool]]:
    return [] if user_id is None else [AccountEvent.user_id == user_id]
