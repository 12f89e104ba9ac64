"""The kinds of file that an export can be."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from referral.exporters.csv_file import write_csv
from referral.exporters.json_file import write_json
from referral.exporters.reading import Export
from referral.exporters.xlsx_file import write_xlsx


class Format(NamedTuple):
    """`write` gives the file block by block."""

    write: Callable[[Export], Iterator[bytes]]
    media_type: str


FORMATS: dict[str, Format] = {
    "csv": Format(write_csv, "text/csv; charset=utf-8"),
    "xlsx": Format(write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "json": Format(write_json, "application/json"),
}
"""By the ending of the file."""
