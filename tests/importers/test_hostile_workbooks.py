"""Workbooks whose parts are small when packed and take the memory of the whole machine when read (THREATS 19)."""

from __future__ import annotations

import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from config import ROOT
from referral.importers.drafts import limits
from referral.importers.reading.xlsx_bounds import MAX_RATIO
from tests.importers.made_files import read, row, sheet_of, write_xlsx
from tests.importers.test_hostile_files import SHEET, STRINGS, STRINGS_TYPE, TYPES, refuse

SPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STYLES = "xl/styles.xml"


def noise(size: int) -> bytes:
    """Text that hardly gets smaller when it is packed, so that the ratio of the part stays plausible."""
    return b"<x>%b</x>" % random.Random(0).randbytes(size // 2).hex().encode()


def workbook(path: Path, name: str, change: Callable[[bytes], bytes], types: bytes = b"") -> Path:
    """Blue Door's workbook with one part changed, and packed as much as can be."""
    write_xlsx(path, {"Facilities List": sheet_of([row()])})
    with zipfile.ZipFile(path) as book:
        parts = {part: book.read(part) for part in book.namelist()}
    parts[TYPES] = parts[TYPES].replace(b"</Types>", types + b"</Types>")
    parts[name] = change(parts.get(name, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, content in parts.items():
            book.writestr(part, content)
    assert all(part.file_size < MAX_RATIO * part.compress_size for part in zipfile.ZipFile(path).infolist())
    return path


def in_rows(*inserted: bytes) -> Callable[[bytes], bytes]:
    return lambda sheet: sheet.replace(b"</sheetData>", b"".join(inserted) + noise(100_000) + b"</sheetData>")


SHEETS: dict[str, Callable[[bytes], bytes]] = {
    "cells of one row": in_rows(b"<row>", b"<c/>" * 1_000_000, b"</row>"),
    "with a prefix": in_rows(b"<row>", b"<x:c/>" * 1_000_000, b"</row>"),
    "attributes": in_rows(b"<row><c ", b'a="" ' * 150_000, b"/></row>"),
    "a long text": in_rows(b'<row><c t="inlineStr"><is><t>', b"a" * 3_000_000, b"</t></is></c></row>"),
    "ends of the rows in a row": in_rows(b"<row>" + (b"<c/>" * 50_000 + b"<sheetData></sheetData>") * 9),
    "rows in each other": in_rows(b"<row><c>" * 60_000, b"<x/>" * 1_000_000, b"</c></row>" * 60_000),
    "nested": in_rows(b"<a>" * 300_000, b"</a>" * 300_000),
    "before the rows": lambda s: s.replace(b"<sheetData>", b"<x/>" * 1_000_000 + noise(100_000) + b"<sheetData>"),
    "after the rows": lambda s: s.replace(b"</sheetData>", b"</sheetData>" + b"<x/>" * 3_000_000 + noise(300_000)),
    "rows that are comments": in_rows(b"<c/><!--<row >-->" * 1_100_000, noise(600_000)),
}


@pytest.mark.parametrize("change", SHEETS.values(), ids=SHEETS.keys())
def test_a_sheet_that_would_be_held_in_memory_is_refused(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    refuse(workbook(tmp_path / "a.xlsx", SHEET, change), "far too large")


def strings(inside: bytes) -> bytes:
    return b"<sst %b>%b%b</sst>" % (SPACE, inside, noise(900_000))


def test_a_list_of_texts_is_bounded_whatever_its_name_says(tmp_path: Path) -> None:
    refuse(workbook(tmp_path / "a.xlsx", STRINGS, lambda _: strings(b"<si/>" * 8_100_000), STRINGS_TYPE), "too large")
    name = "xl/worksheets/strings.xml"
    types = STRINGS_TYPE.replace(STRINGS.encode(), name.encode())
    refuse(workbook(tmp_path / "b.xlsx", name, lambda _: strings(b"<si/>" * 8_100_000), types), "too large")
    sheet_too = b"<worksheet %b><row/><si><t>a</t></si>%b</worksheet>" % (SPACE, b"<row/>")
    refuse(workbook(tmp_path / "c.xlsx", name, lambda _: sheet_too, types), "too large")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (STYLES, lambda part: part.replace(b"</cellXfs>", b"<xf/>" * 300_000 + noise(50_000) + b"</cellXfs>")),
        (STYLES, lambda _: b"<worksheet %b>%b%b</worksheet>" % (SPACE, b"<row/>" * 300_000, noise(50_000))),
        ("docProps/custom.xml", lambda _: b"<sst>%b%b</sst>" % (b"<property/>" * 300_000, noise(80_000))),
        (
            "xl/workbook.xml",
            lambda part: part.replace(b"</sheets>", b"</sheets><x>" + b"<y/>" * 300_000 + noise(50_000) + b"</x>"),
        ),
        (TYPES, lambda part: part.replace(b"</Types>", b"<Override/>" * 300_000 + noise(80_000) + b"</Types>")),
        ("_rels/.rels", lambda part: part.replace(b"</R", b"<Relationship/>" * 300_000 + noise(90_000) + b"</R")),
    ],
    ids=["styles", "styles that say they are a sheet", "properties", "names", "types", "relations"],
)
def test_a_part_beside_the_sheets_is_bounded(tmp_path: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    refuse(workbook(tmp_path / "a.xlsx", name, change), "far too large")


def test_a_directory_of_hundreds_of_thousands_of_parts_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        for number in range(60_000):
            book.writestr(zipfile.ZipInfo(str(number)), b"")
    refuse(path, "far too large")


MERGED = (b'<mergeCell ref="AA%d:AB%d"/>' % (number, number) for number in range(1, 40_000))


@pytest.mark.parametrize(
    ("before", "after"),
    [(b"", b""), (b"<!-- made by hand -->", b""), (b"", b"<mergeCells>%b</mergeCells>" % b"".join(MERGED))],
    ids=["plain", "a comment", "after the rows"],
)
def test_a_large_sheet_of_ordinary_rows_is_read(tmp_path: Path, before: bytes, after: bytes) -> None:
    rows = sheet_of([row(name1=f"Place {number}") for number in range(3000)])
    write_xlsx(tmp_path / "many.xlsx", {"Facilities List": rows})
    with zipfile.ZipFile(tmp_path / "many.xlsx") as book:
        sheet = (
            book.read(SHEET)
            .replace(b"</sheetData>", b"</sheetData>" + after)
            .replace(b"</row>", b"</row>" + before, 1)
        )
    assert len(sheet) > 1_200_000
    assert len(read(workbook(tmp_path / "a.xlsx", SHEET, lambda _: sheet))[1]) == 3000


def test_a_file_takes_neither_all_memory_nor_all_time_whatever_it_does_to_its_reader() -> None:
    code = f"""
import resource
from referral.importers.drafts.limits import limit_this_process
limit_this_process()
try:
    bytearray({limits.MAX_MEMORY})
except MemoryError:
    print(resource.getrlimit(resource.RLIMIT_CPU)[0])
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT, capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout == f"{limits.MAX_CPU_SECONDS}\n"
