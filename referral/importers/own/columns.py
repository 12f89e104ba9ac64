"""The columns of our own file format: for each its name, what it is about, and how a cell is written and read.

One row is one listing. Its programs stand in numbered groups of columns, its facts in one column each.
The only place where a column is declared: exporters, the reader, the sheet of explanations and docs/file_format.md
all follow it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from referral.importers import contact
from referral.importers.own import cells
from referral.importers.own.cells import Text, to_cell
from referral.importers.reading.tables import MAX_COLUMNS
from referral.models.provider import ADDRESS_KINDS, MAX_ID, PRECISIONS, STATUSES
from referral.vocabulary import FACTS, FAMILIES, LEVELS
from referral.vocabulary.words import N_

MARK = "onward_id"
"""The column by which a table is recognised as ours."""

Cell = str | int | float
"""A text, already safe for a spreadsheet, or a number. Empty text: a blank cell."""


@dataclass(frozen=True)
class Column:
    """`field` is the provider's or program's attribute. `write` gives a cell of a value, `read` a value of a cell.

    `about` and `allowed` are English message ids; `allowed` is filled in with `limits`.
    """

    name: str
    field: str
    about: str
    allowed: str
    write: Callable[[Any], Cell]
    read: Callable[[Text], Any]
    choices: tuple[str, ...] = ()
    """Codes that a spreadsheet can offer to choose from."""
    limits: tuple[tuple[str, str], ...] = ()
    family: str = ""
    """Label of a fact's family."""


def _number(value: float | None) -> Cell:
    return "" if value is None else value


def _day(value: date | None) -> Cell:
    return "" if value is None else value.isoformat()


def _fact(value: bool | None) -> Cell:
    return "" if value is None else "yes" if value else "no"


def _codes(codes: Iterable[str], labels: Mapping[str, str] | None = None) -> dict[str, str]:
    """What may be typed for one of these codes."""
    typed = {code.replace("_", " "): code for code in codes}
    if labels:
        typed |= {label.casefold(): code for code, label in labels.items()}
    return typed | {code: code for code in codes}


def _text(name: str, about: str, longest: int = contact.MAX_TEXT, field: str = "") -> Column:
    read = partial(cells.read_line, longest=longest)
    limits = (("n", f"{longest:,}"),)
    return Column(name, field or name, about, N_("text, up to %(n)s characters"), to_cell, read, limits=limits)


def _choice(name: str, about: str, codes: tuple[str, ...], blank: str | None, field: str = "") -> Column:
    """`blank`: the code that a blank cell stands for; None: a blank cell stays blank."""
    read = partial(cells.read_choice, allowed=_codes(codes, _LABELS if name.endswith("level") else None))

    def read_or_blank(cell: Text) -> str | None:
        return read(cell) if cell.text.strip() else blank

    allowed = N_("%(codes)s; empty means %(blank)s") if blank else N_("one of %(codes)s")
    limits = (("codes", ", ".join(codes)), ("blank", blank or ""))
    return Column(name, field or name, about, allowed, lambda value: value or "", read_or_blank, codes, limits)


def _whole(name: str, about: str, low: int, high: int, field: str = "") -> Column:
    read = partial(cells.read_whole, low=low, high=high)
    allowed, limits = N_("a whole number from %(low)s to %(high)s"), (("low", f"{low:,}"), ("high", f"{high:,}"))
    return Column(name, field or name, about, allowed, _number, read, limits=limits)


def _degrees(name: str, about: str, highest: int) -> Column:
    read = partial(cells.read_degrees, highest=highest)
    allowed, limits = N_("a number from %(low)s to %(high)s"), (("low", f"-{highest}"), ("high", f"{highest}"))
    return Column(name, name, about, allowed, _number, read, limits=limits)


_LABELS = {code: level.label for code, level in LEVELS.items()}
_DAY = N_("a day, as 2026-11-30")

ONWARD_ID = _whole(
    MARK, N_("The number of the listing here. Leave it as it is; empty for a new listing"), 1, MAX_ID, "id"
)
SOURCE = _text("source", N_("Where the listing came from. Leave it as it is; empty for a new listing"), 120)
SOURCE_KEY = _text("source_key", N_("Its key inside that source. Leave it as it is; empty for a new listing"))
VERSION = _whole(
    "version", N_("Shows whether the listing was changed here after the export. Leave it as it is"), 1, MAX_ID
)
STAFF_NOTE = Column(
    *("staff_note", "staff_note", N_("Note for staff; never shown to seekers"), N_("text, several lines")),
    partial(to_cell, is_long=True),
    cells.read_lines,
)
POSTAL_CODE = Column(
    *("postal_code", "postal_code", N_("ZIP code"), N_("five digits, or nine as 40202-1234")),
    to_cell,
    cells.read_line,
)
"""Read together with the state, by which a lost zero comes back."""
PHONE_EXTENSION = Column(
    *("phone_extension", "phone_extension", N_("Extension of the phone"), N_("digits")), to_cell, cells.read_line
)


