"""What a process makes from the directory and keeps: read once, and followed as the directory moves on.

At most every POLL_SECONDS a follower looks at the change counter in the database; what changed since is read again.
After a commit of its own a process looks at once. What depends on the day may change at midnight (UTC).
"""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from flask import current_app
from sqlalchemy import event

from referral.extensions import db
from referral.models import DirectoryChange, utc_now

POLL_SECONDS = 0.1
"""How old the knowledge of the change counter may be."""

MAX_CHANGED = 1000
"""More changed providers than this, and `update` should give up: making everything anew is faster then."""

T = TypeVar("T")

_making = threading.Lock()

_COUNTER = sa.select(DirectoryChange.latest, DirectoryChange.reloaded)


class Seen(NamedTuple):
    """The state of the directory that something shows."""

    change: int
    """Value of the change counter."""
    day: date
    """UTC."""


class Follower(Generic[T]):
    """What one process has made from the directory. Thread-safe.

    build: makes it from all rows, as they are on a day.
    update: what it becomes with all that changed since it was made, up to a day; None where it has to be made anew.
    Both read through the one connection that they are given, which shows one state of the database.
    """

    def __init__(
        self,
        engine: sa.Engine,
        build: Callable[[sa.Connection, date], T],
        update: Callable[[sa.Connection, T, Seen, date], T | None],
    ) -> None:
        self._engine = engine
        self._build = build
        self._update = update
        self._lock = threading.Lock()
        self._made: T | None = None
        self._seen = Seen(-1, date.min)
        self._asked_at = float("-inf")
        event.listen(engine, "commit", self._on_commit)

    def current(self) -> T:
        """It, as the directory stands now. May read the database."""
        made, now = self._made, time.monotonic()
        if made is not None and now - self._asked_at < POLL_SECONDS:
            return made
        # One thread asks; the others go on with what they have, and wait only for the first of all.
        if made is None:
            self._lock.acquire()
        elif not self._lock.acquire(blocking=False):
            return made
        try:
            self._asked_at = now
            self._made = self._followed()
            return self._made
        finally:
            self._lock.release()

    def _on_commit(self, _connection: sa.Connection) -> None:
        """After a commit of this process the next call looks again."""
        self._asked_at = float("-inf")

    def _followed(self) -> T:
        with self._engine.connect() as connection:
            if self._engine.dialect.name != "sqlite":
                # One view of the counter and of the rows; SQLite's transactions give it by themselves.
                connection.execution_options(isolation_level="REPEATABLE READ")
            counter, made = connection.execute(_COUNTER).one(), self._made
            now = Seen(int(counter.latest), utc_now().date())
            if made is not None and now == self._seen:
                return made
            if made is not None and counter.reloaded <= self._seen.change:
                made = self._update(connection, made, self._seen, now.day)
            else:
                made = None
            if made is None:
                made = self._build(connection, now.day)
                settle()
            self._seen = now
            return made


def followed(name: str, follow: Callable[[sa.Engine], Follower[T]]) -> Follower[T]:
    """The follower of this name of the application at work; the first who asks makes it. Reads nothing yet."""
    extensions = current_app.extensions
    if name not in extensions:
        with _making:
            if name not in extensions:
                extensions[name] = follow(db.engine)
    known: Follower[T] = extensions[name]
    return known


def settle() -> None:
    """Give memory that reading a large directory used back to the system, where the C library can.

    glibc keeps it otherwise: measured 205 MB instead of 136 for 1,000,000 programs.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
