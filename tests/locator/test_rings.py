"""Rings are true: everything on them is as far from the origin as they say, by geopy's geodesic."""

from __future__ import annotations

import math
import re

import pytest
from geopy.distance import geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.locator import Locator, Origin, draw
from referral.locator.projection import View, mercator
from referral.locator.rings import POLAR_LATITUDE, RADII_MILES, oval
from tests.locator.worlds import PLACES, origins, point, points
from tests.rounds import rounds

NUMBER = re.compile(r"-?\d+")


def curve(path: str) -> list[tuple[float, float]]:
    """Points on the curves of a path that begins with M and c and goes on with s, as SVG defines them."""
    numbers = [int(text) for text in NUMBER.findall(path)]
    x, y = numbers[:2]
    found = []
    pieces = [numbers[2:8], *(numbers[i : i + 4] for i in range(8, len(numbers), 4))]
    handle = (0, 0)
    for piece in pieces:
        (a, b), (c, d), (e, f) = (handle if len(piece) == 4 else piece[:2]), piece[-4:-2], piece[-2:]
        for t in [step / 12 for step in range(12)]:
            p, q, r = 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3
            found.append((x + p * a + q * c + r * e, y + p * b + q * d + r * f))
        x, y, handle = x + e, y + f, (e - c, f - d)
    assert (x, y) == tuple(numbers[:2]), "the curve does not close"
    return found


def degrees(view: View, x: float, y: float) -> tuple[float, float]:
    """Back from the drawing: the inverse of Web Mercator."""
    longitude = view.longitude + math.degrees(view.left + x / view.scale)
    return math.degrees(math.atan(math.sinh(view.top - y / view.scale))), (longitude + 180) % 360 - 180


@settings(max_examples=rounds(400), deadline=None)
@given(st.floats(-75, 75), st.floats(-180, 180), st.sampled_from(RADII_MILES))
def test_rings_are_at_the_stated_distance_all_the_way_round(latitude: float, longitude: float, miles: int) -> None:
    if miles > (POLAR_LATITUDE - abs(latitude)) * 68.7:
        return
    # As large as a million units, so that whole numbers cost nothing.
    scale = 1e6 * math.cos(math.radians(latitude)) * 3959 / miles
    x, y = mercator(latitude, 0.0)
    view = View(longitude, scale, x, y)
    ring = oval(view, latitude, miles)
    for u, v in [*curve(ring.path()), *(ring.compass_point(i) for i in range(16))]:
        assert geodesic((latitude, longitude), degrees(view, u, v)).miles == pytest.approx(miles, rel=0.005)


def test_compass_points_go_clockwise_from_the_top() -> None:
    ring = oval(View(-85.76, 1e6, 0.0, 0.0), 0.0, 25)
    x, y = ring.x, ring.y
    bearings = [math.degrees(math.atan2(u - x, y - v)) % 360 for u, v in map(ring.compass_point, range(16))]
    assert bearings == pytest.approx([i * 22.5 for i in range(16)], abs=1)


def view_of(drawing: Locator, origin: Origin) -> View:
    """The view, from two rings' worth of knowledge: where the origin is, and how large the smallest ring is."""
    ring = drawing.rings[-1]
    top = min(y for _, y in curve(ring.path))
    north = geodesic(miles=ring.miles).destination((origin.latitude, origin.longitude), 0).latitude
    y_0, y_1 = mercator(origin.latitude, 0)[1], mercator(north, 0)[1]
    scale = (drawing.origin[1] - top) / (y_1 - y_0)
    return View(origin.longitude, scale, -drawing.origin[0] / scale, y_0 + drawing.origin[1] / scale)


@settings(max_examples=rounds(300), deadline=None)
@given(st.data())
def test_there_are_two_or_three_round_rings_and_their_labels_stand_on_them(data: st.DataObject) -> None:
    origin = data.draw(origins())
    drawing = draw(origin, data.draw(points(origin, most=10)))
    assert 2 <= len(drawing.rings) <= 3
    radii = [ring.miles for ring in drawing.rings]
    assert radii == sorted(radii)
    assert set(radii) <= set(RADII_MILES)
    for ring in drawing.rings:
        assert ring.text == f"{ring.miles:,} mi"
        assert min(math.dist((ring.x, ring.y), spot) for spot in curve(ring.path)) < 25


@pytest.mark.parametrize("where", PLACES)
def test_points_are_drawn_where_the_rings_say_they_are(where: str) -> None:
    """Point and ring are drawn by different code: a point 7 miles away lies between the rings of 5 and 10."""
    origin = Origin(*PLACES[where])
    for bearing in range(0, 360, 15):
        there = geodesic(miles=7).destination((origin.latitude, origin.longitude), bearing)
        drawing = draw(origin, [point(1, there.latitude, there.longitude)])
        marker, x, y = drawing.markers[0], *drawing.origin
        assert [ring.miles for ring in drawing.rings][-1] in (5, 10)
        view = view_of(drawing, origin)
        back = degrees(view, marker.true_x, marker.true_y)
        assert geodesic((origin.latitude, origin.longitude), back).miles == pytest.approx(7, rel=0.01)
        turn = (math.degrees(math.atan2(marker.true_x - x, y - marker.true_y)) - bearing + 180) % 360 - 180
        assert abs(turn) < 1


@pytest.mark.parametrize("radius", [5.0, 25.0, None])
def test_the_ring_as_far_as_was_searched_is_marked(radius: float | None) -> None:
    drawing = draw(Origin(38.25, -85.76), [point(1, 38.61, -85.76)], radius)
    assert [ring.miles for ring in drawing.rings] == [5, 10, 25]
    assert [ring.miles for ring in drawing.rings if ring.is_limit] == ([radius] if radius else [])


@pytest.mark.parametrize("latitude", [-90.0, -86.0, 84.5, 90.0])
def test_at_the_poles_there_is_still_a_map(latitude: float) -> None:
    drawing = draw(Origin(latitude, 10.0, "Start"), [point(1, latitude * 0.99, 20.0)])
    assert len(drawing.markers) == 1
    assert drawing.rings == ()
