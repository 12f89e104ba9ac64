"""What an import would do to each listing, read from the temporary tables while they are there."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from referral.importers.loading.keeping import Corrected, Kept
from referral.importers.loading.staging import STAGED, STAGED_CHANGE, STAGED_LEVEL
from referral.importers.report import Gone
from referral.models.recording import PROGRAM, PROVIDER

CHUNK = 500
TECHNICAL = frozenset({"source_content", "import_run_id"})
"""Fields that say where a listing stands in its source: not for people."""


class Listed(NamedTuple):
    """One row of models.ImportDraftRow."""

    outcome: str
    provider_id: int | None = None
    row: int | None = None
    label: str = ""
    detail: Any = None


@dataclass
class Outcome:
    """Sums up what was listed: two comparisons that would do the same to the directory have the same digest."""

    fields: Counter[str] = field(default_factory=Counter)
    """Changed listings by field."""
    _sum: int = 0

    def take(self, listed: Listed) -> None:
        if listed.outcome == "changed":
            self.fields.update({name for name, _old, _new in listed.detail})
        text = json.dumps([*listed], sort_keys=True)
        # A sum, because the order of the rows is the database's.
        self._sum += int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())

    @property
    def digest(self) -> str:
        return f"{self._sum % 2**64:016x}"


def label(name: str, city: str, state: str) -> str:
    """How a listing is named in lists: so that two of one name can be told apart."""
    return ", ".join(filter(None, (name, city, state)))


def gone(found: Gone) -> Listed:
    return Listed("gone", found.provider_id, label=label(found.name, found.city, found.state))


def listed(connection: sa.Connection, corrected: Corrected) -> Iterator[Listed]:
    """Listings that would come or change, and those where staff's values stay against the file.

    Reads a chunk at a time, each in a short transaction of its own unless the caller's is open.
    """
    yield from _added(connection)
    yield from _changed(connection)
    yield from _kept(connection, corrected.kept)


def _reading(connection: sa.Connection) -> Any:
    return nullcontext() if connection.in_transaction() else connection.begin()


def _staged(connection: sa.Connection, outcome: str) -> Iterator[Sequence[Any]]:
    """Rows of this outcome, in the order of the file."""
    last = 0
    while True:
        select = sa.select(STAGED.c.id, STAGED.c.provider_id, STAGED.c.name, STAGED.c.city, STAGED.c.state)
        select = select.where(STAGED.c.outcome == outcome, STAGED.c.id > last).order_by(STAGED.c.id).limit(CHUNK)
        with _reading(connection):
            rows = connection.execute(select).all()
        if not rows:
            return
        last = rows[-1].id
        yield rows


def _added(connection: sa.Connection) -> Iterator[Listed]:
    for rows in _staged(connection, "added"):
        for row in rows:
            yield Listed("added", label=label(row.name, row.city, row.state))


def _changed(connection: sa.Connection) -> Iterator[Listed]:
    for rows in _staged(connection, "changed"):
        with _reading(connection):
            changes = _changes(connection, [row.provider_id for row in rows])
        for row in rows:
            name = label(row.name, row.city, row.state)
            yield Listed("changed", row.provider_id, label=name, detail=changes[row.provider_id])


def _changes(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[list[Any]]]:
    """[field, old, new] of each value that would change, by provider; programs that come stand last."""
    found: dict[int, list[list[Any]]] = defaultdict(list)
    change = STAGED_CHANGE.c
    select = sa.select(change.provider_id, change.field, change.old, change.new)
    for row in connection.execute(select.where(change.provider_id.in_(ids)).order_by(change.id)):
        if row.field not in TECHNICAL and not row.field.startswith("correction."):
            found[row.provider_id].append([row.field, row.old, row.new])
    is_there = sa.exists().where(
        PROGRAM.c.provider_id == STAGED.c.provider_id, PROGRAM.c.level == STAGED_LEVEL.c.level
    )
    new = (
        sa.select(STAGED.c.provider_id, STAGED_LEVEL.c.level)
        .join(STAGED_LEVEL, STAGED_LEVEL.c.staged_id == STAGED.c.id)
        .where(STAGED.c.provider_id.in_(ids), ~is_there)
        .order_by(STAGED.c.id, STAGED_LEVEL.c.position)
    )
    for provider_id, level in connection.execute(new):
        found[provider_id].append(["program", None, {"level": level}])
    return found


def _kept(connection: sa.Connection, kept: Sequence[Kept]) -> Iterator[Listed]:
    by_provider = [(number, list(own)) for number, own in groupby(kept, key=lambda one: one.provider_id)]
    for start in range(0, len(by_provider), CHUNK):
        part = by_provider[start : start + CHUNK]
        select = sa.select(PROVIDER.c.id, PROVIDER.c.name, PROVIDER.c.city, PROVIDER.c.state)
        with _reading(connection):
            rows = connection.execute(select.where(PROVIDER.c.id.in_([number for number, _own in part])))
            labels = {row.id: label(row.name, row.city, row.state) for row in rows}
        for number, own in part:
            detail = [[one.field, one.ours, one.theirs] for one in own]
            yield Listed("kept", number, label=labels.get(number, ""), detail=detail)
