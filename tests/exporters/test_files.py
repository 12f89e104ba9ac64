"""What stands in an export: its columns, what explains them, the chosen listings, one instant of the directory."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from openpyxl.utils import get_column_letter

from config import ROOT
from referral.exporters import FORMATS, Choice, TooManyProgramsError, open_export
from referral.extensions import db
from referral.importers.own.columns import FACT_COLUMNS, LISTING, MAX_PROGRAMS, explanations, table_columns
from referral.models import Provider
from referral.models.recording import PROVIDER_FIELDS
from referral.vocabulary import FACTS, LEVELS
from tests.exporters.worlds import engine_of, fill, listing, program, write


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_every_value_that_staff_can_edit_has_a_column() -> None:
    fields = {column.field for column in LISTING}
    assert {*PROVIDER_FIELDS, "latitude", "longitude", "precision", "id", "source", "source_key", "version"} == fields
    assert [column.name for column in FACT_COLUMNS] == list(FACTS)


def test_no_two_columns_share_a_name_and_a_reader_takes_the_widest_table() -> None:
    columns = table_columns(MAX_PROGRAMS)
    assert len({column.name for column in columns}) == len(columns) <= 500


def test_the_docs_explain_every_column() -> None:
    text = (ROOT / "docs" / "file_format.md").read_text(encoding="utf-8")
    missing = [row for row in explanations() if f"| `{row[0]}` | {row[1]} | {row[2]} |" not in text]
    assert not missing


def test_a_row_shows_a_listing_with_its_programs_and_facts(sqlite_template: Path, tmp_path: Path) -> None:
    one = listing(
        "Blue Door",
        confirmed_on=date(2026, 3, 1),
        latitude=38.25,
        longitude=-85.75,
        precision="exact",
        other_phones=[{"kind": "intake", "number": "502-555-0101", "extension": "5"}],
        facts={"takes_medicaid": True, "accepts_men": False},
        programs=[program("residential_long", max_stay_days=90, capacity=12, facts={"spanish": True})],
    )
    with engine_of(sqlite_template, tmp_path) as engine:
        fill(engine, [one])
        (row,) = rows(write(engine, "csv", tmp_path / "a.csv"))
        (same,) = json.loads(write(engine, "json", tmp_path / "a.json").read_text())["listings"]
    assert (row["onward_id"], row["name"], row["longitude"], row["confirmed_on"]) == (
        "1",
        "Blue Door",
        "-85.75",
        "2026-03-01",
    )
    assert row["other_phones"] == "intake 502-555-0101 x5"
    assert (row["takes_medicaid"], row["accepts_men"], row["accepts_women"]) == ("yes", "no", "")
    assert (row["program_1_level"], row["program_1_longest_stay_days"]) == ("residential_long", "90")
    assert (row["program_1_facts"], row["program_2_level"]) == ("spanish: yes", "")
    assert (same["facts"], same["programs"][0]["capacity"]) == ({"takes_medicaid": True, "accepts_men": False}, 12)


def test_a_workbook_explains_its_columns_and_offers_what_may_be_chosen(sqlite_template: Path, tmp_path: Path) -> None:
    with engine_of(sqlite_template, tmp_path) as engine:
        fill(engine, [listing()])
        book = openpyxl.load_workbook(write(engine, "xlsx", tmp_path / "a.xlsx"))
    sheet = book["Listings"]
    assert sheet.freeze_panes == "F2"
    header = [str(cell.value) for cell in sheet[1]]
    explained = [row[0] for row in book["Columns"].iter_rows(min_row=2, values_only=True)]
    assert {name for name in header if not name.startswith(("program_2", "program_3"))} == set(explained)
    offered = {
        rule.formula1: [str(area) for area in rule.sqref.ranges] for rule in sheet.data_validations.dataValidation
    }
    column = get_column_letter(header.index("program_2_level") + 1)
    assert f"{column}2:{column}1048576" in offered[f'"{",".join(LEVELS)}"']
    assert all(len(choices) <= 255 for choices in offered), "Excel takes no more"


def test_only_the_chosen_listings_are_written(sqlite_template: Path, tmp_path: Path) -> None:
    with engine_of(sqlite_template, tmp_path) as engine:
        fill(engine, [listing(f"{n}", state="KY" if n % 2 else "OH", staff_note="x") for n in range(1, 1203)])
        chosen = [1202, 3, 600, 2, 3]
        assert [row["name"] for row in rows(write(engine, "csv", tmp_path / "a.csv", Choice(ids=chosen)))] == [
            "2",
            "3",
            "600",
            "1202",
        ]
        assert len(rows(write(engine, "csv", tmp_path / "a.csv", Choice(state="KY")))) == 601
        assert rows(write(engine, "csv", tmp_path / "a.csv", Choice(ids=[]))) == []
        kept = rows(write(engine, "csv", tmp_path / "a.csv", Choice(has_staff_notes=False)))
        assert len(kept) == 1202
        assert "staff_note" not in kept[0]


def test_a_listing_with_more_programs_than_a_table_holds_is_told_and_json_takes_it(
    sqlite_template: Path, tmp_path: Path
) -> None:
    with engine_of(sqlite_template, tmp_path) as engine:
        fill(engine, [listing(programs=[program()] * (MAX_PROGRAMS + 1))])
        for kind in ("csv", "xlsx"):
            with pytest.raises(TooManyProgramsError, match="export as JSON"):
                write(engine, kind, tmp_path / "a")
        found = json.loads(write(engine, "json", tmp_path / "a.json").read_text())
    assert len(found["listings"][0]["programs"]) == MAX_PROGRAMS + 1


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_shows_one_instant_whatever_is_changed_while_it_is_written(
    app: Flask, tmp_path: Path, kind: str
) -> None:
    fill(db.engine, [listing(f"Before {number}") for number in range(1100)])
    with open_export(db.engine, Choice()) as export:
        blocks = FORMATS[kind].write(export)
        written = [next(blocks)]
        with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
            connection.execute(sa.update(Provider).values(name=sa.literal("After ") + Provider.source_key))
        written += blocks
    (tmp_path / f"a.{kind}").write_bytes(b"".join(written))
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Listings"]
        names = [row[0] for row in sheet.iter_rows(min_row=2, min_col=5, max_col=5, values_only=True)]
    elif kind == "csv":
        names = [row["name"] for row in rows(tmp_path / "a.csv")]
    else:
        names = [one["name"] for one in json.loads((tmp_path / "a.json").read_text())["listings"]]
    assert names == [f"Before {number}" for number in range(1100)]
