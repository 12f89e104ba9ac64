"""Our own file format (docs/file_format.md), as export writes it: csv, xlsx or JSON, one listing a row.

A column that the file does not have leaves the directory as it is; a blank cell in a column that it has empties it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from referral.importers.contact import clean_text
from referral.importers.messages import Message, joined, say
from referral.importers.own.cells import PHONE_KINDS, CellError, Text, from_cell, read_phone, read_zip
from referral.importers.own.columns import (
    FACT_COLUMNS,
    LISTING,
    MARK,
    PHONE_EXTENSION,
    POSTAL_CODE,
    Column,
    program_columns,
)
from referral.importers.own.wanted import HAS_NO_POINT
from referral.importers.reading.files import SourceFile, UnreadableFileError
from referral.importers.reading.json_rows import NOT_AN_OBJECT, read_json
from referral.importers.reading.tables import Table
from referral.importers.records import OwnRecord, Rejected
from referral.models.correcting import STAFF_SOURCE
from referral.vocabulary.words import N_

SOURCE = "onward"
LABEL = say(N_("Onward's own format (csv or xlsx with the column onward_id, or JSON), as export writes it"))

LIST_KEY = "listings"
_OWN_JSON = re.compile(r'\s*\{\s*"onward"\s*:')
_PROGRAM_COLUMN = re.compile(r"program_([0-9]{1,3})_(.+)")
_MAX_REASONS = 3
_LISTING_COLUMNS = {column.name: column for column in LISTING}
_FACTS = {column.name: column for column in FACT_COLUMNS}
_PROGRAM_COLUMNS = {column.name.removeprefix("program_1_"): column for column in program_columns(1)}
_POINT = ("latitude", "longitude", "precision")
_KNOWN: dict[str, bool | None] = {"": None, "yes": True, "no": False}
_BLANK = Text("")


@dataclass
class _Cells:
    """The cells of one listing, whatever the kind of file."""

    listing: dict[str, Text]
    facts: dict[str, str]
    programs: list[dict[str, Text]] | None
    n_groups: int | None = None
    other_phones: list[dict[str, str]] | None = None


def recognises(table: Table) -> bool:
    """Whether this is such a table, by its header."""
    return MARK in table.header


def recognises_json(beginning: str) -> bool:
    """Whether a JSON file is one of ours, by its first characters."""
    return _OWN_JSON.match(beginning) is not None


def parse(table: Table) -> Iterator[OwnRecord | Rejected]:
    """A record for each row. Raises UnreadableFileError when columns that belong together are not all there."""
    listing, facts, groups = _positions(table.header)
    notes = tuple(
        say(N_("the column %(column)s is not one of ours: it was not read"), column=name)
        for name in table.header
        if name and not (name in _LISTING_COLUMNS or name in _FACTS or _is_program_column(name))
    )
    for row in table.rows:
        if isinstance(row, Rejected):
            yield row
            continue
        found = row.cells
        programs = [
            {name: from_cell(found[at]) for name, at in group.items()}
            if any(found[at] for at in group.values())
            else {}
            for group in groups.values()
        ]
        cells = _Cells(
            {name: from_cell(found[at]) if found[at] else _BLANK for name, at in listing.items()},
            {code: found[at] for code, at in facts.items()},
            programs if groups else None,
            len(groups),
        )
        yield _record(row.number, cells, notes)


def _is_program_column(name: str) -> bool:
    found = _PROGRAM_COLUMN.fullmatch(name)
    return found is not None and found[2] in _PROGRAM_COLUMNS


def _positions(header: tuple[str, ...]) -> tuple[dict[str, int], dict[str, int], dict[int, dict[str, int]]]:
    """Where the columns stand: of the listing, of its facts, and of each group of a program."""
    listing = {name: at for at, name in enumerate(header) if name in _LISTING_COLUMNS}
    facts = {name: at for at, name in enumerate(header) if name in _FACTS}
    groups: dict[int, dict[str, int]] = {}
    for at, name in enumerate(header):
        if _is_program_column(name) and (found := _PROGRAM_COLUMN.fullmatch(name)):
            groups.setdefault(int(found[1]), {})[found[2]] = at
    if len({"latitude", "longitude"} & listing.keys()) == 1:
        what = N_("The table needs both latitude and longitude, or neither of them.")
        raise UnreadableFileError(say(what))
    for number, group in groups.items():
        if "level" not in group:
            what = N_("The table has columns of program_%(n)s, but no program_%(n)s_level.")
            raise UnreadableFileError(say(what, n=number))
    return listing, facts, dict(sorted(groups.items()))


def parse_json(source: SourceFile) -> Iterator[OwnRecord | Rejected]:
    """A record for each object in the list. Raises UnreadableFileError where the text is no JSON.

    Texts are taken as they stand. `facts` and `programs` are the whole of what is known, where they are there.
    """
    for found in read_json(source, LIST_KEY):
        if isinstance(found, Rejected):
            yield found
            continue
        number, row = found
        try:
            cells = _json_cells(row)
        except CellError as error:
            yield Rejected(number, error.message)
            continue
        unknown = sorted(row.keys() - _LISTING_COLUMNS.keys() - {"facts", "programs"})
        what = N_("%(name)s is not one of ours: it was not read")
        notes = tuple(say(what, name=clean_text(name)[:60]) for name in unknown)
        yield _record(number, cells, notes)


def _json_cells(row: Mapping[str, Any]) -> _Cells:
    listing = {
        name: _json_text(name, row[name]) for name in _LISTING_COLUMNS if name in row and name != "other_phones"
    }
    cells = _Cells(listing, {}, None)
    if "other_phones" in row:
        cells.other_phones = _json_phones(row["other_phones"])
    if "facts" in row:
        known = _json_object("facts", row["facts"])
        if unknown := [code for code in known if code not in _FACTS]:
            raise CellError(say(N_("facts: %(code)s is no fact"), code=clean_text(unknown[0])[:60]))
        cells.facts = {code: _json_fact(code, known.get(code)) for code in _FACTS}
    if "programs" in row:
        if not isinstance(row["programs"], list):
            raise CellError(say(N_("programs: is not a list")))
        cells.programs = [_json_program(program) for program in row["programs"]]
    return cells


def _json_program(program: Any) -> dict[str, Text]:
    found = _json_object("programs", program)
    cells = {name: _json_text(name, found[name]) for name in _PROGRAM_COLUMNS if name in found and name != "facts"}
    if "facts" in found:
        facts = _json_object("facts", found["facts"])
        cells["facts"] = Text("; ".join(f"{code}: {_json_fact(code, known)}" for code, known in facts.items()))
    return cells


def _json_object(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise CellError(joined(": ", name, NOT_AN_OBJECT))
    return value


def _json_text(name: str, value: Any) -> Text:
    if value is None:
        return Text("")
    if isinstance(value, bool | list | dict):
        raise CellError(joined(": ", name, say(N_("is neither a text nor a number"))))
    return Text(value if isinstance(value, str) else repr(value), is_exact=True)


def _json_fact(code: str, value: Any) -> str:
    if value is not None and not isinstance(value, bool):
        raise CellError(joined(": ", clean_text(code)[:60], say(N_("is neither true nor false nor null"))))
    return "" if value is None else "yes" if value else "no"


def _json_phones(value: Any) -> list[dict[str, str]]:
    phones = []
    for phone in value if isinstance(value, list) else [value]:
        found = _json_object("other_phones", phone)
        kind = found.get("kind", "intake")
        if kind not in PHONE_KINDS:
            raise CellError(say(N_("other_phones: a kind is one of %(codes)s"), codes=", ".join(PHONE_KINDS)))
        try:
            number, extension = read_phone(_json_text("number", found.get("number")))
        except CellError as error:
            raise CellError(joined(": ", "other_phones", error.message)) from error
        extension = clean_text(_json_text("extension", found.get("extension")).text) or extension
        phones.append({"kind": kind, "number": number, "extension": extension})
    return phones


def _record(number: int, cells: _Cells, notes: tuple[Message, ...]) -> OwnRecord | Rejected:
    reasons: list[Message] = []
    values = _values(cells, reasons)
    facts = {
        code: _KNOWN[cell] if cell in _KNOWN else _read(_FACTS[code].read, code, from_cell(cell), reasons)
        for code, cell in cells.facts.items()
    }
    programs = None if cells.programs is None else _programs(cells.programs, reasons)
    number_here, version = values.pop("id", None), values.pop("version", None)
    source, source_key = values.pop("source", ""), values.pop("source_key", "")
    if not reasons:
        reasons = list(_conflicts(values, number_here, source, source_key))
    if reasons:
        n_more = len(reasons) - _MAX_REASONS
        more = [say(N_("and %(n)s more"), n=n_more)] if n_more > 0 else []
        return Rejected(number, joined("; ", *reasons[:_MAX_REASONS], *more))
    return OwnRecord(number, number_here, source, source_key, values, facts, programs, cells.n_groups, version, notes)


def _values(cells: _Cells, reasons: list[Message]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, cell in cells.listing.items():
        column = _LISTING_COLUMNS[name]
        values[column.field] = _read(column.read, name, cell, reasons)
    if POSTAL_CODE.name in cells.listing:
        state = values.get("state") or ""
        values["postal_code"] = _read(
            lambda cell: read_zip(cell, state), POSTAL_CODE.name, cells.listing[POSTAL_CODE.name], reasons
        )
    if cells.other_phones is not None:
        values["other_phones"] = cells.other_phones
    if "phone" in values:
        values["phone"], extension = values["phone"] or ("", "")
        if extension and values.get(PHONE_EXTENSION.name, "") not in ("", extension):
            reasons.append(say(N_("phone_extension: is not the extension that the phone has")))
        elif extension:
            values[PHONE_EXTENSION.name] = extension
    _take_point(values, reasons)
    return values


def _read(read: Callable[[Text], Any], name: str, cell: Text, reasons: list[Message]) -> Any:
    try:
        return read(cell)
    except CellError as error:
        reasons.append(joined(": ", name, error.message))
        return None


def _take_point(values: dict[str, Any], reasons: list[Message]) -> None:
    """One value of the three columns of a point."""
    is_said = "latitude" in values
    latitude, longitude, precision = (values.pop(name, None) for name in _POINT)
    if not is_said or reasons:
        return
    if latitude is None and longitude is None:
        values["point"] = None
    elif latitude is None or longitude is None:
        reasons.append(say(N_("latitude, longitude: fill both or neither")))
    elif (latitude, longitude) == (0, 0):
        what = N_("latitude, longitude: 0, 0 is in the sea: leave both empty where the point is not known")
        reasons.append(say(what))
    else:
        values["point"] = (latitude, longitude, precision or "exact")


def _programs(groups: list[dict[str, Text]], reasons: list[Message]) -> tuple[dict[str, Any], ...]:
    programs = []
    for number, group in enumerate(groups, start=1):
        if not any(cell.text for cell in group.values()):
            continue
        said: dict[str, Any] = {}
        for name, cell in group.items():
            column: Column = _PROGRAM_COLUMNS[name]
            said[column.field] = _read(column.read, f"program_{number}_{name}", cell, reasons)
        if not said.get("level") and not reasons:
            what = N_("program_%(n)s_level: is empty, but the program has other cells: say its level")
            reasons.append(say(what, n=number))
        programs.append(said)
    return tuple(programs)


def _conflicts(values: Mapping[str, Any], number: int | None, source: str, source_key: str) -> Iterator[Message]:
    """What is wrong with cells that are right by themselves."""
    if "name" in values and not values["name"]:
        yield say(N_("name: is empty"))
    elif not values.get("name") and number is None and not source_key:
        yield say(N_("name: is not there, and neither is the onward_id of a listing"))
    if number is None and source and not source_key and source != STAFF_SOURCE:
        yield say(N_("source_key: is empty: leave source empty too for a new listing"))
    if values.get("point") and values.get("address_kind", "street") != "street":
        yield HAS_NO_POINT
