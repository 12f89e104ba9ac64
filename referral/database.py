"""Engine options and transaction rules for SQLite and PostgreSQL (settings measured in THREATS).

SQLite: WAL, foreign keys, a busy timeout, full sync. Reads begin deferred; a unit of work that may write calls
`start_writing` first, which begins IMMEDIATE, so that two writers queue instead of losing an update.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 5000


def engine_options(url: str) -> dict[str, Any]:
    """Arguments for create_engine. Statements' parameters stay out of error messages and so out of logs."""
    options: dict[str, Any] = {"url": url, "hide_parameters": True}
    if url.startswith("postgresql"):
        options |= {"pool_pre_ping": True, "pool_timeout": 5, "connect_args": {"connect_timeout": 5}}
    return options


def prepare(engine: sa.Engine) -> None:
    """Attach the SQLite rules to an engine; nothing for another database."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: sa.Connection) -> None:
        is_write = connection.get_execution_options().get("is_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def start_writing(session: Session) -> None:
    """Begin a transaction that may write. Call before the session's first statement."""
    session.connection(execution_options={"is_write": True})
