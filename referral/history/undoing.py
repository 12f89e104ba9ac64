"""Taking a whole import back: everything that it changed and that nothing was built on since.

What was built on stays, and is listed. Taking back is itself an act in history; nothing of history goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from referral.history.putting_back import DAYS, CannotPutBackError, facts_of, program_of
from referral.models import (
    Act,
    Assignment,
    Change,
    Check,
    Correction,
    DirectoryChange,
    ImportRun,
    Merge,
    Program,
    Provider,
    Report,
    changed,
    utc_now,
)
from referral.models.recording import (
    POINT,
    PROGRAM,
    PROGRAM_FIELDS,
    PROVIDER,
    Difference,
    program_rows,
    program_values,
    provider_rows,
    provider_values,
)
from referral.models.tracking import write_changes

CHUNK = 500
TECHNICAL = frozenset({"source_content", "import_run_id"})
"""Fields that say where a listing stands in its source: not for people."""


class BuiltOn(NamedTuple):
    """Something that cannot be taken back, because it was changed or used since."""

    provider_id: int
    name: str
    field: str
    then: Any
    """What the import made of it."""
    now: Any


class CannotUndoError(ValueError):
    """There is no such import, or it was taken back already."""


@dataclass
class Plan:
    """What taking back will do: differences to write, and what stays as it is."""

    seen: int = 0
    """Value of the change counter."""
    differences: list[Difference] = field(default_factory=list)
    built_on: list[BuiltOn] = field(default_factory=list)
    versions: dict[int, int] = field(default_factory=dict)


def plan_undo(connection: sa.Connection, run_id: int) -> Plan:
    """Look through what an import changed. Raises CannotUndoError."""
    act_id = connection.execute(
        sa.select(Act.id)
        .join(ImportRun, ImportRun.id == Act.import_run_id)
        .where(Act.kind == "import", Act.import_run_id == run_id, ImportRun.undone_at.is_(None))
    ).scalar()
    if act_id is None:
        raise CannotUndoError(run_id)
    plan = Plan(connection.execute(sa.select(DirectoryChange.latest)).scalar_one())
    for chunk in _chunks(connection, act_id):
        _plan_chunk(connection, chunk, plan)
    return plan


def _chunks(connection: sa.Connection, act_id: int) -> Iterator[list[Any]]:
    """The changes of the act, whole listings at a time."""
    ids = (
        connection.execute(
            sa.select(Change.provider_id).where(Change.act_id == act_id).distinct().order_by(Change.provider_id)
        )
        .scalars()
        .all()
    )
    for start in range(0, len(ids), CHUNK):
        part = ids[start : start + CHUNK]
        select = sa.select(Change.__table__).where(
            Change.act_id == act_id, Change.provider_id.between(part[0], part[-1])
        )
        yield list(connection.execute(select.order_by(Change.provider_id, Change.id)))


def _plan_chunk(connection: sa.Connection, changes: Sequence[Any], plan: Plan) -> None:
    ids = {change.provider_id for change in changes}
    marks = PROVIDER.c.source_content, PROVIDER.c.import_run_id
    providers = {
        row.id: row for row in connection.execute(provider_rows.add_columns(*marks).where(PROVIDER.c.id.in_(ids)))
    }
    programs = {
        row.id: program_values(row) for row in connection.execute(program_rows.where(PROGRAM.c.provider_id.in_(ids)))
    }
    used = _used(connection, ids)
    for provider_id, own in groupby(changes, key=lambda change: int(change.provider_id)):
        row = providers.get(provider_id)
        if row is None:
            continue
        values = provider_values(row) | {"source_content": row.source_content, "import_run_id": row.import_run_id}
        plan.versions[provider_id] = row.version + 1
        for change in own:
            now = _now(change, values, programs, is_used=provider_id in used, version=row.version)
            if now == change.new or change.field in TECHNICAL or change.field.startswith("correction."):
                plan.differences.append(
                    Difference(provider_id, change.program_id, change.field, change.new, change.old)
                )
            else:
                plan.built_on.append(BuiltOn(provider_id, row.name, change.field, change.new, now))


def _now(change: Any, values: dict[str, Any], programs: dict[int, Any], *, is_used: bool, version: int) -> Any:
    """What stands now where the import made its change; equal to change.new where nothing was built on it."""
    if change.field == "listing":
        return (
            change.new if version == change.version and not is_used else {"name": values["name"], "version": version}
        )
    if change.field == "program":
        return programs.get(change.program_id)
    if change.program_id is not None:
        return programs.get(change.program_id, {}).get(change.field)
    return values.get(change.field)


def _used(connection: sa.Connection, ids: Iterable[int]) -> set[int]:
    """Those of the listings on which something else rests: they cannot just go."""
    columns = (
        *(Report.provider_id, Check.provider_id, Assignment.provider_id, Correction.provider_id),
        *(Merge.winner_id, Merge.loser_id),
    )
    found: set[int] = set()
    for column in columns:
        found |= set(connection.execute(sa.select(column).where(column.in_(ids)).distinct()).scalars())
    return found


def undo_import(connection: sa.Connection, run_id: int, *, user_id: int | None, why: str, even_partly: bool) -> Plan:
    """Take an import back inside the caller's transaction, which may write. Gives what was done and what stays.

    Without `even_partly` nothing is done as long as anything was built on the import: look at `built_on`.
    Raises CannotUndoError.
    """
    plan = plan_undo(connection, run_id)
    change = changed(connection, is_reload=any(one.field == "listing" for one in plan.differences))
    if change != plan.seen + 1:
        # Somebody was faster between looking and the lock on the counter.
        plan = plan_undo(connection, run_id)
    if plan.built_on and not even_partly:
        return plan
    act_id = connection.execute(
        sa.select(Act.id).where(Act.kind == "import", Act.import_run_id == run_id)
    ).scalar_one()
    act = {"kind": "undo", "user_id": user_id, "why": why, "import_run_id": run_id, "undoes_id": act_id}
    number = connection.execute(sa.insert(Act).values(act).returning(Act.id)).scalar_one()
    write_changes(connection, number, plan.differences, plan.versions)
    _take_back(connection, plan, change)
    _withdraw_offers(connection, run_id, change)
    connection.execute(sa.update(ImportRun).where(ImportRun.id == run_id).values(undone_at=utc_now()))
    return plan


def _take_back(connection: sa.Connection, plan: Plan, change: int) -> None:
    came = [one.provider_id for one in plan.differences if one.field == "listing"]
    for start in range(0, len(came), CHUNK):
        connection.execute(sa.delete(Provider).where(Provider.id.in_(came[start : start + CHUNK])))
    _take_programs_back(connection, plan)
    _bring_corrections_back(connection, plan)
    gone = set(came)
    own: dict[int, list[Difference]] = {
        one.provider_id: [] for one in plan.differences if one.provider_id not in gone
    }
    of_programs: dict[int, list[Difference]] = defaultdict(list)
    for one in plan.differences:
        if one.program_id is not None and one.field != "program":
            of_programs[one.program_id].append(one)
        elif one.program_id is None and one.provider_id in own and not one.field.startswith("correction."):
            own[one.provider_id].append(one)
    marks = {number: {"version": plan.versions[number], "change": change} for number in own}
    _update(connection, PROVIDER, own, marks)
    _update(connection, PROGRAM, of_programs, {})


def _update(
    connection: sa.Connection, table: sa.Table, wanted: dict[int, list[Difference]], marks: dict[int, dict[str, Any]]
) -> None:
    """Write these differences, and marks, into the rows with these numbers."""
    facts_now = _facts_now(connection, table, [number for number, own in wanted.items() if _has_facts(own)])
    updates: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for number, own in wanted.items():
        row = _columns(own, facts_now.get(number, {})) | marks.get(number, {})
        updates[tuple(sorted(row))].append(row | {"b_id": number})
    for names, rows in updates.items():
        values = {name: sa.bindparam(name, type_=table.c[name].type) for name in names}
        connection.execute(sa.update(table).where(table.c.id == sa.bindparam("b_id")).values(values), rows)


def _has_facts(own: Iterable[Difference]) -> bool:
    return any(one.field.startswith("facts.") for one in own)


def _facts_now(connection: sa.Connection, table: sa.Table, ids: Sequence[int]) -> dict[int, dict[str, bool]]:
    found: dict[int, dict[str, bool]] = {}
    for start in range(0, len(ids), CHUNK):
        select = sa.select(table.c.id, table.c.facts).where(table.c.id.in_(ids[start : start + CHUNK]))
        found |= {row.id: row.facts for row in connection.execute(select)}
    return found


def _columns(own: Iterable[Difference], facts: dict[str, bool]) -> dict[str, Any]:
    """Column values of a provider or program with these differences taken in."""
    values: dict[str, Any] = {}
    said = {f"facts.{code}": known for code, known in facts.items()}
    for one in own:
        if one.field.startswith("facts."):
            said[one.field] = one.new
            values["facts"] = facts_of(said)
        elif one.field == "point":
            values |= dict(zip(POINT, one.new or (None, None, None), strict=True))
        elif one.field in DAYS and one.new:
            values[one.field] = Provider.__table__.c[one.field].type.python_type.fromisoformat(one.new)
        else:
            values[one.field] = one.new
    return values


def _take_programs_back(connection: sa.Connection, plan: Plan) -> None:
    of_programs = [one for one in plan.differences if one.field == "program"]
    came = [one.program_id for one in of_programs if one.new is None]
    for start in range(0, len(came), CHUNK):
        connection.execute(sa.delete(Program).where(Program.id.in_(came[start : start + CHUNK])))
    rows = [_program_row(one) for one in of_programs if one.new is not None]
    if rows:
        connection.execute(sa.insert(PROGRAM), rows)


def _program_row(one: Difference) -> dict[str, Any]:
    try:
        program = program_of(one.new, one.program_id)
    except CannotPutBackError as error:
        raise CannotUndoError(one.provider_id) from error
    values = {name: getattr(program, name) for name in (*PROGRAM_FIELDS, "facts")}
    return values | {"id": one.program_id, "provider_id": one.provider_id}


def _bring_corrections_back(connection: sa.Connection, plan: Plan) -> None:
    """Corrections that the import ended are needed again, and offers that it replaced stand again."""
    rows = [
        {
            **one.new,
            "provider_id": one.provider_id,
            "field": one.field.removeprefix("correction."),
            "made_at": datetime.fromisoformat(one.new["made_at"]),
        }
        for one in plan.differences
        if one.field.startswith("correction.") and one.new is not None
    ]
    for row in rows:
        of_field = (Correction.provider_id == row["provider_id"], Correction.field == row["field"])
        if connection.execute(sa.select(Correction.field).where(*of_field)).first() is None:
            connection.execute(sa.insert(Correction).values(row))
        else:
            connection.execute(sa.update(Correction).where(*of_field).values(row))


def _withdraw_offers(connection: sa.Connection, run_id: int, change: int) -> None:
    offered = sa.select(Correction.provider_id).where(Correction.offered_run_id == run_id)
    told = sa.update(PROVIDER).where(PROVIDER.c.id.in_(offered))
    connection.execute(told.values(change=change, updated_at=PROVIDER.c.updated_at))
    connection.execute(
        sa.update(Correction)
        .where(Correction.offered_run_id == run_id)
        .values(is_offered=False, offered_value=None, offered_run_id=None)
    )
