"""Correction: a value that staff set otherwise than the source of the listing says. Imports keep it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from referral.models.base import VALUE, Base, utc_now


class Correction(Base):
    """`field`: a column that imports fill, "point", "facts.<code>" or "level.<code>" (true: has such a program)."""

    __tablename__ = "correction"

    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    source_value: Mapped[Any | None] = mapped_column(VALUE)
    """What the source said when staff last decided. While it says that, there is nothing to settle."""
    is_offered: Mapped[bool] = mapped_column(default=False, index=True)
    """Whether the source has changed its mind since: somebody has to settle the difference."""
    offered_value: Mapped[Any | None] = mapped_column(VALUE)
    """What the source says now, while that is offered."""
    offered_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_run.id"))
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    """Who set it."""
    made_at: Mapped[datetime] = mapped_column(default=utc_now)


def corrections_of(session: Session, provider_id: int) -> Sequence[Correction]:
    """Those of a listing; what waits for somebody first."""
    rows = sa.select(Correction).where(Correction.provider_id == provider_id)
    return session.scalars(rows.order_by(Correction.is_offered.desc(), Correction.field)).all()
