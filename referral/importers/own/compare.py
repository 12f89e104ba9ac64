"""Rows of our own format against the directory: which listing each one is, and whether it changes anything.

What was found is staged in the same temporary tables as other imports use, so that whoever looks finds it there.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import sqlalchemy as sa

from referral.importers.loading.staging import STAGED, STAGED_CHANGE
from referral.importers.messages import Message, say
from referral.importers.own.wanted import conflict, from_plain, to_plain, wanted_differences
from referral.importers.records import OwnRecord, Rejected, Skipped
from referral.importers.report import Gone, Report
from referral.models import Merge
from referral.models.correcting import STAFF_SOURCE
from referral.models.recording import PROGRAM, PROVIDER, Difference, program_rows, provider_rows
from referral.vocabulary.words import N_

CHUNK = 500
"""Rows that are compared at a time."""

EDITED_SINCE = say(N_("was changed here after the export: export it again, and change it there"))

_BLANK: dict[str, Any] = {
    **dict.fromkeys(("content", "name", "organization", "street", "unit", "city", "state", "postal_code"), ""),
    **dict.fromkeys(("phone", "phone_extension", "website"), ""),
    **dict.fromkeys(("takes_zip_point", "is_file_point"), False),
    "other_phones": [],
    "facts": {},
    "levels": 0,
    "ordinal": 1,
}
"""Columns of STAGED that are of no use here."""

Tell = Callable[[Rejected | Skipped | Gone], None]


def compare(connection: sa.Connection, items: Iterable[OwnRecord | Rejected], report: Report, tell: Tell) -> None:
    """Stage all rows with their outcome, and what they change; count them. Holds one chunk in memory at a time."""
    waiting: list[OwnRecord] = []
    for item in items:
        report.take(item)
        if isinstance(item, Rejected):
            tell(item)
            continue
        waiting.append(item)
        if len(waiting) == CHUNK:
            _compare_chunk(connection, waiting, report, tell)
            waiting = []
    if waiting:
        _compare_chunk(connection, waiting, report, tell)


def compare_again(
    connection: sa.Connection, ids: Collection[int], report: Report, tell: Tell, *, with_new: bool
) -> None:
    """Compare rows once more because the directory has changed: those of these listings, and new ones where asked."""
    for some in in_chunks(ids):
        _compare_staged(connection, STAGED.c.provider_id.in_(some), report, tell)
    if with_new:
        select = sa.select(STAGED.c.id).where(STAGED.c.outcome == "added").order_by(STAGED.c.id)
        with connection.begin():
            rows = connection.execute(select).scalars().all()
        for some in in_chunks(rows):
            _compare_staged(connection, STAGED.c.id.in_(some), report, tell)


def in_chunks(numbers: Collection[int]) -> Iterator[list[int]]:
    left = iter(numbers)
    while some := list(islice(left, CHUNK)):
        yield some


def _compare_staged(connection: sa.Connection, which: sa.ColumnElement[bool], report: Report, tell: Tell) -> None:
    """Take what was found of some rows back, and compare them with the directory as it is now."""
    is_used = STAGED.c.outcome != "unchanged"
    with connection.begin():
        rows = connection.execute(sa.select(STAGED).where(which, is_used).order_by(STAGED.c.id)).all()
        connection.execute(sa.delete(STAGED).where(STAGED.c.id.in_([row.id for row in rows])))
        numbers = [row.provider_id for row in rows if row.provider_id is not None]
        connection.execute(sa.delete(STAGED_CHANGE).where(STAGED_CHANGE.c.provider_id.in_(numbers)))
    records = [from_plain(json.loads(row.record)) for row in rows]
    for row, record in zip(rows, records, strict=True):
        setattr(report, row.outcome, getattr(report, row.outcome) - 1)
        _count(record, report, -1)
    if records:
        _compare_chunk(connection, records, report, tell)


def _compare_chunk(connection: sa.Connection, records: Sequence[OwnRecord], report: Report, tell: Tell) -> None:
    with connection.begin():
        there = _Listings(connection, records)
        staged: list[dict[str, Any]] = []
        changes: list[Difference] = []
        for record in records:
            provider, reason = there.provider_of(record)
            reason = reason or there.row_before(record, provider) or conflict(record, provider)
            found = (
                []
                if reason or provider is None
                else list(wanted_differences(record, provider, there.programs[provider.id]))
            )
            if found and provider is not None:
                reason = there.not_to_be_changed(record, provider)
            if reason:
                report.rejected += 1
                tell(Rejected(record.row, reason))
                continue
            outcome = "added" if provider is None else "changed" if found else "unchanged"
            setattr(report, outcome, getattr(report, outcome) + 1)
            _count(record, report)
            changes += found
            there.staged[there.key_of(record, provider)] = record.row
            staged.append(_row(record, provider, outcome, there.key_of(record, provider)))
        if staged:
            connection.execute(sa.insert(STAGED), staged)
        if changes:
            connection.execute(sa.insert(STAGED_CHANGE), [change._asdict() for change in changes])


def _count(record: OwnRecord, report: Report, sign: int = 1) -> None:
    for said in record.programs or ():
        report.programs[said["level"]] += sign
    report.without_program += sign * (record.programs == ())
    report.without_point += sign * (record.values.get("point", ()) is None)


def _row(record: OwnRecord, provider: Any | None, outcome: str, key: str) -> dict[str, Any]:
    shown = {
        name: record.values.get(name, "" if provider is None else getattr(provider, name))
        for name in ("name", "city", "state")
    }
    content = "" if outcome == "unchanged" else json.dumps(to_plain(record))
    number = {"id": record.row, "provider_id": None if provider is None else provider.id}
    return _BLANK | shown | number | {"base_key": key, "source_key": key, "record": content, "outcome": outcome}


class _Listings:
    """The listings of the directory that a chunk of rows may be about, and the rows that were staged before."""

    def __init__(self, connection: sa.Connection, records: Sequence[OwnRecord]) -> None:
        keys = {record.key for record in records}
        ids = {record.id for record in records if record.id is not None}
        is_key = sa.tuple_(PROVIDER.c.source, PROVIDER.c.source_key).in_(keys)
        select = provider_rows.add_columns(PROVIDER.c.source_key).where(is_key | PROVIDER.c.id.in_(ids))
        rows = connection.execute(select).all()
        self._by_id = {row.id: row for row in rows}
        self._by_key = {(row.source, row.source_key): row for row in rows}
        self.programs: dict[int, list[Any]] = defaultdict(list)
        programs = program_rows.where(PROGRAM.c.provider_id.in_(list(self._by_id))).order_by(PROGRAM.c.id)
        for program in connection.execute(programs) if rows else ():
            self.programs[program.provider_id].append(program)
        standing = sa.select(Merge.loser_id, Merge.winner_id).where(Merge.undone_at.is_(None))
        merges = standing.where(Merge.loser_id.in_(list(self._by_id))).order_by(Merge.id)
        self._merged: dict[int, int] = dict(connection.execute(merges).all())
        """Where a listing stands that was taken off the list in a merge."""
        texts = {_text(key) for key in (*keys, *self._by_key)}
        select = sa.select(STAGED.c.source_key, STAGED.c.id).where(STAGED.c.source_key.in_(texts))
        self.staged: dict[str, int] = dict(connection.execute(select).all())
        """Row of the file by the key of its listing."""

    def provider_of(self, record: OwnRecord) -> tuple[Any | None, Message | None]:
        """(the listing that a row is about, or None for a new one; why it cannot be told)."""
        by_id = None if record.id is None else self._by_id.get(record.id)
        if record.id is not None and not record.source_key:
            what = N_("onward_id: no listing has the number %(n)s: leave it empty for a new one")
            return by_id, None if by_id else say(what, n=record.id)
        by_key = self._by_key.get(record.key)
        if by_id is not None and by_id is not by_key:
            other = N_("onward_id: %(n)s is not the listing here, as source_key says")
            new = N_(
                "onward_id: %(n)s is not the listing here, and source_key is new: "
                "leave onward_id empty to add this one"
            )
            return None, say(other if by_key else new, n=by_id.id)
        return by_key, None

    def not_to_be_changed(self, record: OwnRecord, provider: Any) -> Message | None:
        """Why a row that differs from its listing cannot be used; None where it can."""
        if provider.status == "inactive" and provider.id in self._merged:
            what = N_("was merged into the listing %(n)s: change that one, or undo the merge here")
            return say(what, n=self._merged[provider.id])
        return EDITED_SINCE if record.version and provider.version > record.version else None

    def key_of(self, record: OwnRecord, provider: Any | None) -> str:
        return _text(record.key if provider is None else (provider.source, provider.source_key))

    def row_before(self, record: OwnRecord, provider: Any | None) -> Message | None:
        """Why a row cannot be used whose listing another row of the file is about already; None for a first."""
        row = self.staged.get(self.key_of(record, provider))
        if row is None:
            return None
        if provider is None and record.key[0] == STAFF_SOURCE and not record.source_key:
            what = N_("has the name and address of row %(n)s: give the programs of one place in one row")
            return say(what, n=row)
        return say(N_("is the same listing as row %(n)s"), n=row)


def _text(key: tuple[str, str]) -> str:
    return "\x1f".join(key)
