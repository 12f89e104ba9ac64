"""Taking many listings off the list in one act: those that are gone from their source, once staff have decided so."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.models import Act, ImportDraft, ImportDraftRow, ImportRun, Provider, changed, utc_now
from referral.models.recording import PROVIDER, Difference
from referral.models.tracking import write_changes

CHUNK = 500
CONFIRMED_DAYS = 180
"""A listing that somebody checked within so many days is not gone only because a file does not name it."""


def gone_of(draft: ImportDraft) -> tuple[sa.ColumnElement[bool], ...]:
    """What makes a listing one that is not in the file of this draft, and is still on the list."""
    of_draft = (ImportDraftRow.draft_id == draft.id, ImportDraftRow.outcome == "gone")
    gone = sa.select(ImportDraftRow.provider_id).where(*of_draft)
    return (Provider.id.in_(gone), Provider.status != "inactive", Provider.source == draft.source)


def not_confirmed_since(today: date) -> sa.ColumnElement[bool]:
    limit = today - timedelta(days=CONFIRMED_DAYS)
    return sa.or_(Provider.confirmed_on.is_(None), Provider.confirmed_on < limit)


def is_last_of_source(session: Session, draft: ImportDraft) -> bool:
    """Whether no later file of the same source was imported: its list of gone listings is the one to go by."""
    later = sa.select(ImportRun.id).where(ImportRun.source == draft.source, ImportRun.finished_at > draft.alive_at)
    return session.execute(later.where(ImportRun.undone_at.is_(None)).limit(1)).first() is None


def take_off(
    connection: sa.Connection,
    which: Sequence[sa.ColumnElement[bool]],
    *,
    user_id: int | None,
    why: str,
    import_run_id: int | None,
) -> int:
    """Make these listings inactive in the caller's transaction, which may write. Gives how many."""
    change = changed(connection)
    select = sa.select(PROVIDER.c.id, PROVIDER.c.status, PROVIDER.c.version, PROVIDER.c.closed_until)
    rows = connection.execute(select.where(*which).order_by(PROVIDER.c.id)).all()
    if not rows:
        return 0
    act = {"kind": "close", "user_id": user_id, "why": why, "import_run_id": import_run_id}
    act_id: int = connection.execute(sa.insert(Act).values(act).returning(Act.id)).scalar_one()
    for start in range(0, len(rows), CHUNK):
        _take_off(connection, rows[start : start + CHUNK], act_id, change)
    return len(rows)


def _take_off(connection: sa.Connection, rows: Sequence[Any], act_id: int, change: int) -> None:
    found = [Difference(row.id, None, "status", row.status, "inactive") for row in rows]
    found += [
        Difference(row.id, None, "closed_until", row.closed_until.isoformat(), None)
        for row in rows
        if row.closed_until is not None
    ]
    write_changes(connection, act_id, found, {row.id: row.version + 1 for row in rows})
    connection.execute(
        sa.update(PROVIDER)
        .where(PROVIDER.c.id.in_([row.id for row in rows]))
        .values(
            status="inactive", closed_until=None, version=PROVIDER.c.version + 1, change=change, updated_at=utc_now()
        )
    )
