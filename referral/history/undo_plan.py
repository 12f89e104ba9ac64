"""What taking a whole import back would do: everything that it changed and that nothing was built on since.

What was built on is listed: it stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from referral.models import (
    Act,
    Assignment,
    Change,
    Check,
    Correction,
    DirectoryChange,
    ImportRun,
    Merge,
    Report,
)
from referral.models.recording import (
    COMPARE_ANEW,
    PROGRAM,
    PROVIDER,
    Difference,
    Values,
    program_rows,
    program_values,
    provider_rows,
    provider_values,
)

CHUNK = 500
CORRECTION = "correction."
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
    is_of_program: bool = False


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
    programs: dict[int, dict[int, Values]] = defaultdict(dict)
    for row in connection.execute(program_rows.where(PROGRAM.c.provider_id.in_(ids)).order_by(PROGRAM.c.id)):
        programs[row.provider_id][row.id] = program_values(row)
    used, since = _used(connection, ids), _changes_since(connection, changes)
    for provider_id, own in groupby(changes, key=lambda change: int(change.provider_id)):
        if provider_id in providers:
            done = list(own)
            touched = {change.program_id for change in done}
            there = _There(programs[provider_id], since[provider_id], touched, provider_id in used)
            _plan_one(providers[provider_id], done, there, plan)


def _changes_since(connection: sa.Connection, changes: Sequence[Any]) -> dict[int, list[Any]]:
    """By listing: what was changed after these changes, and by which kind of act."""
    last = max(change.id for change in changes)
    of_listings = Change.provider_id.between(changes[0].provider_id, changes[-1].provider_id)
    columns = (Change.provider_id, Change.program_id, Change.field, Change.old, Change.new, Act.kind)
    select = sa.select(*columns).join(Act, Act.id == Change.act_id).where(of_listings, Change.id > last)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(select.order_by(Change.id)):
        found[row.provider_id].append(row)
    return found


class _There(NamedTuple):
    """What is there of a listing, beside its own row."""

    programs: dict[int, Values]
    since: list[Any]
    """Changes after the import."""
    touched: set[int | None]
    """Numbers of the programs that the import itself added, changed or took away."""
    is_used: bool

    def stand_in(self, level: str) -> Values | None:
        """A program of this level that is new since the import took its own away: with both there would be two."""
        came = {one.program_id for one in self.since if one.field == "program" and one.old is None} - self.touched
        return next((own for number, own in self.programs.items() if number in came and own["level"] == level), None)


def _plan_one(row: Any, changes: Sequence[Any], there: _There, plan: Plan) -> None:
    """What taking back does to one listing, and what it leaves."""
    values = provider_values(row)
    plan.versions[row.id] = row.version + 1
    left: list[BuiltOn] = []
    for change in changes:
        if change.field in TECHNICAL:
            continue
        if change.field.startswith(CORRECTION):
            plan.differences.append(Difference(row.id, None, change.field, change.new, change.old))
            if (taken := _taken(change, row, there)) is not None:
                left.append(taken)
            continue
        now = _now(change, values, there, version=row.version)
        is_hidden = change.field == "point" and change.old is not None and _stays_hidden(row, changes)
        if now == change.new and not is_hidden:
            plan.differences.append(Difference(row.id, change.program_id, change.field, change.new, change.old))
        else:
            is_of_program = change.program_id is not None
            left.append(BuiltOn(row.id, row.name, change.field, change.new, now, is_of_program))
    plan.built_on += left
    # What was settled, or said by another file, since was so against what the import said.
    _plan_marks(row, changes, plan, is_anew=bool(left or there.since))


def _taken(correction: Any, row: Any, there: _There) -> BuiltOn | None:
    """What staff took of the import because it was offered to them, where it still stands."""
    name = correction.field.removeprefix(CORRECTION)
    found = [values for one in there.since if (values := _as_correction(one, there.programs))[0] == name]
    if not found or not (correction.new or {}).get("is_offered"):
        return None
    _, old, new, kind = found[-1]
    is_theirs = kind == "settle" and new == correction.new["offered_value"]
    return BuiltOn(row.id, row.name, name, old, new) if is_theirs else None


def _as_correction(change: Any, programs: dict[int, Values]) -> tuple[str, Any, Any, str]:
    """Field, old and new value and kind of act of a change, as a correction has them."""
    if change.field == "program":
        level = (change.new or change.old)["level"]
        return f"level.{level}", change.old is not None, change.new is not None, change.kind
    if change.program_id in programs:
        return f"{change.field}.{programs[change.program_id]['level']}", change.old, change.new, change.kind
    return change.field, change.old, change.new, change.kind


def _stays_hidden(row: Any, changes: Sequence[Any]) -> bool:
    """Whether staff have hidden the address since: it gets no point on the map again."""
    kind = next((one for one in changes if one.field == "address_kind" and one.new == row.address_kind), None)
    then: str = row.address_kind if kind is None else kind.old
    return then != "street"


def _plan_marks(row: Any, changes: Sequence[Any], plan: Plan, *, is_anew: bool) -> None:
    """Where the listing stands in its source. What is left, or was changed since, has to be compared anew."""
    marks = {change.field: change for change in changes if change.field in TECHNICAL}
    if "source_content" in marks:
        content, run = marks["source_content"], marks["import_run_id"]
        is_overtaken = content.new != row.source_content
        if not is_overtaken:
            plan.differences.append(Difference(row.id, None, run.field, run.new, run.old))
        becomes = COMPARE_ANEW if is_overtaken or is_anew else content.old
    elif is_anew and row.source_content:
        becomes = COMPARE_ANEW
    else:
        return
    plan.differences.append(Difference(row.id, None, "source_content", row.source_content, becomes))


def _now(change: Any, values: Values, there: _There, *, version: int) -> Any:
    """What stands now where the import made its change; equal to change.new where nothing was built on it."""
    programs = there.programs
    if change.field == "listing":
        is_as_it_came = version == change.version and not there.is_used
        return change.new if is_as_it_came else {"name": values["name"], "version": version}
    if change.field == "program":
        if change.new is None and change.program_id not in programs:
            return there.stand_in(change.old["level"])
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
