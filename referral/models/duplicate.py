"""Two listings that may be one, what staff decided about them, and merges that were made."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from referral.models.base import JSON, Base, one_of, utc_now
from referral.models.provider import Provider
from referral.models.user import User

DUPLICATE_STATUSES = ("open", "dismissed", "merged")


class DuplicatePair(Base):
    __tablename__ = "duplicate_pair"
    __table_args__ = (
        sa.UniqueConstraint("first_id", "second_id"),
        sa.CheckConstraint("first_id < second_id", "in_order"),
        sa.CheckConstraint(one_of("status", DUPLICATE_STATUSES), "status_known"),
        sa.CheckConstraint("score BETWEEN 0 AND 100", "score_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"))
    second_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    score: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Codes of what speaks for it and against it."""
    status: Mapped[str] = mapped_column(default="open", index=True)
    why: Mapped[str] = mapped_column(default="")
    """Why it was dismissed."""
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]

    first: Mapped[Provider] = relationship(foreign_keys=[first_id])
    second: Mapped[Provider] = relationship(foreign_keys=[second_id])
    user: Mapped[User | None] = relationship()


class Merge(Base):
    """One listing that went up in another. While it stands, the page of the first leads to the other."""

    __tablename__ = "merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    loser_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    """The listing that was closed."""
    winner_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"), index=True)
    act_id: Mapped[int] = mapped_column(sa.ForeignKey("history_act.id"))
    moved: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What was moved and has no history of its own: ids by kind ("reports", "checks" …), to move them back."""
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    made_at: Mapped[datetime] = mapped_column(default=utc_now)
    undone_at: Mapped[datetime | None]


class DuplicateSearch(Base):
    """One search through the directory for duplicates: how far it is, and what it found."""

    __tablename__ = "duplicate_search"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    """Who began it; none: the command."""
    seen_change: Mapped[int]
    """Value of the change counter when it began: later changes were not compared."""
    percent: Mapped[int] = mapped_column(default=0)
    n_listings: Mapped[int] = mapped_column(default=0)
    n_open: Mapped[int] = mapped_column(default=0)
    """Pairs that wait for a decision."""
    n_new: Mapped[int] = mapped_column(default=0)
    has_failed: Mapped[bool] = mapped_column(default=False)
    started_at: Mapped[datetime] = mapped_column(default=utc_now)
    alive_at: Mapped[datetime] = mapped_column(default=utc_now)
    """When the process at work was last heard of."""
    finished_at: Mapped[datetime | None]


SEARCH_SILENT_SECONDS = 120
"""Seconds after which a search that says nothing has died."""


MAX_MERGES_FOLLOWED = 20
"""Merges of merges, one after the other. No more are made in the life of a directory, and a circle ends here."""


def latest_search(session: Session) -> DuplicateSearch | None:
    return session.scalars(sa.select(DuplicateSearch).order_by(DuplicateSearch.id.desc()).limit(1)).first()


def is_running(search: DuplicateSearch) -> bool:
    is_silent = utc_now() - search.alive_at > timedelta(seconds=SEARCH_SILENT_SECONDS)
    return search.finished_at is None and not search.has_failed and not is_silent


def shown_ids(session: Session, ids: Iterable[int]) -> dict[int, int]:
    """For each of these that was taken off the list in a merge: the listing in which it stands now.

    Follows merges of merges to a listing that is on the list; one that leads to none is left out.
    """
    now = {identity: identity for identity in ids}
    waiting = now
    for _ in range(MAX_MERGES_FOLLOWED):
        taken_off = (Merge.undone_at.is_(None), Provider.status == "inactive")
        standing = sa.select(Merge.loser_id, Merge.winner_id).join(Provider, Provider.id == Merge.loser_id)
        standing = standing.where(Merge.loser_id.in_(set(waiting.values())), *taken_off).order_by(Merge.id)
        latest: dict[int, int] = dict(session.execute(standing).all())
        waiting = {first: latest[last] for first, last in waiting.items() if last in latest}
        if not waiting:
            break
        now = now | waiting
    moved = {first: last for first, last in now.items() if first != last}
    is_listed = sa.select(Provider.id).where(Provider.id.in_(set(moved.values())), Provider.status != "inactive")
    listed = set(session.scalars(is_listed)) if moved else set()
    return {first: last for first, last in moved.items() if last in listed}


def merged_ids(session: Session, provider_id: int) -> list[int]:
    """Listings that went up in this one, one after the other, and those that went up in them."""
    found: list[int] = []
    waiting = [provider_id]
    while waiting:
        standing = sa.select(Merge.loser_id).where(Merge.winner_id.in_(waiting), Merge.undone_at.is_(None))
        waiting = [
            identity
            for identity in dict.fromkeys(session.scalars(standing.order_by(Merge.id)))
            if identity != provider_id and identity not in found
        ]
        found += waiting
    return found
