"""Directions against the geodesic's own start, from geopy."""

from __future__ import annotations

import pytest
from geopy.distance import geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st

from referral.locator import Origin, draw
from referral.locator.bearings import directions_from
from tests.locator.worlds import PLACES, point
from tests.rounds import rounds


@settings(max_examples=rounds(600), deadline=None)
@given(st.floats(-75, 75), st.floats(-180, 180), st.floats(0, 359.999), st.floats(0.1, 1000))
@example(51.9, 179.99, 90.0, 50.0)
@example(51.9, -179.99, 270.0, 50.0)
def test_direction_is_that_in_which_the_geodesic_starts(
    latitude: float, longitude: float, bearing: float, miles: float
) -> None:
    if abs((bearing - 22.5) % 45 - 0) < 0.1 or abs((bearing - 22.5) % 45 - 45) < 0.1:
        return  # on the very edge between two directions either may be told
    there = geodesic(miles=miles).destination((latitude, longitude), bearing)
    expected = int((bearing + 22.5) // 45) % 8
    assert directions_from(latitude, longitude)(there.latitude, there.longitude) == expected


@pytest.mark.parametrize("where", PLACES)
def test_what_is_here_has_no_direction(where: str) -> None:
    latitude, longitude = PLACES[where]
    direction = directions_from(latitude, longitude)
    assert direction(latitude, longitude) is None
    assert direction(latitude + 0.0005, longitude) is None
    assert direction(latitude + 0.002, longitude) == 0


def test_markers_carry_their_direction_though_they_were_moved() -> None:
    spots = [(38.35, -85.76), (38.35, -85.76), (38.25, -85.66), (38.15, -85.86), (38.25, -85.76)]
    drawing = draw(Origin(38.25, -85.76), [point(i + 1, *at) for i, at in enumerate(spots)])
    assert [marker.direction for marker in drawing.markers] == [0, 0, 2, 5, None]
