"""What a person may type, and the one place, the choice or the message that it leads to."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from referral.places.gazetteer import lookup
from referral.places.results import Choices, Found, NotFound, Reason


def labels(places: Sequence[Found]) -> list[str]:
    return [place.label for place in places]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("40202", "40202 (Louisville, KY)"),
        ("40202-1234", "40202 (Louisville, KY)"),
        ("402021234", "40202 (Louisville, KY)"),
        (" 40202 ", "40202 (Louisville, KY)"),
        ("４０２０２", "40202 (Louisville, KY)"),
        ("٤٠٢٠٢", "40202 (Louisville, KY)"),
        ("00901", "00901 (San Juan, PR)"),
        ("st. louis mo", "St. Louis, MO"),
        ("St Louis, Missouri", "St. Louis, MO"),
        ("Saint Louis MO", "St. Louis, MO"),
        ("ST.LOUIS,MO", "St. Louis, MO"),
        ("Ft Worth tx", "Fort Worth, TX"),
        ("Fort Worth, TX", "Fort Worth, TX"),
        ("Winston-Salem NC", "Winston-Salem, NC"),
        ("winston salem, nc", "Winston-Salem, NC"),
        ("Coeur d'Alene", "Coeur d'Alene, ID"),
        ("Coeur d’Alene", "Coeur d'Alene, ID"),
        ("coeur dalene idaho", "Coeur d'Alene, ID"),
        ("Cañon City, CO", "Cañon City, CO"),
        ("Canon City CO", "Cañon City, CO"),
        ("San Juan, PR", "San Juan, PR"),
        ("San Juan, Puerto Rico", "San Juan, PR"),
        ("Mt Vernon NY", "Mount Vernon, NY"),
        ("N Las Vegas, NV", "North Las Vegas, NV"),
        ("O Fallon, MO", "O'Fallon, MO"),
        ("Washington, DC", "Washington, DC"),
        ("Washington DC", "Washington, DC"),
        ("washington d.c.", "Washington, DC"),
        ("DC", "Washington, DC"),
        ("Washington, IN", "Washington, IN"),
        ("Washington, Indiana", "Washington, IN"),
        ("Charleston West Virginia", "Charleston, WV"),
        ("Tampa, Florida, USA", "Tampa, FL"),
        ("City of Tampa, FL", "Tampa, FL"),
        ("Salem or", "Salem, OR"),
        ("New York", "New York, NY"),
        ("New York, NY", "New York, NY"),
        ("NYC", "New York, NY"),
        ("Los Angeles", "Los Angeles, CA"),
        ("Louisville", "Louisville, KY"),
        ("Brooklyn", "Brooklyn, NY"),
        ("Bronx NY", "Bronx, NY"),
        ("the bronx", "Bronx, NY"),
        ("Queens", "Queens, NY"),
        ("Winston-Salem", "Winston-Salem, NC"),
        ("Miami", "Miami, FL"),
        ("Jefferson County, KY", "Jefferson County, KY"),
        ("jefferson co ky", "Jefferson County, KY"),
        ("Orleans Parish, LA", "Orleans Parish, LA"),
        ("Orleans County, Louisiana", "Orleans Parish, LA"),
        ("Fairbanks North Star Borough, AK", "Fairbanks North Star Borough, AK"),
        ("Bethel Census Area AK", "Bethel Census Area, AK"),
        ("San Juan Municipio, PR", "San Juan Municipio, PR"),
        ("Richmond, VA", "Richmond, VA"),
        ("Richmond city, VA", "Richmond, VA"),
        ("Louisville, Jefferson County, KY", "Louisville, KY"),
        ("Louisville KY 40202", "40202 (Louisville, KY)"),
        ("Louisville, KY 40202-1234", "40202 (Louisville, KY)"),
        ("40202 Louisville", "40202 (Louisville, KY)"),
        ("40202 (Louisville, KY)", "40202 (Louisville, KY)"),
        ("KY 40202", "40202 (Louisville, KY)"),
        ("123 Main St, Louisville, KY 40202", "40202 (Louisville, KY)"),
        ("123 Main St, Louisville, KY", "Louisville, KY"),
        ("Allston, MA", "Allston, MA"),
        ("DENVER CO", "Denver, CO"),
        ("Brooklyn, New York, NY", "Brooklyn, NY"),
        ("Brooklyn, New York City, NY", "Brooklyn, NY"),
    ],
)
def test_a_place_is_found_however_it_is_typed(places: sa.Connection, text: str, label: str) -> None:
    result = lookup(places, text)
    assert isinstance(result, Found), result
    assert result.label == label


@pytest.mark.parametrize(
    ("text", "reason", "some_options"),
    [
        ("Springfield", Reason.AMBIGUOUS_PLACE, ["Springfield, MO", "Springfield, MA", "Springfield, IL"]),
        ("Kansas City", Reason.AMBIGUOUS_PLACE, ["Kansas City, MO", "Kansas City, KS"]),
        ("Portland", Reason.AMBIGUOUS_PLACE, ["Portland, OR", "Portland, ME"]),
        ("Washington", Reason.AMBIGUOUS_PLACE, ["Seattle, WA", "Washington, DC", "Washington, IN"]),
        ("Jefferson County", Reason.AMBIGUOUS_PLACE, ["Jefferson County, KY", "Jefferson Parish, LA"]),
        ("Jefferson co", Reason.AMBIGUOUS_PLACE, ["Jefferson County, KY", "Jefferson Parish, LA"]),
        (
            "Whitehall, PA",
            Reason.AMBIGUOUS_PLACE,
            ["Whitehall, Allegheny County, PA", "Whitehall, Lehigh County, PA"],
        ),
        ("LA", Reason.AMBIGUOUS_PLACE, ["Los Angeles, CA", "New Orleans, LA"]),
        ("Kansas", Reason.STATE_ONLY, ["Wichita, KS", "Overland Park, KS", "Kansas City, KS"]),
        ("KY", Reason.STATE_ONLY, ["Louisville, KY", "Lexington, KY"]),
        ("Delaware", Reason.STATE_ONLY, ["Wilmington, DE", "Delaware, OH"]),
        ("2134", Reason.FOUR_DIGIT_ZIP, ["02134 (Allston, MA)"]),
        ("2134-1234", Reason.FOUR_DIGIT_ZIP, ["02134 (Allston, MA)"]),
        ("Lexington KY 40202", Reason.ZIP_AND_CITY_DIFFER, ["40202 (Louisville, KY)", "Lexington, KY"]),
        ("Louisville IN 40202", Reason.ZIP_AND_CITY_DIFFER, ["40202 (Louisville, KY)"]),
    ],
)
def test_what_may_mean_several_places_is_asked_back_with_the_largest_first(
    places: sa.Connection, text: str, reason: Reason, some_options: list[str]
) -> None:
    result = lookup(places, text)
    assert isinstance(result, Choices), result
    assert result.reason is reason
    offered = labels(result.options)
    assert [label for label in offered if label in some_options] == some_options
    assert len(offered) == len(set(offered)) <= 15
    for option in result.options:
        assert lookup(places, option.label) == option


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Louisvile KY", "Louisville, KY"),
        ("Louisville Kentuky", "Louisville, KY"),
        ("Cinncinnati", "Cincinnati, OH"),
        ("Pheonix AZ", "Phoenix, AZ"),
        ("Filadelfia", "Philadelphia, PA"),
        ("Louisville, NV", "Louisville, KY"),
        ("123 Main St Louisville KY", "Louisville, KY"),
    ],
)
def test_a_misspelt_place_is_suggested_and_never_taken(places: sa.Connection, text: str, suggestion: str) -> None:
    result = lookup(places, text)
    assert isinstance(result, NotFound), result
    assert result.reason is Reason.MISSPELT
    assert suggestion in labels(result.suggestions)[:2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY),
        (" \t\n ", Reason.EMPTY),
        ("\x00", Reason.EMPTY),
        ("00000", Reason.UNKNOWN_ZIP),
        ("99999", Reason.UNKNOWN_ZIP),
        ("Nowhere 00000", Reason.UNKNOWN_ZIP),
        ("09012", Reason.MILITARY_ZIP),
        ("96510", Reason.MILITARY_ZIP),
        ("09905", Reason.MILITARY_ZIP),
        ("APO AE", Reason.MILITARY_ZIP),
        ("APO AE 09012", Reason.MILITARY_ZIP),
        ("09999", Reason.MILITARY_ZIP),
        ("123", Reason.MALFORMED_ZIP),
        ("123456", Reason.MALFORMED_ZIP),
        ("40202-12", Reason.MALFORMED_ZIP),
        ("0000", Reason.MALFORMED_ZIP),
        ("xyzzyqqq", Reason.UNKNOWN_PLACE),
        (",", Reason.UNKNOWN_PLACE),
        ("東京", Reason.UNKNOWN_PLACE),
        ("'; DROP TABLE place; --", Reason.UNKNOWN_PLACE),
        ("Louisville" * 1000, Reason.TOO_LONG),
    ],
)
def test_what_is_no_place_has_its_own_reason(places: sa.Connection, text: str, reason: Reason) -> None:
    result = lookup(places, text)
    assert isinstance(result, NotFound), result
    assert result.reason is reason


def test_an_unknown_zip_suggests_the_cities_of_its_area(places: sa.Connection) -> None:
    result = lookup(places, "99999")
    assert isinstance(result, NotFound)
    assert labels(result.suggestions)[0] == "Ketchikan, AK"


def test_a_zip_without_a_point_suggests_its_city(places: sa.Connection) -> None:
    result = lookup(places, "90085")
    assert isinstance(result, NotFound)
    assert result.reason is Reason.ZIP_WITHOUT_POINT
    assert labels(result.suggestions) == ["Los Angeles, CA"]


def test_nul_and_control_characters_part_words_and_do_no_harm(places: sa.Connection) -> None:
    result = lookup(places, "Fort\x00Worth,\x1b\u202e TX\r\n")
    assert isinstance(result, Found)
    assert result.label == "Fort Worth, TX"


def test_a_zip_and_its_city_say_what_their_points_stand_on(places: sa.Connection) -> None:
    by_zip, by_name, by_county = (
        lookup(places, text) for text in ("40202", "Louisville, KY", "Jefferson County, KY")
    )
    assert isinstance(by_zip, Found)
    assert isinstance(by_name, Found)
    assert isinstance(by_county, Found)
    assert (by_zip.precision, by_zip.kind) == ("zip", "zip")
    assert (by_name.precision, by_name.kind) == ("city", "city")
    assert (by_county.precision, by_county.kind) == ("city", "county")
    assert by_zip.label != by_name.label
    assert {by_zip.state, by_name.state, by_county.state} == {"KY"}
