"""Taking a whole import back: everything that it changed and that nothing was built on since.

What was built on stays, and is listed. Taking back is itself an act in history; nothing of history goes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from referral.history.putting_back import DAYS, CannotPutBackError, facts_of, program_of
from referral.history.undo_plan import CHUNK, CORRECTION, BuiltOn, CannotUndoError, Plan, plan_undo
from referral.models import Act, Correction, ImportRun, Program, Provider, changed, utc_now
from referral.models.correcting import LEFT, OF_PROGRAMS
from referral.models.recording import POINT, PROGRAM, PROGRAM_FIELDS, PROVIDER, Difference
from referral.models.tracking import write_changes

__all__ = ["BuiltOn", "CannotUndoError", "Plan", "plan_undo", "undo_import"]


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
    gone = set(came)
    own: dict[int, list[Difference]] = {
        one.provider_id: [] for one in plan.differences if one.provider_id not in gone
    }
    of_programs: dict[int, list[Difference]] = defaultdict(list)
    for one in plan.differences:
        if one.program_id is not None and one.field != "program":
            of_programs[one.program_id].append(one)
        elif one.program_id is None and one.provider_id in own and not one.field.startswith(CORRECTION):
            own[one.provider_id].append(one)
    marks = {number: {"version": plan.versions[number], "change": change} for number in own}
    _update(connection, PROVIDER, own, marks)
    _update(connection, PROGRAM, of_programs, {})
    _bring_corrections_back(connection, plan)


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
    """Corrections that the import ended are needed again, and offers that it replaced stand again, where they are
    still as it left them. Those that it made go, where nothing that they keep is left."""
    built_on = {(one.provider_id, one.field) for one in plan.built_on}
    with_programs = {one.provider_id for one in plan.built_on if one.is_of_program}
    for one in plan.differences:
        name = one.field.removeprefix(CORRECTION)
        if one.field == name:
            continue
        if one.new is None and ((one.provider_id, name) in built_on or _keeps(connection, one, name, with_programs)):
            continue
        of_field = (Correction.provider_id == one.provider_id, Correction.field == name)
        row = connection.execute(sa.select(Correction.__table__).where(*of_field)).one_or_none()
        is_left = one.old == (None if row is None else {part: getattr(row, part) for part in LEFT})
        is_taken = row is None and (one.provider_id, name) in built_on and _keeps_taken(one)
        if not (is_left or is_taken):
            continue
        if row is not None:
            connection.execute(sa.delete(Correction).where(*of_field))
        if one.new is not None:
            own = {"provider_id": one.provider_id, "field": name}
            made_at = datetime.fromisoformat(one.new["made_at"])
            connection.execute(sa.insert(Correction).values({**one.new, **own, "made_at": made_at}))


def _keeps_taken(replaced: Difference) -> bool:
    """Whether the correction that stood before the import keeps what staff took of it: what was not said before."""
    if replaced.old is None or replaced.new is None:
        return False
    is_new: bool = replaced.old["offered_value"] != replaced.new["offered_value"]
    return is_new


def _keeps(connection: sa.Connection, made: Difference, name: str, with_programs: set[int]) -> bool:
    """Whether a correction that the import made of a level keeps work on its programs by now."""
    kind, _, level = name.partition(".")
    if kind == "level":
        return made.provider_id in with_programs
    if kind not in OF_PROGRAMS:
        return False
    of_level = (PROGRAM.c.provider_id == made.provider_id, PROGRAM.c.level == level)
    first = sa.select(PROGRAM.c[kind]).where(*of_level).order_by(PROGRAM.c.id).limit(1)
    value: int | None = connection.execute(first).scalar()
    return value is not None and value != made.old["source_value"]


def _withdraw_offers(connection: sa.Connection, run_id: int, change: int) -> None:
    offered = sa.select(Correction.provider_id).where(Correction.offered_run_id == run_id)
    told = sa.update(PROVIDER).where(PROVIDER.c.id.in_(offered))
    connection.execute(told.values(change=change, updated_at=PROVIDER.c.updated_at))
    connection.execute(
        sa.update(Correction)
        .where(Correction.offered_run_id == run_id)
        .values(is_offered=False, offered_value=None, offered_run_id=None)
    )
