"""A table through the rules of a mapping: each row a record, or the reason why it cannot be one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from referral.importers import contact
from referral.importers.mapping.addresses import part_address, part_street
from referral.importers.mapping.rules import CARE, IGNORED, UNDECIDED, ColumnRule, Meaning, Rules, days_in, holds
from referral.importers.mapping.table import is_header
from referral.importers.messages import Message, say
from referral.importers.own.cells import ERROR_VALUES, CellError, Text, read_day
from referral.importers.reading.files import UnreadableFileError
from referral.importers.reading.tables import Row, Table
from referral.importers.records import Item, ProgramRecord, ProviderRecord, Rejected, Skipped, stable_key
from referral.places.states import STATE_KEYS
from referral.vocabulary import LEVELS
from referral.vocabulary.words import N_

HEADER_AGAIN = say(N_("the header once more"))
LEFT_OUT = say(N_("left out by the mapping"))
MAX_SHOWN = 100
_STAY_LEVELS = ("residential_long", "residential_short", "residential", "recovery_residence")
"""Levels that a longest stay is about where its column does not say."""
_FINER = {
    "detox": frozenset({"detox_hospital", "detox_residential", "detox_outpatient"}),
    "residential": frozenset({"residential_long", "residential_short"}),
}
"""A general level, and those beside which it says nothing more in one row."""
_BETWEEN_PHONES = re.compile(r"[;,/\n|]|\bor\b|\bo\b|\band\b|\by\b", re.IGNORECASE)
_MAX_STAY, _MAX_PEOPLE = 3650, 100_000


def apply(rules: Rules, table: Table) -> Iterator[Item]:
    """A record for each row, or a row to skip or to reject. `unknown_codes` of a record are values without a rule.

    Rows with one key (name, street and ZIP, where no column is the key) are parts of one listing, unless the rules
    say otherwise. Raises UnreadableFileError when a column that the rules need is not there, RulesError for rules
    that contradict themselves.
    """
    rules.check()
    needed = [name for name, rule in rules.columns.items() if rule.role not in (UNDECIDED, IGNORED)]
    if missing := [name for name in needed if name not in table.header]:
        what = N_("The table has no column %(columns)s, which the mapping reads.")
        raise UnreadableFileError(say(what, columns=", ".join(missing)))
    reader = _Reader(rules, table.header)
    for row in table.rows:
        if isinstance(row, Rejected):
            yield row
        elif is_header(row.cells, table.header):
            yield Skipped(row.number, HEADER_AGAIN)
        else:
            yield reader.read(row)


class _Reader:
    """Reads the rows of one table."""

    def __init__(self, rules: Rules, header: Sequence[str]) -> None:
        self._rules = rules
        self._at = {name: at for at, name in enumerate(header)}
        self._by_role: dict[str, list[tuple[str, int, ColumnRule]]] = defaultdict(list)
        for name, rule in rules.columns.items():
            if name in self._at:
                self._by_role[rule.role].append((name, self._at[name], rule))
        self._new = tuple(
            say(N_("the column %(column)s is not in the mapping: it was not read"), column=name)
            for name in header
            if name not in rules.columns
        )

    def read(self, row: Row) -> Item:
        cells = row.cells
        if wrong := self._spreadsheet_error(cells):
            return Rejected(row.number, wrong)
        meanings, unknown = self._meanings(cells)
        if any(meaning.leaves_out for meaning in meanings):
            return Skipped(row.number, LEFT_OUT)
        notes = list(self._new)
        text = {role: self._constant_or_cell(role, cells) for role in _TEXTS}
        text |= self._address(cells, text["street"])
        name, organization = self._names(cells, text["organization"])
        too_long = next((role for role, value in text.items() if len(value) > _longest(role)), "")
        if not name or too_long:
            long = contact.over_long(too_long, _longest(too_long))
            return Rejected(row.number, long if name else contact.NO_NAME)
        phones = self._phones(cells, text["phone"], notes)
        care = self._care(cells, meanings, notes) | {"unknown_codes": unknown}
        key = self._key(cells, name, text)
        of_place = (text[role] for role in ("website", "street", "city", "postal_code"))
        if not any((phones["phone"], care["levels"], care["yes"], *of_place)):
            return Rejected(row.number, say(N_("has a name and nothing else")))
        return ProviderRecord(
            row=row.number,
            key=key,
            name=name,
            organization=organization if organization != name else "",
            website=contact.website(text["website"], notes),
            is_part=self._rules.joins_rows,
            lists_in_full=False,
            extras=self._extras(cells, notes),
            **phones,
            **self._place(cells, text, notes),
            **care,
            notes=tuple(dict.fromkeys(notes)),
        )

    def _spreadsheet_error(self, cells: Sequence[str]) -> Message | None:
        for name, rule in self._rules.columns.items():
            if rule.role not in (UNDECIDED, IGNORED) and cells[self._at[name]] in ERROR_VALUES:
                what = N_("%(column)s: %(text)s is an error of the spreadsheet")
                return say(what, column=name, text=cells[self._at[name]])
        return None

    def _first(self, role: str, cells: Sequence[str]) -> str:
        """The cell of the column with this role; empty where there is none."""
        columns = self._by_role.get(role)
        return cells[columns[0][1]] if columns else ""

    def _constant_or_cell(self, role: str, cells: Sequence[str]) -> str:
        cell = self._first(role, cells)
        if not cell.strip():
            return self._rules.constants.get(role, "")
        # The numbers of a cell may stand on lines of their own.
        return cell if role == "phone" else contact.clean_text(cell)

    def _names(self, cells: Sequence[str], organization: str) -> tuple[str, str]:
        name, owner = contact.names(self._first("name", cells), self._first("name_detail", cells))
        return name or organization, organization or owner

    def _address(self, cells: Sequence[str], street: str) -> dict[str, str]:
        """The parts of a whole address, and the unit in a street, where no column of their own says them."""
        whole = self._first("full_address", cells)
        own_street, unit = part_street(street)
        own = {"street": own_street, "unit": unit} if unit and not self._by_role.get("unit") else {}
        if not whole:
            return own
        # Where the street stands in a column of its own, the other one may say only "Louisville, KY 40202".
        is_rest = bool(street) and street.casefold() not in whole.casefold()
        found = part_address(f"{own_street}, {whole}" if is_rest else whole)
        found |= {"street": "", "unit": ""} if is_rest else {}
        return {part: value for part, value in found.items() if value and not self._first(part, cells).strip()} | own

    def _place(self, cells: Sequence[str], text: Mapping[str, str], notes: list[Message]) -> dict[str, Any]:
        state = contact.state_code(_state(text["state"]), notes)
        has_points = bool(self._by_role.get("latitude"))
        point = contact.point(self._first("latitude", cells), self._first("longitude", cells), notes)
        return {
            "street": text["street"],
            "unit": text["unit"],
            "city": text["city"],
            "state": state,
            "postal_code": contact.postal_code(text["postal_code"], "", state, notes),
            "latitude": point[0] if point else None,
            "longitude": point[1] if point else None,
            "precision": "exact" if point else None,
            "takes_zip_point": not has_points,
        }

    def _key(self, cells: Sequence[str], name: str, text: Mapping[str, str]) -> str:
        columns = self._by_role.get("key", [])
        stated = [contact.clean_text(cells[at]) for _, at, _ in columns]
        if any(stated):
            return stable_key(["key", *stated])
        return stable_key([name, text["street"], text["unit"], text["postal_code"][:5] or text["city"]])

    def _phones(self, cells: Sequence[str], main: str, notes: list[Message]) -> dict[str, Any]:
        first, *more = _phone_texts(main) or [""]
        others = [("intake", text) for text in more]
        for _name, at, rule in self._by_role.get("other_phone", []):
            others += [(rule.kind or "intake", text) for text in _phone_texts(cells[at])]
        phone, further = contact.phones(first, others, notes)
        number = {"phone": phone.number, "phone_extension": phone.extension} if phone else {"phone": ""}
        return {**number, "other_phones": further}

    def _extras(self, cells: Sequence[str], notes: list[Message]) -> dict[str, Any]:
        """Columns of a license; only those that the table has."""
        extras: dict[str, Any] = {}
        if self._by_role.get("license_number"):
            extras["license_number"] = contact.clean_text(self._first("license_number", cells))[: contact.MAX_TEXT]
        if self._by_role.get("license_expires_on"):
            try:
                extras["license_expires_on"] = read_day(Text(self._first("license_expires_on", cells)))
            except CellError:
                extras["license_expires_on"] = None
                notes.append(say(N_("last day of the license not understood")))
        if self._by_role.get("licensed_beds"):
            extras["licensed_beds"] = _people(self._first("licensed_beds", cells), notes)
        return extras

    def _meanings(self, cells: Sequence[str]) -> tuple[list[Meaning], tuple[str, ...]]:
        """What the values of the row mean, and those that no rule knows."""
        parts = {name: rule.parts(cells[at]) for name, at, rule in self._by_role.get(CARE, [])}
        meanings, used = self._combined(cells, parts)
        unknown = []
        for name, _at, rule in self._by_role.get(CARE, []):
            for part in parts[name]:
                if (name, part) in used:
                    continue
                meaning = rule.meaning(part)
                if meaning is None:
                    unknown.append(f"{name}: {part}"[:MAX_SHOWN])
                else:
                    meanings.append(meaning)
        return [*meanings, self._rules.every_row], tuple(dict.fromkeys(unknown))

    def _care(self, cells: Sequence[str], meanings: Sequence[Meaning], notes: list[Message]) -> dict[str, Any]:
        """What the row says of care, by the names of a record's fields."""
        levels = {level for meaning in meanings for level in meaning.levels}
        general = {level for level, finer in _FINER.items() if levels & finer}
        in_order = tuple(level for level in LEVELS if level in levels - general)
        return {
            "levels": in_order,
            "yes": frozenset(code for meaning in meanings for code in meaning.yes),
            "no": frozenset(code for meaning in meanings for code in meaning.no),
            "programs": self._programs(cells, in_order, meanings, notes),
        }

    def _combined(
        self, cells: Sequence[str], parts: Mapping[str, list[str]]
    ) -> tuple[list[Meaning], set[tuple[str, str]]]:
        """What columns mean together, and the values that took part in it. The first that fits a value wins."""
        meanings: list[Meaning] = []
        used: set[tuple[str, str]] = set()
        for one in self._rules.combinations:
            met: set[tuple[str, str]] = set()
            for name, condition in one.when.items():
                values = parts[name] if name in parts else [cells[self._at[name]]] if name in self._at else []
                fits = [value for value in values if (name, value) not in used and holds(condition, value)]
                if not fits:
                    break
                # A value of a column that is no care, such as a number of days, may take part in several.
                met |= {(name, value) for value in fits if name in parts}
            else:
                meanings.append(one.meaning)
                used |= met
        return meanings, used

    def _programs(
        self, cells: Sequence[str], levels: Sequence[str], meanings: Iterable[Meaning], notes: list[Message]
    ) -> tuple[ProgramRecord, ...]:
        """The longest stay and the capacity of each level for which the row says one."""
        stays: dict[str, int] = {}
        for meaning in meanings:
            for level in meaning.levels if meaning.stay_days else ():
                stays[level] = max(stays.get(level, 0), meaning.stay_days or 0)
        for _name, at, rule in self._by_role.get("stay_days", []):
            days = days_in(cells[at])
            if cells[at].strip() and (days is None or not 1 <= days <= _MAX_STAY):
                notes.append(say(N_("longest stay not understood")))
            elif days:
                stays |= dict.fromkeys(_levels_of(rule.kind, levels), days)
        capacities: dict[str, int] = {}
        for _name, at, rule in self._by_role.get("capacity", []):
            number = _people(cells[at], notes)
            whose = [rule.kind] if rule.kind in levels else list(levels) if len(levels) == 1 and not rule.kind else []
            if number is not None and not whose:
                notes.append(say(N_("capacity left out: the row does not say of which program")))
            elif number is not None:
                capacities |= dict.fromkeys(whose, number)
        stated = [level for level in levels if level in stays or level in capacities]
        return tuple(ProgramRecord(level, stays.get(level), capacities.get(level)) for level in stated)


