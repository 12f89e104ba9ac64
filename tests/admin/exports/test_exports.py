"""Exports of staff pages: the page, the files of all listings and of a filtered list, and who may have them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from referral.exporters import FORMATS
from referral.extensions import db
from referral.importers.own.columns import MAX_PROGRAMS
from referral.importers.reading.files import UnreadableFileError
from tests.admin.conftest import Staff
from tests.exporters.worlds import content, fill, listing, program, take

PAGE = "/en/admin/exports"


def world() -> None:
    fill(
        db.engine,
        [
            listing(
                "Blue Door", state="KY", city="Louisville", staff_note="Ask for Dana", programs=[program("detox")]
            ),
            listing("Green House", state="OH", city="Columbus", facts={"takes_medicaid": True}),
        ],
    )


def test_a_viewer_finds_a_download_of_each_kind(app: Flask, staff: Staff) -> None:
    world()
    page = staff("viewer").get(PAGE).get_data(as_text=True)
    assert "All 2 listings, with all that is known about them." in page
    for kind in FORMATS:
        assert f'href="/en/admin/exports/{kind}"' in page
        assert f'href="/en/admin/exports/{kind}?notes=0"' in page


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_is_sent_with_its_name_and_day_and_comes_back_unchanged(
    app: Flask, staff: Staff, tmp_path: Path, kind: str
) -> None:
    world()
    before = content(db.engine)
    response = staff("viewer").get(f"{PAGE}/{kind}")
    assert response.status_code == 200
    disposition = response.headers["Content-Disposition"]
    assert disposition.startswith('attachment; filename="listings-20')
    assert disposition.endswith(f'.{kind}"')
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Type"] == FORMATS[kind].media_type
    (tmp_path / f"a.{kind}").write_bytes(response.data)
    report, told = take(db.engine, tmp_path / f"a.{kind}")
    assert (report.unchanged, told) == (2, [])
    assert content(db.engine) == before


def test_a_filtered_list_is_exported_as_it_is_shown(app: Flask, staff: Staff) -> None:
    world()
    client = staff("viewer")
    page = client.get(f"{PAGE}?state=KY&fact=takes_medicaid&is=unknown").get_data(as_text=True)
    assert "The 1 listing of your list, with all that is known about it." in page
    query = "state=KY&amp;fact=takes_medicaid&amp;is=unknown"
    assert f'href="/en/admin/exports/csv?{query}"' in page
    response = client.get(f"{PAGE}/json?state=KY&fact=takes_medicaid&is=unknown")
    assert [one["name"] for one in json.loads(response.data)["listings"]] == ["Blue Door"]
    assert 'filename="listings-part-' in response.headers["Content-Disposition"]


def test_notes_of_staff_can_be_left_out(app: Flask, staff: Staff) -> None:
    world()
    client = staff("viewer")
    assert "Ask for Dana" in client.get(f"{PAGE}/csv").get_data(as_text=True)
    (first, _) = csv.DictReader(io.StringIO(client.get(f"{PAGE}/csv?notes=0").data.decode("utf-8-sig"), newline=""))
    assert "staff_note" not in first
    assert "Ask for Dana" not in str(first)


def test_a_filter_that_cannot_be_understood_is_told_and_nothing_is_sent(app: Flask, staff: Staff) -> None:
    world()
    client = staff("viewer")
    page = client.get(f"{PAGE}?state=XX")
    assert (page.status_code, "There is no such state." in page.get_data(as_text=True)) == (422, True)
    response = client.get(f"{PAGE}/csv?state=XX")
    assert (response.status_code, response.headers["Location"]) == (303, f"{PAGE}?state=XX")
    assert client.get(f"{PAGE}/pdf").status_code == 404


def test_a_listing_that_fits_in_no_table_leads_back_to_the_page_with_what_to_do(app: Flask, staff: Staff) -> None:
    fill(db.engine, [listing(programs=[program()] * (MAX_PROGRAMS + 1))])
    client = staff("viewer")
    response = client.get(f"{PAGE}/csv", follow_redirects=True)
    assert "Choose JSON." in response.get_data(as_text=True)
    assert client.get(f"{PAGE}/json").status_code == 200
    fill(db.engine, [listing("Small", state="WY")])
    assert client.get(f"{PAGE}/csv?state=WY").status_code == 200, "none of those that are asked for is too large"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_an_empty_template_is_filled_in_and_imported(app: Flask, staff: Staff, tmp_path: Path, kind: str) -> None:
    fill(db.engine, [listing(programs=[program()] * (MAX_PROGRAMS + 1))])
    client = staff("viewer")
    assert f'href="/en/admin/exports/template/{kind}"' in staff("editor").get("/en/admin/imports").get_data(
        as_text=True
    )
    response = client.get(f"{PAGE}/template/{kind}")
    assert f'filename="listings-template.{kind}"' in response.headers["Content-Disposition"]
    path = tmp_path / f"mine.{kind}"
    path.write_bytes(response.data)
    with pytest.raises(UnreadableFileError, match="no rows"):
        take(db.engine, path)
    mine = {"name": "Mine", "city": "Paris", "program_1_level": "outpatient", "takes_medicaid": "yes"}
    if kind == "csv":
        header = next(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
        path.write_bytes(response.data + ",".join(mine.get(name, "") for name in header).encode())
    else:
        book = openpyxl.load_workbook(path)
        sheet: Any = book.worksheets[0]
        sheet.append([mine.get(str(cell.value)) for cell in sheet[1]])
        book.save(path)
    report, _told = take(db.engine, path)
    assert (report.added, report.rejected) == (1, 0)
    assert client.get(f"{PAGE}/template/json").status_code == 404


def test_a_workbook_explains_its_columns_in_the_language_of_the_page(app: Flask, staff: Staff) -> None:
    world()
    response = staff("viewer").get("/es/admin/exports/xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.data))["Columns"]
    explained = {row[0]: row[1] for row in sheet.iter_rows(min_row=2, values_only=True)}
    assert explained["takes_medicaid"] != "Payment: Medicaid"
    assert "Medicaid" in str(explained["takes_medicaid"])
