"""Every kind of page, light and dark, small and zoomed: readable, reachable, nothing cut off."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import findings


def _ask(*needs: str, near: str = "40202", more: str = "") -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto("/?" + "&".join([f"near={near}", *(f"need={need}" for need in needs)]) + more)
        page.locator("form.intake button.main").click()

    return go


def _plan(page: Page) -> None:
    _ask("detox", "sober_living", "outpatient")(page)
    page.locator("a[href*='/plan/']").first.click()


def _filters(page: Page) -> None:
    _ask("detox", more="&payment=takes_medicaid")(page)
    page.locator("a[href*='filters=1']").first.click()


def _provider(page: Page) -> None:
    _ask("detox")(page)
    page.locator(".cards a").first.click()


PAGES: dict[str, Callable[[Page], object]] = {
    "intake": lambda page: page.goto("/"),
    "intake filled": lambda page: page.goto("/?need=detox&near=40202&payment=takes_medicaid"),
    "intake with errors": _ask("detox", near=""),
    "intake with places to choose": _ask("detox", near="Springfield"),
    "results": _ask("detox", "dual_diagnosis", more="&payment=takes_medicaid"),
    "results with pages": _ask("outpatient"),
    "results for 90 days": _ask("residential_90", more="&payment=free_care"),
    "empty results": _ask("sober_living", near="Nashville, TN", more="&radius_miles=5&language=spanish"),
    "plan": _plan,
    "filters": _filters,
    "guide": lambda page: page.goto("/guide"),
    "topics": lambda page: page.goto("/learn"),
    "topic": lambda page: page.goto("/learn/detox"),
    "report": lambda page: page.goto("/providers/1/report"),
    "look up a report": lambda page: page.goto("/reports"),
    "list": lambda page: page.goto("/list/1-2-3"),
    "empty list": lambda page: page.goto("/list"),
    "call": lambda page: page.goto("/call/1"),
    "provider": _provider,
    "provider no longer listed": lambda page: page.goto("/providers/12"),
    "expired results": lambda page: page.goto("/results/expired"),
    "page not found": lambda page: page.goto("/nowhere"),
}

HEADINGS = {
    "intake with errors": "There is a problem",
    "intake with places to choose": "Which place do you mean?",
    "empty results": "What you can do next",
    "plan": "A plan, step by step",
    "filters": "Filters",
    "topic": "What detox is like",
    "provider": "How to reach them",
    "provider no longer listed": "Gone Away is no longer listed",
    "expired results": "That page of results can no longer be opened",
    "page not found": "Page not found",
}
"""What shows that a name above leads where it says."""


_addresses: dict[str, str] = {}


def show(page: Page, name: str) -> None:
    """Go to one of PAGES; by its own address where an earlier test has already found it."""
    if name in _addresses:
        page.goto(_addresses[name])
        return
    PAGES[name](page)
    if not page.url.endswith("/"):
        _addresses[name] = page.url


@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "en"), ("light", "es")])
def test_axe_finds_nothing(open_page: Open, scheme: str, language: str) -> None:
    page = open_page(color_scheme=scheme, locale=f"{language}-US")
    for name in PAGES:
        show(page, name)
        assert page.locator("html").get_attribute("lang") == language
        if language == "en" and name in HEADINGS:
            assert page.get_by_role("heading", name=HEADINGS[name]).count() == 1, name
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert findings(page, scheme) == [], name


def test_axe_finds_nothing_where_the_server_answers_before_the_application(open_page: Open) -> None:
    page = open_page("/es/" + "a" * 9000, viewport={"width": 320, "height": 640})
    expect(page.get_by_role("heading", level=1)).to_have_text("This could not be read")
    expect(page.get_by_text("Esto no se pudo leer.")).to_be_visible()
    assert findings(page) == []
    assert page.evaluate("innerWidth") == 320


@pytest.mark.parametrize(
    ("width", "text_size", "language"), [(320, 100, "en"), (320, 200, "en"), (320, 100, "es"), (320, 200, "es")]
)
def test_nothing_has_to_be_scrolled_sideways(open_page: Open, width: int, text_size: int, language: str) -> None:
    page = open_page(viewport={"width": width, "height": 640}, locale=f"{language}-US")
    for name in PAGES:
        show(page, name)
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        # As a person's own text size does it; the site's policy rightly refuses styles that are added from outside.
        page.evaluate(f"document.documentElement.style.setProperty('font-size', '{text_size}%')")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_numbers_for_a_crisis_are_in_sight_on_a_small_phone(open_page: Open, language: str) -> None:
    page = open_page(viewport={"width": 320, "height": 568}, locale=f"{language}-US")
    for name in PAGES:
        show(page, name)
        page.evaluate("window.scrollTo(0, 0)")
        for link in page.locator(".crisis a").all():
            box = link.bounding_box()
            assert box is not None, name
            assert box["y"] + box["height"] < 568 / 2, name
            assert box["height"] >= 48, name


def test_the_first_place_is_one_tap_away_on_a_small_phone(open_page: Open) -> None:
    page = open_page(viewport={"width": 320, "height": 568}, reduced_motion="reduce")
    show(page, "results with pages")
    page.evaluate("window.scrollTo(0, 0)")
    totals = page.locator(".totals a").first
    box = totals.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 568 - 48, "above the link to leave"
    totals.click()
    assert page.locator(".card").first.locator("h3").evaluate("e => e.getBoundingClientRect().top") < 568 / 3


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_numbers_for_a_crisis_stand_at_one_height_on_a_wide_screen(open_page: Open, language: str) -> None:
    page = open_page(viewport={"width": 1280, "height": 800}, locale=f"{language}-US")
    show(page, "results")
    page.evaluate("window.scrollTo(0, 0)")
    boxes = [link.bounding_box() for link in page.locator(".crisis [href^=tel]").all()]
    assert len({box and box["y"] + box["height"] / 2 for box in boxes}) == 1
    columns = [item.bounding_box() for item in page.locator(".crisis li").all()]
    assert len({box and round(box["width"]) for box in columns}) == 1


SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, label, summary, input.text')]
  .filter(e => e.checkVisibility() && !e.closest('.away') && !e.classList.contains('skip'))
  .map(e => [e.textContent.trim(), e.getBoundingClientRect()])
  .filter(([text, box]) => box.height < 24 || box.width < 24)
  .map(([text, box]) => `${text}: ${box.width} x ${box.height}`)"""

LOW_CONTROLS = """() => [...document.querySelectorAll('button, .call, label, summary, input.text, .way, .paging a')]
  .filter(e => e.checkVisibility() && !e.closest('.away') && !e.classList.contains('legend'))
  .map(e => [e.textContent.trim(), e.getBoundingClientRect().height])
  .filter(([text, height]) => height < 48)"""


def test_targets_are_large_enough_for_a_shaking_thumb(open_page: Open) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    for name in PAGES:
        show(page, name)
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        assert page.evaluate(SMALL_TARGETS) == [], name
        assert page.evaluate(LOW_CONTROLS) == [], name


def test_colours_that_a_person_chose_are_kept(open_page: Open) -> None:
    page = open_page("/?need=detox", forced_colors="active")
    chosen = page.locator(".tile").first.evaluate("tile => getComputedStyle(tile).outlineStyle")
    other = page.locator(".tile").last.evaluate("tile => getComputedStyle(tile).outlineStyle")
    assert (chosen, other) == ("solid", "none")


def test_who_wants_less_motion_gets_none(open_page: Open) -> None:
    page = open_page(reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
