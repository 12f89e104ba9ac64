"""A list of places: the same rows side by side, what is not known is asked, and nothing says where the person is."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

import pytest
from flask import Flask

from referral.pages.kept import MAX_KEPT, format_ids, parse_ids
from referral.pages.wording import today
from tests.handout.conftest import Get, Ids, ids_of
from tests.handout.world import HIDDEN, fill
from tests.pages.reading import Page, read, text_of


def cards(page: Page) -> list[Element]:
    return page.find("li", class_="place")


def row(card: Element, heading: str) -> str:
    """What a card says under this heading."""
    [found] = [e for e in card.iter("div") if [text_of(h) for h in e.findall("h3")] == [heading]]
    return text_of(found).removeprefix(heading).strip()


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("1", (1,)),
        ("12-45-99", (12, 45, 99)),
        ("7-7-12-7", (7, 12)),
        ("007", (7,)),
        ("2147483647", (2147483647,)),
        ("-".join(map(str, range(1, 12))), tuple(range(1, MAX_KEPT + 1))),
        *(
            (text, None)
            for text in ("", "-", "1-", "-1", "1--2", "0", "a", "1,2", "1 2", "٣", "2147483648", "1-" * 900)
        ),
    ],
)
def test_a_list_is_read_from_its_address(text: str, ids: tuple[int, ...] | None) -> None:
    assert parse_ids(text) == ids
    if ids:
        assert parse_ids(format_ids(ids)) == ids


@pytest.mark.parametrize("text", ["x", "0", "1-", "2147483648", "1-2/more", "1" * 300])
def test_an_address_that_is_no_list_is_not_found(site: Flask, text: str) -> None:
    assert read(site.test_client().get(f"/list/{text}")).status == 404


def test_places_stand_in_the_order_of_the_address(show_list: Get) -> None:
    for keys in (("harbor", "lane", "strict"), ("strict", "harbor", "lane")):
        names = [text_of(next(card.iter("h2"))).split(" ", 1)[1] for card in cards(show_list(*keys))]
        known = {"harbor": "Harbor <i>Recovery</i>", "lane": "Long Lane", "strict": "Strict House"}
        assert names == [known[key] for key in keys]


def test_several_places_begin_with_a_short_index_of_whom_to_call(show_list: Get, ids: Ids) -> None:
    page = show_list("harbor", "lane", "strict")
    [index] = page.find("nav", class_="whom")
    names, calls = ([a for a in index.iter("a") if a.get("class") == name] for name in ("name", "dial-it"))
    assert [text_of(a) for a in names] == ["1 Harbor <i>Recovery</i>", "2 Long Lane", "3 Strict House"]
    assert [a.get("href") for a in names] == [f"#{card.get('id')}" for card in cards(page)]
    numbers = [next(a for a in card.iter("a") if a.get("class") == "call").get("href") for card in cards(page)]
    assert [a.get("href") for a in calls] == numbers
    assert "Takes only people with opioid use disorder" in text_of(index), "whom a place takes only is no surprise"
    assert not show_list("harbor").find("nav", class_="whom"), "one place needs no index"


def test_a_list_tells_its_day_and_its_address_in_readable_text(show_list: Get, ids: Ids) -> None:
    address = f"/list/{ids['harbor']}-{ids['lane']}"
    [told] = show_list("harbor", "lane").texts(class_="as-of")
    assert told.startswith(f"As of {today():%B} {today().day}, {today().year}")
    assert told.endswith(address)
    [told] = show_list("harbor", "lane", prefix="/es").texts(class_="as-of")
    assert re.match(rf"Al {today().day} de [a-z]+ de {today().year}", told)


def test_every_place_has_the_same_rows_in_the_same_order(show_list: Get) -> None:
    headings = [
        [text_of(h) for h in card.iter("h3")] for card in cards(show_list("harbor", "bare", "screen", "rich1"))
    ]
    assert headings[0] == [
        "Programs here", "Ways to pay", "Medication", "Mental health care too", "For whom", "Language",
        "Getting there and getting in", "How it is there", "Ask",
    ]  # fmt: skip
    assert all(other == headings[0] for other in headings)


def test_what_is_known_is_said_in_the_words_of_the_listing(show_list: Get) -> None:
    page = show_list("harbor")
    [card] = cards(page)
    assert row(card, "Programs here") == "Live-in detox. Longest stay: 10 days Outpatient"
    assert row(card, "Ways to pay").startswith("Medicaid Not on its list: Medicare, Private insurance")
    assert row(card, "Medication") == (
        "Buprenorphine (some programs), Staying on methadone or buprenorphine taken now"
    )
    assert row(card, "Mental health care too") == "Mental health and substance use together"
    assert row(card, "For whom") == "Children can come along"
    assert row(card, "Language") == "Spanish"
    assert row(card, "Getting there and getting in") == "Not here: Help with rides"
    assert row(card, "How it is there") == "Not here: Smoke-free"
    text = text_of(card)
    assert "Takes only people with opioid use disorder." in text
    assert "12 Dock Street, Louisville, KY 40202" in text
    assert "Last confirmed on" in text
    assert page.link("502-555-0100 ext. 12") == "tel:+15025550100;ext=12"
    assert page.link("502-555-0111 ext. 3") == "tel:+15025550111;ext=3"
    assert page.link("1-800-555-0112") == "tel:+18005550112"
    assert page.link("harbor.example") == "https://www.harbor.example/start"


def test_what_is_not_known_is_asked_and_never_denied(show_list: Get) -> None:
    [card] = cards(show_list("lane"))
    for heading in ("Ways to pay", "Medication", "Mental health care too", "For whom", "Language", "How it is there"):
        assert row(card, heading) == "Not listed: ask."
    assert row(card, "Ask") == (
        "Do you have a bed or a slot now? Do you take Medicaid? Do you have a sliding fee, by income? "
        "Do you treat mental health and substance use together? "
        "Can a person keep taking methadone or buprenorphine from their own doctor? How long can a person stay?"
    )
    [known] = cards(show_list("harbor"))
    assert row(known, "Ask") == "Do you have a bed or a slot now?"


def test_a_spanish_list_asks_whether_spanish_is_spoken_where_that_is_not_known(show_list: Get) -> None:
    asked = "¿Hay personal que hable español?"
    lane, harbor = show_list("lane", "harbor", prefix="/es").find("li", class_="place")
    assert asked in text_of(lane)
    assert asked not in text_of(harbor)
    assert "Spanish?" not in show_list("lane").text()


def test_what_one_program_denies_and_another_does_not_say_is_asked(show_list: Get) -> None:
    [card] = cards(show_list("mixed"))
    assert row(card, "Medication") == "Not listed: ask."
    assert "Can a person keep taking methadone" in row(card, "Ask")
    assert row(card, "How it is there") == "Not here: Smoke-free"


def test_nothing_is_said_about_where_the_person_is(show_list: Get, site: Flask) -> None:
    page = show_list("harbor", "lane", "strict")
    assert not [word for word in ("mile", "distance", "openstreetmap", "38.25", "85.75") if word in page.html]


def test_a_private_address_stays_private(show_list: Get) -> None:
    page = show_list("rose")
    assert "Call for the address (Louisville, KY)" in page.text()
    assert not [part for part in HIDDEN.values() if part in page.html]


def test_places_that_are_gone_are_counted_and_the_rest_is_shown(site: Flask, ids: Ids) -> None:
    client = site.test_client()
    page = read(client.get(f"/list/{ids['gone']}-{ids['harbor']}"))
    assert page.status == 200
    assert "1 place of this list is no longer listed." in page.text()
    assert "Gone Away" not in page.html
    assert len(cards(page)) == 1
    # What is sent on names only what is there.
    assert page.find("button", class_="tool")[1].get("data-url") == f"http://localhost/en/list/{ids['harbor']}"
    assert f"list%2F{ids['harbor']}" in page.link("Text it")
    assert page.link("Plain text") == f"/list/{ids['harbor']}/text"
    page = read(client.get(f"/list/{ids['gone']}-999999"))
    assert page.status == 200
    assert "2 places of this list are no longer listed." in page.text()
    assert not cards(page)
    assert not page.find("svg")


def test_closed_for_now_and_being_checked_are_said(show_list: Get) -> None:
    closed, checked = cards(show_list("repair", "lane"))
    assert "Closed for now." in text_of(closed)
    assert "Reported, being checked." in text_of(checked)
    assert "Reported" not in text_of(closed)


def test_a_place_is_taken_off_by_a_plain_link(show_list: Get, ids: Ids) -> None:
    page = show_list("harbor", "lane", query="?size=large")
    links = {text_of(a): a.get("href") for a in page.find("a") if "Take off" in text_of(a)}
    assert links == {
        "Take off the list: Harbor <i>Recovery</i>": f"/list/{ids['lane']}?size=large",
        "Take off the list: Long Lane": f"/list/{ids['harbor']}?size=large",
    }
    assert show_list("lane").link("Take off the list") == "/list"


def test_text_of_a_listing_is_text_and_never_markup(show_list: Get) -> None:
    page = show_list("harbor")
    assert not page.find("i")
    assert "Bay & Sons Health" in page.text()


def test_the_empty_list_says_how_to_make_one(site: Flask) -> None:
    for address in ("/list", "/list/"):
        page = read(site.test_client().get(address))
        assert page.status == 200
        assert "How to make a list" in page.text()
        assert page.link("Find places") == "/"


def test_a_list_keeps_its_language_and_its_size(show_list: Get, ids: Ids) -> None:
    page = show_list("lane", prefix="/es", query="?size=large")
    assert page.find("html")[0].get("lang") == "es"
    number = ids["lane"]
    assert f"/es/list/{number}" in {a.get("href") for a in page.find("a")}
    assert f"/en/list/{number}?size=large" in {a.get("href") for a in page.find("a")}
    assert page.find("div", class_="large")
    assert not show_list("lane").find("div", class_="large")
    assert show_list("lane").link("Large print") == f"/list/{number}?size=large"


def test_search_engines_are_asked_to_stay_away(show_list: Get) -> None:
    page = show_list("lane")
    assert [e.get("content") for e in page.find("meta", name="robots")] == ["noindex"]
    assert page.texts("title") == ["Your list of places – Onward"]


def test_the_provider_page_keeps_a_place_by_plain_links(site: Flask, ids: Ids) -> None:
    client = site.test_client()
    number, other = ids["harbor"], ids["lane"]
    page = read(client.get(f"/providers/{number}"))
    assert page.link("Keep this place") == f"/providers/{number}?list={number}"
    assert page.find("div", class_="list-bar")[0].get("hidden") is not None
    page = read(client.get(f"/providers/{number}?list={other}"))
    assert page.link("Keep this place") == f"/providers/{number}?list={other}-{number}"
    assert page.link("Your list: 1 place") == f"/list/{other}"
    page = read(client.get(f"/es/providers/{number}?list={other}-{number}"))
    assert [a.get("href") for a in page.find("a", class_="keep")] == [f"/es/providers/{number}?list={other}"]
    assert f"/es/list/{other}-{number}" in {a.get("href") for a in page.find("a")}
    assert page.find("div", class_="list-bar")[0].get("hidden") is None


def test_a_full_list_says_so_and_loses_nothing(site: Flask, ids: Ids) -> None:
    full = "-".join(str(ids[f"plain{n}"]) for n in range(MAX_KEPT))
    page = read(site.test_client().get(f"/providers/{ids['plain8']}?list={full}"))
    assert page.link("Keep this place") == f"/providers/{ids['plain8']}?list={full}"
    [said] = [p for p in page.find("p") if p.get("data-list-full") is not None]
    assert said.get("hidden") is None
    assert text_of(said) == "Your list is full. Open it and take a place off to keep another."


@pytest.mark.parametrize("query", ["?list=", "?list=x", "?list=0", "?list=1-", "?list=<b>", "?list=" + "9" * 400])
def test_a_list_that_cannot_be_read_is_no_list(site: Flask, ids: Ids, query: str) -> None:
    page = read(site.test_client().get(f"/providers/{ids['lane']}{query}"))
    assert page.status == 200
    assert page.link("Keep this place") == f"/providers/{ids['lane']}?list={ids['lane']}"


def test_lists_are_read_from_either_database(app: Flask) -> None:
    fill()
    ids = ids_of(app)
    page = read(app.test_client().get(f"/list/{ids['lane']}-{ids['harbor']}-{ids['gone']}"))
    assert [text_of(next(card.iter("h2"))) for card in cards(page)] == ["1 Long Lane", "2 Harbor <i>Recovery</i>"]
    assert read(app.test_client().get(f"/call/{ids['harbor']}")).status == 200
