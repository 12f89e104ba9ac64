"""Confirming and the inbox in a real browser: on a small phone, without scripts, by keyboard, light and dark."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import findings

PHONE = {"width": 320, "height": 640}
QUEUE = "/en/admin/queue"
INBOX = "/en/admin/reports"


def report_problem(page: Page, listing: str) -> str:
    """Send a report as a seeker does; the address under its code."""
    page.goto(f"/en{listing}/report")
    page.get_by_label("It has closed or moved").check()
    page.get_by_label("What is wrong?").fill("The door is locked.\nNobody there.")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_text("Being checked")).to_be_visible()
    return page.url


def test_calling_through_a_queue_on_a_small_phone_without_scripts(open_staff: Open) -> None:
    page = open_staff(QUEUE, java_script_enabled=False, viewport=PHONE)
    page.get_by_role("button", name="Give me the next 10").click()
    expect(page.get_by_text("10 listings are yours now.")).to_be_visible()
    page.get_by_role("link", name="Check my next one").click()
    first = page.url
    page.get_by_role("link", name="Log a call or a try").click()
    page.get_by_label("No answer").check()
    page.get_by_label("Note for the other staff").fill("Rang at noon.")
    page.get_by_role("button", name="Log it").click()
    expect(page).to_have_url(re.compile(r"/queue/\d+$"))
    second = page.url
    assert second != first
    page.get_by_role("button", name="Still right today").click()
    expect(page.get_by_text("Confirmed. Thank you.")).to_be_visible()
    assert page.url not in (first, second)
    page.goto(second)
    expect(page.get_by_text("100% complete")).to_be_visible()
    expect(page.get_by_role("cell", name="Right as listed")).to_be_visible()
    page.goto(f"{QUEUE}?whose=mine")
    expect(page.get_by_role("row")).to_have_count(10)
    page.goto(first)
    page.get_by_label("Phone and website").check()
    page.get_by_role("button", name="Only the ticked parts are right").click()
    expect(page.get_by_text("These parts are confirmed.")).to_be_visible()


def test_a_listing_is_confirmed_by_keyboard_alone(open_staff: Open) -> None:
    page = open_staff("/en/admin/queue/3")
    page.get_by_label("By phone").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_label("By email").first).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Still right today")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Confirmed. Thank you.")).to_be_visible()
    page.goto("/en/admin/queue/3")
    expect(page.get_by_role("cell", name="By email")).to_be_visible()


def test_an_answer_by_keyboard_is_read_under_the_code(open_staff: Open) -> None:
    page = open_staff("/en/admin/account")
    told = report_problem(page, "/providers/4")
    page.goto(INBOX)
    page.get_by_role("link", name=re.compile("It has closed or moved.*Mill Street")).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The door is locked.")).to_be_visible()
    report = page.url
    set_status(page, "Taken off the list")
    page.goto(report)
    page.get_by_label("The place has closed").focus()
    page.keyboard.press("Space")
    page.get_by_role("textbox", name="Answer").focus()
    page.keyboard.type("Thank you. We called.")
    page.get_by_role("button", name="Preview").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#preview")).to_contain_text("We took it off the list.")
    expect(page.locator("#preview")).to_contain_text("Thank you. We called.")
    expect(page.get_by_role("textbox", name="Answer")).to_have_value("Thank you. We called.")
    page.get_by_role("button", name="Close the report").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Whoever has its code can read the answer.")).to_be_visible()
    page.goto(told)
    expect(page.get_by_role("heading", level=1)).to_have_text("The report is closed")
    expect(page.get_by_text("The place has closed. We took it off the list.")).to_be_visible()
    expect(page.get_by_text("Thank you. We called.")).to_be_visible()
    page.goto(report)
    set_status(page, "Open: people find it")


def set_status(page: Page, status: str) -> None:
    """From a report to the status of its listing, by keyboard."""
    page.get_by_role("link", name="Close or reopen the listing").focus()
    page.keyboard.press("Enter")
    page.get_by_label(status).focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Save").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "es")])
def test_axe_finds_nothing_and_nothing_is_cut_off(open_staff: Open, scheme: str, language: str) -> None:
    page = open_staff("/en/admin/account", color_scheme=scheme, viewport=PHONE)
    report_problem(page, f"/providers/{5 if scheme == 'light' else 6}")

    def check() -> None:
        for details in page.locator("main details:not([open]) > summary").all():
            details.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
        for part in page.locator("main button, main .check, main .text, main summary").all():
            box = part.bounding_box()
            assert box is not None
            assert box["height"] >= 48, (page.url, part.text_content())
        assert findings(page) == [], page.url

    for path in ("queue", "queue?whose=nobody&state=TN", "queue/1", "reports", "reports?state=closed"):
        page.goto(f"/{language}/admin/{path}")
        check()
    page.goto(f"/{language}/admin/queue/2")
    page.locator("#log").click()
    expect(page.locator(".problems")).to_be_focused()
    check()
    page.goto(f"/{language}/admin/reports?provider={5 if scheme == 'light' else 6}")
    page.locator("tbody a").first.click()
    check()
    page.locator("#close").click()
    expect(page.locator(".problems")).to_be_focused()
    check()