def _as_text(name: str, about: str, allowed: str, read: Callable[[Text], Any], write: Any = to_cell) -> Column:
    return Column(name, name, about, allowed, write, read)


def _phones(phones: list[dict[str, str]]) -> Cell:
    return to_cell(cells.phones_to_text(phones))


def _own_facts(facts: dict[str, bool]) -> Cell:
    return to_cell(cells.facts_to_text(facts))


LISTING: tuple[Column, ...] = (
    ONWARD_ID,
    SOURCE,
    SOURCE_KEY,
    VERSION,
    _text("name", N_("Name of the place"), contact.MAX_NAME),
    _text("organization", N_("Name of the organization that it belongs to")),
    _choice("status", N_("Whether it is open. Only active listings are shown to seekers"), STATUSES, "active"),
    _as_text("closed_until", N_("The day on which a closed place opens again"), _DAY, cells.read_day, _day),
    _choice("address_kind", N_("Whether the address may be shown"), ADDRESS_KINDS, "street"),
    _text("street", N_("Street and number")),
    _text("unit", N_("Suite, floor or building")),
    _text("city", N_("City")),
    _as_text("state", N_("State or territory"), N_("two letters, as KY"), cells.read_state),
    POSTAL_CODE,
    _degrees("latitude", N_("Point on the map, north; only for address_kind street"), 90),
    _degrees("longitude", N_("Point on the map, east; negative in the Americas"), 180),
    _choice(
        "precision", N_("What the point stands on: the address, or the middle of the ZIP or city"), PRECISIONS, None
    ),
    _as_text("phone", N_("Phone to call"), N_("as 502-555-0100; an extension may follow as x5"), cells.read_phone),
    PHONE_EXTENSION,
    _as_text(
        "other_phones",
        N_("More phones, best first"),
        N_("as intake 502-555-0100 x5; hotline 502-555-0101"),
        cells.read_phones,
        _phones,
    ),
    _as_text("website", N_("Website"), N_("begins with https:// or http://"), cells.read_website),
    _text("license_number", N_("Number of the license")),
    _as_text("license_expires_on", N_("The last day of the license"), _DAY, cells.read_day, _day),
    _whole("licensed_beds", N_("Beds on the license"), 0, 100_000),
    _as_text(
        "confirmed_on",
        N_("The day on which somebody checked the listing with the place"),
        N_("a day, as 2026-11-30, not in the future"),
        cells.read_past_day,
        _day,
    ),
    STAFF_NOTE,
)

FACT_COLUMNS: tuple[Column, ...] = tuple(
    Column(
        *(code, code, fact.label, N_("yes or no; empty where it is not known")),
        _fact,
        cells.read_known,
        ("yes", "no"),
        family=FAMILIES[fact.family].label,
    )
    for code, fact in FACTS.items()
)

_PROGRAM: tuple[Column, ...] = (
    _whole("id", N_("The number of the program here. Leave it as it is; empty for a new program"), 1, MAX_ID),
    _choice("level", N_("Level of care; empty where there is no further program"), tuple(LEVELS), None),
    _text("name", N_("Name of the program, if it has one of its own"), contact.MAX_NAME),
    _whole("longest_stay_days", N_("The longest stay that the program states, in days"), 1, 3650, "max_stay_days"),
    _whole("capacity", N_("People whom the program can take at a time"), 0, 100_000),
    _choice("status", N_("Whether the program is open"), STATUSES, "active"),
    _as_text(
        "facts",
        N_("Facts of this program alone; they override those of the listing"),
        N_("as accepts_women: yes; accepts_men: no"),
        cells.read_facts,
        _own_facts,
    ),
)
"""Of each group, without `program_1_` before the name."""

MAX_PROGRAMS = (MAX_COLUMNS - len(LISTING) - len(FACT_COLUMNS)) // len(_PROGRAM)
"""Groups that a table can have. JSON has no such limit."""
FEWEST_PROGRAMS = 3
"""Groups that a table has at least, so that programs can be added."""


def program_columns(number: int) -> tuple[Column, ...]:
    """The columns of the program with this number in its row, from 1."""
    return tuple(replace(column, name=f"program_{number}_{column.name}") for column in _PROGRAM)


def table_columns(n_programs: int, *, has_staff_notes: bool = True) -> tuple[Column, ...]:
    """All columns of a table with this many groups of programs, in their order."""
    listing = tuple(column for column in LISTING if has_staff_notes or column is not STAFF_NOTE)
    groups = (column for number in range(1, n_programs + 1) for column in program_columns(number))
    return (*listing, *groups, *FACT_COLUMNS)


def in_english(message: str, **values: object) -> str:
    return message % values if values else message


def explanations(translate: Callable[..., str] = in_english) -> Iterator[tuple[str, str, str]]:
    """(column, what it is about, what may stand in it), in the language that `translate` gives texts in."""
    for column in (*LISTING, *program_columns(1), *FACT_COLUMNS):
        family = f"{translate(column.family)}: " if column.family else ""
        yield column.name, family + translate(column.about), translate(column.allowed, **dict(column.limits))
