"""Cells that run over several rows of a sheet: what stands in the first of them is meant for each."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, NamedTuple

from openpyxl.utils import column_index_from_string

from referral.importers.messages import say
from referral.importers.reading.files import UnreadableFileError
from referral.importers.reading.tables import MAX_COLUMNS
from referral.vocabulary.words import N_

MAX_MERGED = 200_000
"""A list of 20,000 places with ten such columns."""
_BLOCK = 1 << 20
_LONGEST = 200
"""Bytes of an element that names such cells."""
_MERGED = re.compile(
    rb"<(?:[^\s<>/:!?]{1,40}:)?mergeCell\s[^<>]{0,60}?ref=[\"']([A-Z]{1,3})([0-9]{1,7}):[A-Z]{1,3}([0-9]{1,7})[\"']"
)


class _Down(NamedTuple):
    """`column` from 0, `last` row from 1."""

    column: int
    last: int


def with_merged(sheet: Any, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet that openpyxl reads, with the text of each merged cell in all rows that it runs over.

    Only its first column is filled, and only rows that are there anyway.
    """
    begins = _by_first_row(sheet)
    firsts = sorted(begins, reverse=True)
    open_now: dict[int, tuple[int, str]] = {}
    for number, texts in rows:
        while firsts and firsts[-1] <= number:
            first = firsts.pop()
            for column, last in begins.pop(first):
                text = texts[column] if first == number and column < len(texts) else ""
                open_now[column] = (last, text)
        for column, (last, text) in list(open_now.items()):
            if last < number:
                del open_now[column]
            elif text:
                texts.extend([""] * (column + 1 - len(texts)))
                texts[column] = texts[column] or text
        yield number, texts


def _by_first_row(sheet: Any) -> dict[int, list[_Down]]:
    """They stand behind the rows, so the sheet is walked once before it is read. Raises UnreadableFileError."""
    found: dict[int, list[_Down]] = defaultdict(list)
    rest, n_found = b"", 0
    # openpyxl has them only in memory together with all cells.
    with sheet.parent._archive.open(sheet._worksheet_path) as stream:
        while block := stream.read(_BLOCK):
            text = rest + block
            end = 0
            for match in _MERGED.finditer(text):
                end = match.end()
                column, first, last = column_index_from_string(match[1].decode()) - 1, int(match[2]), int(match[3])
                if last > first and column < MAX_COLUMNS:
                    found[first].append(_Down(column, last))
                    n_found += 1
            if n_found > MAX_MERGED:
                what = N_("The sheet has more than %(n)s cells that run over several rows.")
                raise UnreadableFileError(say(what, n=f"{MAX_MERGED:,}"))
            rest = text[max(end, len(text) - _LONGEST) :]
    return found
