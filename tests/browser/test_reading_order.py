"""What a screen reader meets, in which order, from the browser's accessibility tree."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.test_seeking import search


def positions(page: Page, *parts: str) -> list[int]:
    """Where each part begins in the accessibility tree of the page. Fails where one is missing."""
    tree = page.locator("body").aria_snapshot()
    found = [tree.find(part) for part in parts]
    assert -1 not in found, (parts[found.index(-1)], tree)
    return found


def in_order(page: Page, *parts: str) -> None:
    where = positions(page, *parts)
    assert where == sorted(where), list(zip(where, parts, strict=True))


def test_help_comes_first_and_what_was_asked_before_the_matches(open_page: Open) -> None:
    page = open_page()
    search(page, "Detox")
    in_order(
        page,
        'link "Skip to main content"',
        'region "Help right now"',
        'link "Leave quickly',
        'navigation "Language"',
        'heading "Places near 40202',
        "Change search",
        "have everything you asked for",
        'region "Before you call: stay safe"',
        'heading "Best fit first, then nearest" [level=2]',
        'heading "1 Harbor <i>Recovery</i>" [level=3]',
        "Call 502-555-0111 ext. 3",
        "What to say",
        'heading "2 ',
        'group "Where these places are"',
        'navigation "More"',
    )


def test_a_card_reads_as_name_distance_address_reasons_number(open_page: Open) -> None:
    page = open_page()
    search(page, "Detox", "Mental health care too")
    card = page.locator(".card").first.aria_snapshot()
    parts = [
        card.find(part)
        for part in ("Harbor", "about a mile", "12 Dock Street", "Live-in detox", "Detox", "Call 502", "Keep")
    ]
    assert -1 not in parts, card
    assert [parts[0], parts[1], parts[2], parts[3], parts[5], parts[6]] == sorted([*parts[:4], *parts[5:]])


def test_every_link_to_call_names_the_place_and_every_number_on_the_map_too(open_page: Open) -> None:
    page = open_page()
    search(page, "Detox")
    cards = page.locator("ol.cards .card:has(a.call)").all()
    assert len(cards) >= 3
    for card in cards:
        name = card.locator("h3 a").inner_text()
        for text in ("Call ", "What to say", "Keep"):
            link = card.get_by_role("link", name=text).or_(card.get_by_role("button", name=text))
            assert link.inner_text().endswith(name), (text, name)
    expect(page.locator("figure.locator").get_by_role("link", name=re.compile("^1, Harbor"))).to_have_count(1)


def test_a_number_on_the_map_leads_to_its_card(open_page: Open) -> None:
    page = open_page(viewport={"width": 320, "height": 640})
    search(page, "Detox")
    page.get_by_role("link", name="Map", exact=True).click()
    page.locator("figure.locator").get_by_role("link", name=re.compile("^2, ")).click()
    second = page.locator("ol.cards > li").nth(1)
    expect(second).to_be_in_viewport()
    assert page.url.endswith(f"#{second.get_attribute('id')}")


@pytest.mark.parametrize(
    "path", ["/", "/guide", "/learn", "/learn/overdose", "/providers/1", "/call/1", "/list/1-2", "/reports"]
)
def test_every_page_has_its_landmarks_and_one_heading_that_says_where_one_is(open_page: Open, path: str) -> None:
    page = open_page(path)
    in_order(page, 'link "Skip to main content"', "banner", 'region "Help right now"', "\n- main", "contentinfo")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
