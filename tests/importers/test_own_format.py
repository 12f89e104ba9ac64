"""Our own file format: what a row says, and what is refused with what to do."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from referral.extensions import db
from referral.importers.reading.files import UnreadableFileError
from referral.importers.records import OwnRecord, Rejected
from referral.models import utc_now
from tests.exporters.worlds import content, take
from tests.importers.made_files import read
from tests.importers.own_files import one, reason, stored, table, write_json


def test_what_people_and_spreadsheets_make_of_a_value_is_understood(tmp_path: Path) -> None:
    record = one(
        tmp_path,
        state="ma",
        postal_code="2139",
        phone="(502) 555-0100 ext. 5",
        other_phones="502-555-0101; Hotline: 800 555 0102",
        website="www.bluedoor.example",
        status="Temporarily closed",
        license_expires_on="11/30/2027",
        closed_until="2027-01-31 00:00:00",
        takes_medicaid="Y",
        accepts_men="FALSE",
        spanish="not known",
        program_1_level="Day treatment",
        program_1_facts="accepts_women: Yes; ACCEPTS_MEN: no",
    )
    assert (record.values["state"], record.values["postal_code"]) == ("MA", "02139")
    assert (record.values["phone"], record.values["phone_extension"]) == ("502-555-0100", "5")
    assert [(p["kind"], p["number"]) for p in record.values["other_phones"]] == [
        ("intake", "502-555-0101"),
        ("hotline", "800-555-0102"),
    ]
    assert record.values["website"] == "http://www.bluedoor.example"
    assert record.values["status"] == "temporarily_closed"
    assert record.values["license_expires_on"] == date(2027, 11, 30)
    assert record.values["closed_until"] == date(2027, 1, 31)
    assert record.facts == {"takes_medicaid": True, "accepts_men": False, "spanish": None}
    assert record.programs == (
        {"level": "partial_hospitalization", "facts": {"accepts_women": True, "accepts_men": False}},
    )


def test_payment_facts_are_what_the_file_says_and_nothing_is_concluded(tmp_path: Path) -> None:
    assert one(tmp_path, takes_medicaid="yes", takes_medicare="").facts == {
        "takes_medicaid": True,
        "takes_medicare": None,
    }


TOMORROWS = (utc_now().date() + timedelta(days=5)).isoformat()
WRONG = {
    "name": ("", "name: is empty"),
    "status": ("open", "status: “open” is none of active, temporarily_closed, inactive"),
    "state": ("Kentuckee", "state: “Kentuckee” is not a state: write its two letters"),
    "postal_code": ("4020", "postal_code: “4020” is not a ZIP code"),
    "latitude": ("38,25", "latitude: “38,25” is not a number from -90 to 90"),
    "phone": ("call us", "phone: “call us” is not a phone number: write it as 502-555-0100"),
    "other_phones": ("intake soon", "other_phones: “soon” is not a phone number"),
    "website": ("javascript:alert(1)", "website: “javascript:alert(1)” is not a web address"),
    "licensed_beds": ("-1", "licensed_beds: “-1” is not a whole number from 0 to 100,000"),
    "license_expires_on": ("30.11.2026", "license_expires_on: “30.11.2026” is not a day: write it as 2026-11-30"),
    "closed_until": ("2026-02-30", "closed_until: “2026-02-30” is a day that does not exist"),
    "confirmed_on": (TOMORROWS, f"confirmed_on: {TOMORROWS} has not come yet"),
    "takes_medicaid": ("maybe", "takes_medicaid: “maybe” is neither yes nor no: leave it empty"),
    "program_1_level": ("rehab", "program_1_level: “rehab” is none of detox_hospital"),
    "onward_id": ("12a", "onward_id: “12a” is not a whole number"),
    "street": ("x" * 301, "street: has 301 characters: use at most 300"),
    "city": ("#REF!", "city: “#REF!” is an error of the spreadsheet"),
}


@pytest.mark.parametrize(("column", "cell", "expected"), [(name, *wrong) for name, wrong in WRONG.items()])
def test_a_cell_that_cannot_be_read_rejects_its_row_with_the_column_and_what_to_do(
    tmp_path: Path, column: str, cell: str, expected: str
) -> None:
    assert reason(tmp_path, **{"unit": "2", "longitude": "", "latitude": "", column: cell}).startswith(expected)


def test_cells_that_contradict_each_other_reject_the_row(tmp_path: Path) -> None:
    assert "fill both or neither" in reason(tmp_path, latitude="38", longitude="")
    assert "0, 0 is in the sea" in reason(tmp_path, latitude="0", longitude="0")
    hidden = reason(tmp_path, latitude="38", longitude="-85", address_kind="confidential")
    assert "only a listing with address_kind street has a point" in hidden
    assert "program_1_level: is empty" in reason(tmp_path, program_1_level="", program_1_capacity="5")
    assert "is not the extension" in reason(tmp_path, phone="502-555-0100 x5", phone_extension="6")
    assert "source_key: is empty" in reason(tmp_path, source="list:county", source_key="")
    many = reason(tmp_path, status="x", state="xx", phone="x", website="x", licensed_beds="x")
    assert many.endswith("; and 2 more")


def test_a_header_that_lacks_half_of_something_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="both latitude and longitude"):
        read(table(tmp_path / "a.csv", {"name": "x", "latitude": "38"}))
    with pytest.raises(UnreadableFileError, match="no program_2_level"):
        read(table(tmp_path / "a.csv", {"name": "x", "program_2_capacity": "38"}))


def test_columns_that_are_not_ours_are_left_out_and_told(app: Flask, tmp_path: Path) -> None:
    report, _ = take(db.engine, table(tmp_path / "a.csv", {"name": "x", "my notes": "call"}))
    assert [(text, note.count) for text, note in report.notes.items()] == [
        ("the column my notes is not one of ours: it was not read", 1)
    ]


def test_formulas_of_a_workbook_count_by_their_results_and_without_one_reject_the_row(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["onward_id", "name", "city"])
    sheet.append([None, "One", "=1+1"])
    sheet.append([None, "Two", "Louisville"])
    book.save(tmp_path / "a.xlsx")
    rejected, two = read(tmp_path / "a.xlsx")[1]
    assert isinstance(rejected, Rejected)
    assert rejected.reason == "has a formula without a result in column C: type its value instead"
    assert isinstance(two, OwnRecord)


def test_json_says_values_facts_and_programs(app: Flask, tmp_path: Path) -> None:
    one = {
        "name": "Blue Door",
        "latitude": 38.25,
        "longitude": -85.75,
        "licensed_beds": 5,
        "website": None,
        "other_phones": [{"kind": "hotline", "number": "502-555-0101", "extension": "5"}],
        "facts": {"spanish": True, "hiv": None},
        "programs": [{"level": "detox", "longest_stay_days": 7, "facts": {"accepts_men": False}}],
    }
    report, told = take(db.engine, write_json(tmp_path / "a.json", one))
    assert (report.added, told) == (1, [])
    provider = stored()
    assert (provider.latitude, provider.precision, provider.licensed_beds) == (38.25, "exact", 5)
    assert provider.other_phones == [{"kind": "hotline", "number": "502-555-0101", "extension": "5"}]
    assert provider.facts == {"spanish": True}
    assert (provider.programs[0].max_stay_days, provider.programs[0].facts) == (7, {"accepts_men": False})
    assert take(db.engine, write_json(tmp_path / "a.json", {"onward_id": provider.id, "facts": {}}))[0].changed == 1
    assert stored().facts == {}
    assert len(stored().programs) == 1


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        ({"name": ["x"]}, "name: is neither a text nor a number"),
        ({"name": "x", "facts": ["spanish"]}, "facts: is not an object"),
        ({"name": "x", "facts": {"spanish": "yes"}}, "spanish: is neither true nor false nor null"),
        ({"name": "x", "facts": {"fluent": True}}, "facts: fluent is no fact"),
        ({"name": "x", "programs": {}}, "programs: is not a list"),
        ({"name": "x", "programs": [{"level": "x"}]}, "program_1_level: “x” is none of"),
        ({"name": "x", "programs": [3]}, "programs: is not an object"),
        ({"name": "x", "other_phones": [{"number": "soon"}]}, "other_phones: “soon” is not a phone number"),
        (
            {"name": "x", "other_phones": [{"kind": "fax", "number": "502-555-0100"}]},
            "other_phones: a kind is one of",
        ),
        ({"name": "x\0y"}, "name: has a character that cannot be stored"),
        ({"name": "x\ud800"}, "name: has a character that cannot be stored"),
        ({"name": True}, "name: is neither a text nor a number"),
        ({"onward_id": 1.5, "name": "x"}, "onward_id: “1.5” is not a whole number"),
        ({"onward_id": 10**17, "name": "x"}, "onward_id: “100000000000000000” is not a whole number"),
        (7, "is not an object"),
    ],
    ids=str,
)
def test_json_that_says_something_else_rejects_its_row(tmp_path: Path, one: Any, expected: str) -> None:
    good, item = read(write_json(tmp_path / "a.json", {"name": "Good"}, one))[1]
    assert isinstance(good, OwnRecord)
    assert isinstance(item, Rejected)
    assert item.reason.startswith(expected)


def test_json_that_breaks_off_changes_nothing(app: Flask, tmp_path: Path) -> None:
    path = write_json(tmp_path / "a.json", {"name": "One"}, {"name": "Two"})
    path.write_text(path.read_text(encoding="utf-8")[:-3], encoding="utf-8")
    with pytest.raises(UnreadableFileError):
        take(db.engine, path)
    assert content(db.engine) == []
