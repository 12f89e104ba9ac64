"""The filters on the results page itself, with how many places each choice would give."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from tests.pages.conftest import Search
from tests.pages.reading import Page, read, text_of, without_seals


def opened(client: FlaskClient, page: Page) -> Page:
    return read(client.get(page.link("Filters").partition("#")[0]))


def choices(page: Page) -> dict[str, tuple[str, bool]]:
    """Label of each choice: how many places, and whether it is chosen."""
    found = {}
    for label in page.find("label", class_="check"):
        [small], [box] = list(label.iter("small")), list(label.iter("input"))
        words = text_of(label).removesuffix(text_of(small)).strip()
        found[words] = (text_of(small), box.get("checked") is not None)
    return found


def refine(client: FlaskClient, page: Page, **form: object) -> Page:
    [action] = [str(f.get("action")) for f in page.find("form", class_="filters")]
    [form_element] = page.find("form", class_="filters")
    hidden = {str(e.get("name")): e.get("value") for e in form_element.iter("input") if e.get("type") == "hidden"}
    answer = client.post(action, data=hidden | form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return read(client.get(answer.headers["Location"].partition("#")[0]))


def n_places(page: Page) -> int:
    """Places in the first two tiers, as the page says it."""
    [totals] = page.texts(class_="totals")
    return sum(map(int, re.findall(r"(\d+) places? (?:has everything|have everything|may have it all)", totals)))


def test_filters_open_on_the_results_page_and_show_what_was_chosen(client: FlaskClient, search: Search) -> None:
    page = search(need="detox", payment="takes_medicaid")
    assert not page.find("form", class_="filters")
    filters = opened(client, page)
    assert filters.texts("h1") == page.texts("h1")
    chosen = {label for label, (_, is_chosen) in choices(filters).items() if is_chosen}
    assert chosen == {"Detox", "Within 25 miles", "Medicaid"}
    assert [text_of(card) for card in filters.find(class_="card")] == [
        text_of(card) for card in page.find(class_="card")
    ]


def test_filters_can_be_opened_where_nothing_fits(client: FlaskClient, search: Search) -> None:
    page = opened(client, search(need="sober_living", radius_miles="5", language="korean"))
    assert "We know of no place within 5 miles that offers this." in page.text()
    assert choices(page)["Sober living"] == ("none", True)


def test_each_number_is_what_comes_up_when_that_choice_is_made(client: FlaskClient, search: Search) -> None:
    page = opened(client, search(need="detox"))
    numbers = choices(page)
    asked: dict[str, dict[str, str | list[str]]] = {
        "Outpatient": {"need": ["detox", "outpatient"], "radius_miles": "25"},
        "Live-in treatment, 90 days": {"need": ["detox", "residential_90"], "radius_miles": "25"},
        "Within 5 miles": {"need": "detox", "radius_miles": "5"},
        "At any distance": {"need": "detox", "radius_miles": "any"},
        "Buprenorphine": {"need": "detox", "radius_miles": "25", "medication": "buprenorphine"},
        "Medicaid": {"need": "detox", "radius_miles": "25", "payment": "takes_medicaid"},
    }
    for label, form in asked.items():
        changed = refine(client, page, **form)
        words = numbers[label][0]
        n = 0 if words == "none" else int(words.split()[0])
        assert n_places(changed) == n, label


def test_changed_filters_keep_the_place_the_order_and_the_list(client: FlaskClient, search: Search) -> None:
    by_distance = read(client.get(search(need="detox").link("Show the nearest first")))
    page = read(client.get(by_distance.link("Filters").partition("#")[0] + "&list=1"))
    changed = refine(client, page, need="outpatient", radius_miles="10")
    assert changed.texts("h1") == by_distance.texts("h1")
    assert changed.texts("h2", id="list") == ["Nearest first"]
    assert changed.link("Your list: 1 place")
    [line] = changed.texts(class_="asked")
    assert line.startswith("Outpatient, within 10 miles of 40202 (Louisville, KY)")
    assert changed.find("form", class_="filters")


def test_another_kind_of_care_stays_chosen_among_the_filters(client: FlaskClient, search: Search) -> None:
    first = search(need="residential_90")
    shorter = read(client.get(first.link("Shorter live-in treatment")))
    assert choices(opened(client, shorter))["Shorter live-in treatment"][1]
    changed = refine(client, opened(client, shorter), need="residential_shorter", radius_miles="50")
    assert "Shorter live-in treatment, within 50 miles" in changed.texts(class_="asked")[0]


def test_a_choice_that_does_not_exist_leads_to_the_form_with_everything_filled_in(
    client: FlaskClient, search: Search
) -> None:
    page = opened(client, search(need="detox"))
    [action] = [str(f.get("action")) for f in page.find("form", class_="filters")]
    answer = client.post(action, data={"need": "rocket", "radius_miles": "25"})
    assert answer.status_code == 422
    assert read(answer).checked("need") == ["detox"]


def test_filters_carry_no_answer_in_an_address(client: FlaskClient, search: Search) -> None:
    page = opened(client, search(need="detox", payment="takes_medicaid"))
    addresses = " ".join(
        str(e.get("href") or e.get("action")) for e in page.find() if e.get("href") or e.get("action")
    )
    assert not re.search(r"detox|medicaid|40202|louisville", without_seals(addresses), re.IGNORECASE)
