"""The guide in a real browser: from the intake to results without scripts, by thumb, by keyboard, in both themes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.browser.looks import findings
from tests.browser.test_looks import LOW_CONTROLS, SMALL_TARGETS
from tests.pages.reading import without_seals

ANSWERS = (
    ("Alcohol", "Opioids"),
    ("They get very ill",),
    ("No, or it may not last",),
    ("Yes, with thoughts of suicide",),
    ("Jail or prison",),
    ("Takes methadone",),
)


def give(page: Page, labels: tuple[str, ...]) -> None:
    for label in labels:
        page.get_by_label(label).first.check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_load_state()


def check_looks(page: Page, scheme: str, where: str) -> None:
    assert findings(page, scheme) == [], where


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_any_stop(open_page: Open, scheme: str) -> None:
    page = open_page("/guide", color_scheme=scheme)
    page.get_by_role("button", name="Next").click()
    expect(page.locator(".problems")).to_be_focused()
    check_looks(page, scheme, "a question without its answer")
    for number, labels in enumerate(ANSWERS, 1):
        check_looks(page, scheme, f"question {number}")
        give(page, labels)
    expect(page.get_by_role("heading", level=1)).to_have_text("What may help")
    check_looks(page, scheme, "the end")


@pytest.mark.parametrize("text_size", [100, 200])
def test_every_stop_fits_a_small_phone(open_page: Open, text_size: int) -> None:
    page = open_page("/guide", viewport={"width": 320, "height": 640})
    for labels in (*ANSWERS, ()):
        page.evaluate(f"document.documentElement.style.setProperty('font-size', '{text_size}%')")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, page.title()
        assert page.evaluate(SMALL_TARGETS) == [], page.title()
        assert page.evaluate(LOW_CONTROLS) == [], page.title()
        if labels:
            give(page, labels)


def test_the_whole_way_without_scripts_and_back(open_page: Open) -> None:
    page = open_page(java_script_enabled=False, viewport={"width": 320, "height": 640})
    visited = list[str]()
    page.on("request", lambda request: visited.append(request.url + str(request.headers.get("referer", ""))))
    page.get_by_role("link", name="Answer six short questions").click()
    for labels in ANSWERS:
        give(page, labels)
    # A click does not wait for the page that it leads to: going back on the way there fails in the browser.
    expect(page.get_by_role("heading", level=1)).to_have_text("What may help")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Does one of these fit?")
    page.reload()
    give(page, ANSWERS[5])
    page.get_by_role("link", name="Back").click()
    assert page.get_by_label("Takes methadone").is_checked()
    page.get_by_role("button", name="Next").click()
    assert page.get_by_label("Detox").first.is_checked()
    page.get_by_label("Live-in treatment").uncheck()
    page.get_by_label("Where?").fill("40202")
    page.get_by_role("button", name="Find programs").click()
    expect(page).to_have_url(re.compile("/results/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("40202")
    text = without_seals(" ".join(visited)).casefold()
    assert len(visited) > 10
    assert not [
        word for word in ("alcohol", "opioid", "suicid", "jail", "methadone", "detox", "40202") if word in text
    ]


def test_the_questions_are_answered_by_keyboard_alone(open_page: Open) -> None:
    page = open_page("/guide")
    for labels in ANSWERS:
        while not page.locator("[name=answer]").first.evaluate("field => field === document.activeElement"):
            page.keyboard.press("Tab")
        kind = page.locator("[name=answer]").first.get_attribute("type")
        wanted = page.get_by_label(labels[0]).first
        while not wanted.evaluate("field => field === document.activeElement"):
            page.keyboard.press("Tab" if kind == "checkbox" else "ArrowDown")
        if not wanted.is_checked():
            page.keyboard.press("Space")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What may help")
    assert page.get_by_label("Detox").first.is_checked()


def test_danger_is_told_before_the_next_question(open_page: Open) -> None:
    page = open_page("/guide", viewport={"width": 320, "height": 640})
    for labels in ANSWERS[:4]:
        give(page, labels)
    expect(page.locator(".urgent").get_by_role("link", name="Call 988")).to_have_attribute("href", "tel:988")
    call = page.locator(".urgent").get_by_role("link", name="Call 911").bounding_box()
    heading = page.get_by_role("heading", level=1).bounding_box()
    assert call is not None
    assert heading is not None
    assert call["y"] < heading["y"]
