"""Duplicates in a real browser: comparing, merging and undoing by keyboard, on a narrow screen; axe looks on."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import findings

PHONE = {"width": 320, "height": 640}


def look(page: Page) -> None:
    """What must hold at every stop."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    for part in page.locator("main button, main .check, main input.text, main a.second, main select").all():
        box = part.bounding_box()
        assert box is not None
        assert box["height"] >= 47.9, part.text_content()
    assert findings(page) == [], page.url


def tab_to(page: Page, name: str) -> None:
    """Go on by the tab key alone until the button of this name has the focus."""
    button = page.get_by_role("button", name=name)
    for _ in range(150):
        page.keyboard.press("Tab")
        if button.evaluate("button => button === document.activeElement"):
            return
    raise AssertionError(f"{name!r} is not reached by the tab key")


def compare(page: Page, first: str, second: str) -> None:
    page.get_by_role("link", name="Compare any two").click()
    look(page)
    page.get_by_label("Number of one listing").fill(first)
    page.get_by_label("Number of the other").fill(second)
    page.keyboard.press("Enter")


def test_two_listings_are_merged_and_parted_again_by_keyboard(open_staff: Open) -> None:
    page = open_staff("/en/admin/duplicates", viewport=PHONE)
    tab_to(page, "Search the directory now")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Listings compared:")).to_be_visible()
    look(page)
    compare(page, "23", "24")
    expect(page.get_by_role("heading", name="Are these two one place?")).to_be_visible()
    look(page)
    name = page.get_by_role("group", name="Name different")
    expect(name.get_by_role("radio", name="Clinic 10")).to_be_checked()
    name.get_by_role("radio", name="Clinic 10").focus()
    page.keyboard.press("ArrowDown")
    expect(name.get_by_role("radio", name="Clinic 11")).to_be_checked()
    tab_to(page, "Merge them")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Merged.")
    look(page)
    page.goto("/es/providers/24?list=5")
    assert page.url.endswith("/es/providers/23?list=5")
    expect(page.get_by_role("heading", level=1)).to_have_text("Clinic 11")
    page.goto("/en/admin/duplicates/merges")
    look(page)
    page.get_by_role("table").get_by_role("link").first.click()
    tab_to(page, "Undo this merge")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Undone: both listings are as they were.")
    page.goto("/en/providers/24")
    expect(page.get_by_role("heading", level=1)).to_have_text("Clinic 11")


def test_the_page_of_two_is_fine_in_the_dark_and_in_spanish(open_staff: Open) -> None:
    page = open_staff("/es/admin/duplicates/new?first=1&second=2", viewport=PHONE, color_scheme="dark")
    look(page)
    expect(page.get_by_role("group")).not_to_have_count(0)


def test_a_viewer_sees_both_sides_and_nothing_to_send(open_staff: Open) -> None:
    page = open_staff("/en/admin/duplicates/new?first=1&second=2", role="viewer", viewport=PHONE)
    look(page)
    expect(page.get_by_role("radio")).to_have_count(0)
    expect(page.get_by_text("Harbor <i>Recovery</i>").first).to_be_visible()
