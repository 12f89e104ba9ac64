"""The map as a browser draws it: large enough on the smallest phone, nothing on anything else, usable by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from referral.extensions import db
from referral.locator import Point
from referral.locator.placing import text_width
from referral.matching import Origin
from tests.browser.conftest import Open
from tests.browser.looks import findings
from tests.conftest import make_app
from tests.locator.conftest import HERE, render_in
from tests.locator.worlds import point

ASKED = [
    *(point(number, 38.2527, -85.7585, about=True) for number in (1, 2, 3)),
    point(4, 38.30, -85.70),
    point(5, 38.20, -85.80),
    point(6, 38.2, -85.8),
    point(7, None, None),
    point(8, 38.10, -85.95),
    point(9, 38.41, -85.76),
    point(10, 38.25, -85.40),
]

RECTS = """(svg) => [...svg.querySelectorAll('a, text')].filter((e) => !e.closest('a') || e.matches('a')).map((e) => {
  const box = (e.matches('a') ? e.firstChild : e).getBoundingClientRect()
  return [e.getAttribute('aria-label') || e.textContent, e.matches('a'), box.left, box.top, box.right, box.bottom]
})"""

LAYOUT = (
    '<!doctype html><html lang="en"><head><title>Map</title><meta name="color-scheme" content="light dark">'
    '<link rel="stylesheet" href="/static/onward.css"><link rel="stylesheet" href="/static/locator.css"></head>'
    '<body><main id="main"><h1>Places</h1>{}'
    "<ol>{}</ol></main></body></html>"
)

Show = Callable[..., Page]


@pytest.fixture(scope="module")
def site(sqlite_places_template: Path) -> Iterator[Flask]:
    app = make_app(f"sqlite:///{sqlite_places_template}")
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def show(open_page: Open, site: Flask) -> Show:
    """A page with the map of these points and a list of them, under the site's own policy."""

    def on_page(points: list[Point] = ASKED, origin: Origin = HERE, **settings: Any) -> Page:
        page = open_page("/", **settings)
        entries = "".join(f'<li id="{p.href[1:]}" tabindex="-1">{p.name}</li>' for p in points)
        page.set_content(LAYOUT.format(render_in(site, points, origin, radius_miles=25.0), entries))
        page.wait_for_function("getComputedStyle(document.querySelector('.locator')).display === 'grid'")
        return page

    return on_page


def overlaps(page: Page) -> list[tuple[str, str]]:
    """Markers and texts that lie on each other, by the sizes that the fonts of this machine really have."""
    things = page.locator(".locator > svg").evaluate(RECTS)
    found = []
    for (one, is_a, *a), (other, is_b, *b) in combinations(things, 2):
        if is_a and is_b:
            middles = [((r[0] + r[2]) / 2, (r[1] + r[3]) / 2) for r in (a, b)]
            gap = ((middles[0][0] - middles[1][0]) ** 2 + (middles[0][1] - middles[1][1]) ** 2) ** 0.5
            is_overlap = gap < (a[2] - a[0] + b[2] - b[0]) / 2
        else:
            is_overlap = a[0] < b[2] and b[0] < a[2] and a[1] + 2 < b[3] and b[1] + 2 < a[3]
        if is_overlap:
            found.append((one, other))
    return found


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
def test_nothing_lies_on_anything_else_and_nothing_is_cut_off(show: Show, width: int) -> None:
    page = show(viewport={"width": width, "height": 700})
    assert page.locator(".locator > svg a").count() == 9
    assert page.locator(".locator > svg text").count() > 15
    assert overlaps(page) == []
    left, right = page.locator(".locator > svg").evaluate(
        "(e) => [0, 2].map((i) => e.getBoundingClientRect()[['left', 'top', 'right'][i]])"
    )
    for _, _, a, _, b, _ in page.locator(".locator > svg").evaluate(RECTS):
        assert left <= a < b <= right
    assert page.evaluate("document.documentElement.scrollWidth") <= width


LABELS = ["Los Angeles, CA", "New York, NY", "Anchorage, AK", "99501 (Anchorage, AK)", "Otter, MT", "Washington, DC"]


def test_the_name_of_the_origin_is_no_wider_than_the_room_kept_for_it(show: Show) -> None:
    for label in LABELS:
        name = show(origin=replace(HERE, label=label)).locator(".locator > svg .start-name")
        assert name.evaluate("(e) => e.getComputedTextLength()") <= text_width(
            name.text_content() or "", is_bold=True
        ), label


def test_numbers_can_be_read_and_tapped_on_the_smallest_phone(show: Show) -> None:
    page = show(viewport={"width": 320, "height": 600})
    for circle in page.locator(".locator > svg a circle").all():
        box = circle.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 24
    size = "(e) => parseFloat(getComputedStyle(e).fontSize) * e.getScreenCTM().a"
    assert page.locator(".locator > svg a text").first.evaluate(size) >= 16
    assert page.locator(".locator > svg .miles").first.evaluate(size) >= 12


def test_the_keyboard_walks_through_the_numbers_to_their_entries(show: Show) -> None:
    page = show()
    page.locator("h1").click()
    for number in (1, 2, 3, 4):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == str(number)
    page.keyboard.press("Enter")
    page.wait_for_function("location.hash === '#p96'")


@pytest.mark.parametrize(
    "settings",
    [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}, {"viewport": {"width": 320, "height": 600}}],
    ids=["light", "dark", "forced colours", "320"],
)
def test_axe_finds_nothing(show: Show, settings: dict[str, Any]) -> None:
    assert findings(show(**settings), within=".locator") == []


def test_screen_readers_are_told_a_named_group_of_links(show: Show) -> None:
    tree = show().locator(".locator").aria_snapshot()
    assert 'group "Where these places are"' in tree
    assert 'link "4, Place 4, 4 miles, northeast"' in tree
    assert "Clarksville" not in tree
    assert "mi" not in [line.strip() for line in tree.splitlines()]


def test_markers_differ_in_shape_where_colours_are_the_persons_own(show: Show) -> None:
    page = show(forced_colors="active")
    dashes = "(e) => getComputedStyle(e).strokeDasharray"
    assert page.locator(".locator > svg a.about circle").first.evaluate(dashes) != "none"
    assert page.locator(".locator > svg a:not(.about) circle").first.evaluate(dashes) == "none"
