"""The work on a draft, in a process of its own: comparing its file with the directory, and applying it.

A process may be killed at any moment. The directory changes in one transaction, so it is whole then;
the draft is shown as interrupted, and the work can begin again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from referral.importers.drafts.kept import writing
from referral.importers.drafts.outcome import Listed
from referral.importers.reading.files import SourceFile
from referral.models import ImportDraft, ImportDraftRow, utc_now

BEAT_SECONDS = 0.5
CHUNK = 500
MAX_LISTED = 20_000
"""Rejected rows, and skipped ones, that are listed one by one; all are counted."""


_Read = TypeVar("_Read")


class SupersededError(Exception):
    """The draft was discarded, or somebody else works on it: this process must not go on."""


class AtWork:
    """A claimed draft. While it is entered, the draft says that its process lives, and how far it is."""

    def __init__(self, engine: sa.Engine, draft_id: int, claimed_at: datetime) -> None:
        self.engine = engine
        self.draft_id = draft_id
        self._alive_at = claimed_at
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._is_superseded = False
        self._progress: dict[str, Any] = {}

    def __enter__(self) -> AtWork:
        self._thread = threading.Thread(target=self._go_on_beating, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _go_on_beating(self) -> None:
        while not self._is_over.wait(BEAT_SECONDS):
            try:
                self.write()
            except SupersededError:
                return
            except SQLAlchemyError:
                # Somebody else writes, or the database is away for a moment: said a little later.
                continue

    def write(self, more: Callable[[sa.Connection], object] | None = None, **values: Any) -> None:
        """Say that this process lives, and write what belongs to the draft in the same transaction.

        Raises SupersededError where the draft is no longer this process's; then nothing is written.
        """
        with self._lock:
            # Later than before, whatever the clock does: the time also tells the processes apart.
            now = max(utc_now(), self._alive_at + timedelta(microseconds=1))
            is_mine = (ImportDraft.id == self.draft_id, ImportDraft.alive_at == self._alive_at)
            said = sa.update(ImportDraft).where(*is_mine).values(alive_at=now, **{**self._progress, **values})
            with writing(self.engine) as connection:
                if not connection.execute(said).rowcount:
                    self._is_superseded = True
                    raise SupersededError
                if more is not None:
                    more(connection)
            self._alive_at = now

    def check(self) -> None:
        """Raises SupersededError."""
        if self._is_superseded:
            raise SupersededError

    def watched(self, items: Iterator[_Read], source: SourceFile | None = None) -> Iterator[_Read]:
        """The same items, counted. With `source` also the share of it that was read, where that can be told."""
        is_in_order = source is not None and not source.is_workbook
        for number, item in enumerate(items, start=1):
            if number % 100 == 0:
                self.check()
                self._progress = {"n_rows_done": number}
                if source is not None and is_in_order:
                    self._progress["counts"] = {"percent": min(99, int(100 * source.share_read))}
            yield item
        # What is written from now on is the outcome.
        self._progress = {}


class RowWriter:
    """Writes rows of the draft in short transactions."""

    def __init__(self, at_work: AtWork) -> None:
        self._at_work = at_work
        self._waiting: list[dict[str, Any]] = []
        self._n_by_outcome: dict[str, int] = {}

    def add(self, found: Listed) -> None:
        if found.outcome in ("rejected", "skipped"):
            n = self._n_by_outcome[found.outcome] = self._n_by_outcome.get(found.outcome, 0) + 1
            if n > MAX_LISTED:
                return
        self._waiting.append({**found._asdict(), "draft_id": self._at_work.draft_id})
        if len(self._waiting) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        if rows := self._waiting:
            self._at_work.write(lambda connection: connection.execute(sa.insert(ImportDraftRow), rows))
            self._waiting = []
