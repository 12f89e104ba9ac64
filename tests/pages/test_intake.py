"""The intake: what it shows, what it keeps, and where it leads."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.matching import Precision
from referral.vocabulary import GROUPS, INTAKE_FACTS_BY_GROUP, NEEDS
from tests.pages.reading import Page, read, text_of


def post(client: FlaskClient, **form: Any) -> Page:
    return read(client.post("/", data={"near": "40202", "radius_miles": "25"} | form))


def asked_by(site: Flask, client: FlaskClient, **form: Any) -> Any:
    """What is sealed in the address that the form answers with."""
    answer = client.post("/", data={"near": "40202", "radius_miles": "25"} | form)
    assert answer.status_code == 303
    return site.extensions["seal"].unseal(answer.headers["Location"].rsplit("/", 1)[1])


def test_the_form_offers_every_need_radius_and_requirement(client: FlaskClient) -> None:
    page = read(client.get("/"))
    assert [e.get("value") for e in page.find("input", name="need")] == list(NEEDS)
    radii = [e.get("value") for e in page.find("input", name="radius_miles")]
    assert radii == ["5", "10", "25", "50", "100", "any"]
    assert page.checked("radius_miles") == ["25"]
    for group in GROUPS:
        values = [e.get("value") for e in page.find("input", name=group)]
        assert values == [fact.code for fact in INTAKE_FACTS_BY_GROUP[group]]


def test_every_need_has_a_label_and_a_sentence(client: FlaskClient) -> None:
    tiles = read(client.get("/")).texts("label", class_="tile")
    assert tiles == [f"{need.label} {need.explanation}" for need in NEEDS.values()]


def test_the_form_becomes_the_question_that_was_asked(site: Flask, client: FlaskClient) -> None:
    asked = asked_by(
        site,
        client,
        need=["detox", "dual_diagnosis"],
        radius_miles="any",
        payment=["takes_medicaid", "sliding_fee"],
        gender="accepts_women",
    )
    query = asked.query
    assert query.needs == ("detox", "dual_diagnosis")
    assert {r.group: r.facts for r in query.requirements} == {
        "payment": ("takes_medicaid", "sliding_fee"),
        "gender": ("accepts_women",),
    }
    assert query.radius_miles is None
    assert (query.origin.precision, query.origin.state, asked.near) == (Precision.ZIP, "KY", "40202")


def test_no_need_at_all_may_be_chosen(site: Flask, client: FlaskClient) -> None:
    assert asked_by(site, client).query.needs == ()


def test_the_same_need_sent_twice_is_one_need(site: Flask, client: FlaskClient) -> None:
    assert asked_by(site, client, need=["detox", "detox"]).query.needs == ("detox",)


@pytest.mark.parametrize(
    ("wrong", "target"),
    [
        ({"near": ""}, "near"),
        ({"near": "12"}, "near"),
        ({"near": "x" * 500}, "near"),
        ({"need": "magic"}, "need-0"),
        ({"radius_miles": "7"}, "radius_miles-0"),
        ({"payment": "accepts_women"}, "payment-0"),
    ],
)
def test_an_error_is_summed_up_with_a_link_to_its_field(
    client: FlaskClient, wrong: dict[str, str], target: str
) -> None:
    page = post(client, **wrong)
    assert page.status == 422
    links = [a.get("href") for summary in page.find(class_="problems") for a in summary.iter("a")]
    assert links == [f"#{target}"]
    assert len(page.find(id=target)) == 1
    assert len(page.find(class_="error")) == 1


def test_what_was_typed_is_kept_when_something_is_wrong(client: FlaskClient) -> None:
    page = post(client, near="Nowhereville, KY", need="outpatient", payment="takes_medicaid", radius_miles="50")
    assert page.status == 422
    assert page.find("input", id="near")[0].get("value") == "Nowhereville, KY"
    assert page.checked("need") == ["outpatient"]
    assert page.checked("payment") == ["takes_medicaid"]
    assert page.checked("radius_miles") == ["50"]
    assert page.find("details")[0].get("open") is not None


def test_an_ambiguous_place_is_chosen_with_one_button(site: Flask, client: FlaskClient) -> None:
    page = post(client, near="Springfield", need="detox")
    assert page.status == 422
    buttons = page.find("button", name="chosen_place")
    assert {"Springfield, IL", "Springfield, MO", "Springfield, MA"} <= {text_of(b) for b in buttons}
    illinois = next(str(b.get("value")) for b in buttons if text_of(b) == "Springfield, IL")
    asked = asked_by(site, client, near="Springfield", need="detox", chosen_place=illinois)
    assert (asked.query.origin.state, asked.near) == ("IL", "Springfield, IL")


def test_the_return_key_never_chooses_a_place(client: FlaskClient) -> None:
    """The first button of a form is the one that the return key presses."""
    page = post(client, near="Springfield")
    first = next(page.find("form")[0].iter("button"))
    assert first.get("name") is None


def test_a_misspelt_place_is_offered_and_never_taken(client: FlaskClient) -> None:
    page = post(client, near="Luoisville, KY")
    assert page.status == 422
    assert "Louisville, KY" in page.texts("button", name="chosen_place")


def test_the_browsers_location_is_rounded_and_called_about(site: Flask, client: FlaskClient) -> None:
    asked = asked_by(site, client, near="", latitude="38.254321", longitude="-85.759876")
    origin = asked.query.origin
    assert (origin.latitude, origin.longitude, origin.precision) == (38.25, -85.76, Precision.ROUNDED)


def test_a_place_typed_over_the_browsers_location_wins(site: Flask, client: FlaskClient) -> None:
    asked = asked_by(site, client, near="Denver, CO", latitude="38.25", longitude="-85.76")
    assert asked.query.origin.state == "CO"


@pytest.mark.parametrize("latitude", ["", "north", "nan", "91", "1e999"])
def test_a_location_that_cannot_be_read_is_asked_for_again(client: FlaskClient, latitude: str) -> None:
    page = post(client, near="Your location (about)", latitude=latitude, longitude="-85.76")
    assert page.status == 422
    assert "could not read your location" in page.text()


def test_a_link_from_elsewhere_fills_the_form(client: FlaskClient) -> None:
    page = read(
        client.get(
            "/?need=detox&need=nonsense&near=40202&radius_miles=50&payment=takes_medicaid&language=spanish&x=1"
        )
    )
    assert page.status == 200
    assert page.checked("need") == ["detox"]
    assert page.checked("radius_miles") == ["50"]
    assert page.checked("payment") + page.checked("language") == ["takes_medicaid", "spanish"]
    assert page.find("input", id="near")[0].get("value") == "40202"
    assert page.find("details")[0].get("open") is not None


def test_a_link_with_nonsense_gives_the_plain_form(client: FlaskClient) -> None:
    page = read(client.get("/?need=%00&radius_miles=-1&near=" + "%3Cb%3E" * 100))
    assert page.status == 200
    assert page.checked("radius_miles") == ["25"]
    assert not page.find("b", class_="x")
    assert "<b><b>" not in page.html


def test_the_location_button_stays_hidden_without_scripts(client: FlaskClient) -> None:
    [button] = [e for e in read(client.get("/")).find("button") if "data-locate" in e.attrib]
    assert button.get("hidden") is not None


def test_changing_a_search_fills_the_form_with_it(client: FlaskClient) -> None:
    location = client.post(
        "/", data={"near": "Denver, CO", "radius_miles": "any", "need": "detox", "gender": "accepts_men"}
    ).headers["Location"]
    results = read(client.get(location))
    form = read(client.get(results.link("Change search")))
    assert form.checked("need") == ["detox"]
    assert form.checked("gender") == ["accepts_men"]
    assert form.checked("radius_miles") == ["any"]
    assert form.find("input", id="near")[0].get("value") == "Denver, CO"


def test_changing_a_search_from_the_browsers_location_keeps_it(site: Flask, client: FlaskClient) -> None:
    location = client.post("/", data={"near": "", "latitude": "38.25", "longitude": "-85.76", "radius_miles": "5"})
    form = read(client.get(read(client.get(location.headers["Location"])).link("Change search")))
    values = {e.get("name"): e.get("value", "") for e in form.find("input") if e.get("type") in (None, "hidden")}
    assert (values["latitude"], values["longitude"]) == ("38.25", "-85.76")
    again = asked_by(site, client, **{str(name): value for name, value in values.items()})
    assert again.query.origin.precision is Precision.ROUNDED


@pytest.mark.parametrize("path", ["/results/{}", "/plan/{}", "/change/{}"])
@pytest.mark.parametrize("sealed", ["x", "gAAAAAB" + "a" * 180, "é", "a" * 3500])
def test_a_damaged_address_gives_the_form_and_no_dead_end(client: FlaskClient, path: str, sealed: str) -> None:
    page = read(client.get(path.format(sealed)))
    assert page.status == 410
    assert "can no longer be opened" in page.text()
    assert page.find("input", id="near")
