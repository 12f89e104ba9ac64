"""A table out of a file: its header, its rows, and the list of codes that travels with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from referral.importers.reading.files import UnreadableFileError
from referral.importers.records import Rejected

MAX_COLUMNS = 500
MAX_ROWS = 1_000_000
MAX_CELL = 20_000
"""Most characters of one cell; the longest of the national directory has 709."""


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
            raise UnreadableFileError(f"The table has no column {', '.join(missing)}.")
        return {name: index for index, name in enumerate(self.header) if name}


def clean_header(cells: Sequence[str]) -> tuple[str, ...]:
    """Names of columns as they are compared. Raises UnreadableFileError for too many columns or one that repeats."""
    names = [" ".join(cell.replace("\ufeff", "").split()).casefold() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > MAX_COLUMNS:
        raise UnreadableFileError(f"The table has more than {MAX_COLUMNS} columns.")
    if twice := sorted({name for name in names if name and names.count(name) > 1}):
        raise UnreadableFileError(f"The table has the column {', '.join(twice)} twice.")
    return tuple(names)


def check_cells(number: int, cells: Sequence[str], n_columns: int) -> Row | Rejected | None:
    """A row with as many cells as the header, None for a blank one, or why it cannot be one."""
    if not any(cells):
        return None
    if len(cells) < n_columns or any(cells[n_columns:]):
        return Rejected(number, f"has {len(cells)} cells where the header has {n_columns}")
    for at, cell in enumerate(cells):
        if len(cell) > MAX_CELL:
            return Rejected(number, f"has a cell with more than {MAX_CELL:,} characters")
        if cell == UNCOMPUTED:
            return Rejected(number, f"has a formula without a result in column {letters(at)}: type its value instead")
        if "\0" in cell:
            return Rejected(number, "has a NUL character")
    return Row(number, cells[:n_columns])


def letters(at: int) -> str:
    """What spreadsheets call the column at this position from 0: A to Z, AA …"""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
