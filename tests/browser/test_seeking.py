"""The whole way of a person and of a helper at 320 px: without scripts, with axe at each stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Open, watched
from tests.browser.looks import findings
from tests.conftest import filled_copy
from tests.pages.reading import without_seals
from tests.pages.world import fill
from tests.security.server import free_port, running

Stop = Callable[[str], None]

SAID = re.compile(r"detox|opioid|alcohol|40202|louisville|medicaid|38\.2\d|85\.7\d", re.IGNORECASE)
"""Words of what is asked on these ways, and of where."""


@pytest.fixture(params=[False, True], ids=["without scripts", "with scripts"])
def page(open_page: Open, request: pytest.FixtureRequest) -> Page:
    return open_page(java_script_enabled=request.param, viewport={"width": 320, "height": 640})


@pytest.fixture
def addresses(page: Page) -> Iterator[list[str]]:
    """Every address that the browser asks for, with its Referer. At the end: none says what was asked."""
    seen = list[str]()
    page.on("request", lambda request: seen.append(request.url + str(request.headers.get("referer", ""))))
    yield seen
    assert seen
    assert [address for address in seen if SAID.search(without_seals(address))] == []


@pytest.fixture
def at_stop(page: Page, open_page: Open) -> Stop:
    """One is there, nothing is cut off, and axe finds nothing. Axe needs scripts: it looks at a second browser."""

    def check(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        width = 320
        other = open_page(page.url, viewport={"width": width, "height": 640})
        assert other.evaluate("document.documentElement.scrollWidth") <= width
        assert findings(other) == []

    return check


def search(page: Page, *needs: str) -> None:
    for need in needs:
        page.get_by_label(need).first.check()
    page.get_by_label("Where?").fill("40202")
    page.get_by_role("button", name="Find programs").last.click()
    expect(page).to_have_url(re.compile("/results/"))


def test_from_a_frightened_question_to_the_call(page: Page, addresses: list[str], at_stop: Stop) -> None:
    page.goto("/")
    page.get_by_role("link", name="Not sure? Answer six short questions.").click()
    for answer in ("opioids", "ill", "yes", "no", "no", "none"):
        at_stop("")
        page.locator(f"main input[value={answer}]").check()
        page.locator("button.main").click()
    at_stop("What may help")
    expect(page.get_by_label("Detox").first).to_be_checked()
    search(page)
    at_stop("Places near 40202")
    expect(page.get_by_text("Do not detox alone.")).to_be_visible()
    page.get_by_role("link", name="What to say").first.click()
    at_stop("Harbor")
    expect(page.locator("a.call").first).to_have_attribute("href", "tel:+15025550111;ext=3")


def test_from_several_needs_to_a_plan(page: Page, addresses: list[str], at_stop: Stop) -> None:
    page.goto("/")
    search(page, "Detox", "Sober living")
    page.get_by_role("link", name="See the plan").click()
    at_stop("A plan, step by step")
    expect(page.get_by_text("Ask the detox to call the sober living home")).to_be_visible()
    expect(page.get_by_role("link", name="Narcotics Anonymous")).to_be_visible()


def test_a_helper_makes_a_list_and_hands_it_over(page: Page, addresses: list[str], at_stop: Stop) -> None:
    page.goto("/")
    search(page, "Detox")
    for name in ("Harbor", "Green Gate", "Pine Ward"):
        page.locator(".card").filter(has_text=name).locator("a.keep").click()
        expect(page.locator(".card").filter(has_text=name).locator("a.keep")).to_contain_text("On your list")
    page.get_by_role("link", name="Your list: 3 places").click()
    at_stop("Places to call")
    for name in ("Harbor", "Green Gate", "Pine Ward"):
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    assert "mile" not in page.locator("main").inner_text()
    page.get_by_role("link", name="Plain text").click()
    expect(page.locator("body")).to_contain_text("502-555-0100")


def test_filters_change_the_results_in_place(page: Page, addresses: list[str], at_stop: Stop) -> None:
    page.goto("/")
    search(page, "Detox")
    page.get_by_role("link", name="Filters").click()
    at_stop("Places near 40202")
    form = page.locator("form.filters")
    form.locator("summary", has_text="Ways to pay").click()
    form.get_by_label(re.compile("^Medicaid")).check()
    form.get_by_role("button", name="Show these places").click()
    expect(page.locator(".asked")).to_contain_text("Ways to pay: Medicaid")
    expect(page.locator("form.filters")).to_be_visible()
    at_stop("Places near 40202")


def test_the_map_leads_to_a_place_and_its_call(page: Page, addresses: list[str], at_stop: Stop) -> None:
    page.goto("/")
    search(page, "Detox")
    page.get_by_role("link", name="Map", exact=True).click()
    figure = page.locator("figure.locator")
    expect(figure.get_by_text("Where these places are")).to_be_in_viewport()
    at_stop("Places near 40202")
    figure.get_by_role("link", name=re.compile("^1, Harbor")).click()
    card = page.locator("ol.cards > li").first
    expect(card).to_be_in_viewport()
    card.get_by_role("link", name="Harbor").first.click()
    at_stop("Harbor")
    expect(page.locator("a.call").first).to_have_attribute("href", "tel:+15025550111;ext=3")


def test_a_wrong_number_is_reported_and_followed(page: Page, addresses: list[str], at_stop: Stop) -> None:
    page.goto("/")
    search(page, "Sober living")
    page.get_by_role("link", name="North Home", exact=True).click()
    page.get_by_role("link", name="Report a problem with this listing").click()
    at_stop("Report a problem")
    page.get_by_label("The phone number is wrong").check()
    page.get_by_role("button", name="Send the report").click()
    at_stop("We are checking it")
    page.get_by_role("link", name="North Home").click()
    expect(page.get_by_text("Reported, being checked.")).to_be_visible()


def test_what_detox_is_like_is_explained_in_plain_words(page: Page, addresses: list[str], at_stop: Stop) -> None:
    page.goto("/")
    page.get_by_role("link", name="Learn about treatment").click()
    at_stop("Learn")
    page.get_by_role("link", name="Sober living").click()
    at_stop("Sober living")
    expect(page.get_by_text("Reviewed on November 20, 2026")).to_be_visible()


def test_the_log_of_the_whole_way_says_nothing_of_it(
    chromium: Browser, sqlite_places_template: Path, tmp_path: Path
) -> None:
    port = free_port()
    path = filled_copy(sqlite_places_template, tmp_path, fill)
    env = {"PORT": str(port), "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": "a key for tests only"}
    with (
        running(["gunicorn", "wsgi:app"], "Onward is at", **env) as server,
        watched(chromium, f"http://127.0.0.1:{port}") as (open_page, _contexts),
    ):
        page = open_page("/guide", java_script_enabled=False)
        for answer in ("opioids", "ill", "yes", "no", "no", "none"):
            page.locator(f"main input[value={answer}]").check()
            page.locator("button.main").click()
        search(page, "Sober living")
        results = page.url
        for link in ("See the plan", "Filters", "Harbor", "What to say"):
            page.goto(results)
            page.get_by_role("link", name=link).first.click()
            page.wait_for_load_state()
        page.goto("/providers/1/report")
        page.get_by_label("The phone number is wrong").check()
        page.get_by_label("What is wrong?").fill("They said that detox is full in Louisville.")
        page.get_by_role("button", name="Send the report").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("We are checking it")
    log = "\n".join(server.lines)
    for part in ("POST intake.answer 303", "POST intake.ask 303", "GET intake.plan 200", "POST reports.send 303"):
        assert part in log, log
    assert [line for line in server.lines if SAID.search(line)] == []
