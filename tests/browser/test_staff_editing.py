"""Editing a listing in a real browser: by keyboard, on a small phone, without scripts, light and dark."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import findings

PHONE = {"width": 320, "height": 640}
HILL, MILL, WARD = 3, 4, 6
"""Numbers of listings in the directory of tests/pages, each changed by one test here."""


def listing(number: int, end: str = "") -> str:
    return f"/en/admin/listings/{number}{end}"


def by_keyboard(page: Page, label: str, text: str) -> None:
    """Reach a field by Tab alone and type into it."""
    field = page.get_by_label(label, exact=True)
    for _ in range(80):
        if field.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(field).to_be_focused()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def test_a_listing_is_edited_by_keyboard_on_a_small_phone_without_scripts(open_staff: Open) -> None:
    page = open_staff(listing(HILL, "/edit"), java_script_enabled=False, viewport=PHONE)
    page.keyboard.press("Tab")
    by_keyboard(page, "Name", "Hill House North")
    by_keyboard(page, "City", "Shively")
    by_keyboard(page, "Phone", "(502) 555-0144")
    page.locator("summary", has_text="Ways to pay").press("Enter")
    medicaid = page.get_by_role("group", name="Medicaid", exact=True)
    medicaid.get_by_label("Not known").focus()
    page.keyboard.press("ArrowLeft")
    expect(medicaid.get_by_label("No", exact=True)).to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(medicaid.get_by_label("Yes")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hill House North")
    expect(page.locator("#contact ~ dl").get_by_text("502-555-0144")).to_be_visible()
    expect(page.get_by_role("row", name="Ways to pay").get_by_text("Medicaid")).to_be_visible()


def test_an_error_leads_to_its_field(open_staff: Open) -> None:
    page = open_staff(listing(MILL, "/edit"), viewport=PHONE)
    page.get_by_label("Website").fill("mill.example")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".problems")).to_be_focused()
    page.get_by_role("link", name="Begin with https://, as in https://mill.example.").click()
    expect(page.get_by_label("Website")).to_be_focused()
    expect(page.get_by_label("Website")).to_have_value("mill.example")


def test_the_second_of_two_chooses_and_nothing_is_lost(open_staff: Open) -> None:
    mine = open_staff(listing(MILL, "/edit"), role="admin", viewport=PHONE)
    theirs = open_staff(listing(MILL, "/edit"))
    theirs.get_by_label("Organization").fill("Their Organization")
    theirs.get_by_label("Suite").fill("Their Suite")
    theirs.get_by_role("button", name="Save").click()
    expect(theirs.get_by_role("status").get_by_text("Saved.")).to_be_visible()
    mine.get_by_label("Organization").fill("My Organization")
    mine.get_by_label("Note for staff").fill("My note")
    mine.get_by_role("button", name="Save").click()
    expect(mine.get_by_role("heading", level=1)).to_have_text("Two people changed this listing")
    look(mine, "conflict")
    mine.get_by_role("button", name="Save").click()
    expect(mine.locator(".problems")).to_be_focused()
    mine.get_by_label("Yours: My Organization").check()
    mine.get_by_role("button", name="Save").click()
    expect(mine.locator("#contact ~ dl, .part-of").filter(has_text="My Organization")).to_be_visible()
    expect(mine.locator("#contact ~ dl, .part-of").filter(has_text="My note")).to_be_visible()
    expect(mine.locator("#contact ~ dl, .part-of").filter(has_text="Their Suite")).to_be_visible()


def test_the_preview_leads_back_to_what_was_typed(open_staff: Open) -> None:
    page = open_staff(listing(WARD, "/edit"), java_script_enabled=False, viewport=PHONE)
    page.get_by_label("Name", exact=True).fill("Pine Ward of Tomorrow")
    page.get_by_label("Why do you change this?").fill("Its new name")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pine Ward of Tomorrow")
    expect(page.get_by_text("Preview: nothing is saved yet.")).to_be_visible()
    page.get_by_role("button", name="Back to editing").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Pine Ward of Tomorrow")
    expect(page.get_by_label("Why do you change this?")).to_have_value("Its new name")
    page.goto(listing(WARD))
    expect(page.get_by_role("heading", level=1)).to_have_text("Pine Ward")


def test_a_program_is_added_copied_and_closed(open_staff: Open) -> None:
    page = open_staff(listing(WARD), viewport=PHONE)
    page.get_by_role("link", name="Add a program").click()
    page.get_by_label("Kind of care").select_option("Outpatient")
    page.get_by_label("Name of the program").fill("East Wing")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="East Wing")
    row.get_by_text("Change").click()
    row.get_by_role("link", name="Duplicate").click()
    page.get_by_label("Name of the program").fill("West Wing")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="West Wing")
    row.get_by_text("Change").click()
    row.get_by_role("button", name="Close for now").click()
    expect(page.get_by_role("row", name="West Wing").get_by_text("Closed for now")).to_be_visible()
    page.get_by_role("link", name="Close or reopen").click()
    page.get_by_label("Closed for now").check()
    page.get_by_label("It opens again on").fill((date.today() + timedelta(days=40)).isoformat())  # noqa: DTZ011
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".badge").first).to_have_text("Closed for now")


LOW = """() => [...document.querySelectorAll('main :is(button, summary, input.text, select, label:has(input))')]
  .filter(e => e.checkVisibility() && !e.closest('.away'))
  .map(e => [e.textContent.trim(), e.getBoundingClientRect().height])
  .filter(([text, height]) => height < 47.5)"""


def look(page: Page, name: str, scheme: str = "light") -> None:
    """Nothing is cut off, nothing is too small to tap, and axe finds nothing."""
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    assert page.evaluate(LOW) == [], name
    assert findings(page, scheme) == [], name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(open_staff: Open, scheme: str) -> None:
    page = open_staff(listing(1), color_scheme=scheme, viewport=PHONE)
    look(page, "listing", scheme)
    page.goto(listing(1, "/status"))
    look(page, "status", scheme)
    page.goto("/en/admin/listings/new")
    page.get_by_label("Phone", exact=True).fill("502-555-0100")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".problems")).to_be_focused()
    look(page, "errors", scheme)
    page.goto(listing(1, "/edit"))
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("Preview: nothing is saved yet.")).to_be_visible()
    look(page, "preview", scheme)


def test_axe_finds_nothing_on_a_program_and_a_warning(open_staff: Open) -> None:
    page = open_staff(listing(1, "/programs/new"), viewport=PHONE)
    look(page, "program")
    page.goto("/en/admin/listings/new")
    page.get_by_label("Name", exact=True).fill("New")
    page.get_by_label("Phone", exact=True).fill("502-555-0100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Yes, save it like this.").first).to_be_visible()
    look(page, "warning")
