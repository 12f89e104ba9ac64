"""Leave quickly: at once, without a way back to the page, recorded nowhere."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE, Open, on_a_slow_network

ELSEWHERE = "https://www.weather.gov/"


@pytest.fixture(params=[True], ids=["with scripts"])
def visit(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page of a browser in which the other site answers, so that one can really get there."""
    context = chromium.new_context(
        base_url=address, viewport={"width": 320, "height": 640}, java_script_enabled=request.param
    )
    context.set_default_timeout(PATIENCE)
    context.on("page", on_a_slow_network)
    context.route(f"{ELSEWHERE}**", lambda route: route.fulfill(content_type="text/html", body="<h1>Sunny</h1>"))
    yield context.new_page()
    context.close()


def test_the_link_leads_away_and_back_does_not_lead_here(visit: Page) -> None:
    visit.goto("/learn")
    visit.goto("/providers/1")
    visit.get_by_role("link", name="Leave quickly").click()
    expect(visit.get_by_role("heading", name="Sunny")).to_be_visible()
    visit.go_back()
    assert visit.url.endswith("/learn")


@pytest.mark.parametrize("visit", [False, True], ids=["without scripts", "with scripts"], indirect=True)
@pytest.mark.parametrize("path", ["/", "/guide", "/list/1-2", "/call/1", "/learn/overdose", "/nowhere"])
def test_the_other_site_is_not_told_where_one_came_from(visit: Page, path: str) -> None:
    visit.goto(path)
    asked = list[tuple[str, str | None]]()
    visit.on("request", lambda request: asked.append((request.url, request.headers.get("referer"))))
    visit.get_by_role("link", name="Leave quickly").click()
    expect(visit.get_by_role("heading", name="Sunny")).to_be_visible()
    assert [entry for entry in asked if entry[0].startswith(ELSEWHERE)] == [(ELSEWHERE, None)]


def test_shift_three_times_leads_away(visit: Page) -> None:
    visit.goto("/")
    visit.get_by_label("Where?").focus()
    visit.keyboard.press("Shift")
    visit.keyboard.press("Shift")
    expect(visit.locator("[data-exit-status]")).to_have_text("Press Shift once more to leave this site")
    visit.keyboard.press("Shift")
    expect(visit.get_by_role("heading", name="Sunny")).to_be_visible()


def test_shift_while_typing_does_not_lead_away(visit: Page) -> None:
    visit.goto("/")
    visit.get_by_label("Where?").focus()
    for key in ("Shift", "a", "Shift", "b", "Shift", "c", "Shift", "Tab"):
        visit.keyboard.press(key)
    assert visit.get_by_label("Where?").input_value() == "abc"


def test_the_page_is_covered_before_the_other_site_answers(visit: Page) -> None:
    visit.goto("/")
    visit.evaluate("sessionStorage.setItem('onward-list', '1-2')")
    visit.evaluate("""() => {
        window.seen = [];
        addEventListener('beforeunload', () => sessionStorage.setItem('at-once', JSON.stringify([
            getComputedStyle(document.querySelector('h1')).visibility, document.title.trim(), sessionStorage.length,
        ])));
    }""")
    visit.get_by_role("link", name="Leave quickly").click()
    expect(visit.get_by_role("heading", name="Sunny")).to_be_visible()
    visit.goto("/")
    visibility, title, n_stored = json.loads(visit.evaluate("sessionStorage.getItem('at-once')"))
    assert (visibility, title.strip("\u200b"), n_stored) == ("hidden", "", 0)


def test_nothing_tells_us_that_somebody_left(visit: Page) -> None:
    visit.goto("/", wait_until="networkidle")
    asked = list[str]()
    visit.on("request", lambda request: asked.append(request.url))
    visit.get_by_role("link", name="Leave quickly").click()
    expect(visit.get_by_role("heading", name="Sunny")).to_be_visible()
    assert [url for url in asked if not url.startswith(ELSEWHERE)] == []
    assert visit.evaluate("document.referrer") == ""


def test_it_is_a_plain_link_without_scripts_on_every_kind_of_page(open_page: Open) -> None:
    for path in ("/", "/providers/1", "/learn", "/nowhere", "/es/"):
        page = open_page(path, java_script_enabled=False)
        link = page.locator("a.exit")
        expect(link).to_be_visible()
        assert link.get_attribute("href") == ELSEWHERE
        assert "noreferrer" in str(link.get_attribute("rel"))


def test_it_says_once_that_history_is_not_erased(open_page: Open) -> None:
    page = open_page()
    expect(page.get_by_text("Your browser still remembers the pages that you opened.")).to_have_count(1)


IS_IN_SIGHT = """() => {
  const focused = document.activeElement, exit = document.querySelector('.exit');
  if (focused === document.body || focused === exit) return true;
  const box = focused.getBoundingClientRect();
  return box.top >= 0 && box.bottom <= exit.getBoundingClientRect().top;
}"""


@pytest.mark.parametrize("path", ["/?need=detox&near=40202", "/es/guide", "/call/1", "/list/1-2", "/providers/1"])
def test_it_never_covers_what_has_the_focus(open_page: Open, path: str) -> None:
    page = open_page(path, viewport={"width": 320, "height": 568}, reduced_motion="reduce")
    for fold in page.locator("main summary").all():
        fold.click()
    page.evaluate("scrollTo(0, 0)")
    page.locator("a.brand").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        page.wait_for_function(IS_IN_SIGHT)


def test_it_never_covers_what_has_the_focus_on_results(open_page: Open) -> None:
    page = open_page("/?need=detox&near=40202", viewport={"width": 320, "height": 568}, reduced_motion="reduce")
    page.locator("form.intake button.main").click()
    page.locator("a.brand").focus()
    for _ in range(40):
        page.keyboard.press("Tab")
        page.wait_for_function(IS_IN_SIGHT)
