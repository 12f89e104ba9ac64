"""Puts the made-up listings into the directory and takes them out again."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from referral.demo.listings import SOURCE, listings
from referral.models import Program, Provider, changed, utc_now

_IDS = sa.select(Provider.id).where(Provider.source == SOURCE)


def load_demo(connection: sa.Connection, today: date | None = None) -> int:
    """Insert the made-up listings inside the caller's transaction and give their number; 0 when they are there.

    `today` (default: the day in UTC) is what the dates of confirmation count back from; all else is always the same.
    Raises PlacesMissingError when the offline places are not loaded.
    """
    if connection.execute(_IDS.limit(1)).first():
        return 0
    made = list(listings(connection, today or utc_now().date()))
    change = changed(connection)
    connection.execute(sa.insert(Provider), [values | {"change": change} for values, _ in made])
    keys = connection.execute(sa.select(Provider.source_key, Provider.id).where(Provider.source == SOURCE)).all()
    ids = {row.source_key: row.id for row in keys}
    rows = [
        {**program, "provider_id": ids[values["source_key"]]} for values, programs in made for program in programs
    ]
    connection.execute(sa.insert(Program), rows)
    return len(made)


def clear_demo(connection: sa.Connection) -> int:
    """Delete all made-up listings, and nothing else, inside the caller's transaction; gives their number."""
    connection.execute(sa.delete(Program).where(Program.provider_id.in_(_IDS)))
    n_deleted = connection.execute(sa.delete(Provider).where(Provider.source == SOURCE)).rowcount
    if n_deleted:
        changed(connection, is_reload=True)
    return n_deleted
