"""From the question to the phone number in a real browser: with and without scripts, and by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.pages.reading import without_seals


def search(page: Page, *needs: str, near: str = "40202") -> None:
    for need in needs:
        page.get_by_label(need).first.check()
    page.get_by_label("Where?").fill(near)
    page.get_by_role("button", name="Find programs").last.click()
    expect(page).to_have_url(re.compile("/results/"))


def test_the_whole_journey_without_scripts(open_page: Open) -> None:
    page = open_page(java_script_enabled=False)
    assert not page.get_by_role("button", name="Use my location").is_visible()
    page.get_by_label("Detox").check()
    page.get_by_label("Where?").fill("Springfield")
    page.get_by_role("button", name="Find programs").last.click()
    expect(page.get_by_role("heading", name="Which place do you mean?")).to_be_visible()
    assert page.get_by_label("Detox").is_checked()
    page.get_by_role("button", name="Springfield, IL").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Springfield, IL")
    page.get_by_role("link", name="Change search").click()
    search(page, "Sober living", near="Louisville, KY")
    page.get_by_role("link", name="See the plan").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A plan, step by step")
    page.get_by_role("link", name="Harbor").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbor <i>Recovery</i>")
    expect(page.get_by_role("link", name="Call 502-555-0111 ext. 3")).to_have_attribute(
        "href", "tel:+15025550111;ext=3"
    )


def test_the_whole_journey_by_keyboard(open_page: Open) -> None:
    page = open_page()
    press = page.keyboard.press
    press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    press("Enter")
    press("Tab")
    expect(page.get_by_role("link", name="Not sure?")).to_be_focused()
    press("Tab")
    expect(page.get_by_label("Detox")).to_be_focused()
    press("Space")
    while not page.get_by_label("Where?").evaluate("field => field === document.activeElement"):
        press("Tab")
    page.keyboard.type("40202")
    press("Enter")
    expect(page).to_have_url(re.compile("/results/"))
    first = page.locator(".cards a").first
    while not first.evaluate("link => link === document.activeElement"):
        press("Tab")
    assert first.evaluate("link => getComputedStyle(link).outlineStyle") == "solid"
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbor <i>Recovery</i>")


def test_the_return_key_asks_again_and_never_takes_the_first_place(open_page: Open) -> None:
    page = open_page()
    for _ in range(2):
        page.get_by_label("Where?").fill("Springfield")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Which place do you mean?")).to_be_visible()
    expect(page.locator(".problems")).to_be_focused()


def test_an_error_leads_to_its_field(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("button", name="Find programs").last.click()
    page.locator(".problems a").click()
    expect(page.get_by_label("Where?")).to_be_focused()


def test_back_and_refresh_work(open_page: Open) -> None:
    page = open_page()
    search(page, "Outpatient")
    address = page.url
    page.get_by_role("link", name="Next").click()
    expect(page.locator("ol.cards")).to_have_attribute("start", "11")
    page.go_back()
    assert page.url == address
    page.reload()
    expect(page.locator("ol.cards")).to_have_attribute("start", "1")
    page.go_back()
    assert page.get_by_label("Where?").input_value() == "40202"


def test_the_browsers_location_is_rounded_before_it_is_sent(open_page: Open) -> None:
    page = open_page(geolocation={"latitude": 38.254321, "longitude": -85.759876}, permissions=["geolocation"])
    sent = list[str]()
    page.on("request", lambda request: sent.append(request.post_data or ""))
    page.get_by_role("button", name="Use my location").click()
    expect(page.get_by_label("Where?")).to_have_value("Your location (about)")
    page.get_by_role("button", name="Find programs").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Places near your location (about)")
    [body] = [text for text in sent if text]
    assert "latitude=38.25&longitude=-85.76&" in body
    assert "38.254" not in body


def test_a_place_typed_over_the_location_forgets_it(open_page: Open) -> None:
    page = open_page(geolocation={"latitude": 38.25, "longitude": -85.76}, permissions=["geolocation"])
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("[name=latitude]")).to_have_value("38.25")
    page.get_by_label("Where?").fill("Denver, CO")
    expect(page.locator("[name=latitude]")).to_have_value("")


def test_a_refused_location_says_what_to_do(open_page: Open) -> None:
    page = open_page(permissions=[])
    page.get_by_role("button", name="Use my location").click()
    expect(page.locator("[data-locate-status]")).to_contain_text("Enter a ZIP code")
    expect(page.get_by_label("Where?")).to_be_focused()


def test_nothing_that_was_asked_stands_in_an_address_or_a_title(open_page: Open) -> None:
    page = open_page()
    visited = list[str]()
    page.on("request", lambda request: visited.append(request.url + str(request.headers.get("referer", ""))))
    search(page, "Detox", "Sober living")
    titles = [page.title()]
    for name in ("Show the nearest first", "See the plan", "Change search"):
        page.get_by_role("link", name=name).click()
        page.wait_for_load_state()
        titles.append(page.title())
    text = without_seals(" ".join([*visited, *titles])).casefold()
    assert len(visited) >= 4
    assert not [word for word in ("detox", "sober", "40202", "louisville") if word in text]


def test_a_printed_list_keeps_names_addresses_and_numbers(open_page: Open) -> None:
    page = open_page()
    search(page, "Detox")
    page.emulate_media(media="print")
    first = page.locator(".card").first
    for text in ("Harbor <i>Recovery</i>", "12 Dock Street", "502-555-0111 ext. 3"):
        expect(first.get_by_text(text).first).to_be_visible()
    assert page.locator(".call").first.evaluate("link => getComputedStyle(link).color") == "rgb(0, 0, 0)"
    assert not page.get_by_role("link", name="Change search").is_visible()


def test_the_steps_of_a_printed_plan_keep_their_numbers_and_stay_with_their_first_place(open_page: Open) -> None:
    page = open_page()
    search(page, "Detox", "Sober living")
    page.get_by_role("link", name="See the plan").click()
    page.emulate_media(media="print")
    steps = page.locator(".step > h3")
    expect(steps).to_have_count(2)
    # A number beside the heading would stay behind at the end of a sheet.
    for title in steps.all():
        assert "counter(step)" in title.evaluate("title => getComputedStyle(title, '::before').content")
        assert title.evaluate("title => getComputedStyle(title).breakAfter") == "avoid"
