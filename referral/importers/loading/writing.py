"""The staged rows into the directory, inside one transaction, with all that they change written into history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from referral.importers.loading.keeping import SAID_FIELDS, Corrected, write_corrections
from referral.importers.loading.staging import CHUNK, DAYS, STAGED, STAGED_CHANGE, STAGED_DETAIL, STAGED_LEVEL
from referral.importers.report import Report
from referral.models import Act, Change, ImportRun, utc_now
from referral.models.correcting import OF_PROGRAMS
from referral.models.recording import POINT, PROGRAM, PROVIDER, program_rows, program_values

ADDRESS = ("street", "unit")
SAID = (*(name for name in SAID_FIELDS if name not in ADDRESS), "facts")
"""Columns of a provider that a file fills, besides its address and point."""


def write(
    connection: sa.Connection,
    report: Report,
    run: dict[str, str],
    author: dict[str, Any],
    corrected: Corrected,
    change: int,
    is_better_point: sa.ColumnElement[bool],
) -> int:
    """Write what differs; give the number of the import run. `change` is the value of the change counter."""
    now = utc_now()
    run_id: int = connection.execute(
        sa.insert(ImportRun).values(**run, counts=report.counts()).returning(ImportRun.id)
    ).scalar_one()
    act = author | {"kind": "import", "import_run_id": run_id, "at": now}
    act_id: int = connection.execute(sa.insert(Act).values(act).returning(Act.id)).scalar_one()
    marks = {"source_content": STAGED.c.content, "import_run_id": run_id, "change": change, "updated_at": now}
    _add(connection, report.source, marks, now)
    _change(connection, marks, is_better_point)
    _write_extras(connection, report.source)
    _write_programs(connection, report.source, run_id, act_id)
    _write_history(connection, run_id, act_id)
    write_corrections(connection, corrected, run_id)
    return run_id


def _add(connection: sa.Connection, source: str, marks: dict[str, Any], now: datetime) -> None:
    columns = (*SAID, *ADDRESS, *POINT)
    fixed = marks | {
        "source": source,
        "source_key": STAGED.c.source_key,
        "status": "active",
        "address_kind": "street",
        "created_at": now,
        "license_number": "",
        "staff_note": "",
        "version": 1,
    }
    values: list[sa.ColumnElement[Any]] = [STAGED.c[name] for name in columns]
    values += [value if isinstance(value, sa.Column) else sa.literal(value) for value in fixed.values()]
    new = sa.select(*values).where(STAGED.c.outcome == "added").order_by(STAGED.c.id)
    connection.execute(sa.insert(PROVIDER).from_select([*columns, *fixed], new, include_defaults=False))


def _change(connection: sa.Connection, marks: dict[str, Any], is_better_point: sa.ColumnElement[bool]) -> None:
    # A listing whose address staff have hidden keeps it hidden.
    is_shown = PROVIDER.c.address_kind == "street"
    where = {name: sa.case((is_shown, STAGED.c[name]), else_=PROVIDER.c[name]) for name in ADDRESS}
    where |= {name: sa.case((is_better_point, STAGED.c[name]), else_=PROVIDER.c[name]) for name in POINT}
    connection.execute(
        sa.update(PROVIDER)
        .where(PROVIDER.c.id == STAGED.c.provider_id, STAGED.c.outcome == "changed")
        .values({name: STAGED.c[name] for name in SAID} | where | marks | {"version": PROVIDER.c.version + 1})
    )


def _write_extras(connection: sa.Connection, source: str) -> None:
    """Columns that only some files have."""
    is_listing = (PROVIDER.c.source == source) & (PROVIDER.c.source_key == STAGED.c.source_key)
    has_extras = sa.cast(STAGED.c.extras, sa.String) != "{}"
    select = sa.select(STAGED.c.id, PROVIDER.c.id.label("b_id"), STAGED.c.extras).join(PROVIDER, is_listing)
    select = select.where(STAGED.c.outcome != "unchanged", has_extras).order_by(STAGED.c.id).limit(CHUNK)
    for rows in _in_chunks(connection, select, STAGED.c.id):
        by_names: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for row in rows:
            values = {
                name: date.fromisoformat(value) if name in DAYS and value else value
                for name, value in row.extras.items()
            }
            by_names[tuple(sorted(values))].append({"b_id": row.b_id, **values})
        for names, own in by_names.items():
            columns = {name: sa.bindparam(name, type_=PROVIDER.c[name].type) for name in names}
            connection.execute(sa.update(PROVIDER).where(PROVIDER.c.id == sa.bindparam("b_id")).values(columns), own)


def _in_chunks(
    connection: sa.Connection, select: sa.Select[Any], number: sa.ColumnElement[int]
) -> Iterator[Sequence[Any]]:
    """The rows of a select that is ordered by its first column `number` and limited to a chunk."""
    last = 0
    while rows := connection.execute(select.where(number > last)).all():
        yield rows
        last = rows[-1][0]


def _write_programs(connection: sa.Connection, source: str, run_id: int, act_id: int) -> None:
    """Programs of the providers that this run added or changed: those of a level that stays keep their number."""
    staged = (PROVIDER.c.source == source) & (PROVIDER.c.source_key == STAGED.c.source_key)
    staged &= PROVIDER.c.import_run_id == run_id
    stays = sa.exists().where(
        STAGED.c.provider_id == PROGRAM.c.provider_id,
        STAGED_LEVEL.c.staged_id == STAGED.c.id,
        STAGED_LEVEL.c.level == PROGRAM.c.level,
    )
    touched = sa.select(STAGED.c.provider_id).where(STAGED.c.outcome == "changed")
    connection.execute(sa.delete(PROGRAM).where(PROGRAM.c.provider_id.in_(touched), ~stays))
    last = connection.execute(sa.select(sa.func.max(PROGRAM.c.id))).scalar_one() or 0
    is_there = sa.exists().where(PROGRAM.c.provider_id == PROVIDER.c.id, PROGRAM.c.level == STAGED_LEVEL.c.level)
    new = (
        sa.select(
            PROVIDER.c.id,
            STAGED_LEVEL.c.level,
            sa.literal(""),
            sa.literal({}, PROGRAM.c.facts.type),
            sa.literal("active"),
            *(STAGED_DETAIL.c[name] for name in OF_PROGRAMS),
        )
        .select_from(
            STAGED.join(PROVIDER, staged)
            .join(STAGED_LEVEL, STAGED_LEVEL.c.staged_id == STAGED.c.id)
            .outerjoin(STAGED_DETAIL, _IS_DETAIL)
        )
        .where(~is_there)
        .order_by(STAGED.c.id, STAGED_LEVEL.c.position)
    )
    names = ["provider_id", "level", "name", "facts", "status", *OF_PROGRAMS]
    connection.execute(sa.insert(PROGRAM).from_select(names, new, include_defaults=False))
    _write_history_of_new_programs(connection, touched, last, act_id)
    _write_details(connection)


_IS_DETAIL = (STAGED_DETAIL.c.staged_id == STAGED_LEVEL.c.staged_id) & (STAGED_DETAIL.c.level == STAGED_LEVEL.c.level)


def _write_details(connection: sa.Connection) -> None:
    """What the changed rows say of programs that were there: as it was staged as a difference."""
    change = STAGED_CHANGE.c
    select = sa.select(change.id, change.program_id.label("b_id"), change.field, change.new)
    select = select.where(change.program_id.is_not(None), change.field.in_(OF_PROGRAMS)).order_by(change.id)
    for rows in _in_chunks(connection, select.limit(CHUNK), change.id):
        for name in OF_PROGRAMS:
            own = [{"b_id": row.b_id, name: row.new} for row in rows if row.field == name]
            if own:
                update = sa.update(PROGRAM).where(PROGRAM.c.id == sa.bindparam("b_id"))
                connection.execute(update.values({name: sa.bindparam(name, type_=PROGRAM.c[name].type)}), own)


def _write_history_of_new_programs(
    connection: sa.Connection, touched: sa.Select[Any], last: int, act_id: int
) -> None:
    """Programs that came to listings that were there: with all their values, so that they can be taken back."""
    while True:
        select = program_rows.add_columns(PROVIDER.c.version).join(PROVIDER, PROVIDER.c.id == PROGRAM.c.provider_id)
        select = select.where(PROGRAM.c.id > last, PROGRAM.c.provider_id.in_(touched)).order_by(PROGRAM.c.id)
        rows = connection.execute(select.limit(CHUNK)).all()
        if not rows:
            return
        last = rows[-1].id
        new = [
            {
                "act_id": act_id,
                "provider_id": row.provider_id,
                "program_id": row.id,
                "field": "program",
                "new": program_values(row),
                "version": row.version,
            }
            for row in rows
        ]
        connection.execute(sa.insert(Change), new)


def _write_history(connection: sa.Connection, run_id: int, act_id: int) -> None:
    """All that was staged as a difference, and each listing that came."""
    names = ["act_id", "provider_id", "program_id", "field", "old", "new", "version"]
    staged = (
        sa.select(
            sa.literal(act_id),
            *(STAGED_CHANGE.c[name] for name in names[1:6]),
            PROVIDER.c.version,
        )
        .join(PROVIDER, PROVIDER.c.id == STAGED_CHANGE.c.provider_id)
        .order_by(STAGED_CHANGE.c.id)
    )
    connection.execute(sa.insert(Change).from_select(names, staged, include_defaults=False))
    make = sa.func.jsonb_build_object if connection.dialect.name == "postgresql" else sa.func.json_object
    came = sa.select(
        sa.literal(act_id),
        PROVIDER.c.id,
        sa.literal("listing"),
        sa.type_coerce(make("name", PROVIDER.c.name), Change.new.type),
        sa.literal(1),
    ).where(PROVIDER.c.import_run_id == run_id, PROVIDER.c.version == 1)
    came = came.where(~PROVIDER.c.id.in_(sa.select(STAGED.c.provider_id).where(STAGED.c.outcome == "changed")))
    connection.execute(
        sa.insert(Change).from_select(
            ["act_id", "provider_id", "field", "new", "version"], came.order_by(PROVIDER.c.id), include_defaults=False
        )
    )
