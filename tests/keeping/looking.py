"""The directory as plain dicts, read around all code that writes it, and what its history makes of it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa

from referral.models import Act, Change, Correction, Program, Provider, Report

Values = dict[str, Any]
Directory = dict[int, Values]
"""By number of the listing: its values by field, its programs by number under "programs"."""

NOT_VALUES = {
    *("id", "source", "source_key", "created_at", "updated_at", "change", "version", "hand_point"),
    *("import_run_id", "source_content", "facts", "latitude", "longitude", "precision"),
}
"""Columns of a provider that are no values of the listing, or are read in another form."""


def look(engine: sa.Engine) -> Directory:
    with engine.connect() as connection:
        found = {row["id"]: _values(row) for row in connection.execute(sa.select(Provider.__table__)).mappings()}
        for row in connection.execute(sa.select(Program.__table__).order_by(Program.id)).mappings():
            values = {name: row[name] for name in row if name not in ("id", "provider_id", "facts")}
            found[row["provider_id"]]["programs"][row["id"]] = values | _facts(row["facts"])
    return found


def _values(row: Any) -> Values:
    values = {name: _plain(row[name]) for name in row if name not in NOT_VALUES}
    values["point"] = None
    if row["latitude"] is not None:
        values["point"] = [row["latitude"], row["longitude"], row["precision"]]
    return values | _facts(row["facts"]) | {"programs": {}}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _facts(facts: dict[str, bool]) -> Values:
    return {f"facts.{code}": known for code, known in facts.items()}


def corrections(engine: sa.Engine) -> dict[int, dict[str, Any]]:
    """By listing and field: the rows."""
    found: dict[int, dict[str, Any]] = {}
    with engine.connect() as connection:
        for row in connection.execute(sa.select(Correction.__table__)):
            found.setdefault(row.provider_id, {})[row.field] = row
    return found


def changes_after(engine: sa.Engine, last: int) -> list[Any]:
    """Changes in history with a greater number, each with its act."""
    select = sa.select(Change.__table__, Act.kind, Act.user_id, Act.why, Act.at).join(Act, Act.id == Change.act_id)
    with engine.connect() as connection:
        return list(connection.execute(select.where(Change.id > last).order_by(Change.id)))


def replay(directory: Directory, changes: Iterable[Any], now: Directory) -> Directory:
    """The directory after these changes, made from history alone. An import tells only the name of a new listing:
    its first values, and those of its programs, are taken from `now`."""
    found = copy.deepcopy(directory)
    for change in changes:
        number, field = change.provider_id, change.field
        if field.startswith(("correction.", "kept.")) or field in ("source_content", "import_run_id"):
            continue
        if field == "listing":
            if change.new is None:
                del found[number]
            else:
                found[number] = copy.deepcopy(now[number])
            continue
        values = found[number]
        if field == "program":
            _replay_program(values["programs"], change)
            continue
        of_thing = values if change.program_id is None else values["programs"][change.program_id]
        assert of_thing.get(field) == change.old, (number, change.program_id, field, of_thing.get(field), change)
        if change.new is None and field.startswith("facts."):
            of_thing.pop(field)
        else:
            of_thing[field] = change.new
    return found


def _replay_program(programs: dict[int, Values], change: Any) -> None:
    if change.new is None:
        assert programs.pop(change.program_id) == change.old, change
    elif change.program_id not in programs:
        programs[change.program_id] = copy.deepcopy(change.new)
    else:
        assert programs[change.program_id] == change.new, change


def n_reports(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(Report)).scalar_one()


def ours(values: Values, field: str) -> Any:
    """What a listing says of a field of a correction."""
    kind, _, level = field.partition(".")
    of_level = [program for _number, program in sorted(values["programs"].items()) if program["level"] == level]
    if kind == "level":
        return bool(of_level)
    if kind == "capacity":
        return of_level[0]["capacity"] if of_level else None
    return values.get(field)
