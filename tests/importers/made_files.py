"""Small directories with made-up facilities, in the layouts of the sources that we read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from referral.importers.formats import open_items
from referral.importers.reading.files import open_source
from referral.importers.records import Item, ProviderRecord

NATIONAL = (
    *("name1", "name2", "street1", "street2", "city", "state", "zip", "phone"),
    *("intake1", "intake2", "intake1a", "intake2a", "service_code_info"),
)
NATIONAL_WITH_POINTS = (*NATIONAL, "latitude", "longitude", "coord_source")
LOCATOR_CONTACT = (
    *("name1", "name2", "street1", "street2", "city", "state", "zip", "zip4", "county", "phone", "intake_prompt"),
    *("intake1", "intake2", "website", "latitude", "longitude", "type_facility"),
)
BLUE_DOOR = {
    "name1": "Blue Door",
    "street1": "1 Main Street",
    "city": "Louisville",
    "state": "KY",
    "zip": "40202",
    "phone": "502-555-0100",
    "latitude": "38.25",
    "longitude": "-85.75",
    "service_code_info": "SA DT * OP RES OD RL * MD SF * FEM",
}
Cells = Mapping[str, str]


def row(**changes: str) -> dict[str, str]:
    """Blue Door's row with these cells changed."""
    return BLUE_DOOR | changes


def rows_named(*names: str, **changes: str) -> list[dict[str, str]]:
    return [row(name1=name, **changes) for name in names]


def csv_text(header: Sequence[str], rows: Iterable[Cells]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    for cells in rows:
        writer.writerow([cells.get(name.strip().lower(), "") for name in header])
    return text.getvalue()


def write_csv(
    path: Path,
    rows: Iterable[Cells],
    header: Sequence[str] = NATIONAL_WITH_POINTS,
    *,
    encoding: str = "utf-8",
    line_end: str = "\n",
) -> Path:
    path.write_bytes(csv_text(header, rows).replace("\n", line_end).encode(encoding))
    return path


def write_xlsx(path: Path, tables: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook with these sheets, each a list of rows."""
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in tables.items():
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append(list(cells))
    book.save(path)
    return path


def sheet_of(rows: Iterable[Cells], header: Sequence[str] = NATIONAL) -> list[list[str | None]]:
    return [list(header), *([cells.get(name.strip().lower()) for name in header] for cells in rows)]


def locator_header(*codes: str) -> tuple[str, ...]:
    return (*LOCATOR_CONTACT, *codes)


def locator_row(kind: str, *codes: str, **changes: str) -> dict[str, str]:
    """Blue Door's row of a locator export, on the list `kind`, with these codes flagged."""
    return row(type_facility=kind, **dict.fromkeys(codes, "1"), **changes)


def locator_json_row(kind: str, services: Mapping[str, str], **changes: Any) -> dict[str, Any]:
    listed = [{"f1": "", "f2": category, "f3": names} for category, names in services.items()]
    return {**BLUE_DOOR, "typeFacility": kind, "services": listed, **changes}


def write_json(path: Path, rows: Sequence[Any]) -> Path:
    path.write_text(json.dumps({"page": 1, "rows": list(rows)}), encoding="utf-8")
    return path


def read(path: Path, **options: Any) -> tuple[str, list[Item]]:
    """The source that a file is recognised as, and all its items."""
    with open_source(path) as source:
        name, items = open_items(source, **options)
        return name, list(items)


def records(path: Path, **options: Any) -> list[ProviderRecord]:
    """The providers of a file in which every row is one."""
    items = read(path, **options)[1]
    found = [item for item in items if isinstance(item, ProviderRecord)]
    assert len(found) == len(items), items
    return found


def one_record(path: Path, **options: Any) -> ProviderRecord:
    (record,) = records(path, **options)
    return record
