"""The map as the page prints it: reachable, described, escaped, small, and without a request to anyone."""

from __future__ import annotations

import re
from itertools import pairwise
from types import SimpleNamespace

import pytest

from referral.locator import Point
from referral.matching import Match, Origin, Precision, Tier
from referral.pages.locator import points_of
from tests.locator.conftest import HERE, Render
from tests.locator.reading import words
from tests.locator.worlds import point

HOSTILE = [
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    "</svg></figure><b>",
    "{{ 7*7 }}",
    "&amp;<!-- ",
]


def ten() -> list[Point]:
    """Three at the same ZIP as the origin, others spread, one without coordinates."""
    spots = [
        (38.2527, -85.7585), (38.2527, -85.7585), (38.2527, -85.7585), (38.30, -85.70), (38.20, -85.80),
        (38.35, -85.60), None, (38.10, -85.95), (38.41, -85.76), (38.25, -85.40),
    ]  # fmt: skip
    return [point(i + 1, *(spot or (None, None)), about=i < 3) for i, spot in enumerate(spots)]


def test_numbers_link_to_their_entries_in_the_order_of_the_list(render: Render) -> None:
    asked = ten()
    drawn = [p for p in asked if p.latitude is not None]
    markers = render(asked).markers()
    assert [marker.get("href") for marker in markers] == [p.href for p in drawn]
    assert [words(marker) for marker in markers] == [str(p.number) for p in drawn]


def test_each_number_tells_name_distance_and_direction(render: Render) -> None:
    labels = [marker.get("aria-label") for marker in render(ten()).markers()]
    assert labels == [
        "1, Place 1, 1 miles",
        "2, Place 2, 2 miles",
        "3, Place 3, 3 miles",
        "4, Place 4, 4 miles, northeast",
        "5, Place 5, 5 miles, southwest",
        "6, Place 6, 6 miles, northeast",
        "8, Place 8, 8 miles, southwest",
        "9, Place 9, 9 miles, north",
        "10, Place 10, 10 miles, east",
    ]


def test_points_are_numbered_and_linked_as_the_cards_are() -> None:
    matches = [
        Match(7, Tier.MEETS_ALL, 3.21, False, (), (), ()),
        Match(8, Tier.MEETS_ALL, 4.0, False, (), (), ()),
        Match(9, Tier.MEETS_ALL, 5.55, True, (), (), ()),
    ]
    rows = {7: SimpleNamespace(latitude=38.3, longitude=-85.7, name="Hill House")}
    rows[9] = SimpleNamespace(latitude=38.2, longitude=-85.8, name="Mill Street")
    assert points_of(matches, rows, {7: "3.2 miles", 9: "about 5.5 miles"}, 11) == [
        Point(11, 38.3, -85.7, False, "Hill House", "#p7", "3.2 miles"),
        Point(13, 38.2, -85.8, True, "Mill Street", "#p9", "about 5.5 miles"),
    ]


def test_the_map_is_a_named_group_and_all_else_in_it_is_hidden_from_screen_readers(render: Render) -> None:
    figure = render(ten())
    svg = figure.svg()
    assert svg.get("role") == "group"
    assert words(figure.by_id(svg.get("aria-labelledby", ""))) == "Where these places are"
    assert "the list" in words(figure.by_id(svg.get("aria-describedby", "")))
    decoration, *links = list(svg)
    assert decoration.get("aria-hidden") == "true"
    assert links == figure.markers()
    assert not [e for e in decoration.iter() if e.get("href")]


def test_what_is_not_drawn_is_named_with_its_number(render: Render) -> None:
    assert "Not on this map: 7, Place 7" in render(ten()).caption()
    assert "Not on this map" not in render([point(1, 38.3, -85.7)]).caption()


def test_the_legend_explains_only_what_is_there(render: Render) -> None:
    about, moved, limit = "only the ZIP code or town is known", "Moved aside", "As far as you searched"
    everything = render(ten(), radius_miles=10.0).caption()
    assert about in everything
    assert moved in everything
    assert limit in everything
    plain = render([point(1, 38.3, -85.7)]).caption()
    assert not [text for text in (about, moved, limit) if text in plain]


def test_approximate_places_look_different_without_colour(render: Render) -> None:
    assert [marker.get("class") for marker in render(ten()).markers()] == ["about"] * 3 + [None] * 6


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (HERE, "Middle of 40202"),
        (Origin(38.25, -85.76, Precision.CITY, "Springfield, Bucks County, PA"), "Middle of Springfield"),
        (Origin(38.25, -85.76, Precision.CITY, ""), "Start"),
        (Origin(38.25, -85.76, Precision.ROUNDED, ""), "About where you are"),
        (Origin(38.25, -85.76, Precision.EXACT, "12 Dock Street"), "Start"),
    ],
)
def test_the_origin_says_what_it_is(render: Render, origin: Origin, expected: str) -> None:
    assert expected in [words(text) for text in render([point(1, 38.3, -85.7)], origin).find("text")]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_stay_text(render: Render, name: str) -> None:
    asked = [point(1, 38.3, -85.7, name), point(2, None, None, name)]
    origin = Origin(38.25, -85.76, Precision.CITY, name[:12])
    figure = render(asked, origin)
    assert figure.markers()[0].get("aria-label") == f"1, {name}, 1 miles, northeast"
    assert name in "".join(figure.find("figcaption")[0].itertext())
    assert not figure.find("script")
    assert not figure.find("img")
    assert len(figure.find("figure")) == 1
    assert not [e for e in figure.root.iter() if e.get("style") or any(a.startswith("on") for a in e.attrib)]


def test_the_map_asks_nobody_for_anything(render: Render) -> None:
    figure = render(ten())
    assert not figure.find("image")
    assert "http" not in figure.html
    assert "url(" not in figure.html
    assert all(e.get("href", "#").startswith("#") for e in figure.root.iter())


def test_ten_numbers_cost_less_than_six_kilobytes(render: Render) -> None:
    svg = re.sub(r"<figcaption>.*</figcaption>", "", render(ten()).html, flags=re.DOTALL)
    assert len(svg.encode()) < 6000


def test_larger_towns_come_first_and_are_spread(render: Render) -> None:
    """Around Los Angeles hundreds of towns would fit into a box; what shows is known and apart."""
    origin = Origin(34.05, -118.24, Precision.CITY, "Los Angeles, CA")
    figure = render([point(1, 33.7, -117.6), point(2, 34.4, -118.9)], origin)
    names = [words(text) for text in figure.find("text") if text.get("class") is None and not words(text).isdigit()]
    assert {"Long Beach", "Anaheim"} & set(names)
    assert 3 <= len(names) <= 7
    assert len(set(names)) == len(names)


def test_identical_texts_never_stand_side_by_side(render: Render) -> None:
    names = [words(text) for text in render(ten()).find("text")]
    assert all(one != other for one, other in pairwise(sorted(names)))
