"""The locator's export (xlsx, csv) and its JSON: which lists can be used, and for what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from referral.importers.messages import say
from referral.importers.reading.files import UnreadableFileError
from referral.importers.records import Phone, Rejected, Skipped
from tests.importers.made_files import (
    locator_header,
    locator_json_row,
    locator_row,
    one_record,
    read,
    sheet_of,
    write_csv,
    write_json,
    write_xlsx,
)

MENTAL_HEALTH_ONLY = "mental health only (no addiction treatment)"
EVERY_CODE = ("sa", "dt", "op", "res", "hi", "bu", "mu", "md", "np", "fem")


def skipped(items: list[Any]) -> list[tuple[int, str]]:
    return [(item.row, item.reason) for item in items if isinstance(item, Skipped)]


def test_flags_of_an_su_row_become_programs_and_facts(tmp_path: Path) -> None:
    path = write_csv(
        tmp_path / "a.csv", [locator_row("SU", "sa", "op", "ort", "md")], locator_header(*EVERY_CODE, "ort")
    )
    assert read(path)[0] == "locator_export"
    record = one_record(path)
    assert record.levels == ("outpatient",)
    assert record.facts["takes_medicaid"] is True
    assert record.facts["free_care"] is False
    assert record.precision == "exact"


def test_headers_with_stray_blanks_are_understood(tmp_path: Path) -> None:
    header = [f"    {name} " for name in locator_header("n40", "op")]
    record = one_record(write_csv(tmp_path / "a.csv", [locator_row("SU", "n40", "op")], header))
    assert record.facts == {"yupik": True}


def test_an_su_row_without_the_sa_code_is_still_taken(tmp_path: Path) -> None:
    record = one_record(write_csv(tmp_path / "a.csv", [locator_row("SU", "dt")], locator_header(*EVERY_CODE)))
    assert record.levels == ("detox",)


@pytest.mark.parametrize(("kind", "fact"), [("BUPREN", "buprenorphine"), ("OTP", "methadone")])
def test_medication_lists_say_one_thing_whatever_their_flags(tmp_path: Path, kind: str, fact: str) -> None:
    path = write_csv(tmp_path / "a.csv", [locator_row(kind, *EVERY_CODE, "qq")], locator_header(*EVERY_CODE, "qq"))
    record = one_record(path)
    assert (record.levels, record.facts, record.unknown_codes) == (("outpatient",), {fact: True}, ())


def test_mental_health_rows_are_taken_only_with_the_sa_code_or_when_asked_for(tmp_path: Path) -> None:
    rows = [locator_row("MH", "mh", "op"), locator_row("MH", "mh", "sa", "op", name1="Elm"), locator_row("SU", "op")]
    path = write_csv(tmp_path / "a.csv", rows, locator_header(*EVERY_CODE, "mh"))
    assert skipped(read(path)[1]) == [(2, MENTAL_HEALTH_ONLY)]
    assert skipped(read(path, include_mental_health=True)[1]) == []


def test_mental_health_settings_become_levels(tmp_path: Path) -> None:
    codes = ("sa", "hi", "res", "phdt", "op", "idd")
    record = one_record(write_csv(tmp_path / "a.csv", [locator_row("MH", *codes)], locator_header(*codes)))
    assert set(record.levels) == {"hospital_inpatient", "residential", "partial_hospitalization", "outpatient"}
    assert record.facts == {"co_occurring": True}


@pytest.mark.parametrize("kind", ["HRSA", "", "su-old"])
def test_other_lists_are_skipped_and_named(tmp_path: Path, kind: str) -> None:
    path = write_csv(tmp_path / "a.csv", [locator_row(kind, *EVERY_CODE)], locator_header(*EVERY_CODE))
    assert skipped(read(path)[1]) == [(2, f"facility type {kind.upper()!r}")]


def test_an_unknown_column_is_reported_where_it_is_flagged(tmp_path: Path) -> None:
    rows = [locator_row("SU", "op", "qqq"), locator_row("SU", "op", name1="Elm")]
    items = read(write_csv(tmp_path / "a.csv", rows, locator_header("op", "qqq")))[1]
    assert [getattr(item, "unknown_codes", None) for item in items] == [("QQQ",), ()]


def test_blank_and_zero_are_no_flags(tmp_path: Path) -> None:
    row = locator_row("SU", "op") | {"md": "0", "mc": " ", "pi": "1.0"}
    assert one_record(write_csv(tmp_path / "a.csv", [row], locator_header("op", "md", "mc", "pi"))).yes == {
        "takes_private_insurance"
    }


def test_reused_columns_are_read_by_the_generation_of_the_header(tmp_path: Path) -> None:
    old = one_record(
        write_csv(tmp_path / "a.csv", [locator_row("SU", "mi", "ssa")], locator_header("mi", "ssa", "moti"))
    )
    new = one_record(
        write_csv(tmp_path / "b.csv", [locator_row("SU", "mi", "ssa")], locator_header("mi", "ssa", "cash"))
    )
    assert old.yes == {"takes_military_insurance"}
    assert new.yes == {"motivational_interviewing", "state_licensed"}


def test_a_workbook_that_states_its_size_as_one_cell_is_read_whole(tmp_path: Path) -> None:
    rows = [locator_row("SU", "op"), locator_row("SU", "op", name1="Elm")]
    path = write_xlsx(tmp_path / "a.xlsx", {"Sheet1": sheet_of(rows, locator_header("op"))})
    restate_dimension(path, "A1")
    assert openpyxl.load_workbook(path, read_only=True).worksheets[0].max_column == 1
    assert [item.row for item in read(path)[1]] == [2, 3]


def restate_dimension(path: Path, dimension: str) -> None:
    import re
    import zipfile

    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = re.sub(
        rb'<dimension ref="[^"]*"', f'<dimension ref="{dimension}"'.encode(), sheet
    )
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)


def test_numbers_in_a_workbook_are_flags_and_points(tmp_path: Path) -> None:
    cells: list[list[Any]] = [list(line) for line in sheet_of([locator_row("SU")], locator_header("op"))]
    cells[1][cells[0].index("latitude")], cells[1][cells[0].index("longitude")] = 38.25, -85.75
    cells[1][-1] = 1
    record = one_record(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": cells}))
    assert (record.levels, record.latitude, record.longitude) == (("outpatient",), 38.25, -85.75)


def test_zip4_website_and_phones_of_the_export(tmp_path: Path) -> None:
    row = locator_row(
        "SU",
        zip4="123",
        website="http://",
        phone="502-555-0100 x2800",
        intake1="502-555-0100",
        intake2="502-555-0101",
    )
    record = one_record(write_csv(tmp_path / "a.csv", [row], locator_header("op")))
    assert (record.postal_code, record.website) == ("40202-0123", "")
    assert (record.phone, record.phone_extension) == ("502-555-0100", "2800")
    assert record.other_phones == (Phone("intake", "502-555-0101"),)


SERVICES = {
    "TC": "Substance use treatment; Detoxification",
    "SET": "Residential; Short-term residential; Outpatient; Regular outpatient treatment",
    "PAY": "Medicaid; Cash or self-payment",
    "AGE": "Young adults",
    "OT": "Accepts clients on opioid medication",
}


def test_json_names_of_services_become_programs_and_facts(tmp_path: Path) -> None:
    path = write_json(
        tmp_path / "a.txt", [locator_json_row("SA", SERVICES, hotline1="800-555-0100", website="http://")]
    )
    assert read(path)[0] == "locator_json"
    record = one_record(path)
    assert record.levels == ("detox", "residential_short", "outpatient")
    assert record.facts["takes_medicaid"] is True
    assert record.facts["takes_medicare"] is False
    assert record.facts["accepts_on_medication"] is True
    assert "young_adults" not in record.facts
    assert record.other_phones == (Phone("hotline", "800-555-0100"),)


def test_json_lists_are_used_as_those_of_the_export(tmp_path: Path) -> None:
    rows = [
        locator_json_row("MH", {"TC": "Mental health treatment"}),
        locator_json_row("MH", {"TC": "Mental health treatment; Substance use treatment"}),
        locator_json_row("OTP", SERVICES),
        locator_json_row("HRSA", SERVICES),
    ]
    items = read(write_json(tmp_path / "a.json", rows))[1]
    assert skipped(items) == [(1, MENTAL_HEALTH_ONLY), (4, "facility type 'HRSA'")]
    assert getattr(items[2], "facts", None) == {"methadone": True}


def test_json_names_that_are_not_known_are_reported(tmp_path: Path) -> None:
    record = one_record(
        write_json(tmp_path / "a.json", [locator_json_row("SA", {"TAP": "Equine therapy; 12-step facilitation"})])
    )
    assert record.unknown_codes == ("Equine therapy",)
    assert record.facts == {"twelve_step": True}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ('{"name1": "A", "name1": "B"}', "has a key twice"),
        ('{"name1": "A", "latitude": NaN}', "has NaN, which is not a number"),
        ('{"name1": "A", "latitude": -Infinity}', "has -Infinity, which is not a number"),
        ('{"name1": "A", "zip": %s}' % ("9" * 5000), "has a number that is too long"),
        ('["A"]', "is not an object"),
        ("7", "is not an object"),
        ('{"typeFacility": "SA", "services": "all"}', "has no list of services with names"),
        ('{"typeFacility": "SA", "services": [{"f3": 5}]}', "has no list of services with names"),
        ('{"typeFacility": "SA", "services": [], "name1": "A\\u0000"}', "has a NUL character"),
        ('{"typeFacility": "SA", "services": []}', "has no name"),
    ],
)
def test_a_broken_json_row_is_rejected_and_the_others_are_read(tmp_path: Path, row: str, reason: str) -> None:
    good = '{"name1": "Blue Door \\ud800", "typeFacility": "SA", "services": [], "latitude": 1e999}'
    path = tmp_path / "a.json"
    path.write_text(f'{{"page": {{"n": [1]}}, "rows": [{good}, {row}, {good}]}}', encoding="utf-8")
    items = read(path)[1]
    assert items[1] == Rejected(2, say(reason))
    assert [item.row for item in items] == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "does not begin with an object"),
        ("{}", "no list 'rows'"),
        ('{"rows": 5}', "no list 'rows'"),
        ('{"rows": [', "broken"),
        ('{"rows": [{"a": 1}', "broken"),
        ('{"rows": [{"a": 1} {"a": 2}]}', "broken"),
        ('{"rows": [{"a": }]}', "broken"),
        ('{"rows" [', "broken"),
        ('{"rows": ' + "[" * 200_000, "nested too deeply|broken"),
        ('{"rows": [{"a": "' + "x" * 3_000_000 + '"}]}', "too long"),
    ],
)
def test_json_that_cannot_be_read_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFileError, match=message):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_json_in_other_encodings_is_recognised(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"rows": [{"name1": "Café", "typeFacility": "SA", "services": []}]}', encoding=encoding)
    assert one_record(path).name == "Café"


def test_json_longer_than_one_block_is_read_whole(tmp_path: Path) -> None:
    rows = [locator_json_row("SA", SERVICES, name1=f"Place {n}", note="é" * (n * 37 % 5000)) for n in range(300)]
    assert [item.row for item in read(write_json(tmp_path / "a.json", rows))[1]] == list(range(1, 301))
