"""Program: one kind of care that a provider gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referral.models.base import Base, FactsType, one_of
from referral.models.provider import STATUSES
from referral.vocabulary import LEVELS

if TYPE_CHECKING:
    from referral.models.provider import Provider


class Program(Base):
    __tablename__ = "program"
    __table_args__ = (
        sa.CheckConstraint(one_of("level", tuple(LEVELS)), "level_known"),
        sa.CheckConstraint(one_of("status", STATUSES), "status_known"),
        sa.CheckConstraint("max_stay_days BETWEEN 1 AND 3650", "max_stay_days_range"),
        sa.CheckConstraint("capacity BETWEEN 0 AND 100000", "capacity_range"),
        # A number once given is never given again: an old link must not show another place.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    level: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    max_stay_days: Mapped[int | None]
    """The longest stay that the program states, in days; none: not stated."""
    capacity: Mapped[int | None]
    """People whom the program can take at a time; none: not stated."""
    facts: Mapped[dict[str, bool]] = mapped_column(FactsType, default=dict)
    """Facts particular to the program: they override its provider's."""
    status: Mapped[str] = mapped_column(default="active")

    provider: Mapped[Provider] = relationship(back_populates="programs")
