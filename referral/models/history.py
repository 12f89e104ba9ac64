"""History: what was done to the directory (an act), and each value that it changed. Triggers guard both."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referral.models.base import VALUE, Base, one_of, utc_now
from referral.models.user import User
from referral.vocabulary.words import N_

ACT_KINDS = {
    "edit": N_("Edited"),
    "confirm": N_("Confirmed"),
    "close": N_("Closed or reopened"),
    "import": N_("Imported"),
    "settle": N_("Settled a difference with the source"),
    "put_back": N_("Put back"),
    "undo": N_("Import undone"),
    "merge": N_("Merged"),
    "unmerge": N_("Merge undone"),
    "report": N_("Corrected after a report"),
    "command": N_("Changed by a command"),
}
"""What can be done to the directory, as staff read it."""

BY_STAFF = frozenset({"edit", "confirm", "close", "settle", "put_back", "merge", "unmerge", "report"})
"""Acts that are somebody's word about a listing: an import does not overwrite what they changed."""

MAX_WHY = 500


class Act(Base):
    """One thing that somebody did: a save, an import, a merge. Its changes were made together."""

    __tablename__ = "history_act"
    __table_args__ = (
        sa.CheckConstraint(one_of("kind", tuple(ACT_KINDS)), "kind_known"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"), index=True)
    """Who did it; none: a command of the operator."""
    why: Mapped[str] = mapped_column(default="")
    import_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_run.id"), index=True)
    """The import that an act of kind import, settle or undo is about."""
    report_id: Mapped[int | None]
    """The report that led to it."""
    undoes_id: Mapped[int | None]
    """The act that this one takes back."""

    user: Mapped[User | None] = relationship()


class Change(Base):
    """One value before and after. History outlives what it tells of, so it refers to listings by number only.

    `field` is a name of referral.history.fields: a column of the provider or (with program_id) of a program,
    "point", "facts.<code>", "program" (the whole program was added or removed) or "listing" (the whole provider).
    """

    __tablename__ = "history_change"
    __table_args__ = (
        sa.Index("ix_history_change_listing", "provider_id", "id"),
        sa.Index("ix_history_change_act", "act_id", "id"),
        sa.Index("ix_history_change_field", "field", "act_id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    act_id: Mapped[int] = mapped_column(sa.ForeignKey("history_act.id"))
    provider_id: Mapped[int]
    program_id: Mapped[int | None]
    field: Mapped[str]
    old: Mapped[Any | None] = mapped_column(VALUE)
    new: Mapped[Any | None] = mapped_column(VALUE)
    version: Mapped[int]
    """Version of the provider with this change made."""

    act: Mapped[Act] = relationship()
