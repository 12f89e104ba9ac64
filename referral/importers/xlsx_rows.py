"""Tables in Excel workbooks (.xlsx), read row by row. A workbook that is built to exhaust memory is refused."""

from __future__ import annotations

import codecs
import itertools
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any
from xml.parsers import expat

import openpyxl

from referral.importers.files import SourceFile, UnreadableFileError
from referral.importers.records import Rejected
from referral.importers.tables import MAX_COLUMNS, MAX_ROWS, UNCOMPUTED, Row, Table, check_cells, clean_header

if expat.version_info < (2, 4, 1):  # pragma: no cover - older than every supported Python's own
    raise ImportError("expat is older than 2.4.1: workbooks could not be read safely")

MAX_ENTRIES = 200
MAX_UNPACKED = 400_000_000
"""All parts of a workbook together. The national directory has 12 MB; a full locator export about 20 times that."""
MAX_HELD = 50_000_000
"""Bytes of each part that is held in memory as a whole: all but the sheets. The national directory has 6 MB."""
MAX_RATIO = 100
"""Unpacked to packed size of a part over 1 MB. Real sheets reach 10."""
MAX_PROLOG = 65_536
"""Bytes of a part before its first element. Real parts reach 200."""
MAX_BLANK_ROWS = 10_000
_PLAIN_ENCODINGS = ("utf-8", "us-ascii", "ascii")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
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
        raise UnreadableFileError("No sheet of the workbook has a column name1 or onward_id in its first row.")
    return Table(found.header, found.rows, code_rows)


def raw_sheets(source: SourceFile) -> list[tuple[str, Iterator[tuple[int, list[str]]]]]:
    """Each sheet's title, and row number and texts of each of its rows that is not blank; hidden sheets last.

    Only values are read. A formula whose result was not saved is UNCOMPUTED. Raises UnreadableFileError.
    """
    _refuse_bombs(source)
    _refuse_document_types(source)
    book = _load(source, data_only=True)
    with_formulas = _load(source, data_only=False) if _has_formulas(source) else None
    formulas = with_formulas.worksheets if with_formulas else itertools.repeat(None)
    sheets = sorted(zip(book.worksheets, formulas, strict=False), key=lambda pair: pair[0].sheet_state != "visible")
    return [(sheet.title, _rows(sheet, own)) for sheet, own in sheets]


def _load(source: SourceFile, *, data_only: bool) -> Any:
    try:
        with warnings.catch_warnings():
            # Warnings about styles and extensions that are dropped: only the cells matter.
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(source.stream, read_only=True, data_only=data_only)
    except Exception as error:  # whatever a broken workbook makes openpyxl raise
        raise UnreadableFileError("The workbook is damaged or is not an .xlsx workbook.") from error


def _has_formulas(source: SourceFile) -> bool:
    """Whether any sheet has a formula. Most have none, and are then read once."""
    with zipfile.ZipFile(source.stream) as book:
        for part in book.infolist():
            if not part.filename.startswith("xl/worksheets/"):
                continue
            try:
                with book.open(part) as stream:
                    before = b""
                    while block := stream.read(1 << 20):
                        if _FORMULA.search(before + block):
                            return True
                        before = block[-32:]
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
                continue
    return False


def _refuse_bombs(source: SourceFile) -> None:
    # zipfile never gives more bytes of a part than its directory says, so checking the directory is enough.
    try:
        parts = zipfile.ZipFile(source.stream).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError) as error:
        raise UnreadableFileError("The workbook is damaged: fetch it again.") from error
    is_bomb = len(parts) > MAX_ENTRIES or sum(part.file_size for part in parts) > MAX_UNPACKED
    for part in parts:
        is_sheet = part.filename.startswith("xl/worksheets/")
        is_bomb |= part.file_size > 1_000_000 and part.file_size > MAX_RATIO * max(part.compress_size, 1)
        is_bomb |= part.file_size > MAX_HELD and not is_sheet
    if is_bomb:
        raise UnreadableFileError("Unpacked, the workbook would be far too large: it is refused.")


