"""User: a person who keeps the directory, with the recovery codes and the sessions that are theirs.

A user is disabled and never deleted: the history of listings names them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from referral.models.base import Base, one_of, utc_now
from referral.vocabulary.words import N_

ROLES = {
    "viewer": N_("Viewer: sees everything, changes nothing"),
    "editor": N_("Editor: changes listings, imports, merges, answers reports"),
    "admin": N_("Admin: also looks after accounts and undoes whole imports"),
}
"""What each role may do, each more than the one before."""

MAX_EMAIL = 254
MAX_PERSON_NAME = 120


class User(Base):
    __tablename__ = "user"
    __table_args__ = (sa.CheckConstraint(one_of("role", tuple(ROLES)), "role_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)
    """As `email_key` gives it: two spellings of one address are one user."""
    name: Mapped[str]
    role: Mapped[str]
    is_disabled: Mapped[bool] = mapped_column(default=False)
    password_hash: Mapped[str | None]
    """None until the person has opened the invitation and chosen one."""
    totp_secret: Mapped[str | None]
    """Encrypted; None without a second step."""
    totp_step: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The 30 seconds of the last code that was taken: no code counts twice."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    signed_in_at: Mapped[datetime | None]

    @property
    def has_second_step(self) -> bool:
        return self.totp_secret is not None


class RecoveryCode(Base):
    """One of the codes that stand in for the second step, once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)


class StaffSession(Base):
    """A sign-in that has not ended. The cookie holds a token, and only this row makes it worth something."""

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    awaits_code: Mapped[bool] = mapped_column(default=False)
    """The password was right, and the second step is still to come: nothing may be seen yet."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class OneTimeLink(Base):
    """A link that lets one person choose a password, once."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        sa.CheckConstraint(one_of("purpose", ("setup", "invitation", "reset")), "purpose_known"),
        sa.CheckConstraint("(purpose = 'setup') = (user_id IS NULL)", "names_its_user"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str]
    """setup: makes the first admin. invitation, reset: of one user."""
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    removes_second_step: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class LoginFailure(Base):
    """A sign-in to an account that was tried and has not succeeded."""

    __tablename__ = "login_failure"
    __table_args__ = (sa.Index("ix_login_failure_account", "account", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    """A keyed hash of the e-mail address, also of one that nobody has."""
    at: Mapped[datetime]


class AddressLoad(Base):
    """The failures of one network address, as the time at which they will no longer count."""

    __tablename__ = "address_load"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(unique=True)
    """A keyed hash."""
    until: Mapped[datetime]


class KnownAddress(Base):
    """From where an account has been signed in to, both as keyed hashes: there nobody else can lock its owner out."""

    __tablename__ = "known_address"
    __table_args__ = (sa.UniqueConstraint("account", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str]
    address: Mapped[str]
    at: Mapped[datetime]


def user_by_email(session: Session, email_key: str) -> User | None:
    return session.scalars(sa.select(User).where(User.email == email_key)).one_or_none()


def all_users(session: Session) -> Sequence[User]:
    """Those who can sign in first, each group by name."""
    return session.scalars(sa.select(User).order_by(User.is_disabled, sa.func.lower(User.name), User.id)).all()


def is_active_admin() -> tuple[sa.ColumnElement[bool], ...]:
    """What makes an admin who can sign in now."""
    return (User.role == "admin", User.is_disabled.is_(False), User.password_hash.is_not(None))
