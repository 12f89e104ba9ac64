"""Users: how their address is compared, and what an admin may change about them. One active admin always stays.

Each change is noted with who made it (`by_id`; None: a command).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.accounts import events, links, second_step, sessions
from referral.accounts.passwords import hashed
from referral.models import OneTimeLink, User
from referral.models.user import is_active_admin

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
"""What an e-mail address looks like: only that it is one, not whether it is somebody's."""


class LastAdminError(Exception):
    """Nobody would be left who can keep the accounts."""


class NotAdminError(Exception):
    """Who acts has lost the role of an admin in the meantime."""


def email_key(email: str) -> str:
    """An e-mail address as it is stored and looked up: letter case and width do not make another person."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def locked_admins(session: Session) -> Sequence[int]:
    """Ids of the active admins. Until the commit nobody else can take one of them away."""
    statement = sa.select(User.id).where(*is_active_admin()).order_by(User.id).with_for_update()
    return session.scalars(statement).all()


def admins_for(session: Session, actor_id: int | None) -> Sequence[int]:
    """The locked admins, when who acts is one of them. None acts from the command line. Raises NotAdminError."""
    admins = locked_admins(session)
    if actor_id is not None and actor_id not in admins:
        raise NotAdminError
    return admins


def set_role(session: Session, user: User, role: str, admins: Sequence[int], *, by_id: int | None) -> None:
    """Raises LastAdminError."""
    if role == user.role:
        return
    if role != "admin":
        _keep_one(user, admins)
    events.note(session, user, "role", by_id=by_id, old_role=user.role, new_role=role)
    user.role = role
    _end_sessions(session, user)


def disable(session: Session, user: User, admins: Sequence[int], *, by_id: int | None) -> None:
    """The person can no longer sign in; what they did stays under their name. Raises LastAdminError."""
    _keep_one(user, admins)
    if not user.is_disabled:
        events.note(session, user, "disabled", by_id=by_id)
    user.is_disabled = True
    _end_sessions(session, user)
    links.end_links(session, user.id)


def enable(session: Session, user: User, *, by_id: int | None) -> None:
    if user.is_disabled:
        events.note(session, user, "enabled", by_id=by_id)
    user.is_disabled = False


def set_password(session: Session, user: User, password: str) -> None:
    """The user chooses a new password. It ends every session and every link."""
    events.note(session, user, "password", by_id=user.id)
    user.password_hash = hashed(password)
    _end_sessions(session, user)
    links.end_links(session, user.id)


def use_link(session: Session, link: OneTimeLink, user: User, password: str) -> None:
    if link.removes_second_step:
        if user.has_second_step:
            events.note(session, user, "second_step_removed", by_id=user.id)
        second_step.remove(session, user)
    set_password(session, user, password)


def make_first_admin(session: Session, email: str, name: str, password: str) -> User:
    """Also ends the setup link. The caller has looked, under a lock, that there is no user."""
    user = User(email=email_key(email), name=name, role="admin", password_hash=hashed(password))
    session.add(user)
    session.flush()
    events.note(session, user, "first_admin", by_id=user.id)
    links.end_links(session, None)
    return user


def invite(
    session: Session, email: str, name: str, role: str, now: datetime, *, by_id: int | None
) -> tuple[User, str]:
    """A user without a password, and the token of the link under which they choose one."""
    user = User(email=email_key(email), name=name, role=role)
    session.add(user)
    session.flush()
    events.note(session, user, "invited", by_id=by_id, new_role=role)
    return user, links.new_link(session, "invitation", user.id, now)


def make_link(
    session: Session, user: User, now: datetime, *, by_id: int | None, removes_second_step: bool
) -> tuple[str, str]:
    """The purpose and the token of a link under which the user chooses a password."""
    purpose = "reset" if user.password_hash else "invitation"
    what = "link_second_step" if removes_second_step and user.has_second_step else "link"
    events.note(session, user, what, by_id=by_id)
    return purpose, links.new_link(session, purpose, user.id, now, removes_second_step=removes_second_step)


def sign_out(session: Session, user: User, *, by_id: int | None) -> None:
    events.note(session, user, "signed_out", by_id=by_id)
    sessions.end_all(session, user.id)


def locked(session: Session, user_id: int) -> User | None:
    """The user as they are now. Nobody else changes them or signs in as them until the commit."""
    return session.get(User, user_id, with_for_update=True, populate_existing=True)


def _end_sessions(session: Session, user: User) -> None:
    """Written first: who signs in as them at this moment has come before it and ends too, or waits and is refused."""
    session.flush()
    sessions.end_all(session, user.id)


def _keep_one(user: User, admins: Sequence[int]) -> None:
    if list(admins) == [user.id]:
        raise LastAdminError
