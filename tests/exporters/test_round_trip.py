"""Whatever the directory holds, import(export(x)) is x, and no cell is taken for a formula (THREATS 21)."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.exporters import FORMATS
from referral.extensions import db
from referral.importers.own.cells import from_cell, to_cell
from tests.exporters.worlds import TEXTS, content, engine_of, fill, listing, listings, program, take, write
from tests.rounds import rounds

SLOW = settings(
    max_examples=rounds(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?")
FORMULA = tuple("=+-@\t\r\n\0＝＋－＠")


def is_safe(cell: str) -> bool:
    return not cell.startswith(FORMULA) or NUMBER.fullmatch(cell) is not None


@settings(max_examples=rounds(2000), deadline=None)
@given(text=TEXTS | st.text(), is_long=st.booleans())
def test_a_text_comes_back_from_its_cell_and_the_cell_is_no_formula(text: str, is_long: bool) -> None:
    cell = to_cell(text, is_long=is_long)
    assert is_safe(cell)
    assert from_cell(cell).text == text
    assert cell == cell.strip()
    assert not re.search("[\0-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]", cell), "no workbook can hold these"


def cells_of(path: Path) -> Iterator[str]:
    """The cells of a table, as another program reads them."""
    if path.suffix == ".csv":
        for texts in csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
            yield from texts
        return
    book = openpyxl.load_workbook(path)
    for row in book["Listings"].iter_rows():
        for cell in row:
            assert cell.data_type in "sn", (cell.coordinate, cell.data_type)
            yield "" if cell.value is None else str(cell.value)


@SLOW
@given(world=st.lists(listings(), min_size=1, max_size=6))
@pytest.mark.parametrize("kind", FORMATS)
def test_a_directory_is_the_same_after_its_way_through_a_file(
    sqlite_template: Path, tmp_path: Path, kind: str, world: list[dict[str, Any]]
) -> None:
    world = [values | {"source_key": f"key {number}"} for number, values in enumerate(world)]
    path = tmp_path / f"export.{kind}"
    with engine_of(sqlite_template, tmp_path) as engine:
        fill(engine, world)
        write(engine, kind, path)
        before = content(engine)
        report, told = take(engine, path)
        assert (report.unchanged, told) == (len(world), [])
        assert content(engine) == before
    if kind != "json":
        assert all(map(is_safe, cells_of(path)))
    with engine_of(sqlite_template, tmp_path) as engine:
        report, told = take(engine, path)
        assert (report.added, told) == (len(world), [])
        assert content(engine) == before


def test_both_databases_hold_the_same_after_a_way_through_each_file(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing("One", programs=[program(), program("detox", facts={"accepts_men": False})])])
    fill(db.engine, [listing("=Two", staff_note="a\nb", facts={"spanish": True, "takes_medicaid": False})])
    before = content(db.engine)
    for kind in FORMATS:
        report, told = take(db.engine, write(db.engine, kind, tmp_path / f"a.{kind}"))
        assert (report.unchanged, told) == (2, [])
    assert content(db.engine) == before


def test_a_workbook_holds_no_formula_and_no_link(sqlite_template: Path, tmp_path: Path) -> None:
    texts = ['=HYPERLINK("http://x.example")', "@SUM(1)", "+1", "-1+1", "＝1", "#N/A", "http://x.example"]
    with engine_of(sqlite_template, tmp_path) as engine:
        fill(engine, [listing(text, staff_note=text) for text in texts])
        path = write(engine, "xlsx", tmp_path / "a.xlsx")
    sheet = zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml").decode()
    assert not re.search(r"<f[\s/>]|<hyperlink", sheet)
    assert set(re.findall(r'<c [^>]*t="(\w+)"', sheet)) == {"inlineStr"}
    shown = [
        row[0].value for row in openpyxl.load_workbook(path)["Listings"].iter_rows(min_row=2, min_col=5, max_col=5)
    ]
    assert shown == [*(f"'{text}" for text in texts[:6]), texts[6]]
