"""Corrections: which values imports must keep, because staff set them otherwise than the source says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from referral.models.correction import Correction
from referral.models.program import Program
from referral.models.recording import (
    COMPARE_ANEW,
    IMPORTED_FIELDS,
    PROVIDER,
    Difference,
    Values,
    program_rows,
    program_values,
    stored,
)

STAFF_SOURCE = "staff"
"""Listings that staff entered have no other source that they could correct."""

OF_PROGRAMS = ("max_stay_days", "capacity")
"""Values of programs that a file may state; corrected under the name with the level, as "capacity.outpatient"."""


def keep_corrections_of(
    connection: sa.Connection,
    found: Sequence[Difference],
    sources: Mapping[int, str],
    programs_before: Mapping[int, tuple[int, Values]],
    user_id: int | None,
) -> None:
    """Make, keep or drop the corrections that these changes by staff amount to.

    A value that returns to what the source says is no correction any more. `programs_before`: all programs of the
    listings that were changed, by number, each with its listing.
    """
    by_provider: dict[int, dict[str, tuple[Any, Any]]] = defaultdict(dict)
    for change in found:
        is_listing = change.field == "listing"
        if sources.get(change.provider_id, STAFF_SOURCE) == STAFF_SOURCE or is_listing:
            continue
        fields = by_provider[change.provider_id]
        if change.program_id is None and (change.field in IMPORTED_FIELDS or change.field.startswith("facts.")):
            fields[change.field] = (change.old, change.new)
    programs_now = _programs_now(connection, by_provider)
    for provider_id, fields in by_provider.items():
        before = {number: own for number, (owner, own) in programs_before.items() if owner == provider_id}
        now = programs_now[provider_id]
        by_level = _changes_by_level(before, now)
        _keep(connection, provider_id, fields | by_level, user_id)
        _follow_levels(connection, provider_id, by_level)
        _mark_levels(connection, provider_id, _worked_on(before, now), user_id)


def _follow_levels(connection: sa.Connection, provider_id: int, by_level: Mapping[str, tuple[Any, Any]]) -> None:
    """With its program goes what the source says of it otherwise; with a program that comes, that is to be heard."""
    levels = {field.removeprefix("level."): new for field, (_, new) in by_level.items() if field.startswith("level.")}
    gone = {f"{name}.{level}" for level, is_there in levels.items() if not is_there for name in OF_PROGRAMS}
    if gone:
        of_gone = (Correction.provider_id == provider_id, Correction.field.in_(gone))
        connection.execute(sa.delete(Correction).where(*of_gone))
    if any(levels.values()):
        anew = sa.update(PROVIDER).where(PROVIDER.c.id == provider_id, PROVIDER.c.source_content != "")
        connection.execute(anew.values(source_content=COMPARE_ANEW, updated_at=PROVIDER.c.updated_at))


def _programs_now(connection: sa.Connection, provider_ids: Iterable[int]) -> dict[int, dict[int, Values]]:
    found: dict[int, dict[int, Values]] = defaultdict(dict)
    for row in connection.execute(program_rows.where(Program.provider_id.in_(provider_ids))):
        found[row.provider_id][row.id] = program_values(row)
    return found


def _changes_by_level(before: Mapping[int, Values], now: Mapping[int, Values]) -> dict[str, tuple[Any, Any]]:
    """What changed of each level: whether there is such a program, and what the first one states.

    What a file says of a level is said of its first program.
    """
    firsts_before, firsts = _first_of_each_level(before), _first_of_each_level(now)
    found: dict[str, tuple[Any, Any]] = {}
    for level in firsts_before.keys() ^ firsts.keys():
        found[f"level.{level}"] = (level in firsts_before, level in firsts)
    for level, program in firsts.items():
        for name in OF_PROGRAMS:
            old, new = firsts_before.get(level, {}).get(name), program[name]
            if old != new:
                found[f"{name}.{level}"] = (old, new)
    return found


def _first_of_each_level(programs: Mapping[int, Values]) -> dict[str, Values]:
    return {own["level"]: own for _number, own in sorted(programs.items(), reverse=True)}


def _worked_on(before: Mapping[int, Values], now: Mapping[int, Values]) -> set[str]:
    """Levels with a program that staff made something of: what would be lost if it went with its level."""
    changed = {number: own for number, own in now.items() if before.get(number) != own}
    levels_before = {own["level"] for own in before.values()}
    return {own["level"] for own in changed.values() if own["level"] in levels_before or not is_plain(own)}


def is_plain(program: Values) -> bool:
    """Whether a program says nothing but its level: as files bring it."""
    said = {name: value for name, value in program.items() if value not in (None, "")}
    return said == {"level": program["level"], "status": "active"}


def _mark_levels(connection: sa.Connection, provider_id: int, levels: Iterable[str], user_id: int | None) -> None:
    """Programs that staff worked on do not go with the level that their source no longer lists: that is settled."""
    names = {f"level.{level}" for level in levels}
    known = sa.select(Correction.field).where(Correction.provider_id == provider_id, Correction.field.in_(names))
    for name in sorted(names - set(connection.execute(known).scalars())):
        values = {"provider_id": provider_id, "field": name, "source_value": True, "user_id": user_id}
        connection.execute(sa.insert(Correction).values(values))


def _keep(
    connection: sa.Connection, provider_id: int, fields: Mapping[str, tuple[Any, Any]], user_id: int | None
) -> None:
    known = {
        row.field: row
        for row in connection.execute(
            sa.select(
                Correction.field, Correction.source_value, Correction.is_offered, Correction.offered_value
            ).where(Correction.provider_id == provider_id)
        )
    }
    for field, (old, new) in fields.items():
        kept = known.get(field)
        of_field = (Correction.provider_id == provider_id, Correction.field == field)
        if kept is None:
            values = {"provider_id": provider_id, "field": field, "source_value": old, "user_id": user_id}
            connection.execute(sa.insert(Correction).values(values))
        elif new == (kept.offered_value if kept.is_offered else kept.source_value):
            connection.execute(sa.delete(Correction).where(*of_field))
        else:
            connection.execute(sa.update(Correction).where(*of_field).values(user_id=user_id))


Corrections = dict[tuple[int, str], Values]
"""By listing and field: as history keeps them."""

LEFT = ("source_value", "is_offered", "offered_value")
"""What tells whether a correction is still as something left it."""


def correction_values(row: Any) -> Values:
    """A correction as history keeps it."""
    return {name: stored(getattr(row, name)) for name in (*LEFT, "user_id", "offered_run_id", "made_at")}


def corrections_of(connection: sa.Connection, provider_ids: Iterable[int]) -> Corrections:
    rows = connection.execute(sa.select(Correction.__table__).where(Correction.provider_id.in_(provider_ids)))
    return {(row.provider_id, row.field): correction_values(row) for row in rows}


def correction_changes(before: Corrections, after: Corrections) -> Iterator[Difference]:
    """What taking back has to know: each correction that came, went or became another, and how it was left."""
    for provider_id, name in sorted({**before, **after}):
        old, new = before.get((provider_id, name)), after.get((provider_id, name))
        if old != new:
            left = None if new is None else {part: new[part] for part in LEFT}
            yield Difference(provider_id, None, f"correction.{name}", old, left)
