"""The page of one provider: what is known, what is not on its list, and what is not known."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.models import Provider
from referral.pages.phones import phone_href
from tests.pages.reading import Page, read, text_of
from tests.pages.world import HIDDEN, fill


def address_of(app: Flask, key: str) -> str:
    with app.app_context(), db.engine.connect() as connection:
        number = connection.execute(sa.select(Provider.id).where(Provider.source_key == key)).scalar_one()
    return f"/providers/{number}"


def page_of(site: Flask, key: str) -> Page:
    return read(site.test_client().get(address_of(site, key)))


def family(page: Page, code: str) -> str:
    [heading] = page.find("h3", id=f"family-{code}")
    [section] = [s for s in page.find("section", class_="family") if heading in list(s)]
    return text_of(section)


def test_all_numbers_can_be_dialled(site: Flask) -> None:
    page = page_of(site, "harbor")
    assert page.link("Call 502-555-0111 ext. 3") == "tel:+15025550111;ext=3"
    assert "This number leads to the people who help you start." in page.text()
    others = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert (others["Main number"], others["Hotline"]) == ("502-555-0100 ext. 12", "1-800-555-0112")
    assert page.link("502-555-0100 ext. 12") == "tel:+15025550100;ext=12"
    assert page.link("1-800-555-0112") == "tel:+18005550112"


@pytest.mark.parametrize(
    ("number", "href"),
    [
        ("(502) 555-0100", "tel:+15025550100"),
        ("+1 502-555-0100", "tel:+15025550100"),
        ("988", "tel:988"),
        ("+44 20 7946 0100", "tel:+442079460100"),
        ("(+49) 30 555 010", "tel:+4930555010"),
        ("+", ""),
    ],
)
def test_a_number_with_a_country_keeps_it(number: str, href: str) -> None:
    assert phone_href(number) == href


def test_a_place_without_a_number_says_so(site: Flask) -> None:
    page = page_of(site, "north")
    assert "No phone number is listed." in page.text()
    assert not page.find("a", class_="call")


def test_text_of_a_listing_is_text_and_never_markup(site: Flask) -> None:
    page = page_of(site, "harbor")
    assert page.texts("h1") == ["Harbor <i>Recovery</i>"]
    assert "Bay & Sons Health" in page.text()
    assert not page.find("i")


def test_links_that_leave_say_so_and_carry_nothing(site: Flask) -> None:
    page = page_of(site, "harbor")
    away = [a for a in page.find("main")[0].iter("a") if str(a.get("href")).startswith("http")]
    assert [a.get("href") for a in away] == [
        "https://www.openstreetmap.org/directions?to=38.260000%2C-85.750000",
        "https://www.harbor.example/start?x=1&y=2",
    ]
    for link in away:
        assert set(str(link.get("rel")).split()) == {"noreferrer", "noopener", "external"}
        assert "leaves this site" in text_of(link)


def test_an_address_without_an_exact_point_is_searched_for_and_not_led_to(site: Flask) -> None:
    page = page_of(site, "mill")
    [link] = [a for a in page.find("a", class_="out") if "openstreetmap" in str(a.get("href"))]
    assert link.get("href") == (
        "https://www.openstreetmap.org/search?query=9%20Mill%20Street%20%232%2C%20Louisville%2C%20KY"
    )
    assert text_of(link) == "Find the address on a map (leaves this site, opens openstreetmap.org)"
    assert set(str(link.get("rel")).split()) == {"noreferrer", "noopener", "external"}
    assert "query=5%20Main%20Street%2C%20Louisville%2C%20KY%2040203" in page_of(site, "town").html
    assert "openstreetmap" not in page_of(site, "screen").html
    assert "The map point is the middle of the ZIP code or city." in page.text()


def test_what_is_missing_from_a_full_list_is_not_on_its_list(site: Flask) -> None:
    text = family(page_of(site, "harbor"), "payment")
    assert "Not on its list: Medicare, Private insurance" in text
    assert "does not" not in text.lower()


def test_what_is_not_known_is_asked_and_never_denied(site: Flask) -> None:
    text = family(page_of(site, "hill"), "payment")
    assert text.startswith("Ways to pay Not listed: ask. Medicaid, Medicare")
    assert "Not here:" not in text
    care = family(page_of(site, "hill"), "care")
    assert "Not listed: ask. Mental health and substance use together" in care


def test_an_explicit_no_is_said(site: Flask) -> None:
    assert "Not here: Smoke-free" in family(page_of(site, "harbor"), "setting")
    assert "Not here: Mental health and substance use together" in family(page_of(site, "ward"), "care")


def test_whom_a_place_takes_only_stands_on_top(site: Flask) -> None:
    page = page_of(site, "harbor")
    assert "Takes only people with opioid use disorder." in page.texts(class_="notice")
    assert not page.find("h3", id="family-limits")


def test_programs_say_their_level_in_plain_words(site: Flask) -> None:
    page = page_of(site, "harbor")
    [programs] = page.find("ul", class_="programs")
    assert [text_of(h) for h in programs.iter("h3")] == ["Live-in detox", "Outpatient"]
    assert "You stay day and night" in text_of(programs)
    assert "ASAM 3.7" in text_of(programs)
    assert "Longest stay: not listed. Ask." in page_of(site, "hill").text()


def test_a_private_address_is_not_shown(site: Flask) -> None:
    page = page_of(site, "rose")
    assert "Call for the address (Louisville, KY)" in page.text()
    assert not [part for part in HIDDEN.values() if part in page.html]
    assert "openstreetmap" not in page.html


def test_closed_for_now_is_said_first(site: Flask) -> None:
    page = page_of(site, "repair")
    assert page.status == 200
    assert text_of(page.find(class_="closed")[0]).startswith("Closed for now.")


def test_gone_for_good_shows_no_number_to_call(site: Flask) -> None:
    page = page_of(site, "gone")
    assert page.status == 410
    assert page.texts("h1") == ["Gone Away is no longer listed"]
    assert "502-555" not in page.html


@pytest.mark.parametrize("number", ["0", "-1", "999999", "2147483648", "9223372036854775808", "9" * 40, "1x", "1.0"])
def test_an_unknown_number_is_not_found(app: Flask, number: str) -> None:
    page = read(app.test_client().get(f"/providers/{number}"))
    assert page.status == 404


def test_a_program_that_says_it_itself_answers_for_the_place(app: Flask) -> None:
    fill()
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.execute(
            sa.text(
                "UPDATE program SET facts = :facts "
                "WHERE provider_id = (SELECT id FROM provider WHERE source_key = 'hill')"
            ),
            {"facts": '{"takes_medicaid": true, "takes_medicare": false, "smoke_free": false}'},
        )
    page = page_of(app, "hill")
    programs = text_of(page.find("ul", class_="programs")[0])
    assert all(note in programs for note in ("Medicaid", "Not on its list: Medicare", "Not here: Smoke-free"))
    assert family(page, "payment").startswith("Ways to pay Not listed: ask. Private insurance")


def test_every_listing_that_results_link_to_opens(client: FlaskClient, site: Flask) -> None:
    for key in ("harbor", "gate", "hill", "mill", "north", "ward", "far", "rose", "screen", "town", "clinic0"):
        assert client.get(address_of(site, key)).status_code == 200
