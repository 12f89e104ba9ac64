"""Tables in Excel workbooks (.xlsx), read row by row."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from typing import Any

import openpyxl

from referral.importers.messages import say
from referral.importers.reading.files import SourceFile, UnreadableFileError
from referral.importers.reading.tables import MAX_COLUMNS, MAX_ROWS, UNCOMPUTED, Row, Table, check_cells, clean_header
from referral.importers.reading.xlsx_bounds import look_through
from referral.importers.reading.xlsx_merged import with_merged
from referral.importers.records import Rejected
from referral.vocabulary.words import N_

MAX_BLANK_ROWS = 10_000
_KNOWN_COLUMNS = frozenset({"name1", "onward_id"})
_CODE_COLUMNS = ("category_code", "service_code", "service_name")


def read_xlsx(source: SourceFile) -> Table:
    """The first sheet with a table that is known, and the workbook's list of codes. Raises UnreadableFileError."""
    found: Table | None = None
    code_rows: tuple[tuple[str, str, str], ...] = ()
    for _title, rows in raw_sheets(source):
        table = _table(rows)
        if all(name in table.header for name in _CODE_COLUMNS):
            code_rows = _code_rows(table)
        elif found is None and not _KNOWN_COLUMNS.isdisjoint(table.header):
            found = table
    if found is None:
        what = N_("No sheet of the workbook has a column name1 or onward_id in its first row.")
        raise UnreadableFileError(say(what))
    return Table(found.header, found.rows, code_rows)


def raw_sheets(
    source: SourceFile, *, fills_merged: bool = False
) -> list[tuple[str, Iterator[tuple[int, list[str]]]]]:
    """Each sheet's title, and row number and texts of each of its rows that is not blank; hidden sheets last.

    Only values are read. A formula whose result was not saved is UNCOMPUTED. `fills_merged`: a cell that runs over
    several rows stands in each of them. Raises UnreadableFileError.
    """
    has_formulas = look_through(source)
    book = _load(source, data_only=True)
    with_formulas = _load(source, data_only=False) if has_formulas else None
    formulas = with_formulas.worksheets if with_formulas else itertools.repeat(None)
    sheets = sorted(zip(book.worksheets, formulas, strict=False), key=lambda pair: pair[0].sheet_state != "visible")
    return [(sheet.title, _rows(sheet, own, fills_merged=fills_merged)) for sheet, own in sheets]


def _load(source: SourceFile, *, data_only: bool) -> Any:
    try:
        with warnings.catch_warnings():
            # Warnings about styles and extensions that are dropped: only the cells matter.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(source.stream, read_only=True, data_only=data_only, keep_links=False)
    except Exception as error:  # whatever a broken workbook makes openpyxl raise
        raise UnreadableFileError(say(N_("The workbook is damaged or is not an .xlsx workbook."))) from error


def _table(rows: Iterator[tuple[int, list[str]]]) -> Table:
    _number, first = next(rows, (0, []))
    header = clean_header(first)
    return Table(header, _checked(rows, len(header)))


def _rows(sheet: Any, with_formulas: Any, *, fills_merged: bool) -> Iterator[tuple[int, list[str]]]:
    """Row number and texts of each row that is not blank. `with_formulas`: the same sheet, read for its formulas."""
    try:
        rows = _own_rows(sheet, with_formulas)
        yield from with_merged(sheet, rows) if fills_merged else rows
    except (UnreadableFileError, GeneratorExit):
        raise
    except Exception as error:  # whatever a broken sheet makes openpyxl raise
        raise UnreadableFileError(say(N_("A sheet of the workbook is damaged."))) from error


def _own_rows(sheet: Any, with_formulas: Any) -> Iterator[tuple[int, list[str]]]:
    n_blank = 0
    # The locator states its dimension as A1: openpyxl would read one cell.
    sheet.reset_dimensions()
    if with_formulas:
        with_formulas.reset_dimensions()
    formulas = with_formulas.iter_rows() if with_formulas else itertools.repeat(())
    for number, (cells, own) in enumerate(zip(sheet.iter_rows(values_only=True), formulas, strict=False), start=1):
        if number > MAX_ROWS or n_blank > MAX_BLANK_ROWS:
            what = N_("The sheet has over %(n)s rows, or over %(blank)s blank ones in a row.")
            raise UnreadableFileError(say(what, n=f"{MAX_ROWS:,}", blank=f"{MAX_BLANK_ROWS:,}"))
        texts = [_text(cell) for cell in itertools.islice(cells, MAX_COLUMNS + 1)]
        for at, cell in enumerate(itertools.islice(own, len(texts))):
            if cell.data_type == "f" and not texts[at]:
                texts[at] = UNCOMPUTED
        if any(texts):
            n_blank = 0
            yield number, texts
        else:
            n_blank += 1


def _text(value: object) -> str:
    """A cell as it would stand in a csv: a whole number without decimals, so that ZIPs and flags are the same."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def _checked(rows: Iterator[tuple[int, list[str]]], n_columns: int) -> Iterator[Row | Rejected]:
    for number, texts in rows:
        padded = texts + [""] * (n_columns - len(texts))
        if checked := check_cells(number, padded, n_columns):
            yield checked


def _code_rows(table: Table) -> tuple[tuple[str, str, str], ...]:
    positions = [table.header.index(name) for name in _CODE_COLUMNS]
    rows = itertools.islice((row for row in table.rows if isinstance(row, Row)), 5000)
    return tuple((row.cells[positions[0]], row.cells[positions[1]], row.cells[positions[2]]) for row in rows)
