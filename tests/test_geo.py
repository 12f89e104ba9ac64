"""Distances against geopy's geodesic, everywhere on Earth, within the contract of DESIGN 3."""

from __future__ import annotations

import numpy as np
import pytest
from geopy.distance import geodesic
from hypothesis import example, given, settings
from hypothesis import strategies as st

from referral import geo
from tests.rounds import rounds

latitudes, longitudes = st.floats(-90, 90), st.floats(-180, 180)


def allowed_error(miles: float) -> float:
    if miles <= 50:
        return 0.001
    return miles * (1e-4 if miles <= 1000 else 1e-3 if miles <= 5000 else 1e-2)


@settings(max_examples=rounds(1500), deadline=None)
@given(latitudes, longitudes, latitudes, longitudes)
@example(90.0, 0.0, 89.99, 180.0)
@example(-90.0, 10.0, -89.5, -170.0)
@example(51.88, 179.99, 51.88, -179.99)
@example(0.0, -180.0, 0.0, 180.0)
@example(-0.0, 0.0, 0.0, -0.0)
def test_distance_agrees_with_the_geodesic_everywhere(a: float, b: float, c: float, d: float) -> None:
    expected = geodesic((a, b), (c, d)).miles
    assert abs(geo.distance_miles(a, b, c, d) - expected) <= allowed_error(expected)


@settings(max_examples=rounds(1500), deadline=None)
@given(latitudes, longitudes, st.floats(0, 360), st.floats(0, 1000))
def test_distance_agrees_with_the_geodesic_in_every_direction(
    a: float, b: float, bearing: float, miles: float
) -> None:
    there = geodesic(miles=miles).destination((a, b), bearing)
    expected = geodesic((a, b), there).miles
    assert abs(geo.distance_miles(a, b, there.latitude, there.longitude) - expected) <= allowed_error(expected)


@settings(max_examples=rounds(500), deadline=None)
@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_symmetric_never_negative_and_ends_at_the_antipode(
    a: float, b: float, c: float, d: float
) -> None:
    there, back = geo.distance_miles(a, b, c, d), geo.distance_miles(c, d, a, b)
    assert there == pytest.approx(back, abs=1e-9)
    assert 0 <= there <= 12_500


@pytest.mark.parametrize("latitude", [25.0, 41.0, 61.0])
def test_distances_are_not_those_of_a_web_map(latitude: float) -> None:
    """A tenth of a degree east-west shrinks with the latitude; Web Mercator metres would not."""
    expected = geodesic((latitude, -85), (latitude, -84.9)).miles
    assert geo.distance_miles(latitude, -85, latitude, -84.9) == pytest.approx(expected, abs=1e-3)


def test_a_degree_of_latitude_is_nowhere_shorter_than_the_band_assumes() -> None:
    for latitude in np.arange(-90, 89.9, 0.25):
        length = geodesic((latitude, 0), (latitude + 0.25, 0)).miles * 4
        assert length > geo.MILES_PER_LATITUDE_DEGREE_LEAST


@pytest.mark.parametrize("point", [(90.1, 0), (-91, 0), (0, 180.5), (float("nan"), 0), (0, float("inf"))])
def test_points_that_are_not_on_earth_are_refused(point: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="latitude must be"):
        geo.earth_centred(np.array([point[0]]), np.array([point[1]]))
