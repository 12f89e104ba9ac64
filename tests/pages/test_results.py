"""The results: what each card says, what stands on them, and that there is always a way on."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo
from typing import Self

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral import catalog
from referral.database import start_writing
from referral.extensions import db
from referral.matching import Origin, Precision, Query
from referral.models import Provider, changed
from referral.sealing import Asked
from tests.conftest import make_app
from tests.pages.conftest import Search
from tests.pages.reading import Page, read, text_of
from tests.pages.world import HIDDEN, LATELY, at, fill, provider

HERE = at(38.25, -85.75)


def names(page: Page) -> list[str]:
    """Places on the map, in their order."""
    return [text_of(a) for ol in page.find("ol", class_="cards") for h in ol.iter("h3") for a in h.iter("a")]


def all_names(page: Page) -> list[str]:
    return [text_of(a) for card in page.find(class_="card") for h in card.iter("h3") for a in h.iter("a")]


def card(page: Page, name: str) -> str:
    [found] = [text_of(c) for c in page.find(class_="card") if name in text_of(c)]
    return found


def test_what_was_asked_stands_on_top_in_one_line(search: Search) -> None:
    page = search(need=["detox", "dual_diagnosis"], payment=["takes_medicaid", "sliding_fee"])
    [line] = page.texts(class_="asked")
    assert line.startswith("Detox + Mental health care too, within 25 miles of 40202 (Louisville, KY)")
    assert "Ways to pay: Medicaid or Sliding fee (by income)" in line


def test_totals_are_said_in_words(search: Search) -> None:
    page = search(need=["detox", "dual_diagnosis"])
    [totals] = page.texts(class_="totals")
    assert totals == "1 place has everything you asked for. 1 place may have it all: call and ask."


def test_the_totals_stand_above_the_warnings_and_lead_to_the_first_place(search: Search) -> None:
    page = search(need="detox")
    text = page.text()
    assert text.index("places have everything") < text.index("Before you call: stay safe") < text.index("Harbor")
    first = page.find("li", class_="card")[0]
    assert page.link("places have everything you asked for") == f"#{first.get('id')}"
    nobody = search(need="sober_living", near="99950", radius_miles="5")
    assert not [a for div in nobody.find(class_="totals") for a in div.iter("a")]


def test_a_card_says_what_is_needed_to_decide_and_to_call(client: FlaskClient, search: Search) -> None:
    page = search(need=["detox", "dual_diagnosis"], payment="takes_medicaid")
    text = card(page, "Harbor")
    assert "Harbor <i>Recovery</i>" in text
    assert "Bay & Sons Health" in text
    assert "12 Dock Street, Floor 2, Louisville, KY 40202" in text
    assert "Live-in detox" in text
    assert "within about a mile" in text
    assert f"Last confirmed on {LATELY:%B} {LATELY.day}, {LATELY.year}" in text
    assert page.link("502-555-0111 ext. 3") == "tel:+15025550111;ext=3"
    [name] = [a for h in page.find("h3") for a in h.iter("a") if "Harbor" in text_of(a)]
    assert client.get(str(name.get("href"))).status_code == 200


def test_a_link_to_call_says_whom(client: FlaskClient, search: Search) -> None:
    assert "Call 502-555-0100, Green Gate" in search(need="detox").texts("a", class_="call")
    nobody = search(need="sober_living", near="99950", radius_miles="5")
    assert [text.partition(", ")[2] for text in nobody.texts("a", class_="call")] == ["SAMHSA National Helpline"]


def test_reasons_say_what_fits_and_what_to_ask(search: Search) -> None:
    page = search(need=["detox", "dual_diagnosis"], payment="takes_medicaid")
    harbor, gate = page.find("ol", class_="cards")[0]
    assert [(e.get("class"), text_of(e)) for ul in harbor.iter("ul") for e in ul] == [
        ("yes", "Detox"),
        ("yes", "Mental health care too"),
        ("yes", "Medicaid"),
    ]
    assert [(e.get("class"), text_of(e)) for ul in gate.iter("ul") for e in ul] == [
        ("yes", "Detox"),
        ("ask", "Ask: Do you treat mental health and substance use together?"),
        ("ask", "Ask: Do you take Medicaid?"),
    ]


def test_a_place_that_has_only_part_says_what_is_missing(search: Search) -> None:
    page = search(need=["detox", "sober_living"])
    assert "Not found here: Detox" in card(page, "North Home")
    assert "have part of it" in page.text()


def test_the_age_of_a_confirmation_is_said_once_it_is_over_a_year(search: Search) -> None:
    page = search(need="detox")
    assert "Last confirmed on March 9, 2021, over" in card(page, "Green Gate")
    assert "years ago" in card(page, "Green Gate")
    assert "ago" not in card(page, "Harbor")
    assert "Not known when this was last checked" in card(page, "Pine Ward")


def test_a_card_leads_to_the_page_for_its_call(client: FlaskClient) -> None:
    address = client.post("/", data={"need": "detox", "near": "40202", "radius_miles": "25"}).headers["Location"]
    [link] = {a.get("href") for a in read(client.get(address)).find("a") if text_of(a) == "What to say: Green Gate"}
    answer = client.get(f"{address}{link}")
    assert answer.status_code == 303
    page = read(client.get(answer.headers["Location"]))
    assert "Green Gate" in page.texts("h1")[0]
    assert "I need detox" in page.text()
    for odd in ("", "x", "-1", "99999999999", "٣"):
        assert client.get(address, query_string={"call": odd}).status_code == 404, odd


def test_a_listing_grows_old_also_while_nothing_changes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    fill()
    text = app.extensions["seal"].seal(Asked(Query(Origin(38.25, -85.75), ("detox",)), "40202"))
    client = app.test_client()
    assert "ago" not in card(read(client.get(f"/results/{text}")), "Harbor")

    class InFourHundredDays(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + timedelta(days=400)

    monkeypatch.setattr("referral.pages.wording.datetime", InFourHundredDays)
    assert "over a year ago" in card(read(client.get(f"/results/{text}")), "Harbor")


def test_distances_say_what_they_stand_on(search: Search) -> None:
    assert "from the middle of the ZIP code" in search(need="detox").text()
    assert "from the middle of the city" in search(need="detox", near="Louisville, KY").text()
    own = search(need="detox", near="", latitude="38.25", longitude="-85.76")
    assert "rounded to about a mile" in own.text()
    assert "near your location (about)" in own.text()
    assert "Of some places, too, we know only the ZIP code or city." in own.text()


def test_a_listing_at_the_very_point_stays(search: Search) -> None:
    page = search(need="outpatient", near="", latitude="38.25", longitude="-85.75", radius_miles="5")
    assert "within about a mile" in card(page, "Clinic 00")


def test_the_nearest_program_comes_first_and_the_order_can_be_changed(client: FlaskClient, search: Search) -> None:
    page = search(need=["detox", "dual_diagnosis"])
    assert names(page) == ["Harbor <i>Recovery</i>", "Green Gate"]
    other = read(client.get(page.link("Show the nearest first")))
    assert other.texts("h2", id="list") == ["Nearest first"]
    assert read(client.get(other.link("Show the best fit first"))).texts("h2", id="list")[0].startswith("Best fit")


def test_places_closed_for_now_or_for_good_are_no_match(search: Search) -> None:
    page = search(need="detox", radius_miles="any")
    assert "Under Repair" not in page.html
    assert "Gone Away" not in page.html


def test_a_private_address_is_never_shown(search: Search) -> None:
    page = search(need="detox")
    assert "Address kept private: 1 place" in page.text()
    assert "Call for the address (Louisville, KY)" in card(page, "Rose Shelter")
    assert not [part for part in HIDDEN.values() if part in page.html]


def test_places_without_a_map_point_come_after_the_others_same_state_first(search: Search) -> None:
    page = search(need="detox")
    found = all_names(page)
    assert found.index("Town Center") > found.index("Pine Ward")
    assert "Not on the map: 1 place" in page.text()
    assert "miles" not in card(page, "Town Center")
    [folded] = page.find("details", class_="more")
    assert "Show places in other states" in text_of(folded)
    assert "Screen Care" in text_of(folded)


def test_where_nothing_is_on_the_map_the_first_lines_lead_to_places_of_the_same_state_that_are_not(
    search: Search,
) -> None:
    page = search(need="detox", near="Paducah, KY", radius_miles="5")
    [totals] = page.texts(class_="totals")
    assert totals.endswith("2 places in the same state are not on the map. See them below.")
    [first] = page.find(id="off-map")
    assert page.link("See them below") == "#off-map"
    assert "Town Center" in text_of(first)
    [theirs] = search(need="detox", near="Toledo, OH", radius_miles="5").find(id="off-map")
    assert text_of(theirs).startswith("Care by phone or video")
    for elsewhere in ({"near": "Seattle, WA", "radius_miles": "5"}, {"near": "40202"}):
        assert not search(need="detox", **elsewhere).find("a", href="#off-map")


def test_there_is_a_next_page_also_where_every_place_is_on_the_map(sqlite_url: str) -> None:
    app = make_app(sqlite_url)
    with app.app_context():
        fill()
        start_writing(db.session)
        db.session.execute(sa.delete(Provider).where(Provider.latitude.is_(None)))
        changed(db.session, is_reload=True)
        db.session.commit()
        client = app.test_client()
        text = app.extensions["seal"].seal(Asked(Query(Origin(38.25, -85.75), ("outpatient",)), "40202"))
        first = read(client.get(f"/results/{text}"))
        assert len(read(client.get(first.link("Next"))).find(class_="card")) == 3
        db.engine.dispose()


def test_paging_keeps_order_and_numbers(client: FlaskClient, search: Search) -> None:
    first = search(need="outpatient")
    assert len(first.find(class_="card")) == 10
    assert "come at the end of the list" in first.text()
    assert "Care by phone or video: 1 place" in read(client.get(first.link("Go to the last page"))).text()
    second = read(client.get(first.link("Next")))
    assert [ol.get("start") for ol in second.find("ol", class_="cards")] == ["11"]
    assert names(second)[:3] == ["Clinic 09", "Clinic 10", "Clinic 11"]
    assert names(read(client.get(second.link("Previous")))) == names(first)
    assert second.link("Previous") == first.link("Next").removesuffix("?page=2")
    assert first.texts("title") == ["Results – Onward"]
    assert second.texts("title")[0].startswith("Results, page 2 of ")
    assert not first.find("a", rel="prev")
    assert not read(client.get(first.link("Go to the last page"))).find("a", rel="next")


def test_a_page_that_does_not_exist_gives_the_nearest_that_does(client: FlaskClient, search: Search) -> None:
    address = search(need="outpatient").link("Next").partition("?")[0]
    for text in ("99", "99999", "999999999999999999999", "0", "-1", "x", "%F0%9F%98%80", "1e3", "²"):
        page = read(client.get(f"{address}?page={text}"))
        assert page.status == 200
        assert names(page)


def test_an_empty_result_says_what_to_do_next(client: FlaskClient, search: Search) -> None:
    page = search(
        need="sober_living", radius_miles="5", payment="free_care", language="spanish", near="Nashville, TN"
    )
    text = page.text()
    assert "We know of no place within 5 miles that offers this." in text
    assert "The nearest place that may have everything is North Home, about 1" in text
    assert "What you can do next" in text
    assert page.link("Call 1-800-662-4357")
    assert names(read(client.get(page.link("At any distance")))) == ["North Home"]


def test_where_none_is_in_reach_the_nearest_can_be_called_at_once(client: FlaskClient, search: Search) -> None:
    page = search(need="detox", near="Knoxville, TN", radius_miles="5")
    assert "The nearest place that may have everything is Quiet Far Place, about" in page.text()
    assert page.link("Call 502-555-0100, Quiet Far Place") == "tel:+15025550100"
    address = page.link("Why it may fit, and what to ask")
    shown = read(client.get(address))
    assert names(shown)[0] == "Quiet Far Place"
    assert next(card.get("id") for card in shown.find("li", class_="card")) == address.partition("#")[2]
    several = search(need=["detox", "outpatient"], near="Nashville, TN", radius_miles="10")
    assert "The nearest place that may have everything is Harbor <i>Recovery</i>, about" in several.text()
    assert names(read(client.get(several.link("Why it may fit, and what to ask"))))[0] == "Harbor <i>Recovery</i>"


def test_who_is_mostly_for_veterans_says_so_and_keeps_its_place(app: Flask) -> None:
    words = "Run by the Department of Veterans Affairs: mostly for veterans. Ask."
    start_writing(db.session)
    db.session.add(provider("va", "A Hospital", "detox", facts={"veterans_affairs": True}, **HERE))
    db.session.add(provider("other", "VA Street Clinic", "detox", **HERE))
    db.session.commit()
    client, seal = app.test_client(), app.extensions["seal"].seal
    near = read(client.get(f"/results/{seal(Asked(Query(Origin(38.25, -85.75), ('detox',)), '40202'))}"))
    assert names(near) == ["A Hospital", "VA Street Clinic"]
    assert words in card(near, "A Hospital")
    assert "veterans" not in card(near, "VA Street Clinic")
    far = read(client.get(f"/results/{seal(Asked(Query(Origin(38.25, -86.75), ('detox',)), '40202'))}"))
    assert words in far.text()
    identity = str(near.find("li", class_="card")[0].get("id")).removeprefix("p")
    for path in (f"/providers/{identity}", f"/call/{identity}", f"/list/{identity}", f"/list/{identity}/text"):
        assert words in " ".join(client.get(path, follow_redirects=True).get_data(as_text=True).split()), path


def test_a_place_where_nothing_is_known_at_all_is_no_dead_end(search: Search) -> None:
    page = search(need="sober_living", near="99950", radius_miles="5", medication="methadone", age="adolescents")
    assert "1-800-662-4357" in page.text()


def test_few_matches_offer_wider_radii_and_less_asked(client: FlaskClient, search: Search) -> None:
    page = search(need="detox", payment="free_care", radius_miles="10")
    relaxed = read(client.get(page.link("Without “Ways to pay”")))
    assert "Harbor <i>Recovery</i>" in names(relaxed)
    assert "Ways to pay" not in relaxed.texts(class_="asked")[0]
    assert "Quiet Far Place" in names(read(client.get(page.link("At any distance"))))


def test_medicine_and_pregnancy_are_never_offered_for_leaving_out(search: Search) -> None:
    page = search(
        need="sober_living", medication="methadone", population="pregnant_postpartum", gender="accepts_women"
    )
    assert "Without" not in page.text()


def test_ninety_days_offers_shorter_and_hospital_stays(client: FlaskClient, search: Search) -> None:
    page = search(need="residential_90")
    assert "Can a person stay for 90 days?" in card(page, "Hill House")
    assert names(read(client.get(page.link("Shorter live-in treatment")))) == ["Mill Street"]
    hospital = read(client.get(page.link("Hospital treatment")))
    assert names(hospital) == ["Mill Street"]
    form = read(client.get(hospital.link("Change search")))
    assert form.checked("need") == ["residential_90"]


def test_detox_alone_shows_what_comes_next(client: FlaskClient, search: Search) -> None:
    page = search(need="detox")
    assert "What comes after detox?" in page.text()
    after = read(client.get(page.link("Detox, then Live-in treatment")))
    assert after.texts(class_="asked")[0].startswith("Detox + Live-in treatment, 90 days")
    assert "What comes after detox?" not in after.text()
    assert "What comes after detox?" not in search(need="outpatient").text()


def test_a_place_that_was_deleted_since_does_not_break_the_page(app: Flask) -> None:
    """Between the index and the rows a listing may go: the others are still shown."""
    fill()
    client = app.test_client()
    sealed = app.extensions["seal"].seal(_asked())
    index = catalog.current()
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM provider WHERE source_key = 'harbor'")
    assert catalog.current() is index
    assert names(read(client.get(f"/results/{sealed}"))) == ["Pine Ward", "Green Gate"]


def _asked() -> Asked:
    return Asked(Query(Origin(38.25, -85.75, Precision.ZIP, "40202", "ZZ"), ("detox",), radius_miles=10.0), "40202")


def test_results_are_answered_by_both_databases(app: Flask) -> None:
    fill()
    sealed = app.extensions["seal"].seal(_asked())
    page = read(app.test_client().get(f"/results/{sealed}"))
    assert names(page)[:3] == ["Harbor <i>Recovery</i>", "Pine Ward", "Green Gate"]


def test_a_made_up_directory_says_so_on_every_page(sqlite_url: str) -> None:
    app = make_app(sqlite_url)
    with app.app_context():
        engine = db.engine
        fill()
        before = [read(app.test_client().get(path)).find(class_="demo") for path in ("/", "/providers/99")]
        with engine.connect().execution_options(is_write=True) as connection, connection.begin():
            connection.exec_driver_sql("UPDATE provider SET source = 'demo' WHERE source_key = 'mill'")
            connection.exec_driver_sql("UPDATE directory_change SET latest = latest + 1, reloaded = latest + 1")
        pages = [read(app.test_client().get(path)) for path in ("/", "/providers/1", "/providers/999", "/results/x")]
    engine.dispose()
    assert before == [[], []]
    assert all("do not use to seek care" in text_of(page.find(class_="demo")[0]) for page in pages)
