"""Twenty defects seen in the code or the trackers of other directories of care: each has a test that keeps it out.

Those that show only on a whole page are tested here; KEPT_OUT_BY says where the others are.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.database import start_writing
from referral.extensions import db
from referral.matching import RADIUS_CHOICES_MILES
from referral.models import Provider
from tests.pages.conftest import Search
from tests.pages.reading import Page, read, text_of
from tests.pages.world import at, provider

TESTS = Path(__file__).parents[1]

KEPT_OUT_BY: dict[str, tuple[str, ...]] = {
    "A missing value is printed as a no": (
        "pages/test_provider.py::test_what_is_not_known_is_asked_and_never_denied",
    ),
    "Blank eligibility hides a place that takes everyone, or confirms it": (
        "pages/test_field_defects.py::test_a_place_that_does_not_say_whom_it_takes_is_neither_hidden_nor_confirmed",
    ),
    "Missing coordinates stand at (0,0), come first, or lose the place": (
        "importers/test_contact.py::test_point_that_cannot_be_is_left_out_and_noted",
        "pages/test_results.py::test_places_without_a_map_point_come_after_the_others_same_state_first",
    ),
    "A listing exactly at the searcher's point is dropped": (
        "matching/test_search_against_plain_loop.py::test_a_listing_exactly_at_the_origin_stays_at_distance_0",
        "pages/test_results.py::test_a_listing_at_the_very_point_stays",
    ),
    "Distances are Web Mercator metres": (
        "test_geo.py::test_distances_are_not_those_of_a_web_map",
        "test_geo.py::test_distance_agrees_with_the_geodesic_everywhere",
    ),
    "A radius is clamped in silence": (
        "api/test_match.py::test_any_radius_is_searched_as_asked",
        "pages/test_field_defects.py::test_a_radius_that_is_no_choice_is_refused_in_words",
    ),
    "The label says another distance than was searched": (
        "pages/test_field_defects.py::test_the_distance_in_the_heading_is_the_one_that_was_searched",
    ),
    "A town by ZIP and by name gives different lists without a word": (
        "pages/test_field_defects.py::test_a_town_by_its_zip_and_by_its_name_says_from_where_it_measures",
    ),
    "Washington, IN is answered with Washington state": (
        "places/test_lookup.py::test_a_place_is_found_however_it_is_typed",
        "places/test_data.py::test_a_place_in_another_state_than_the_one_typed_is_never_taken",
    ),
    "An unknown, military or PO-box ZIP gives an empty list or another country": (
        "pages/test_field_defects.py::test_a_zip_that_leads_nowhere_is_told_why_and_never_answered_with_an_empty_list",
        "pages/test_field_defects.py::test_a_zip_of_post_office_boxes_is_searched_around",
    ),
    "The nearest are taken before the filters": (
        "matching/test_search_against_plain_loop.py::test_the_nearest_are_taken_after_filtering_not_before",
    ),
    "A place closed for now is shown as open": (
        "pages/test_results.py::test_places_closed_for_now_or_for_good_are_no_match",
        "pages/test_provider.py::test_closed_for_now_is_said_first",
    ),
    "A badge of trust never expires": (
        "pages/test_results.py::test_the_age_of_a_confirmation_is_said_once_it_is_over_a_year",
        "pages/test_results.py::test_a_listing_grows_old_also_while_nothing_changes",
    ),
    "A reported problem goes nowhere": (
        "reports/test_whole_way.py::test_the_whole_way_of_a_report",
        "admin/inbox/test_inbox.py::test_from_the_public_form_to_the_answer_under_the_code",
    ),
    "An import replaces all, or doubles all": (
        "importers/test_load.py::test_the_same_file_again_writes_nothing",
        "importers/test_load.py::test_listings_of_other_sources_are_neither_touched_nor_gone",
    ),
    "Place and needs are sent to others with every search": (
        "browser/conftest.py::watched",
        "pages/test_layout.py::test_no_address_says_what_was_asked",
    ),
    "The way out is itself recorded, or stays in the history": (
        "browser/test_leaving.py::test_nothing_tells_us_that_somebody_left",
        "browser/test_leaving.py::test_the_link_leads_away_and_back_does_not_lead_here",
    ),
    "A service of one site is credited to its sister site": (
        "pages/test_field_defects.py::test_what_one_site_offers_is_never_credited_to_its_sister",
        "importers/test_load.py::test_different_programs_at_one_address_are_not_merged",
    ),
    "A suite number moves the pin to another city": (
        "places/test_geocode.py::test_a_unit_changes_neither_the_question_nor_the_point",
    ),
    "A helpline is hidden in a menu on a phone": (
        "browser/test_looks.py::test_the_numbers_for_a_crisis_are_in_sight_on_a_small_phone",
    ),
}


@pytest.mark.parametrize("defect", KEPT_OUT_BY)
def test_each_defect_is_kept_out_by_tests_that_are_there(defect: str) -> None:
    for name in KEPT_OUT_BY[defect]:
        path, _, function = name.partition("::")
        assert f"def {function}" in (TESTS / path).read_text("utf-8"), name


def card(page: Page, name: str) -> str:
    [found] = [text_of(c) for c in page.find(class_="card") if name in text_of(c)]
    return found


def test_a_place_that_does_not_say_whom_it_takes_is_neither_hidden_nor_confirmed(search: Search) -> None:
    page = search(need="detox", gender="accepts_women", population="veterans")
    text = card(page, "Green Gate")
    assert "Ask: Do you take women?" in text
    assert "Ask: Do you have a program for veterans?" in text
    assert page.texts(class_="totals")[0].startswith("No place within 25 miles is sure to have everything")


def test_a_radius_that_is_no_choice_is_refused_in_words(client: FlaskClient) -> None:
    for radius in ("500", "7", "-5", "1e9", "nan", ""):
        answer = client.post("/", data={"need": "detox", "near": "40202", "radius_miles": radius})
        assert answer.status_code == 422, radius
        assert "Choose a distance from the list." in read(answer).text()


@pytest.mark.parametrize("radius", [*(f"{miles:g}" for miles in RADIUS_CHOICES_MILES), "any"])
def test_the_distance_in_the_heading_is_the_one_that_was_searched(search: Search, radius: str) -> None:
    page = search(need="detox", radius_miles=radius)
    [asked] = page.texts(class_="asked")
    assert ("at any distance from" if radius == "any" else f"within {radius} miles of") in asked
    limit = float("inf") if radius == "any" else float(radius)
    miles = [float(found) for text in page.texts(class_="distance") for found in re.findall(r"[\d.]+", text)]
    assert miles
    assert max(miles) <= limit
    assert ("Quiet Far Place" in page.text()) == (limit > 150)


def test_a_town_by_its_zip_and_by_its_name_says_from_where_it_measures(search: Search) -> None:
    by_zip, by_name = search(need="detox"), search(need="detox", near="Louisville, KY")
    assert by_zip.texts("h1") == ["Places near 40202 (Louisville, KY)"]
    assert by_name.texts("h1") == ["Places near Louisville, KY"]
    assert "“About”: from the middle of the ZIP code." in by_zip.text()
    assert "“About”: from the middle of the city or county." in by_name.text()


@pytest.mark.parametrize(
    ("near", "why"),
    [
        ("00000", "We do not know this ZIP code."),
        ("09012", "This is a military mail code, so we cannot tell where it is."),
        ("APO AE", "This is a military mail code, so we cannot tell where it is."),
        ("4020", "A ZIP code has five digits."),
    ],
)
def test_a_zip_that_leads_nowhere_is_told_why_and_never_answered_with_an_empty_list(
    client: FlaskClient, near: str, why: str
) -> None:
    answer = client.post("/", data={"need": "detox", "near": near, "radius_miles": "25"})
    page = read(answer)
    assert answer.status_code == 422
    assert why in page.text()
    assert (page.checked("need"), page.find("input", id="near")[0].get("value")) == (["detox"], near)


def test_a_zip_of_post_office_boxes_is_searched_around(search: Search) -> None:
    page = search(need="detox", near="40201")
    assert page.texts("h1") == ["Places near 40201 (Louisville, KY)"]
    assert "Green Gate" in page.text()


def test_what_one_site_offers_is_never_credited_to_its_sister(app_with_places: Flask) -> None:
    def site(name: str, level: str, facts: dict[str, bool]) -> Provider:
        here = at(38.25, -85.75)
        return provider(name, name, level, organization="Two Sites", street="1 Oak Street", facts=facts, **here)

    start_writing(db.session)
    db.session.add(site("Two Sites: East", "detox", {"takes_medicaid": True}))
    db.session.add(site("Two Sites: West", "outpatient", {"takes_medicaid": False}))
    db.session.commit()
    client = app_with_places.test_client()
    asked = {"need": ["detox", "outpatient"], "near": "40202", "radius_miles": "25"}
    page = read(client.post("/", data=asked, follow_redirects=True))
    assert page.texts(class_="totals")[0].endswith("2 places have part of it.")
    assert "Not found here: Outpatient" in card(page, "East")
    assert "Not found here: Detox" in card(page, "West")
    medicaid = read(client.post("/", data=asked | {"payment": "takes_medicaid"}, follow_redirects=True))
    assert medicaid.texts(class_="card") == [card(medicaid, "East")]
