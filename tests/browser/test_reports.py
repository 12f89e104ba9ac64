"""Reporting a problem in a real browser: on a small phone, without scripts, by keyboard, twice in a hurry."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import findings

PHONE = {"width": 320, "height": 640}
LISTING = "/providers/3"
CODE = re.compile(r"/reports/([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2})$")


def look(page: Page) -> None:
    """What must hold at every stop."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
    for part in page.locator("button:not(.away), .tile, input.text, textarea").all():
        box = part.bounding_box()
        assert box is not None
        assert box["height"] >= 48, part.text_content()


def test_the_whole_way_without_scripts_on_a_small_phone(open_page: Open) -> None:
    page = open_page(LISTING, java_script_enabled=False, viewport=PHONE)
    page.get_by_role("link", name="Report a problem with this listing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Report a problem with this listing")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_role("link", name="Choose what is wrong.").click()
    page.get_by_label("It has closed or moved").check()
    page.get_by_label("What is wrong?").fill("The door is locked.")
    page.get_by_role("button", name="Send the report").click()
    expect(page).to_have_url(CODE)
    code = CODE.search(page.url)
    assert code is not None
    expect(page.get_by_text("Being checked")).to_be_visible()
    page.get_by_role("link", name="Hill House").click()
    expect(page.get_by_text("whether it is still there")).to_be_visible()
    page.goto("/reports")
    page.get_by_label("Code of the report").fill(code[1].lower().replace("-", " "))
    page.get_by_role("button", name="Show the report").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(f"Write this code down: {code[1]}")


def test_nobody_reaches_the_field_for_machines_by_keyboard(open_page: Open) -> None:
    page = open_page(f"{LISTING}/report")
    page.get_by_label("What is wrong?").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send the report")).to_be_focused()
    assert page.get_by_role("textbox").count() == 1


def test_a_hurried_double_click_and_going_back_send_one_report(open_page: Open) -> None:
    page = open_page(f"{LISTING}/report")
    page.get_by_label("The phone number is wrong").check()
    page.get_by_role("button", name="Send the report").dblclick()
    expect(page).to_have_url(CODE)
    first = page.url
    page.reload()
    assert page.url == first
    token = page.context.new_page()
    token.goto(first)
    expect(token.get_by_text("The phone number is wrong")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_cut_off(open_page: Open, scheme: str) -> None:
    page = open_page(f"{LISTING}/report", color_scheme=scheme, viewport=PHONE)

    def check() -> None:
        look(page)
        assert findings(page) == [], page.url

    check()
    page.get_by_role("button", name="Send the report").click()
    expect(page.locator(".problems")).to_be_focused()
    check()
    page.get_by_label("Someone was not treated well").check()
    page.get_by_role("button", name="Send the report").click()
    expect(page).to_have_url(CODE)
    check()
    page.goto(LISTING)
    expect(page.get_by_text("Reported, being checked.")).to_be_visible()
    check()
    for path in ("/reports", "/reports/K7QM-3XPT-00"):
        page.goto(path)
        check()
    page.get_by_role("button", name="Show the report").click()
    expect(page.locator(".notice")).to_be_visible()
    page.get_by_label("Code of the report").fill("")
    page.get_by_role("button", name="Show the report").click()
    expect(page.locator(".problems")).to_be_focused()
    check()
