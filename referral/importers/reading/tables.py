"""A table out of a file: its header, its rows, and the list of codes that travels with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from referral.importers.messages import say
from referral.importers.reading.files import UnreadableFileError
from referral.importers.records import Rejected
from referral.vocabulary.words import N_

MAX_COLUMNS = 500
MAX_ROWS = 1_000_000
MAX_CELL = 20_000
"""Most characters of one cell; the longest of the national directory has 709."""


NUL = say(N_("has a NUL character"))
TOO_MANY_COLUMNS = say(N_("The table has more than %(n)s columns."), n=MAX_COLUMNS)

UNCOMPUTED = "\0formula"
"""Stands for a formula of a workbook whose result was not saved with it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number in the file from 1 (line or sheet row), and one text for each column of the header."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True)
class Table:
    """`header` is without stray blanks, in lower case. `rows` can be walked once, without blank rows.

    `code_rows` is the file's own list of codes (category, code, name), empty where it has none. `sample` is text
    from the beginning of the file.
    """

    header: tuple[str, ...]
    rows: Iterator[Row | Rejected]
    code_rows: tuple[tuple[str, str, str], ...] = ()
    sample: str = ""

    def columns(self, required: Sequence[str]) -> dict[str, int]:
        """Position of each column. Raises UnreadableFileError when one that is needed is not there."""
        if missing := [name for name in required if name not in self.header]:
            raise UnreadableFileError(say(N_("The table has no column %(columns)s."), columns=", ".join(missing)))
        return {name: index for index, name in enumerate(self.header) if name}


def clean_header(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of columns as they are compared. Raises UnreadableFileError for too many columns or one that repeats."""
    names = [" ".join(cell.replace("\ufeff", "").split()).casefold() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise UnreadableFileError(TOO_MANY_COLUMNS)
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise UnreadableFileError(say(N_("The table has the column %(columns)s twice."), columns=", ".join(twice)))
    return tuple(names)


def check_cells(number: int, cells: Sequence[str], n_columns: int) -> Row | Rejected | None:
    """A row with as many cells as the header, None for a blank one, or why it cannot be one."""
    if not any(cells):
        return None
    if len(cells) < n_columns or any(cells[n_columns:]):
        what = N_("has %(n)s cells where the header has %(columns)s")
        return Rejected(number, say(what, n=len(cells), columns=n_columns))
    for at, cell in enumerate(cells):
        if len(cell) > MAX_CELL:
            return Rejected(number, say(N_("has a cell with more than %(n)s characters"), n=f"{MAX_CELL:,}"))
        if cell == UNCOMPUTED:
            what = N_("has a formula without a result in column %(column)s: type its value instead")
            return Rejected(number, say(what, column=letters(at)))
        if "\0" in cell:
            return Rejected(number, NUL)
    return Row(number, cells[:n_columns])


def letters(at: int) -> str:
    """What spreadsheets call the column at this position from 0: A to Z, AA …"""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
