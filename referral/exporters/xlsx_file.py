"""The directory as a workbook, written row by row into the sheet of a template that openpyxl makes.

openpyxl's own streaming keeps the file on disk until it is whole and is five times slower; here the first rows leave
while the last are read. Every text is an inline string, which no spreadsheet takes for a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from referral.exporters.reading import Export
from referral.exporters.tables import row_maker
from referral.importers.own.columns import Cell, Column, explanations, in_english
from referral.vocabulary.words import N_

SHEET = "xl/worksheets/sheet1.xml"
LAST_ROW = 1_048_576
MAX_CELL = 32_767
"""Characters that a cell of a workbook can hold."""
BLOCK_ROWS = 100
_WIDE = {"name": 40, "organization": 30, "street": 30, "city": 18, "website": 30, "staff_note": 30, "source_key": 12}


class CellTooLongError(ValueError):
    """A text is longer than a cell of a workbook can be."""


def write_xlsx(export: Export, say: Callable[..., str] = in_english) -> Iterator[bytes]:
    """The file, block by block. `say` gives the language in which the columns are explained."""
    columns = export.columns()
    outbox = _Outbox()
    template = zipfile.ZipFile(_template(columns, say))
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED) as book:
        for name in template.namelist():
            if name != SHEET:
                book.writestr(name, template.read(name))
                continue
            before, after = template.read(name).decode().split("</sheetData>")
            # Its size is not known yet; readers look for themselves where none is said.
            before = re.sub(r"<dimension [^>]*/>", "", before)
            with book.open(name, "w") as sheet:
                sheet.write(before.encode())
                for block in _blocks(export, columns):
                    sheet.write(block.encode())
                    yield outbox.taken()
                sheet.write(f"</sheetData>{after}".encode())
        yield outbox.taken()
    yield outbox.taken()


def _blocks(export: Export, columns: Sequence[Column]) -> Iterator[str]:
    cells = row_maker(columns)
    letters = [get_column_letter(number) for number in range(1, len(columns) + 1)]
    rows: list[str] = []
    for number, listing in enumerate(export.listings(), start=2):
        rows.append(f'<row r="{number}">{"".join(_cells(cells(listing), letters, number))}</row>')
        if len(rows) >= BLOCK_ROWS:
            yield "".join(rows)
            rows = []
    yield "".join(rows)


def _cells(values: Iterable[Cell], letters: Iterable[str], number: int) -> Iterator[str]:
    for value, letter in zip(values, letters, strict=True):
        if value == "" and isinstance(value, str):
            continue
        if not isinstance(value, str):
            yield f'<c r="{letter}{number}"><v>{value!r}</v></c>'
            continue
        if len(value) > MAX_CELL:
            raise CellTooLongError(f"Row {number}, column {letter}: longer than a workbook can hold. Export as csv.")
        space = ' xml:space="preserve"' if "\n" in value else ""
        yield f'<c r="{letter}{number}" t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'


def _template(columns: Sequence[Column], say: Callable[..., str]) -> io.BytesIO:
    """A workbook with the header, what may be chosen in each column, and a second sheet that explains them."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Listings"
    sheet.append([column.name for column in columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    names = [column.name for column in columns]
    sheet.freeze_panes = f"{get_column_letter(names.index('name') + 2)}2"
    for number, column in enumerate(columns, start=1):
        width = _WIDE.get(column.name, min(max(len(column.name) + 2, 8), 26))
        sheet.column_dimensions[get_column_letter(number)].width = width
    for choices, ranges in _ranges(columns).items():
        rule = DataValidation(type="list", formula1=f'"{",".join(choices)}"', allow_blank=True)
        rule.error = f"One of: {', '.join(choices)[:200]}"
        rule.sqref = " ".join(ranges)
        sheet.add_data_validation(rule)
    _explain(book.create_sheet("Columns"), say)
    content = io.BytesIO()
    book.save(content)
    return content


def _ranges(columns: Sequence[Column]) -> dict[tuple[str, ...], list[str]]:
    """The cells for which the same choices are offered, neighbouring columns as one range."""
    ranges: dict[tuple[str, ...], list[str]] = {}
    start = 0
    for at, column in enumerate(columns):
        if at + 1 == len(columns) or columns[at + 1].choices != column.choices:
            if column.choices:
                first, last = get_column_letter(start + 1), get_column_letter(at + 1)
                ranges.setdefault(column.choices, []).append(f"{first}2:{last}{LAST_ROW}")
            start = at + 1
    return ranges


def _explain(sheet: Worksheet, say: Callable[..., str]) -> None:
    sheet.append([say(text) for text in (N_("Column"), N_("What it is"), N_("What may stand in it"))])
    for row in explanations(say):
        sheet.append(list(row))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for letter, width in (("A", 34), ("B", 70), ("C", 70)):
        sheet.column_dimensions[letter].width = width
        for cell in sheet[letter]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


class _Outbox(io.RawIOBase):
    """Takes what the zip writes, to be given away block by block. It cannot be wound back, and says so."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: bytes) -> int:  # type: ignore[override]
        self._parts.append(bytes(content))
        return len(content)

    def taken(self) -> bytes:
        content = b"".join(self._parts)
        self._parts.clear()
        return content