_TEXTS = ("organization", "street", "unit", "city", "state", "postal_code", "phone", "website")


def _levels_of(kind: str, levels: Sequence[str]) -> list[str]:
    """The levels of a row that a column of stays is about."""
    if kind:
        return [kind] if kind in levels else []
    return [level for level in levels if level in _STAY_LEVELS] or (list(levels) if len(levels) == 1 else [])


def _longest(role: str) -> int:
    return contact.MAX_WEBSITE if role == "website" else contact.MAX_TEXT


def _people(cell: str, notes: list[Message]) -> int | None:
    """The first whole number of a cell ("24 beds")."""
    text = contact.clean_text(cell).replace(",", "")
    found = re.search(r"(?<![\d.-])\d{1,9}(?![\d.])", text, re.ASCII)
    if found and int(found[0]) <= _MAX_PEOPLE:
        return int(found[0])
    if text and text.casefold() not in ("n/a", "na", "none", "-"):
        notes.append(say(N_("number of beds or people not understood")))
    return None


def _phone_texts(cell: str) -> list[str]:
    """The numbers of a cell: one, or several with something between them."""
    if not cell.strip() or contact.phone(cell):
        return [cell] if cell.strip() else []
    parts = [part.strip() for part in _BETWEEN_PHONES.split(cell) if part and part.strip()]
    numbers = [part for part in parts if contact.phone(part)]
    return numbers or [cell]


def _state(text: str) -> str:
    """Two letters for a state that is written out or shortened, else the text."""
    return STATE_KEYS.get(re.sub(r"[\s.]", "", text).casefold(), text)
