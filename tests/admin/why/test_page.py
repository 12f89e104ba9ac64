"""Why a listing is shown or not: what the page says of each rule, and that it is what seekers get."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient

from referral.extensions import db
from referral.history import act, act_number
from referral.models import Merge, Provider
from tests.admin.conftest import Staff
from tests.admin.people import StaffClient, email_of, make_user, sign_in
from tests.admin.why.asking import PATH, ask, headline, number_of, places, send, verdicts
from tests.pages.reading import Page, read, text_of
from tests.pages.world import fill

OUTPATIENT: dict[str, Any] = {"need": ["outpatient"]}


def shown_to_seekers(query: str, **asked: Any) -> list[tuple[int, int]]:
    """(listing, page) of all that a seeker who asks the same finds, in order."""
    client = current_app.test_client()
    question = {"near": "40202", "radius_miles": "25"} | asked
    url = client.post("/en/", data=question).headers["Location"].partition("?")[0]
    found: list[tuple[int, int]] = []
    for page in range(1, 20):
        html = client.get(f"{url}?page={page}{query}").get_data(as_text=True)
        listed = re.findall(r'id="p(\d+)"', html.partition('id="unlocated')[0])
        if page > 1 and (not listed or int(listed[0]) == found[0][0] or int(listed[0]) in {n for n, _p in found}):
            break
        found += [(int(number), page) for number in listed]
    return found


@pytest.mark.parametrize("asked", [OUTPATIENT, {"need": ["outpatient", "detox"]}, {"near": "Louisville, KY"}])
def test_the_place_is_the_one_that_seekers_see_in_both_orders(viewer: FlaskClient, asked: dict[str, Any]) -> None:
    located = set(db.session.scalars(sa.select(Provider.id).where(Provider.latitude.is_not(None))))
    for order, words in (("best", "Best fit first"), ("distance", "Nearest first")):
        shown = [(number, page) for number, page in shown_to_seekers(f"&order={order}", **asked) if number in located]
        assert len(shown) > 10
        for place, (number, page) in list(enumerate(shown, 1))[::3]:
            answer = read(send(viewer, str(number), **asked))
            assert places(answer)[words] == f"Number {place} of {len(shown)}, on page {page}"
            assert headline(answer).startswith("Shown. Number")


def test_what_is_not_shown_says_the_first_rule_that_says_no(viewer: FlaskClient) -> None:
    expected = {
        "gone": "Not shown. Taken off the list",
        "repair": "Not shown. Closed for now",
        "hill": "Not shown. Outpatient: no open program is this kind of care.",
    }
    for key, words in expected.items():
        page = ask(viewer, key, **OUTPATIENT)
        assert headline(page) == words
        assert "It is not on the list." in page.text()
    page = ask(viewer, "far", need=["detox"])
    assert re.fullmatch(
        r"Not shown\. It is about \d+\.\d miles away; the search was within 25 miles\.", headline(page)
    )
    page = ask(viewer, "harbor", need=["detox"], payment=["sliding_fee"])
    assert headline(page) == "Not shown. Ways to pay: the listing says no to Sliding fee (by income)."
    page = ask(viewer, "lane", need=["residential_90"])
    assert headline(page).startswith("Shown.")


def test_each_rule_stands_with_its_verdict_and_what_it_stands_on(viewer: FlaskClient) -> None:
    page = ask(
        viewer,
        "harbor",
        need=["detox", "outpatient", "dual_diagnosis"],
        payment=["takes_medicaid", "sliding_fee"],
        medication=["methadone"],
    )
    program = verdicts(page, "Live-in detox")
    assert program["Detox"] == ("Yes", "Live-in detox is this kind of care.")
    assert program["Outpatient"] == ("No", "Live-in detox is another kind of care.")
    assert program["Mental health care too"][0] == "Yes"
    assert program["Ways to pay"] == ("Yes", "Medicaid: yes; Sliding fee (by income): no")
    assert program["Medication"] == ("Ask", "Methadone: not known")
    assert program["Detox, all together"][0] == "Ask"
    assert program["Outpatient, all together"][0] == "No"
    together = verdicts(page, "All programs together")
    assert together["How much of it"] == ("Ask", "May have it all. 2 answered; 2 needs are asked.")
    assert together["Distance"][0] == "Yes"
    assert together["Map point"] == ("Yes", "exact address")
    assert "Find out: Methadone (Medication)." in page.texts("li")


def test_open_questions_say_how_far_up_a_yes_would_bring_it(viewer: FlaskClient) -> None:
    def raised(key: str, need: str) -> list[str]:
        page = ask(viewer, key, need=[need], payment=["takes_medicaid"])
        return [text for text in page.texts("li") if "answers are all yes" in text]

    assert raised("harbor", "outpatient") == []
    assert raised("clinic0", "outpatient") == ["If the answers are all yes, it comes to number 1 of 13."]
    assert raised("clinic5", "outpatient") == ["If the answers are all yes, it comes to number 2 of 13."]
    assert raised("ward", "detox") == ["Even if the answers are all yes, it stays where it is: others are nearer."]


def test_a_stay_that_is_too_short_or_not_told_says_so(viewer: FlaskClient) -> None:
    days = ask(viewer, "lane", need=["residential_90"])
    assert verdicts(days, "Live-in treatment, over 30 days")["Live-in treatment, 90 days"] == (
        "Yes",
        "The longest stay is 120 days; 90 are asked for.",
    )
    shorter = ask(viewer, "lane", need=["residential_shorter"])
    assert headline(shorter) == "Not shown. Shorter live-in treatment: the longest stay that is listed does not fit."
    not_told = ask(viewer, "hill", need=["residential_90"])
    assert verdicts(not_told, "Live-in treatment, over 30 days")["Live-in treatment, 90 days"] == (
        "Ask",
        "No longest stay is listed.",
    )
    assert "Find out: how long a person can stay (Live-in treatment, 90 days)." in not_told.texts("li")


def test_places_without_a_point_stand_apart(viewer: FlaskClient) -> None:
    for key, words in (
        ("town", "It has no map point."),
        ("rose", "Its address is confidential."),
        ("screen", "It treats by telehealth only."),
    ):
        page = ask(viewer, key, need=["detox"])
        assert places(page) == {"Apart, after the whole list": "Number 1 of 1 of its kind"}
        assert words in page.text()
        assert ("With a map point it would stand in the list, by its distance." in page.texts("li")) == (
            key == "town"
        )


def test_a_listing_that_has_part_of_it_says_what_it_lacks(viewer: FlaskClient) -> None:
    page = ask(viewer, "gate", need=["detox", "sober_living"])
    assert "It has nothing for Sober living. Places that may have everything come first." in page.texts("li")


def test_a_merged_listing_says_where_it_went(app_with_places: Flask, staff_of: Staff) -> None:
    client = staff_of("viewer")
    loser, winner = number_of("gone"), number_of("harbor")
    with act(db.session, "merge"):
        db.session.add(Merge(loser_id=loser, winner_id=winner, act_id=act_number(db.session)))
        db.session.commit()
    assert headline(ask(client, "gone")) == "Not shown. It was merged into “Harbor <i>Recovery</i>”."


@pytest.fixture
def staff_of(app_with_places: Flask) -> Staff:
    fill()
    app_with_places.test_client_class = StaffClient

    def signed_in(role: str = "editor") -> FlaskClient:
        make_user(role)
        client = app_with_places.test_client()
        sign_in(client, email_of(role))
        return client

    return signed_in


def errors(page: Page) -> list[str]:
    return [text_of(a) for a in page.find(class_="problems")[0].iter("a")]


def test_a_listing_is_found_by_words_of_its_name(viewer: FlaskClient) -> None:
    page = read(send(viewer, "hill house", **OUTPATIENT))
    assert "Hill House" in page.texts("h2")
    page = read(send(viewer, "Town Center, Louisville, KY 40203", **OUTPATIENT))
    assert "Town Center" in page.texts("h2")
    page = read(send(viewer, "clinic", **OUTPATIENT))
    assert page.status == 422
    assert errors(page) == ["Choose the listing."]
    chosen = page.find("button", name="chosen_listing")
    assert len(chosen) == 10
    name, value = text_of(chosen[0]), str(chosen[0].get("value"))
    page = read(send(viewer, "clinic", chosen_listing=value, **OUTPATIENT))
    assert name.startswith(page.texts("h2")[0])


def test_what_is_missing_or_unclear_is_asked_for_and_what_is_clear_stays(viewer: FlaskClient) -> None:
    page = read(send(viewer, "", near=""))
    assert page.status == 422
    assert len(errors(page)) == 2
    assert errors(read(send(viewer, "zzzz"))) == ["There is no such listing."]
    page = read(send(viewer, "hill house", near="Springfield", **OUTPATIENT))
    options = page.find("button", name="chosen_place")
    assert len(options) > 3
    (field,) = page.find("input", id="listing")
    assert field.get("value") == str(number_of("hill"))
    assert page.checked("need") == ["outpatient"]
    page = read(send(viewer, str(field.get("value")), near="Springfield", chosen_place=str(options[0].get("value"))))
    assert page.status == 200
    assert read(send(viewer, "1", need=["bake"])).status == 422


def test_nothing_of_the_question_stands_in_an_address(viewer: FlaskClient) -> None:
    response = send(viewer, str(number_of("hill")), need=["detox"], medication=["methadone"])
    assert response.status_code == 200
    assert response.request.path == PATH
    assert not response.request.query_string
    page = read(response)
    (form,) = page.find("form", id="question")
    assert form.get("method") == "post"
    addresses = [str(e.get("href")) for e in page.find("a")] + [str(e.get("action")) for e in page.find("form")]
    assert not [address for address in addresses if "methadone" in address or "40202" in address]


def test_the_page_of_a_listing_can_lead_here(viewer: FlaskClient) -> None:
    number = number_of("hill")
    page = read(viewer.get(f"{PATH}?provider={number}"))
    assert page.find("input", id="listing")[0].get("value") == str(number)
    assert "Hill House" in page.text()
    for odd in ("x", "99999999999999", "0", ""):
        assert viewer.get(f"{PATH}?provider={odd}").status_code == 200
