"""Check: one attempt of staff to learn from a provider whether its listing is right, and what came of it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referral.models.base import JSON, Base, one_of, utc_now
from referral.models.provider import Provider
from referral.models.user import User
from referral.vocabulary.words import N_

WAYS = {"phone": N_("By phone"), "email": N_("By email"), "site": N_("On their website"), "visit": N_("By a visit")}
"""How a listing was checked."""

CHECK_OUTCOMES = {
    "confirmed": N_("Right as listed"),
    "no_answer": N_("No answer"),
    "wrong_number": N_("Wrong number"),
    "closed": N_("It has closed"),
    "moved": N_("It has moved"),
    "call_again": N_("They asked to call again"),
}

MAX_NOTE = 1000


class Check(Base):
    __tablename__ = "provider_check"
    __table_args__ = (
        sa.Index("ix_provider_check_outcome", "outcome", "at"),
        sa.CheckConstraint(one_of("how", tuple(WAYS)), "how_known"),
        sa.CheckConstraint(one_of("outcome", tuple(CHECK_OUTCOMES)), "outcome_known"),
        sa.CheckConstraint(f"length(note) <= {MAX_NOTE}", "note_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(default=utc_now)
    how: Mapped[str]
    outcome: Mapped[str]
    parts: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What was confirmed: "contact", "address", "programs" or families of facts. Empty with "confirmed": all."""
    note: Mapped[str] = mapped_column(default="")

    provider: Mapped[Provider] = relationship()
    user: Mapped[User | None] = relationship()


class Assignment(Base):
    """Who is to check a listing next."""

    __tablename__ = "assignment"

    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    assigned_at: Mapped[datetime] = mapped_column(default=utc_now)

    user: Mapped[User] = relationship()
