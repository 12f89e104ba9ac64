"""Copies of the listings that a file of our own is about: changed in peace, and taken over in a few statements.

The copies stand in temporary tables under the names of the tables they are made of. What changes listings through a
session, keeps corrections and writes history so works on the copies as it is, and nobody waits for it: the lock on
the directory is held while whole tables are taken over, and no longer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from referral.importers.own.compare import in_chunks
from referral.models import Act, Change, Correction, DirectoryChange, Program, Provider, utc_now
from referral.models.recording import POINT, PROGRAM, PROGRAM_FIELDS, PROVIDER, PROVIDER_FIELDS

_metadata = sa.MetaData(schema="copies")


def _copy_of(model: type[Any], *indexed: str) -> sa.Table:
    """A temporary table with the columns of a table. What they must keep to is checked when they are taken over."""
    columns = (
        sa.Column(one.name, one.type, primary_key=one.primary_key, nullable=not one.primary_key)
        for one in model.__table__.columns
    )
    table = sa.Table(model.__tablename__, _metadata, *columns, prefixes=["TEMPORARY"])
    for name in indexed:
        sa.Index(f"ix_copies_{table.name}_{name}", table.c[name])
    return table


_PROVIDERS = _copy_of(Provider)
_PROGRAMS = _copy_of(Program, "provider_id")
_CORRECTIONS = _copy_of(Correction)
_CHANGES = _copy_of(Change, "provider_id")
_COUNTER = _copy_of(DirectoryChange)
_copy_of(Act)
_OF_LISTINGS = (
    (_PROVIDERS, _PROVIDERS.c.id),
    (_PROGRAMS, _PROGRAMS.c.provider_id),
    (_CORRECTIONS, _CORRECTIONS.c.provider_id),
    (_CHANGES, _CHANGES.c.provider_id),
)
_CORRECTION: sa.Table = Correction.__table__  # type: ignore[assignment]
_ORIGINALS = {table.name: table for table in (PROVIDER, PROGRAM, _CORRECTION)}


def create_copies(connection: sa.Connection) -> None:
    """Make the tables, which are seen by this connection only: it must not be used again for anything else."""
    with at_directory(connection).begin():
        _metadata.create_all(connection, checkfirst=False)
        connection.execute(sa.insert(_COUNTER).values(id=1, latest=0, reloaded=0))


def at_copies(connection: sa.Connection) -> sa.Connection:
    """The connection, on which all tables are the copies from now on."""
    return connection.execution_options(schema_translate_map={None: _temporary(connection)})


def at_directory(connection: sa.Connection) -> sa.Connection:
    """The connection, on which tables are those of the directory from now on, and the copies stand beside them."""
    schemas = {None: connection.dialect.default_schema_name, "copies": _temporary(connection)}
    return connection.execution_options(schema_translate_map=schemas)


def _temporary(connection: sa.Connection) -> str:
    return "pg_temp" if connection.dialect.name == "postgresql" else "temp"


def copy(connection: sa.Connection, ids: Sequence[int]) -> None:
    """Copy these listings, with their programs and corrections."""
    with at_directory(connection).begin():
        for table, of_listing in _OF_LISTINGS[:3]:
            original: sa.Table = _ORIGINALS[table.name]
            number = original.c[of_listing.name]
            rows = sa.select(*original.columns).where(number.in_(ids))
            connection.execute(sa.insert(table).from_select(list(original.columns.keys()), rows))


def forget(connection: sa.Connection, ids: Collection[int]) -> None:
    """Drop the copies of these listings, and what was changed in them."""
    with at_directory(connection).begin():
        for some in in_chunks(ids):
            for table, of_listing in _OF_LISTINGS:
                connection.execute(sa.delete(table).where(of_listing.in_(some)))


def copied(connection: sa.Connection, ids: Sequence[int]) -> set[int]:
    """Those of the listings that have a copy."""
    with at_directory(connection).begin():
        return set(connection.execute(sa.select(_PROVIDERS.c.id).where(_PROVIDERS.c.id.in_(ids))).scalars())


def has_new_listings(connection: sa.Connection, last: tuple[int, int]) -> bool:
    with at_directory(connection).begin():
        return (connection.execute(sa.select(sa.func.max(_PROVIDERS.c.id))).scalar() or 0) > last[0]


def with_new_numbers(connection: sa.Connection, last: tuple[int, int]) -> set[int]:
    """Listings that got a number above the last ones, or have a program that did."""
    providers = sa.select(_PROVIDERS.c.id).where(_PROVIDERS.c.id > last[0])
    programs = sa.select(_PROGRAMS.c.provider_id).where(_PROGRAMS.c.id > last[1])
    return set(connection.execute(providers.union(programs)).scalars())


def moved_since(connection: sa.Connection, seen: int, last_provider: int, *, is_reloaded: bool) -> set[int]:
    """Copied listings that somebody changed in the directory, or deleted, after the counter stood at `seen`."""
    of_copies = PROVIDER.c.id.in_(sa.select(_PROVIDERS.c.id))
    moved = set(connection.execute(sa.select(PROVIDER.c.id).where(PROVIDER.c.change > seen, of_copies)).scalars())
    if is_reloaded:
        gone = sa.select(_PROVIDERS.c.id).where(_PROVIDERS.c.id <= last_provider)
        moved |= set(connection.execute(gone.where(_PROVIDERS.c.id.not_in(sa.select(PROVIDER.c.id)))).scalars())
    return moved


def analyze(connection: sa.Connection) -> None:
    """PostgreSQL looks at no temporary table by itself."""
    if connection.dialect.name == "postgresql":
        with at_directory(connection).begin():
            for table in _metadata.sorted_tables:
                connection.exec_driver_sql(f"ANALYZE pg_temp.{table.name}")


def take_over(connection: sa.Connection, last: tuple[int, int], run_id: int, act_id: int, change: int) -> None:
    """Make the directory what the copies are, inside a transaction that may write and holds the counter.

    `last`: the numbers above which a listing or program is new.
    """
    _take_providers(connection, last[0], {"change": change, "updated_at": utc_now()}, run_id)
    _take_programs(connection, last[1])
    _take_corrections(connection)
    names = ("provider_id", "program_id", "field", "old", "new", "version")
    found = sa.select(sa.literal(act_id), *(_CHANGES.c[name] for name in names)).order_by(_CHANGES.c.id)
    connection.execute(sa.insert(Change).from_select(["act_id", *names], found, include_defaults=False))


def _take_providers(connection: sa.Connection, last: int, marks: dict[str, Any], run_id: int) -> None:
    # An index is written anew for each column that is named here, whether or not the value is another.
    fields = set(
        connection.execute(sa.select(_CHANGES.c.field).where(_CHANGES.c.program_id.is_(None)).distinct()).scalars()
    )
    names = [*fields.intersection(PROVIDER_FIELDS), "version", "source_content"]
    names += POINT if "point" in fields else ()
    names += ["facts"] if any(name.startswith("facts.") for name in fields) else []
    there = sa.update(PROVIDER).where(PROVIDER.c.id == _PROVIDERS.c.id, _PROVIDERS.c.id <= last)
    connection.execute(there.values({name: _PROVIDERS.c[name] for name in names} | marks))
    _add_rows(connection, PROVIDER, _PROVIDERS, _PROVIDERS.c.id > last, marks | {"import_run_id": run_id})


def _take_programs(connection: sa.Connection, last: int) -> None:
    gone = sa.select(_CHANGES.c.program_id).where(_CHANGES.c.field == "program", _CHANGES.c.new.is_(None))
    connection.execute(sa.delete(PROGRAM).where(PROGRAM.c.id.in_(gone)))
    touched = sa.select(_CHANGES.c.program_id).where(
        _CHANGES.c.field != "program", _CHANGES.c.program_id.is_not(None)
    )
    there = sa.update(PROGRAM).where(PROGRAM.c.id == _PROGRAMS.c.id, _PROGRAMS.c.id.in_(touched))
    connection.execute(there.values({name: _PROGRAMS.c[name] for name in (*PROGRAM_FIELDS, "facts")}))
    _add_rows(connection, PROGRAM, _PROGRAMS, _PROGRAMS.c.id > last, {})


def _take_corrections(connection: sa.Connection) -> None:
    """Of the listings whose corrections have become others."""
    marks = _CHANGES.c.field.startswith("correction.", autoescape=True)
    touched = sa.select(_CHANGES.c.provider_id).where(marks)
    connection.execute(sa.delete(_CORRECTION).where(_CORRECTION.c.provider_id.in_(touched)))
    _add_rows(connection, _CORRECTION, _CORRECTIONS, _CORRECTIONS.c.provider_id.in_(touched), {})


def _add_rows(
    connection: sa.Connection,
    table: sa.Table,
    copies: sa.Table,
    which: sa.ColumnElement[bool],
    marks: dict[str, Any],
) -> None:
    """Rows of a copy into its table, with other values where `marks` has one."""
    columns = [sa.literal(marks[one.name], one.type) if one.name in marks else one for one in copies.columns]
    rows = sa.select(*columns).where(which).order_by(*copies.primary_key)
    connection.execute(sa.insert(table).from_select(list(copies.columns.keys()), rows, include_defaults=False))
