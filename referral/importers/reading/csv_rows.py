"""Tables in text: commas, semicolons or tabs; any line ends; broken quotes cost one row, not the rest of the file."""

from __future__ import annotations

import csv
import io
from collections import deque
from collections.abc import Iterator

from referral.importers.messages import Message, say
from referral.importers.reading.files import NOT_TEXT, SourceFile, UnreadableFileError, open_text
from referral.importers.reading.tables import MAX_COLUMNS, MAX_ROWS, Row, Table, check_cells, clean_header
from referral.importers.records import Rejected
from referral.vocabulary.words import N_

MAX_LINE = 1_000_000
MAX_LINES_OF_A_ROW = 60
"""A row that runs over more lines than this has a quotation mark that was never closed."""
_TITLE_LINES = 30
"""Lines by which the separator is found where the header may not come first."""


def read_csv(source: SourceFile) -> Table:
    """The table in a text file. Raises UnreadableFileError when it has no header or is not text."""
    text, sample = _open(source)
    first = next((line for line in sample.splitlines() if line.strip()), "")
    rows = _rows(text, max(",;\t", key=first.count))
    header: tuple[str, ...] = ()
    for number, found in rows:
        if isinstance(found, str) or number > MAX_LINES_OF_A_ROW:
            why = found if isinstance(found, Message) else str(found)
            what = N_("The header cannot be read: line %(n)s %(why)s.")
            raise UnreadableFileError(say(what, n=number, why=why))
        if any(cell.strip() for cell in found):
            header = clean_header(found)
            break
    return Table(header, _checked(rows, len(header)), sample=sample)


def raw_csv(source: SourceFile) -> Iterator[tuple[int, list[str] | Message]]:
    """Line number and cells of each row as they stand, or why it is none; for tables that may begin with a title.

    Raises UnreadableFileError when the file is not text.
    """
    text, sample = _open(source)
    first = sample.splitlines()[:_TITLE_LINES]
    rows = _rows(text, max(",;\t", key=lambda mark: sum(line.count(mark) for line in first)))
    for number, found in rows:
        yield number, found if isinstance(found, str) else [cell.strip() for cell in found]


def _open(source: SourceFile) -> tuple[io.TextIOWrapper, str]:
    """The text at its beginning, and a sample of it."""
    text = open_text(source)
    try:
        sample = text.read(65_536)
        text.seek(0)
    except UnicodeError as error:
        raise UnreadableFileError(NOT_TEXT) from error
    first = next((line for line in sample.splitlines() if line.strip()), "")
    if not first or "\0" in first:
        raise UnreadableFileError(say(N_("The file has no header line.")))
    return text, sample


def _checked(rows: Iterator[tuple[int, list[str] | Message]], n_columns: int) -> Iterator[Row | Rejected]:
    for number, found in rows:
        if isinstance(found, str):
            yield Rejected(number, found)
        elif checked := check_cells(number, [cell.strip() for cell in found], n_columns):
            yield checked


class _Lines:
    """Lines of a text, numbered, that can be given back. Remembers those of the row that is being read."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._waiting: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= MAX_LINES_OF_A_ROW:
            raise csv.Error("has a quotation mark that is not closed")
        line = self._waiting.popleft() if self._waiting else self._text.readline(MAX_LINE + 1)
        if not line:
            raise StopIteration
        if len(line) > MAX_LINE:
            what = N_("Line %(n)s has more than %(most)s characters.")
            raise UnreadableFileError(say(what, n=self.number + 1, most=f"{MAX_LINE:,}"))
        self.number += 1
        self.taken.append(line)
        return line

    def give_back_all_but_first(self) -> None:
        """Go on after the first line of this row."""
        self._waiting.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1


def _rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[tuple[int, list[str] | Message]]:
    """Line number and cells of each row, or why it is none."""
    lines = _Lines(text)
    n_columns = 0
    while True:
        lines.taken = []
        start = lines.number + 1
        if start > MAX_ROWS:
            raise UnreadableFileError(say(N_("The file has more than %(n)s lines."), n=f"{MAX_ROWS:,}"))
        try:
            cells = next(csv.reader(lines, delimiter=delimiter, strict=True), None)
        except csv.Error as error:
            lines.give_back_all_but_first()
            yield start, _reason(error)
            continue
        except UnicodeError as error:
            what = N_("Line %(n)s is not text in the encoding of the file.")
            raise UnreadableFileError(say(what, n=start)) from error
        if cells is None:
            return
        if len(cells) > MAX_COLUMNS + 1:
            yield start, say(N_("has more than %(n)s cells"), n=MAX_COLUMNS)
        elif len(lines.taken) > 1 and n_columns and len(cells) != n_columns:
            lines.give_back_all_but_first()
            yield start, say(N_("has a quotation mark that is not closed"))
        elif cells:
            n_columns = n_columns or len(cells)
            yield start, cells


def _reason(error: csv.Error) -> Message:
    text = str(error)
    if "field larger" in text:
        return say(N_("has a cell that is too large"))
    if "not closed" in text or "unexpected end" in text or "expected after" in text:
        return say(N_("has a quotation mark that is not closed or stands in the wrong place"))
    return say(N_("cannot be read (%(why)s)"), why=text)
