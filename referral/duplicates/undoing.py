"""Undoing a merge: both listings as they were, but for what somebody has changed since.

The caller has begun to write, is inside `history.act` of kind "unmerge", and commits.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.duplicates.merging import assigned, corrections_of, move_assignment
from referral.history.putting_back import CannotPutBackError, current_value, put_back
from referral.models import Assignment, Change, Check, Correction, DuplicatePair, Merge, Provider, Report, utc_now

_CHECK: sa.Table = Check.__table__  # type: ignore[assignment]
_CORRECTION: sa.Table = Correction.__table__  # type: ignore[assignment]


class CannotUndoError(ValueError):
    """The merge was undone already, or what came of it went up in another listing."""


class BuiltOnError(ValueError):
    """Something was changed since the merge, and nobody has said to undo the rest."""


class Since(NamedTuple):
    """A value that the merge set and that is another one now: undoing leaves it."""

    change: Change
    value: Any
    """What is there now; None where it is gone."""


def changed_since(session: Session, merge: Merge) -> list[Since]:
    """What was changed in either listing after the merge set it, in the order of history."""
    return [since for change in _changes(session, merge) if (since := _since(session, change))]


def undo(session: Session, merge: Merge, *, leaves_changed: bool) -> int:
    """Undo it; gives the number of values that stay because they were changed since.

    Raises CannotUndoError; and BuiltOnError where something was changed since and `leaves_changed` is not said.
    """
    winner = session.get(Provider, merge.winner_id, with_for_update=True, populate_existing=True)
    loser = session.get(Provider, merge.loser_id, with_for_update=True, populate_existing=True)
    if merge.undone_at is not None or winner is None or loser is None or later_merge(session, merge):
        raise CannotUndoError
    since = changed_since(session, merge)
    if since and not leaves_changed:
        raise BuiltOnError
    kept = {one.change.id for one in since}
    restored = _corrections_to_restore(session, merge, since)
    with session.no_autoflush:
        for change in reversed(_changes(session, merge)):
            if change.id not in kept:
                put_back(session, change)
    _move_back(session, merge, loser)
    session.flush()
    _restore_corrections(session, merge, restored)
    _reopen_pair(session, merge)
    merge.undone_at = utc_now()
    return len(since)


def later_merge(session: Session, merge: Merge) -> Merge | None:
    """A merge in which the listing that stayed went up in another: it has to be undone first."""
    later = sa.select(Merge).where(Merge.loser_id == merge.winner_id, Merge.undone_at.is_(None), Merge.id > merge.id)
    return session.scalars(later.order_by(Merge.id)).first()


def _changes(session: Session, merge: Merge) -> Sequence[Change]:
    ids = (merge.winner_id, merge.loser_id)
    of_merge = sa.select(Change).where(Change.act_id == merge.act_id, Change.provider_id.in_(ids))
    return session.scalars(of_merge.order_by(Change.id)).all()


def _since(session: Session, change: Change) -> Since | None:
    try:
        value = current_value(session, change)
    except CannotPutBackError:
        return Since(change, None)
    return Since(change, value) if value != change.new else None


def _move_back(session: Session, merge: Merge, loser: Provider) -> None:
    """What was moved and is still where it was moved to."""
    moved = merge.moved
    of_winner = (Report.id.in_(moved["reports"]), Report.provider_id == merge.winner_id)
    for report in session.scalars(sa.select(Report).where(*of_winner)):
        report.provider = loser
    still = (_CHECK.c.id.in_(moved["checks"]), _CHECK.c.provider_id == merge.winner_id)
    session.execute(sa.update(_CHECK).where(*still).values(provider_id=merge.loser_id))
    here = session.get(Assignment, merge.winner_id)
    if here is not None and assigned(here) == moved["assignment"]:
        move_assignment(session, merge.winner_id, merge.loser_id)


def _corrections_to_restore(session: Session, merge: Merge, since: Sequence[Since]) -> dict[str, Any]:
    """What each correction that the merge touched was before (None: there was none).

    Not those of values that stay, nor those that an import or somebody has touched since.
    """
    before, after = ({row["field"]: row for row in rows} for rows in merge.moved["corrections"])
    now = {row["field"]: row for row in corrections_of(session, merge.winner_id)}
    stays = {one.change.field for one in since if one.change.program_id is None}
    stays |= {field for field in after if "." in field and any(one.change.program_id for one in since)}
    return {
        field: before.get(field)
        for field in before | after
        if before.get(field) != after.get(field) == now.get(field) and field not in stays
    }


def _restore_corrections(session: Session, merge: Merge, restored: dict[str, Any]) -> None:
    this = (_CORRECTION.c.provider_id == merge.winner_id, _CORRECTION.c.field.in_(restored))
    session.execute(sa.delete(_CORRECTION).where(*this))
    for row in filter(None, restored.values()):
        session.execute(sa.insert(_CORRECTION).values({**row, "made_at": datetime.fromisoformat(row["made_at"])}))


def _reopen_pair(session: Session, merge: Merge) -> None:
    before = merge.moved.get("pair")
    ids = sorted((merge.winner_id, merge.loser_id))
    this = sa.select(DuplicatePair).where(DuplicatePair.first_id == ids[0], DuplicatePair.second_id == ids[1])
    pair = session.scalars(this).one_or_none()
    if pair is None or before is None or pair.status != "merged":
        return
    decided_at = before["decided_at"]
    pair.status, pair.user_id = before["status"], before["user_id"]
    pair.decided_at = datetime.fromisoformat(decided_at) if decided_at else None
