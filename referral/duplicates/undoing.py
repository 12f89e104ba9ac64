"""Undoing a merge: both listings as they were, but for what somebody has changed since.

The caller has begun to write, is inside `history.act` of kind "unmerge", and commits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.duplicates.merging import assigned, corrections_of, move_assignment
from referral.history.putting_back import CannotPutBackError, current_value, put_back
from referral.history.settling import our_value
from referral.models import Assignment, Change, Check, Correction, DuplicatePair, Merge, Provider, Report, utc_now
from referral.models.correcting import OF_PROGRAMS, STAFF_SOURCE
from referral.models.recording import IMPORTED_FIELDS, stored

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
    changes = _changes(session, merge)
    found = {change.id: since for change in changes if (since := _since(session, change))}
    for change in changes:
        if (
            change.field == "point"
            and change.id not in found
            and not _may_have_point(session, change, changes, found)
        ):
            found[change.id] = Since(change, change.new)
    return [found[number] for number in sorted(found)]


def _may_have_point(session: Session, point: Change, changes: Sequence[Change], since: Mapping[int, Since]) -> bool:
    """Whether the address will be shown once the rest is undone: a hidden one has no point on the map."""
    provider = session.get_one(Provider, point.provider_id)
    kinds = [
        change.old
        for change in changes
        if change.field == "address_kind" and change.provider_id == point.provider_id and change.id not in since
    ]
    return point.old is None or (kinds or [provider.address_kind])[0] == "street"


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
    asked = _Corrections(session, merge, winner, since)
    with session.no_autoflush:
        for change in reversed(_changes(session, merge)):
            if change.id not in kept:
                put_back(session, change)
    _move_back(session, merge, loser)
    session.flush()
    asked.restore(session, winner)
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


class _Corrections:
    """The corrections of the listing that stays, which come back as they were before the merge.

    Where a source has said something new since, the merge hid that from the value that comes back: it is offered.
    """

    def __init__(self, session: Session, merge: Merge, winner: Provider, since: Sequence[Since]) -> None:
        before, after = ({row["field"]: row for row in rows} for rows in merge.moved["corrections"])
        changed = {one.field for one in _changes(session, merge) if one.provider_id == winner.id}
        stays = {one.change.field for one in since if one.change.program_id is None}
        self._is_with_programs = any(one.change.program_id for one in since)
        self._before = before
        self._now = {row["field"]: row for row in corrections_of(session, winner.id)}
        touched = {field for field in {*before, *after} if before.get(field) != after.get(field)}
        touched |= {field for field in changed if field in IMPORTED_FIELDS or field.startswith("facts.")}
        is_of_staff = winner.source == STAFF_SOURCE
        self._values = {} if is_of_staff else {field: our_value(winner, field) for field in touched - stays}
        """By field: ours with the merge."""

    def restore(self, session: Session, winner: Provider) -> None:
        """After the values have come back."""
        for field in sorted(self._values):
            kind, _, level = field.partition(".")
            ours, is_of_program = our_value(winner, field), kind in ("level", *OF_PROGRAMS)
            if is_of_program and ours == self._values[field] and (self._is_with_programs or not self._is_mark(field)):
                # Of a program that somebody has worked on since.
                continue
            this = (_CORRECTION.c.provider_id == winner.id, _CORRECTION.c.field == field)
            session.execute(sa.delete(_CORRECTION).where(*this))
            row = self._wanted(field, ours, winner.id)
            is_there = kind not in OF_PROGRAMS or our_value(winner, f"level.{level}")
            if row is not None and is_there:
                made_at = datetime.fromisoformat(row["made_at"])
                session.execute(sa.insert(_CORRECTION).values({**row, "made_at": made_at}))

    def _is_mark(self, field: str) -> bool:
        now = self._now.get(field)
        return now is None or now["source_value"] == self._values[field]

    def _wanted(self, field: str, ours: Any, provider_id: int) -> dict[str, Any] | None:
        before, now = self._before.get(field), self._now.get(field)
        said = self._values[field] if now is None else now["offered_value" if now["is_offered"] else "source_value"]
        if ours == said:
            is_mark = before is not None and field.startswith("level.") and before["source_value"] == ours
            return before if is_mark else None
        if before is None:
            own = {"provider_id": provider_id, "field": field, "source_value": ours, "user_id": None}
            before = own | {"made_at": stored(utc_now()), "offered_run_id": None}
        question = {"is_offered": False, "offered_value": None, "offered_run_id": None}
        if said != before["source_value"]:
            run_id = (now or before)["offered_run_id"]
            question = {"is_offered": True, "offered_value": said, "offered_run_id": run_id}
        return before | question


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
