"""Lists that people keep by hand: cells merged over several rows, and a header in two rows."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from referral.importers.mapping import ColumnRule, Rules, open_table
from referral.importers.reading.files import open_source
from referral.importers.records import ProviderRecord
from tests.importers.test_mapping import csv_file, items, suggested, with_state


def with_merged_cells(path: Path, *merged: str) -> Path:
    book = openpyxl.Workbook()
    sheet: Any = book.worksheets[0]
    for cells in (
        ("Places that the county knows of, spring 2026",),
        (),
        ("Facility", "Address", None, None, "Phone", "Level of care", None, "Payment", None),
        (None, "Street", "City", "ZIP", None, "Type", "Days", "Medicaid", "Self-pay"),
        ("Hope House", "1 Main Street", "Louisville", 40202, "502-555-0140", "residential", 90, "x", None),
        (None, None, None, None, None, "sober living", None, None, "x"),
        ("Blue Door", "3 Oak Avenue", "Louisville", 40203, "502-555-0142", "detox", None, "x", None),
    ):
        sheet.append(cells)
    for area in merged:
        sheet.merge_cells(area)
    book.save(path / "merged.xlsx")
    return path / "merged.xlsx"


def test_merged_cells_stand_in_each_of_their_rows_and_a_header_may_have_two(tmp_path: Path) -> None:
    path = with_merged_cells(tmp_path, *(f"{column}{rows}" for column, rows in MERGED))
    roles = {name: rule.role for name, rule in suggested(path).columns.items()}
    assert list(roles) == ["facility", "street", "city", "zip", "phone", "type", "days", "medicaid", "self-pay"]
    assert set(roles.values()) == {"name", "street", "city", "postal_code", "phone", "care", "stay_days"}
    rules = with_state(suggested(path), "KY")
    found = items(rules, path)
    read = [(one.name, one.phone, one.levels) for one in found if isinstance(one, ProviderRecord)]
    assert read == [
        ("Hope House", "502-555-0140", ("residential_long",)),
        ("Hope House", "502-555-0140", ("recovery_residence",)),
        ("Blue Door", "502-555-0142", ("detox",)),
    ]
    assert [sorted(one.yes) for one in found if isinstance(one, ProviderRecord)] == [
        ["takes_medicaid"],
        ["takes_self_pay"],
        ["takes_medicaid"],
    ]


MERGED = [*((column, f"3:{column}4") for column in "AE"), *((column, f"5:{column}6") for column in "ABCDE")]


@pytest.mark.parametrize("merged", ["A5:A1048576", "A6:A7", "XFC1:XFD1048576", "C6:D6"])
def test_cells_that_are_merged_oddly_spoil_no_other_row(tmp_path: Path, merged: str) -> None:
    plain, path = with_merged_cells(tmp_path), tmp_path / "odd.xlsx"
    with zipfile.ZipFile(plain) as book, zipfile.ZipFile(path, "w") as odd:
        for part in book.namelist():
            cells = f'</sheetData><mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>'
            odd.writestr(part, book.read(part).replace(b"</sheetData>", cells.encode()))
    rules = Rules({**suggested(path).columns, "facility": ColumnRule("name")}, constants={"state": "KY"})
    found = items(rules, path)
    assert {"Hope House", "Blue Door"} <= {one.name for one in found if isinstance(one, ProviderRecord)}
    assert len(found) == 3


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        ("Name,City,Care,\n,,Type,Days\nHope,Paris,detox,5", ["name", "city", "type", "days"]),
        ("Name,City,Youth,,Adults,\n,,Yes,No,Yes,No\nHope,Paris,x,,,x", ["name", "city", "youth yes", "youth no"]),
        ("Name,City,Care,\nHope,Paris,detox,5", ["name", "city", "care", "column d"]),
        ("Name,City,Care,\n,Paris,detox,5\nHope,Paris,detox,7", ["name", "city", "care", "column d"]),
        ("Our list,,,May\nName,City,Care,Days\nHope,Paris,detox,5", ["name", "city", "care", "days"]),
    ],
)
def test_a_header_in_two_rows_is_told_from_a_row_and_from_a_title(
    tmp_path: Path, rows: str, header: list[str]
) -> None:
    with open_source(csv_file(tmp_path, rows)) as source:
        assert list(open_table(source).header)[:4] == header
