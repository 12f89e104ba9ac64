"""A file goes the whole way in a real browser: sent, compared, applied, settled and taken back, without scripts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import findings
from tests.importers.made_files import row, rows_named, write_csv

SMALL: dict[str, Any] = {"viewport": {"width": 320, "height": 700}, "java_script_enabled": False}
SLOW = 60_000
COUNTY = """Facility,Address,City,ST,Zip,Tel,Type,Days,Medicaid
North Fork,1 Main Street,Louisville,KY,40202,502-555-0140,Residential,90,Yes
South Fork,2 Main Street,Louisville,KY,40202,502-555-0141,Odd thing,,No
"""


def fits(page: Page) -> None:
    """Nothing has to be scrolled sideways."""
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def send(page: Page, path: Path) -> None:
    page.get_by_role("link", name="Imports", exact=True).click()
    page.get_by_label("File", exact=True).set_input_files(path)
    fits(page)
    page.get_by_role("button", name="Send and compare").click()


def apply(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click(timeout=SLOW)
    page.get_by_role("link", name="Take this import back").wait_for(timeout=SLOW)
    fits(page)


def test_a_file_goes_the_whole_way_and_back_without_scripts(open_staff: Open, tmp_path: Path) -> None:
    page = open_staff("/en/admin/imports", role="admin", **SMALL)
    send(page, write_csv(tmp_path / "spring.csv", rows_named("North Dock", "South Dock", "West Dock")))
    apply(page, "Apply: 3 new, 0 changed")
    page.get_by_role("link", name="New listings").click()
    expect(page.get_by_text("North Dock, Louisville, KY")).to_be_visible()

    page.get_by_role("link", name="Listings", exact=True).click()
    page.get_by_role("searchbox").fill("North Dock")
    page.get_by_role("searchbox").press("Enter")
    page.locator("main table, main ol, main ul").get_by_role("link", name="North Dock", exact=True).first.click()
    page.get_by_role("link", name="Edit").first.click()
    page.get_by_label("Phone", exact=True).fill("502-555-0177")
    page.get_by_role("button", name="Save").click()

    newer = [*rows_named("North Dock", "South Dock", phone="502-555-0188"), row(name1="East Dock"), row(name1="")]
    send(page, write_csv(tmp_path / "fall.csv", newer))
    page.get_by_role("heading", name="What it would do").wait_for(timeout=SLOW)
    fits(page)
    page.get_by_role("link", name="Listings that change").click()
    expect(page.get_by_role("row", name="Phone Now: 502-555-0100 Then: 502-555-0188")).to_be_visible()
    fits(page)
    page.go_back()
    page.get_by_label("Why").fill("The fall list.")
    apply(page, "Apply: 1 new, 2 changed")

    page.get_by_role("link", name="1 difference to settle").click()
    expect(page.get_by_text("set by")).to_be_visible()
    fits(page)
    page.get_by_role("button", name=re.compile("Take theirs.*North Dock")).click()
    expect(page.get_by_role("status")).to_contain_text("Theirs is taken.")

    page.get_by_role("link", name="Imports", exact=True).click()
    page.get_by_role("link", name="fall.csv").first.click()
    page.get_by_role("link", name="Take this import back").click()
    expect(page.get_by_text("Listings that came with it and go again")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Take it back as a whole").click()
    expect(page.get_by_text("This import was taken back.")).to_be_visible(timeout=SLOW)


def test_a_table_of_somebodys_own_is_mapped_without_scripts(open_staff: Open, tmp_path: Path) -> None:
    page = open_staff("/en/admin/imports", **SMALL)
    path = tmp_path / "county.csv"
    path.write_text(COUNTY, "utf-8")
    send(page, path)
    page.get_by_role("link", name="Say what its columns are").click(timeout=SLOW)
    fits(page)
    expect(page.get_by_label("What it is: facility")).to_have_value("name")
    page.get_by_label("means: type, Odd thing").select_option(label="Sober living home")
    page.get_by_label("and also: type, Odd thing").fill("Women")
    page.get_by_role("button", name="Show again with these choices").click()
    expect(page.get_by_text("Everything in the file has a meaning, or is not needed.")).to_be_visible()
    page.get_by_role("button", name="Keep it and compare").click()
    expect(page.get_by_role("alert")).to_contain_text("Give the mapping a name.")
    page.get_by_label("Name of this mapping").fill("Fork County")
    page.get_by_role("button", name="Keep it and compare").click()
    page.get_by_role("heading", name="What it would do").wait_for(timeout=SLOW)
    expect(page.get_by_role("button", name="Apply: 2 new, 0 changed")).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    page.get_by_role("link", name="Our mappings").click()
    expect(page.get_by_role("heading", name="Fork County")).to_be_visible()
    page.get_by_text("Rename or delete").click()
    page.get_by_role("button", name="Delete").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_staff: Open, tmp_path: Path, scheme: str) -> None:
    """Also on the pages of a file that waits, of one that failed, and of one that was compared."""
    page = open_staff("/en/admin/imports", role="admin", color_scheme=scheme)
    found: dict[str, Any] = {}

    def look(name: str) -> None:
        found[name] = findings(page)

    look("first page")
    page.goto("/en/admin/imports/differences")
    look("differences")
    page.goto("/en/admin/imports/mappings")
    look("mappings")
    send(page, write_csv(tmp_path / "one.csv", [row(name1="Gray Dock"), row(name1="")]))
    page.get_by_role("heading", name="What it would do").wait_for(timeout=SLOW)
    look("compared")
    page.get_by_role("link", name="Rows that could not be understood").click()
    look("rejected")
    (tmp_path / "county.csv").write_text(COUNTY, "utf-8")
    send(page, tmp_path / "county.csv")
    page.get_by_role("link", name="Say what its columns are").click(timeout=SLOW)
    look("mapping")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n" + bytes(600))
    send(page, tmp_path / "picture.png")
    page.get_by_role("heading", name="This did not work").wait_for(timeout=SLOW)
    look("failed")
    assert {name: ids for name, ids in found.items() if ids} == {}
    assert len(found) == 7
