"""The directory as csv: UTF-8 with the mark by which spreadsheets know it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

from referral.exporters.reading import Export
from referral.exporters.tables import row_maker

BLOCK = 65_536
"""Characters that are given at a time."""


def write_csv(export: Export) -> Iterator[bytes]:
    """The file, block by block."""
    columns = export.columns()
    cells = row_maker(columns)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    yield codecs.BOM_UTF8
    writer.writerow([column.name for column in columns])
    for listing in export.listings():
        writer.writerow(cells(listing))
        if text.tell() > BLOCK:
            yield _taken(text)
    yield _taken(text)


def _taken(text: io.StringIO) -> bytes:
    content = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return content