def _refuse_document_types(source: SourceFile) -> None:
    # A part is what the workbook says it is, whatever its name: so all of them.
    with zipfile.ZipFile(source.stream) as book:
        for part in book.infolist():
            try:
                with book.open(part) as stream:
                    refuse_document_type(stream)
            except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError):
                # Often a leftover that nothing refers to; openpyxl could not read it either.
                continue


def refuse_document_type(stream: IO[bytes]) -> None:
    """Raises UnreadableFileError where a part begins as XML and has a document type (so no entity can be declared),
    is in an encoding other than UTF-8 or ASCII, or does not come to its first element in MAX_PROLOG bytes.

    Found out by the parser that reads the part later, so both see the same. What is not XML is left to it.
    """
    parser, start, n_read = expat.ParserCreate(), b"", 0
    parser.StartDoctypeDeclHandler = _refuse_declaration
    parser.XmlDeclHandler = _check_declaration
    parser.StartElementHandler = _stop
    try:
        while n_read < MAX_PROLOG:
            block = stream.read(4096)
            start = start or block[:2]
            n_read += len(block)
            parser.Parse(block, not block)
    except _FirstElement:
        if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\0" in start:
            raise UnreadableFileError(_OTHER_ENCODING) from None
    except expat.ExpatError:
        return
    else:
        raise UnreadableFileError("A part of the workbook does not begin as XML should: it is refused.")


_OTHER_ENCODING = "A part of the workbook is not in UTF-8: save it again as .xlsx."


class _FirstElement(Exception):  # noqa: N818 - no error
    """The prolog of a part is over."""


def _stop(name: str, attributes: dict[str, str]) -> None:
    raise _FirstElement


def _refuse_declaration(name: str, system: str | None, public: str | None, has_subset: bool) -> None:
    raise UnreadableFileError("A part of the workbook has a document type, which no workbook needs: it is refused.")


def _check_declaration(version: str, encoding: str | None, standalone: int) -> None:
    if encoding and encoding.lower() not in _PLAIN_ENCODINGS:
        raise UnreadableFileError(_OTHER_ENCODING)


def _table(rows: Iterator[tuple[int, list[str]]]) -> Table:
    _number, first = next(rows, (0, []))
    header = clean_header(first)
    return Table(header, _checked(rows, len(header)))


def _rows(sheet: Any, with_formulas: Any) -> Iterator[tuple[int, list[str]]]:
    """Row number and texts of each row that is not blank. `with_formulas`: the same sheet, read for its formulas."""
    n_blank = 0
    try:
        # The locator states its dimension as A1: openpyxl would read one cell.
        sheet.reset_dimensions()
        if with_formulas:
            with_formulas.reset_dimensions()
        formulas = with_formulas.iter_rows() if with_formulas else itertools.repeat(())
        for number, (cells, own) in enumerate(
            zip(sheet.iter_rows(values_only=True), formulas, strict=False), start=1
        ):
            if number > MAX_ROWS or n_blank > MAX_BLANK_ROWS:
                raise UnreadableFileError(
                    f"The sheet has over {MAX_ROWS:,} rows, or over {MAX_BLANK_ROWS:,} blank ones in a row."
                )
            texts = [_text(cell) for cell in itertools.islice(cells, MAX_COLUMNS + 1)]
            for at, cell in enumerate(itertools.islice(own, len(texts))):
                if cell.data_type == "f" and not texts[at]:
                    texts[at] = UNCOMPUTED
            if any(texts):
                n_blank = 0
                yield number, texts
            else:
                n_blank += 1
    except (UnreadableFileError, GeneratorExit):
        raise
    except Exception as error:  # whatever a broken sheet makes openpyxl raise
        raise UnreadableFileError("A sheet of the workbook is damaged.") from error


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
