"""Opening any csv or xlsx table: a title may stand above its header, and columns may share a name or have none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from referral.importers.messages import Message, say
from referral.importers.reading.csv_rows import raw_csv
from referral.importers.reading.files import OLD_WORKBOOK, SourceFile, UnreadableFileError
from referral.importers.reading.tables import MAX_COLUMNS, TOO_MANY_COLUMNS, Row, Table, check_cells, letters
from referral.importers.reading.xlsx_rows import raw_sheets
from referral.importers.records import Rejected
from referral.vocabulary.words import N_

FIRST_ROWS = 25
"""Rows among which the header is looked for."""
MAX_COLUMN_NAME = 120

Raw = tuple[int, list[str] | Message]


def open_table(source: SourceFile, sheet: str = "") -> Table:
    """The table of a file, from its beginning. `sheet`: title of the sheet of a workbook; empty: the first with one.

    Its header is in lower case and may stand in two rows: names of groups, and the columns of each. A column that
    shares its name with another gets that of its group in front, or a number; one without a name its letter. Raises
    UnreadableFileError.
    """
    source.stream.seek(0)
    if source.sample.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFileError(OLD_WORKBOOK)
    if not source.is_workbook:
        return _table(raw_csv(source))
    sheets = raw_sheets(source, fills_merged=True)
    if sheet:
        named = next((rows for title, rows in sheets if title == sheet), None)
        if named is None:
            raise UnreadableFileError(say(N_("The workbook has no sheet %(sheet)s."), sheet=sheet[:60]))
        return _table(named)
    for _title, rows in sheets:
        try:
            return _table(rows)
        except _NoTableError:
            continue
    raise UnreadableFileError(say(N_("No sheet of the workbook has a table with two columns or more.")))


def sheet_titles(source: SourceFile) -> list[str]:
    """Titles of the sheets of a workbook; none for a csv."""
    return [title for title, _ in raw_sheets(source)] if source.is_workbook else []


class _NoTableError(UnreadableFileError):
    """There is no header with two columns or more."""


def _table(rows: Iterable[Raw]) -> Table:
    rows = iter(rows)
    first: list[Raw] = []
    for row in rows:
        if isinstance(row[1], str) or any(row[1]):
            first.append(row)
        if len(first) == FIRST_ROWS:
            break
    widths = [0 if isinstance(cells, str) else sum(map(bool, cells)) for _, cells in first]
    widest = max(widths, default=0)
    if widest < 2:
        raise _NoTableError(say(N_("The file has no table with two columns or more.")))
    # A title fills a cell or two; the header is the first row that fills most of the table's width.
    at = next(at for at, width in enumerate(widths) if width >= max(2, 0.6 * widest))
    n_columns = max(len(cells) for _, cells in first if not isinstance(cells, str))
    above, named, below = (_padded(first, one, first[at][0], n_columns) for one in (at - 1, at, at + 1))
    if _goes_on(named, below):
        header, at = _names(_of_two_rows(named, below)), at + 1
    else:
        header = _names(_of_two_rows(above, named) if sum(map(bool, above)) > 1 else named)
    return Table(header, _checked(chain(first[at + 1 :], rows), len(header)))


def _padded(first: Sequence[Raw], at: int, beside: int, n_columns: int) -> list[str]:
    """The cells of one of the first rows, where it is there and stands beside that row, else blank ones."""
    number, cells = first[at] if 0 <= at < len(first) else (0, [])
    if isinstance(cells, str) or abs(number - beside) > 1:
        cells = []
    return [*cells, *[""] * (n_columns - len(cells))]


def _goes_on(header: Sequence[str], below: Sequence[str]) -> bool:
    """Whether the row below names columns too: no others than those of groups, whose names the header has once."""
    own = [(at, cell) for at, cell in enumerate(below) if cell not in ("", header[at])]
    is_of_groups = all(not header[at] or "" in header[at + 1 : at + 2] for at, _cell in own)
    is_words = not any(mark.isdigit() for _at, cell in own for mark in cell)
    return is_of_groups and is_words and {bool(header[at]) for at, _cell in own} == {True, False}


def _of_two_rows(groups: Sequence[str], columns: Sequence[str]) -> list[str]:
    """The names of columns, each from its own row, else from that of the groups, which a repeated one begins with."""
    names, group = [], ""
    for above, own in zip(groups, columns, strict=True):
        group = above or group
        is_repeated = bool(own) and columns.count(own) > 1 and group != own
        names.append(" ".join(filter(None, (group, own))) if is_repeated else own or above)
    return names


def is_header(cells: Sequence[str], header: Sequence[str]) -> bool:
    """Whether a row repeats the header, as printed pages do."""
    return all(
        not cell or " ".join(cell.split()).casefold() == name for cell, name in zip(cells, header, strict=True)
    )


def _names(cells: list[str]) -> tuple[str, ...]:
    names: list[str] = []
    if len(cells) > MAX_COLUMNS:
        raise UnreadableFileError(TOO_MANY_COLUMNS)
    for at, cell in enumerate(cells):
        text = " ".join(cell.replace("\ufeff", "").replace("\0", "").split()).casefold()[:MAX_COLUMN_NAME]
        text = text or f"column {letters(at)}".casefold()
        name, number = text, 1
        while name in names:
            number += 1
            name = f"{text} ({number})"
        names.append(name)
    return tuple(names)


def _checked(rows: Iterator[Raw], n_columns: int) -> Iterator[Row | Rejected]:
    for number, cells in rows:
        if isinstance(cells, str):
            yield Rejected(number, cells)
        elif checked := check_cells(number, [*cells, *[""] * (n_columns - len(cells))], n_columns):
            yield checked
