"""The staff list in a real browser: by keyboard, on a small phone, light and dark, back and forth."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import findings

LIST = "/en/admin/listings"
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}
FILTERED = f"{LIST}?state=KY&fact=spanish&is=unknown&never=1"
WRONG = f"{LIST}?before=yesterday&q=%21"
EMPTY = f"{LIST}?q=hill&state=WY"


def names(page: Page) -> list[str]:
    return page.locator("tbody th a").all_text_contents()


def test_a_listing_is_found_by_keyboard_alone(open_staff: Open) -> None:
    page = open_staff(LIST, role="viewer")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Find a listing")).to_be_focused()
    page.keyboard.type("hlil house")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/admin/listings\?q=hlil\+house$"))
    expect(page.get_by_text("Nothing has exactly these words.")).to_be_visible()
    assert names(page) == ["Hill House"]
    page.get_by_label("Find a listing").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_label("State", exact=True)).to_be_focused()
    page.keyboard.type("Kentucky")
    summary = page.locator("summary")
    for _ in range(6):
        page.keyboard.press("Tab")
        if summary.evaluate("element => element === document.activeElement"):
            break
    page.keyboard.press("Enter")
    page.get_by_label("Never confirmed").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="remove Kentucky")).to_be_visible()
    assert "state=KY" in page.url
    assert "never=1" in page.url
    expect(page.locator("details")).to_have_attribute("open", "")


def test_back_and_refresh_show_what_stood_there(open_staff: Open) -> None:
    page = open_staff(LIST, role="viewer")
    before = names(page)
    page.get_by_label("Find a listing").fill("hill house")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("link", name="remove “hill house”")).to_be_visible()
    page.reload()
    assert names(page) == ["Hill House"]
    page.get_by_role("link", name="remove “hill house”").click()
    expect(page.locator("tbody tr").nth(1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("link", name="remove “hill house”")).to_be_visible()
    expect(page.get_by_label("Find a listing")).to_have_value("hill house")
    page.go_back()
    expect(page.get_by_label("Find a listing")).to_have_value("")
    assert names(page) == before


def test_without_scripts_the_form_and_its_links_do_the_same(open_staff: Open) -> None:
    page = open_staff(LIST, role="viewer", java_script_enabled=False)
    page.get_by_label("State", exact=True).select_option("KY")
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name="State and city").click()
    expect(page.get_by_role("link", name="remove Kentucky")).to_be_visible()
    assert "order=place" in page.url


@pytest.mark.parametrize("path", [LIST, FILTERED, WRONG, EMPTY])
def test_a_small_phone_shows_all_of_it(open_staff: Open, path: str) -> None:
    page = open_staff(path, role="viewer", viewport=PHONE)
    page.locator("details").evaluate("element => { element.open = true; }")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for part in page.locator(
        "main a:visible, main button, main select, main input, main summary, main label.check"
    ).all():
        box = part.bounding_box()
        assert box is not None
        if part.evaluate("element => !element.matches('label.check input')"):
            assert box["height"] >= 44, part.evaluate("element => element.outerHTML")
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing(open_staff: Open, scheme: str, size: dict[str, int]) -> None:
    page = open_staff(LIST, role="viewer", color_scheme=scheme, viewport=size)
    for path in (LIST, FILTERED, WRONG, EMPTY):
        page.goto(path)
        page.locator("details").evaluate("element => { element.open = true; }")
        assert findings(page) == [], page.url


def test_an_address_that_is_wrong_is_read_first(open_staff: Open) -> None:
    page = open_staff(WRONG, role="viewer")
    expect(page.locator(".problems")).to_be_focused()
    page.get_by_role("link", name="Write the day as year, month and day").click()
    expect(page.get_by_label("Before")).to_be_focused()
