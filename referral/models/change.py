"""The change counter: how each worker learns, at once and cheaply, what to read again."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from referral.database import start_writing
from referral.models.base import Base


class DirectoryChange(Base):
    """One row. `latest` grows by one with each change; providers carry the value of their last change.

    `reloaded` is the value at the last change after which the directory must be read anew (providers were deleted).
    """

    __tablename__ = "directory_change"
    __table_args__ = (sa.CheckConstraint("id = 1", "one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    latest: Mapped[int] = mapped_column(default=0)
    reloaded: Mapped[int] = mapped_column(default=0)


def changed(session: Session | sa.Connection, *, is_reload: bool = False) -> int:
    """Advance the counter inside the caller's transaction and give its new value.

    Holds the counter's row until the commit, so values are seen in the order of commits: call it late.
    """
    values: dict[str, sa.ColumnElement[int]] = {"latest": DirectoryChange.latest + 1}
    if is_reload:
        values["reloaded"] = DirectoryChange.latest + 1
    statement = sa.update(DirectoryChange).values(values).returning(DirectoryChange.latest)
    return int(session.execute(statement, execution_options={"synchronize_session": False}).scalar_one())


def start_changing(session: Session) -> None:
    """Begin a transaction that changes listings. Call before the session's first statement.

    The counter is held first, so that whoever changes listings takes turns, on PostgreSQL as on SQLite: a lock on a
    listing before the one on the counter would meet an import, which takes them the other way round.
    """
    start_writing(session)
    session.execute(sa.select(DirectoryChange.latest).with_for_update())
