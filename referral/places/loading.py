"""Fills the `place` table, and only when its data has changed since the last time."""

from __future__ import annotations

import gc
import hashlib
import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
import zipcodes

from referral.models import Place, PlaceData
from referral.places.build import CITIES_FILE, place_rows

CHUNK = 2_000
RULES = 1
"""Raise when the code makes other rows from the same data."""


def fingerprint() -> str:
    """Names the data that the places are made from: the city file, the version of `zipcodes`, these rules."""
    return f"{hashlib.sha256(CITIES_FILE.read_bytes()).hexdigest()}:{zipcodes.__version__}:{RULES}"


def load_places(connection: sa.Connection) -> int:
    """Fill the table inside the caller's transaction. Gives the number of rows written; 0: it was right already."""
    wanted = fingerprint()
    # The lock makes a second `flask setup` wait for the first. SQLite's transaction has it already.
    if connection.execute(sa.select(PlaceData.fingerprint).with_for_update()).scalar_one() == wanted:
        return 0
    connection.execute(sa.delete(Place))
    n_rows = 0
    with _no_collection():
        rows = place_rows()
        while chunk := list(itertools.islice(rows, CHUNK)):
            connection.execute(sa.insert(Place), chunk)
            n_rows += len(chunk)
    connection.execute(sa.update(PlaceData).values(fingerprint=wanted))
    return n_rows


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the garbage collector, which would look through all rows again and again: a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
