"""Overview, history and "why (not) shown" in a real browser: readable, reachable by keyboard, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import findings

GONE = 12
"""Number of a listing that nobody is shown: what is put back there changes no other test."""


def _ask(page: Page) -> None:
    page.goto("/en/admin/why?provider=1")
    page.get_by_label("Where?").fill("40202")
    page.get_by_label("Detox", exact=True).check()
    page.get_by_role("button", name="Tell why").last.click()


def _ask_badly(page: Page) -> None:
    page.goto("/en/admin/why")
    page.get_by_role("textbox", name="Listing").fill("clinic")
    page.get_by_role("button", name="Tell why").last.click()


def _act(page: Page) -> None:
    page.goto("/en/admin/history")
    page.get_by_role("link", name="All that this changed").first.click()


def _put_back(page: Page) -> None:
    page.goto(f"/en/admin/history?provider={GONE}")
    page.get_by_role("link", name="Put back Program (Detox)").first.click()


PAGES: dict[str, Callable[[Page], object]] = {
    "Overview": lambda page: page.goto("/en/admin/overview"),
    "What is known: Ways to pay": lambda page: page.goto("/en/admin/overview/facts/payment"),
    "Confirmed in March 2026": lambda page: page.goto("/en/admin/overview/confirmations?month=2026-03"),
    "History": lambda page: page.goto("/en/admin/history?kind=command"),
    "History of Gone Away": lambda page: page.goto(f"/en/admin/history?provider={GONE}"),
    "Changed by a command": _act,
    "Put back: Program": _put_back,
    "Why (not) shown": _ask,
    "There is a problem": _ask_badly,
}
"""How to get to each page, by a heading that it has."""


def each_page(page: Page) -> Iterator[str]:
    """Goes to one page after the other."""
    for name, go in PAGES.items():
        go(page)
        expect(page.get_by_role("heading", name=name, exact=True)).to_have_count(1)
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        yield name


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_staff: Open, scheme: str) -> None:
    page = open_staff("/en/admin/overview", color_scheme=scheme)
    for name in each_page(page):
        assert findings(page, scheme) == [], name


SMALL_TARGETS = """() => [...document.querySelectorAll('main :is(a, button, label.check, summary, input.text)')]
  .filter(e => e.checkVisibility() && !e.closest('.away'))
  .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
  .filter(([text, box]) => box.height < 24 || box.width < 24)
  .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""


@pytest.mark.parametrize(("width", "text_size"), [(320, 100), (320, 200)])
def test_nothing_has_to_be_scrolled_sideways_and_all_can_be_hit(open_staff: Open, width: int, text_size: int) -> None:
    page = open_staff("/en/admin/overview", viewport={"width": width, "height": 640})
    for name in each_page(page):
        page.evaluate(f"document.documentElement.style.setProperty('font-size', '{text_size}%')")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(SMALL_TARGETS) == [], name


def test_the_drawing_is_one_picture_and_its_numbers_stand_in_a_table(open_staff: Open) -> None:
    page = open_staff("/en/admin/overview", role="viewer")
    picture = page.get_by_role("img", name="Confirmations by month")
    expect(picture).to_have_count(1)
    table = page.get_by_role("table", name="Confirmations by month")
    expect(table.get_by_role("row")).to_have_count(13)
    expect(table.get_by_role("columnheader")).to_have_text(
        ["Month", "Confirmations made", "Listings last confirmed then"]
    )
    n_bars = picture.locator("rect").count()
    n_numbers = sum(text != "0" for text in table.get_by_role("cell").all_inner_texts())
    assert n_bars == n_numbers > 0


def test_the_overview_can_be_read_on_paper(open_staff: Open) -> None:
    page = open_staff("/en/admin/overview", role="viewer", viewport={"width": 720, "height": 1000})
    page.emulate_media(media="print")
    for part in (page.locator("svg.plot"), page.get_by_role("table", name="Confirmations by month")):
        assert part.is_visible()
    fills = page.evaluate(
        "['.bar-1', '.bar-2', '.part', '.all'].map(n => getComputedStyle(document.querySelector(n)).fill)"
    )
    assert fills == ["rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgb(0, 0, 0)", "rgb(204, 204, 204)"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 720
    page.goto("/en/admin/history")
    assert not page.get_by_label("Who", exact=True).is_visible()
    assert page.locator("section.act").first.is_visible()


def press_to(page: Page, name: str) -> None:
    """Tab until the element with this name has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.trim()") == name:
            return
    raise AssertionError(f"{name} is not reached by Tab")


def test_a_change_is_put_back_and_that_too_by_keyboard(open_staff: Open) -> None:
    page = open_staff(f"/en/admin/history?provider={GONE}&field=program")
    for n_changes in (2, 3):
        press_to(page, page.locator("a[href*=put-back]").first.inner_text().strip())
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Put back: Program")).to_be_visible()
        press_to(page, "Put back")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status").filter(has_text="It is put back.")).to_be_visible()
        page.goto(f"/en/admin/history?provider={GONE}&field=program")
        expect(page.locator("section.act")).to_have_count(n_changes)


def test_the_answer_has_the_focus_when_it_comes(open_staff: Open) -> None:
    page = open_staff("/en/admin/why", role="viewer")
    _ask(page)
    expect(page.locator(".answer")).to_be_focused()
    expect(page.locator(".verdict")).to_contain_text(re.compile(r"Shown\. Number 1 of \d, on page 1"))
    _ask_badly(page)
    expect(page.locator(".problems")).to_be_focused()
    page.get_by_role("button", name="Clinic 05").click()
    expect(page.get_by_role("textbox", name="Listing")).to_have_value("18")
