"""From the database to the staff index: the one bridge between the two, as referral.catalog is to the match index.

Each process makes one index when it is first asked for. At most every POLL_SECONDS it looks at the change counter in
the database, and only the providers that changed since are read again. After a commit of its own a process looks
again at once. Reports, corrections and imports count as changes of their provider.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event

from referral.catalog import settle
from referral.extensions import db
from referral.finding import ListingEntry, StaffIndex, TooManyChangesError
from referral.matching import Whereabouts
from referral.models import Correction, DirectoryChange, Program, Provider, Report

POLL_SECONDS = 0.1
"""How old the knowledge of the change counter may be."""

MAX_CHANGED = 1000
"""More changed providers than this at once, and the whole directory is read anew."""

_COUNTER = sa.select(DirectoryChange.latest, DirectoryChange.reloaded)
_LISTINGS = sa.select(
    Provider.id,
    Provider.name,
    Provider.organization,
    Provider.city,
    Provider.state,
    Provider.postal_code,
    Provider.phone,
    Provider.other_phones,
    Provider.status,
    Provider.source,
    Provider.address_kind,
    Provider.latitude,
    Provider.precision,
    Provider.facts,
    Provider.confirmed_on,
    Provider.license_expires_on,
    Provider.updated_at,
    sa.select(sa.func.count(Report.status))
    .where(Report.provider_id == Provider.id, Report.status == "open")
    .scalar_subquery()
    .label("n_open_reports"),
    sa.select(sa.func.max(sa.case((Correction.is_offered, 1), else_=0)))
    .where(Correction.provider_id == Provider.id)
    .scalar_subquery()
    .label("offered"),  # none: no correction; 1: the source says otherwise
).order_by(Provider.id)
_LEVELS = (
    sa.select(Program.provider_id, Program.level)
    .where(Program.status == "active")
    .order_by(Program.provider_id, Program.id)
)
_WHEREABOUTS = {"confidential": Whereabouts.CONFIDENTIAL, "telehealth": Whereabouts.TELEHEALTH}

_making = threading.Lock()


class StaffIndexKeeper:
    """The index of one process, and the state of the directory that it shows."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._index: StaffIndex | None = None
        self._seen = -1
        self._asked_at = float("-inf")
        event.listen(engine, "commit", self._on_commit)

    def current(self) -> StaffIndex:
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
            self._index = self._followed()
            return self._index
        finally:
            self._lock.release()

    def _on_commit(self, _connection: sa.Connection) -> None:
        """After a commit of this process the next call looks again."""
        self._asked_at = float("-inf")

    def _followed(self) -> StaffIndex:
        with self._engine.connect() as connection:
            if self._engine.dialect.name != "sqlite":
                # One view of the counter and of the rows; SQLite's transactions give it by themselves.
                connection.execution_options(isolation_level="REPEATABLE READ")
            counter = connection.execute(_COUNTER).one()
            index = self._index
            if index is not None and counter.latest == self._seen:
                return index
            index = self._updated(connection, counter.reloaded)
            if index is None:
                index = StaffIndex.build(_entries(connection))
                settle()
            self._seen = int(counter.latest)
            return index

    def _updated(self, connection: sa.Connection, reloaded: int) -> StaffIndex | None:
        """The index with what changed since, or None when it has to be made anew."""
        if self._index is None or reloaded > self._seen:
            return None
        is_changed = Provider.change > self._seen
        rows = connection.execute(_LISTINGS.where(is_changed).limit(MAX_CHANGED + 1)).all()
        if len(rows) > MAX_CHANGED:
            return None
        is_theirs = Program.provider_id.in_(sa.select(Provider.id).where(is_changed))
        try:
            return self._index.updated(list(_joined(rows, connection.execute(_LEVELS.where(is_theirs)))))
        except TooManyChangesError:
            return None


def _entries(connection: sa.Connection) -> Iterator[ListingEntry]:
    """All providers, streamed in the order of their ids."""
    streaming = connection.execution_options(yield_per=1000)
    yield from _joined(streaming.execute(_LISTINGS), streaming.execute(_LEVELS))


def _joined(rows: Iterable[Any], level_rows: Iterable[Any]) -> Iterator[ListingEntry]:
    """Providers with the levels of their published programs. Both come in the order of the providers' ids."""
    levels = iter(level_rows)
    ahead = next(levels, None)
    for row in rows:
        own = []
        while ahead is not None and ahead.provider_id <= row.id:
            if ahead.provider_id == row.id:
                own.append(ahead.level)
            ahead = next(levels, None)
        yield _entry(row, tuple(own))
    for _ in chain([ahead], levels):
        pass


def _entry(row: Any, levels: tuple[str, ...]) -> ListingEntry:
    return ListingEntry(
        id=row.id,
        name=row.name,
        organization=row.organization,
        city=row.city,
        state=row.state,
        postal_code=row.postal_code,
        phones=(row.phone, *(other["number"] for other in row.other_phones)),
        status=row.status,
        source=row.source,
        whereabouts=_WHEREABOUTS.get(
            row.address_kind, Whereabouts.NO_MAP_POINT if row.latitude is None else Whereabouts.LOCATED
        ),
        is_approximate=row.precision in ("zip", "city"),
        levels=levels,
        facts=row.facts,
        confirmed_on=row.confirmed_on,
        license_expires_on=row.license_expires_on,
        updated_at=row.updated_at,
        n_open_reports=row.n_open_reports,
        has_corrections=row.offered is not None,
        has_offers=bool(row.offered),
    )


def current_staff_index() -> StaffIndex:
    """The index of all listings as they stand now, for the application at work.

    Its `columns` (referral.finding.columns.Columns) have a documented array for each thing that can be counted.
    """
    extensions = current_app.extensions
    if "staff_index" not in extensions:
        with _making:
            if "staff_index" not in extensions:
                extensions["staff_index"] = StaffIndexKeeper(db.engine)
    keeper: StaffIndexKeeper = extensions["staff_index"]
    return keeper.current()
