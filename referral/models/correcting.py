"""Corrections: which values imports must keep, because staff set them otherwise than the source says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from referral.models.correction import Correction
from referral.models.program import Program
from referral.models.recording import IMPORTED_FIELDS, Difference, Values

STAFF_SOURCE = "staff"
"""Listings that staff entered have no other source that they could correct."""

OF_PROGRAMS = ("max_stay_days", "capacity")
"""Values of programs that a file may state; corrected under the name with the level, as "capacity.outpatient"."""


def keep_corrections_of(
    connection: sa.Connection,
    found: Iterable[Difference],
    sources: Mapping[int, str],
    programs_before: Mapping[int, tuple[int, Values]],
    user_id: int | None,
) -> None:
    """Make, keep or drop the corrections that these changes by staff amount to.

    A value that returns to what the source says is no correction any more.
    """
    by_provider: dict[int, dict[str, tuple[Any, Any]]] = defaultdict(dict)
    firsts = _first_of_each_level(programs_before)
    worked_on: dict[int, set[str]] = defaultdict(set)
    for change in found:
        if sources.get(change.provider_id, STAFF_SOURCE) == STAFF_SOURCE:
            continue
        fields = by_provider[change.provider_id]
        if change.program_id is None:
            if change.field in IMPORTED_FIELDS or change.field.startswith("facts."):
                fields[change.field] = (change.old, change.new)
        elif change.program_id in programs_before and change.field != "program":
            level = programs_before[change.program_id][1]["level"]
            worked_on[change.provider_id].add(level)
            # What a file says of a level is said of its first program.
            if change.field in OF_PROGRAMS and change.program_id in firsts:
                fields[f"{change.field}.{level}"] = (change.old, change.new)
        elif change.field == "program" and change.new is not None:
            worked_on[change.provider_id].add(change.new["level"])
    levels_before: dict[int, set[str]] = defaultdict(set)
    for provider_id, values in programs_before.values():
        levels_before[provider_id].add(values["level"])
    levels_now = _levels_now(connection, by_provider)
    for provider_id, fields in by_provider.items():
        for level in levels_before[provider_id] ^ levels_now[provider_id]:
            was_there = level in levels_before[provider_id]
            fields[f"level.{level}"] = (was_there, not was_there)
        _keep(connection, provider_id, fields, user_id)
        stays = worked_on[provider_id] & levels_before[provider_id] & levels_now[provider_id]
        _mark_levels(connection, provider_id, stays, user_id)


def _levels_now(connection: sa.Connection, provider_ids: Iterable[int]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    select = sa.select(Program.provider_id, Program.level).where(Program.provider_id.in_(provider_ids))
    for provider_id, level in connection.execute(select):
        found[provider_id].add(level)
    return found


def _first_of_each_level(programs: Mapping[int, tuple[int, Values]]) -> set[int]:
    """Numbers of the programs that are the first of their level at their provider."""
    firsts: dict[tuple[int, str], int] = {}
    for number, (provider_id, values) in programs.items():
        key = (provider_id, values["level"])
        firsts[key] = min(number, firsts.get(key, number))
    return set(firsts.values())


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
