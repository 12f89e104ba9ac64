"""What a row of our own format makes of a listing: its values and programs afterwards, and the differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, NamedTuple

from referral.importers.messages import Message, say
from referral.importers.records import OwnRecord
from referral.models.recording import (
    POINT,
    Difference,
    differences,
    program_values,
    provider_values,
)
from referral.vocabulary import FACTS
from referral.vocabulary.words import N_

NEW_PROGRAM: dict[str, Any] = {"name": "", "max_stay_days": None, "capacity": None, "facts": {}, "status": "active"}
NEW_PROVIDER: dict[str, Any] = {"status": "active", "address_kind": "street"}
HAS_NO_POINT = say(N_("latitude: only a listing with address_kind street has a point: leave it empty"))


class WantedProgram(NamedTuple):
    """A program that the listing will have. `program`: the one that is there (a Program or a row of one), None for a
    new one, which the file calls `id`. `values` are attributes of Program.
    """

    program: Any | None
    values: dict[str, Any]
    id: int | None


def wanted_columns(record: OwnRecord, provider: Any | None) -> dict[str, Any]:
    """Attributes of Provider that the row says, with all facts. `provider`: the one that is there."""
    columns = {} if provider is not None else dict(NEW_PROVIDER)
    columns |= {name: value for name, value in record.values.items() if name != "point"}
    kind = columns.get("address_kind") or provider.address_kind  # type: ignore[union-attr]
    if "point" in record.values:
        columns |= dict(zip(POINT, record.values["point"] or (None, None, None), strict=True))
    elif kind != "street":
        # An address that is hidden from now on has no point either.
        columns |= dict.fromkeys(POINT)
    facts = {} if provider is None else dict(provider.facts)
    facts |= record.facts
    columns["facts"] = {code: facts[code] for code in FACTS if facts.get(code) is not None}
    return columns


def conflict(record: OwnRecord, provider: Any | None) -> Message | None:
    """Why the row cannot be written into this listing; None where it can."""
    columns = wanted_columns(record, provider)
    if provider is None and not columns.get("name"):
        return say(N_("name: is empty, and no listing has this onward_id or source_key"))
    kind = columns.get("address_kind") or provider.address_kind  # type: ignore[union-attr]
    if kind != "street" and columns.get("latitude") is not None:
        return HAS_NO_POINT
    return None


def wanted_programs(record: OwnRecord, there: Sequence[Any]) -> tuple[list[WantedProgram], list[Any]]:
    """(programs afterwards, those that go) of a listing that has the programs `there` now.

    A program of the file is the one with its number, else the next of its level that no other has taken. A file with
    fewer columns than the listing has programs takes none away.
    """
    if record.programs is None:
        return [], []
    by_id = {program.id: program for program in there}
    taken = {said["id"] for said in record.programs if said.get("id") in by_id}
    left = [program for program in there if program.id not in taken]
    used: set[int] = set()
    wanted = []
    for said in record.programs:
        number = said.get("id")
        program = by_id.get(number) if number not in used else None
        if program is None:
            program = next((one for one in left if one.level == said["level"]), None)
            if program is not None:
                left.remove(program)
        if program is not None:
            used.add(program.id)
        values = {name: value for name, value in said.items() if name != "id"}
        wanted.append(WantedProgram(program, values if program is not None else NEW_PROGRAM | values, number))
    has_room = record.n_groups is None or record.n_groups >= len(there)
    return wanted, left if has_room else []


def wanted_differences(record: OwnRecord, provider: Any, programs: Sequence[Any]) -> Iterator[Difference]:
    """All that the row changes in a listing that is there, as history tells it. New programs have no number yet."""
    columns = wanted_columns(record, provider)
    yield from differences(provider.id, None, provider_values(provider), provider_values(_Laid(provider, columns)))
    wanted, gone = wanted_programs(record, programs)
    for one in wanted:
        if one.program is None:
            row = _Laid(None, one.values)
            yield Difference(provider.id, None, "program", None, program_values(row))
        else:
            row = _Laid(one.program, one.values)
            yield from differences(provider.id, one.program.id, program_values(one.program), program_values(row))
    for program in gone:
        yield Difference(provider.id, program.id, "program", program_values(program), None)


class _Laid:
    """A row with other values laid over it."""

    def __init__(self, row: Any, values: Mapping[str, Any]) -> None:
        self._row, self._values = row, values

    def __getattr__(self, name: str) -> Any:
        return self._values[name] if name in self._values else getattr(self._row, name)


def to_plain(record: OwnRecord) -> dict[str, Any]:
    """A record as a plain dict that JSON can hold."""
    values = {name: value.isoformat() if isinstance(value, date) else value for name, value in record.values.items()}
    return {**{field.name: getattr(record, field.name) for field in fields(record)}, "values": values}


def from_plain(found: Mapping[str, Any]) -> OwnRecord:
    """The record of such a dict."""
    values = {
        name: date.fromisoformat(value) if name in _DAYS and value else value
        for name, value in found["values"].items()
    }
    programs = None if found["programs"] is None else tuple(found["programs"])
    return OwnRecord(**{**found, "values": values, "programs": programs, "notes": tuple(found["notes"])})


_DAYS = ("closed_until", "license_expires_on", "confirmed_on")
