"""From the database to the match index: the one bridge between the two.

Every worker keeps one index. At most every POLL_SECONDS it looks at the change counter in the database, and only the
providers that changed since are read again. After a commit of its own a process looks again at once, and on a new day
(UTC) those that were closed until that day come back.
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy import event

from referral.extensions import db
from referral.matching import MatchIndex, ProgramEntry, ProviderEntry, TailFullError, Whereabouts
from referral.models import DirectoryChange, Program, Provider, utc_now
from referral.models.provider import is_published

POLL_SECONDS = 0.1
"""How old the knowledge of the change counter may be."""

MAX_CHANGED = 1000
"""More changed providers than this, and the whole directory is read anew."""

_COUNTER = sa.select(DirectoryChange.latest, DirectoryChange.reloaded)
_PROVIDERS = sa.select(
    Provider.id,
    Provider.name,
    Provider.state,
    Provider.latitude,
    Provider.longitude,
    Provider.precision,
    Provider.address_kind,
    Provider.facts,
    Provider.source,
    Provider.status,
).order_by(Provider.id)
_PROGRAMS = (
    sa.select(Program.provider_id, Program.id, Program.level, Program.max_stay_days, Program.facts)
    .where(Program.status == "active")
    .order_by(Program.provider_id, Program.id)
)
_WHEREABOUTS = {"confidential": Whereabouts.CONFIDENTIAL, "telehealth": Whereabouts.TELEHEALTH}


class Catalog:
    """The index of one process, and the state of the directory that it shows."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._index: MatchIndex | None = None
        self._seen = -1
        self._day = utc_now().date()
        self._asked_at = float("-inf")
        event.listen(engine, "commit", self._on_commit)

    def current(self) -> MatchIndex:
        """The index of the directory as it stands. May read the database; thread-safe."""
        index, now = self._index, time.monotonic()
        if index is not None and now - self._asked_at < POLL_SECONDS:
            return index
        # One thread asks; the others go on with what they have, and wait only for the first index of all.
        if index is None:
            self._lock.acquire()
        elif not self._lock.acquire(blocking=False):
            return index
        try:
            self._asked_at = now
            if self._index is None or self._latest() != self._seen or utc_now().date() != self._day:
                self._index = self._read_again()
            return self._index
        finally:
            self._lock.release()

    def _on_commit(self, _connection: sa.Connection) -> None:
        """After a commit of this process the next call looks again."""
        self._asked_at = float("-inf")

    def _latest(self) -> int:
        with self._engine.connect() as connection:
            return int(connection.execute(_COUNTER).one().latest)

    def _read_again(self) -> MatchIndex:
        with self._engine.connect() as connection:
            if self._engine.dialect.name != "sqlite":
                # One view of the counter and of the rows; SQLite's transactions give it by themselves.
                connection.execution_options(isolation_level="REPEATABLE READ")
            counter = connection.execute(_COUNTER).one()
            day = utc_now().date()
            index = self._updated(connection, counter.reloaded, day)
            if index is None:
                index = MatchIndex.build(_entries(connection, day))
                settle()
            self._day = day
            self._seen = int(counter.latest)
            return index

    def _updated(self, connection: sa.Connection, reloaded: int, day: date) -> MatchIndex | None:
        """The index with what changed since, or None when it has to be made anew."""
        if self._index is None or reloaded > self._seen:
            return None
        is_changed = Provider.change > self._seen
        if day != self._day:
            is_changed |= (Provider.status == "temporarily_closed") & Provider.closed_until.between(
                min(day, self._day), max(day, self._day)
            )
        n_changed = connection.execute(sa.select(sa.func.count()).where(is_changed)).scalar_one()
        if n_changed > MAX_CHANGED:
            return None
        entries = list(_entries(connection, day, is_changed))
        hidden = sa.select(Provider.id).where(is_changed, ~is_published(day))
        try:
            return self._index.updated(entries, connection.execute(hidden).scalars().all())
        except TailFullError:
            return None


def _entries(
    connection: sa.Connection, day: date, where: sa.ColumnElement[bool] | None = None
) -> Iterator[ProviderEntry]:
    """Published providers with their published programs, streamed in the order of their ids."""
    providers = _PROVIDERS.where(is_published(day))
    programs = _PROGRAMS
    if where is not None:
        providers = providers.where(where)
        programs = programs.where(Program.provider_id.in_(sa.select(Provider.id).where(where)))
    streaming = connection.execution_options(yield_per=1000)
    program_rows = iter(streaming.execute(programs))
    ahead = next(program_rows, None)
    for row in streaming.execute(providers):
        own = []
        while ahead is not None and ahead.provider_id <= row.id:
            if ahead.provider_id == row.id:
                own.append(ProgramEntry(ahead.id, ahead.level, ahead.max_stay_days, ahead.facts))
            ahead = next(program_rows, None)
        yield entry_of(row, tuple(own))
    for _ in chain([ahead], program_rows):
        pass


def entry_of(row: Any, programs: tuple[ProgramEntry, ...]) -> ProviderEntry:
    """What the matcher knows of a provider: a row of its columns, or a Provider, with its published programs."""
    whereabouts = _WHEREABOUTS.get(
        row.address_kind, Whereabouts.NO_MAP_POINT if row.latitude is None else Whereabouts.LOCATED
    )
    return ProviderEntry(
        id=row.id,
        name=row.name,
        state=row.state,
        latitude=row.latitude,
        longitude=row.longitude,
        is_approximate=row.precision in ("zip", "city"),
        whereabouts=whereabouts,
        facts=row.facts,
        programs=programs,
        is_demo=row.source == "demo",
    )


def settle() -> None:
    """Give memory that reading a large directory used back to the system, where the C library can.

    glibc keeps it otherwise: measured 205 MB instead of 136 for 1,000,000 programs.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def init_app(app: Flask) -> None:
    """Give the application its catalog. Reads nothing yet."""
    with app.app_context():
        app.extensions["catalog"] = Catalog(db.engine)


def current() -> MatchIndex:
    """The index of the directory as it stands now, for the application at work."""
    catalog: Catalog = current_app.extensions["catalog"]
    return catalog.current()
