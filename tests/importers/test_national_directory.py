"""The National Directory as xlsx and csv: recognised from its content, read row by row, nothing lost in silence."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from referral.importers.reading.files import UnreadableFileError
from referral.importers.records import Phone, Rejected
from tests.importers.made_files import (
    NATIONAL,
    NATIONAL_WITH_POINTS,
    csv_text,
    one_record,
    read,
    records,
    row,
    rows_named,
    sheet_of,
    write_csv,
    write_xlsx,
)

CODE_SHEET_HEADER: list[str | None] = [
    "category_code",
    "category_name",
    "service_code",
    "service_name",
    "service_description",
]
SOURCE = "samhsa_national_directory"


@pytest.mark.parametrize("header", [NATIONAL, [name.capitalize() for name in NATIONAL]])
def test_header_of_the_workbook_is_read_in_both_spellings(tmp_path: Path, header: list[str]) -> None:
    path = write_xlsx(tmp_path / "a.bin", {"Facilities List": sheet_of([row()], header)})
    name, items = read(path)
    assert name == SOURCE
    assert [item.row for item in items] == [2]
    record = one_record(path)
    assert (record.name, record.city, record.postal_code) == ("Blue Door", "Louisville", "40202")
    assert record.levels == ("detox_outpatient", "residential_long")
    assert record.takes_zip_point


def test_format_is_found_from_the_content_not_the_name(tmp_path: Path) -> None:
    text = write_csv(tmp_path / "directory.xlsx", [row()])
    packed = tmp_path / "directory.json"
    packed.write_bytes(gzip.compress(text.read_bytes()))
    assert read(text)[0] == read(packed)[0] == SOURCE
    assert one_record(text) == one_record(packed)


def test_a_gzipped_workbook_is_read(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Facilities List": sheet_of([row()])})
    path.write_bytes(gzip.compress(path.read_bytes()))
    assert one_record(path).name == "Blue Door"


def test_all_contact_columns_are_taken(tmp_path: Path) -> None:
    changes = {"name2": "Elm Clinic", "street2": "Suite 5", "intake1": "502-555-0101 x9", "intake2a": "502-555-0102"}
    record = one_record(write_csv(tmp_path / "a.csv", [row(**changes)]))
    assert (record.name, record.organization) == ("Blue Door: Elm Clinic", "Blue Door")
    assert (record.street, record.unit, record.city, record.state) == ("1 Main Street", "Suite 5", "Louisville", "KY")
    assert record.other_phones == (Phone("intake", "502-555-0101", "9"), Phone("intake", "502-555-0102"))
    assert (record.latitude, record.longitude, record.precision) == (38.25, -85.75, "exact")


def test_codes_are_never_read_by_position(tmp_path: Path) -> None:
    codes = ["SA * OP ORT * MD", "MD*OP ORT*SA", "  SA MD OP *  * ORT * "]
    found = records(write_csv(tmp_path / "a.csv", [row(service_code_info=text) for text in codes]))
    assert len({(record.levels, record.yes, record.no) for record in found}) == 1
    assert found[0].levels == ("outpatient",)
    assert found[0].facts["takes_medicaid"] is True


@pytest.mark.parametrize(
    ("coord_source", "precision"),
    [
        ("zcta_centroid", "zip"),
        ("zip_median_of_known", "zip"),
        ("samhsa_locator_su_2021_geoda", "exact"),
        ("", "exact"),
    ],
)
def test_precision_follows_where_the_point_comes_from(tmp_path: Path, coord_source: str, precision: str) -> None:
    assert one_record(write_csv(tmp_path / "a.csv", [row(coord_source=coord_source)])).precision == precision


def test_a_blank_point_in_a_file_with_points_is_no_point(tmp_path: Path) -> None:
    record = one_record(write_csv(tmp_path / "a.csv", [row(latitude="", longitude="")]))
    assert (record.latitude, record.longitude, record.precision) == (None, None, None)
    assert not record.takes_zip_point
    assert record.notes == ()


def test_a_point_that_cannot_be_is_noted_and_left_out(tmp_path: Path) -> None:
    record = one_record(write_csv(tmp_path / "a.csv", [row(latitude="0", longitude="0")]))
    assert record.latitude is None
    assert record.notes == ("point not usable",)


@pytest.mark.parametrize(
    ("encoding", "line_end"),
    [
        ("utf-8", "\n"),
        ("utf-8-sig", "\r\n"),
        ("cp1252", "\r\n"),
        ("utf-16", "\n"),
        ("utf-16", "\r\n"),
        ("utf-8", "\r"),
        ("cp1252", "\r"),
    ],
)
def test_text_in_any_usual_encoding_and_line_end(tmp_path: Path, encoding: str, line_end: str) -> None:
    rows = [row(name1="Niño’s Café"), row(name1="Second", street1="2 Main Street")]
    found = records(write_csv(tmp_path / "a.csv", rows, encoding=encoding, line_end=line_end))
    assert [record.name for record in found] == ["Niño’s Café", "Second"]
    assert [record.row for record in found] == [2, 3]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_found_from_the_header(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_text(NATIONAL, [row()]).replace(",", delimiter), encoding="utf-8")
    assert one_record(path).name == "Blue Door"


def test_quoted_cells_may_hold_commas_quotes_and_line_ends(tmp_path: Path) -> None:
    rows = [row(name1='Blue "Open" Door, Inc', street1="1 Main\nStreet"), row(name1="Second")]
    first, second = records(write_csv(tmp_path / "a.csv", rows))
    assert (first.name, first.street, first.row) == ('Blue "Open" Door, Inc', "1 Main Street", 2)
    assert (second.name, second.row) == ("Second", 4)


def test_stray_blanks_around_header_names_and_cells_do_not_matter(tmp_path: Path) -> None:
    header = [f"  {name} " for name in NATIONAL]
    assert one_record(write_csv(tmp_path / "a.csv", [row(name1="  Blue Door ")], header)).name == "Blue Door"


def test_columns_may_stand_in_any_order_and_more_may_be_there(tmp_path: Path) -> None:
    header = ["zzz", *reversed(NATIONAL)]
    assert one_record(write_csv(tmp_path / "a.csv", [row()], header)).name == "Blue Door"


def test_codes_are_read_through_the_sheet_that_travels_with_them(tmp_path: Path) -> None:
    sheet: list[list[str | None]] = [
        CODE_SHEET_HEADER,
        ["PAY", "", "XQ", "Medicaid", None],
        ["TAP", "", "MI", "Motivational interviewing", None],
        ["TAP", "", "EQ", "Equine therapy", None],
    ]
    rows = sheet_of([row(service_code_info="SA XQ MI EQ")])
    record = one_record(write_xlsx(tmp_path / "a.xlsx", {"Facilities List": rows, "Service Code Reference": sheet}))
    assert record.facts["takes_medicaid"] is True
    assert record.facts["takes_military_insurance"] is False
    assert record.facts["motivational_interviewing"] is True
    assert record.unknown_codes == ("EQ (Equine therapy)",)


@pytest.mark.parametrize(
    ("codes", "facts"),
    [
        ("SA * MI * SSA", {"takes_military_insurance": True}),
        ("SA * CASH * MI * SSA", {"motivational_interviewing": True, "state_licensed": True, "takes_self_pay": True}),
    ],
)
def test_reused_codes_in_a_csv_are_read_by_its_generation(tmp_path: Path, codes: str, facts: dict[str, bool]) -> None:
    record = one_record(write_csv(tmp_path / "a.csv", [row(service_code_info=codes)]))
    assert {fact for fact, known in record.facts.items() if known} == set(facts)


def test_unknown_code_is_reported_not_dropped(tmp_path: Path) -> None:
    assert one_record(write_csv(tmp_path / "a.csv", [row(service_code_info="SA QQQ")])).unknown_codes == ("QQQ",)


def test_key_is_the_same_whatever_case_spacing_and_punctuation(tmp_path: Path) -> None:
    rows = [row(), row(name1="BLUE-DOOR", street1="1  main street.", zip="40202-1234"), row(street2="Suite 5")]
    first, second, third = records(write_csv(tmp_path / "a.csv", rows))
    assert first.key == second.key
    assert third.key != first.key


def test_zips_that_a_workbook_holds_as_numbers_get_their_zeros_back(tmp_path: Path) -> None:
    rows = sheet_of([row(state="MA"), row(state="KY")])
    for cells, number in zip(rows[1:], (2139, 40202.0), strict=True):
        cells[NATIONAL.index("zip")] = number  # type: ignore[call-overload]
    found = records(write_xlsx(tmp_path / "a.xlsx", {"Facilities List": rows}))
    assert [record.postal_code for record in found] == ["02139", "40202"]


def rejected(path: Path) -> list[tuple[int, str]]:
    return [(item.row, item.reason) for item in read(path)[1] if isinstance(item, Rejected)]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ("only,three,cells", "has 3 cells where the header has 16"),
        (",".join("x" * 20), "has 20 cells where the header has 16"),
        ("," * 700 + "x", "has more than 500 cells"),
        ("Blue\0Door" + "," * 15, "has a NUL character"),
        ("a" * 50_000 + "," * 15, "has a cell with more than 20,000 characters"),
        ("a" * 200_000 + "," * 15, "has a cell that is too large"),
        ("a" * 301 + "," * 15, "name1 is longer than 300 characters"),
        (",,1 Main Street" + "," * 13, "has no name"),
        ('"Open quote' + "," * 15, "has a quotation mark that is not closed or stands in the wrong place"),
        ('"Stray"quote' + "," * 15, "has a quotation mark that is not closed or stands in the wrong place"),
    ],
)
def test_a_broken_row_is_rejected_with_its_number_and_the_others_are_read(
    tmp_path: Path, broken: str, reason: str
) -> None:
    lines = csv_text(NATIONAL_WITH_POINTS, rows_named("First", "Second", "Third")).splitlines()
    lines.insert(2, broken)
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert rejected(path) == [(3, reason)]
    assert [item.row for item in read(path)[1]] == [2, 3, 4, 5]


def test_a_quote_that_swallows_rows_costs_only_its_own(tmp_path: Path) -> None:
    lines = csv_text(NATIONAL_WITH_POINTS, rows_named(*(f"Place {n}" for n in range(200)))).splitlines()
    lines[5] = lines[5].replace("Place", '"Place')
    lines[100] = lines[100].replace("1 Main", '"1 Main')
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [number for number, _ in rejected(path)] == [6, 101]
    assert [item.row for item in read(path)[1]] == list(range(2, 202))


def test_blank_rows_are_no_rows(tmp_path: Path) -> None:
    text = csv_text(NATIONAL_WITH_POINTS, [row()]) + "\n" + "," * 15 + "\n\n"
    path = tmp_path / "a.csv"
    path.write_text(text, encoding="utf-8")
    assert one_record(path).row == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "empty"),
        (b"\n\n", "no header"),
        (b"\x00\x01\x02", "no header"),
        (b"a,b,c\n1,2,3\n", "none of the formats"),
        (b"%PDF-1.7\n", "none of the formats"),
        (b"name1,service_code_info\nx,SA\n", "no column street1, city, state, zip"),
        (b"name1,name1,service_code_info\n", "column name1 twice"),
        (b"name1," + b",".join(b"c%d" % n for n in range(600)), "more than 500"),
        (b"name1,service_code_info," + b"x" * 2_000_000, "more than 1,000,000 characters"),
        (b"\xd0\xcf\x11\xe0rest", "Save it as .xlsx"),
        (b"PK\x03\x04rest", "damaged"),
        (b"\x1f\x8brest", "damaged gzip"),
        (gzip.compress(b"name1", mtime=0)[:-9], "damaged gzip"),
        (gzip.compress(b"", mtime=0), "empty"),
        (b"\xff\xfe" + b"\x00\xd8" * 50, "encoding"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=message):
        read(path)


def test_an_unrecognised_file_is_told_which_formats_are_known(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,name\n1,x\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError) as caught:
        read(path)
    assert all(name in str(caught.value) for name in (SOURCE, "locator_export", "locator_json"))


def test_a_stated_format_overrules_what_the_file_looks_like(tmp_path: Path) -> None:
    header = (*NATIONAL, "type_facility")
    path = write_csv(tmp_path / "a.csv", [row(type_facility="SU")], header)
    assert read(path)[0] == SOURCE
    assert read(path, stated="locator_export")[0] == "locator_export"
    with pytest.raises(UnreadableFileError, match="does not begin with an object"):
        read(path, stated="locator_json")


def test_bytes_that_mean_nothing_do_not_cost_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv_text(NATIONAL, [row(name1="Caf@")]).encode().replace(b"@", b"\xe9\x81"))
    assert one_record(path).name == "Café\ufffd"
