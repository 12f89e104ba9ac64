"""The map shows the origin and the points, as large as they can be, and the antimeridian does no harm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.locator import Box, Locator, Origin, Town, draw
from tests.locator.worlds import PLACES, origins, point, points
from tests.rounds import rounds


def drawn_box(origin: Origin, *where: tuple[float, float]) -> tuple[Locator, Box]:
    boxes: list[Box] = []

    def note(box: Box) -> list[Town]:
        boxes.append(box)
        return []

    return draw(origin, [point(i + 1, *at) for i, at in enumerate(where)], None, note), boxes[0]


@settings(max_examples=rounds(300), deadline=None)
@given(st.data())
def test_no_smaller_map_would_hold_the_points(data: st.DataObject) -> None:
    """The outermost of origin and points touch the margin on two sides, or the map is at its smallest."""
    origin = data.draw(origins())
    drawing = draw(origin, data.draw(points(origin, most=10)))
    xs = [drawing.origin[0], *(marker.true_x for marker in drawing.markers)]
    ys = [drawing.origin[1], *(marker.true_y for marker in drawing.markers)]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    margin = 58
    is_full = abs(width - (drawing.width - 2 * margin)) <= 2 or abs(height - (drawing.height - 2 * margin)) <= 2
    assert is_full or drawing.rings[-1].miles <= 2


@pytest.mark.parametrize(
    ("origin", "there"),
    [((51.9, 179.9), (51.9, -179.9)), ((51.9, -179.9), (51.9, 179.9)), ((13.44, 144.79), (21.31, -157.86))],
)
def test_across_the_antimeridian_the_short_way_is_drawn(
    origin: tuple[float, float], there: tuple[float, float]
) -> None:
    drawing, box = drawn_box(Origin(*origin), there)
    is_eastwards = (there[1] - origin[1]) % 360 < 180
    assert (drawing.markers[0].true_x > drawing.origin[0]) == is_eastwards
    assert box.east - box.west < 90
    assert box.west < origin[1] < box.east


@pytest.mark.parametrize("where", PLACES)
def test_north_is_up_and_east_is_right(where: str) -> None:
    latitude, longitude = PLACES[where]
    spots = [
        (latitude + 0.2, longitude),
        (latitude, (longitude + 0.4 + 180) % 360 - 180),
        (latitude - 0.2, longitude),
    ]
    drawing, box = drawn_box(Origin(latitude, longitude), *spots)
    north, east, south = drawing.markers
    assert north.true_x == south.true_x == drawing.origin[0]
    assert north.true_y < drawing.origin[1] < south.true_y
    assert east.true_y == drawing.origin[1]
    assert east.true_x > drawing.origin[0]
    assert box.south < latitude - 0.2 < latitude + 0.2 < box.north


def test_towns_are_asked_for_in_the_drawn_area_and_named_once_each() -> None:
    origin = Origin(38.25, -85.76, "Start")

    def towns(box: Box) -> list[Town]:
        middle = (box.south + box.north) / 2
        inside = Town(middle + (box.north - middle) * 0.6, (box.west + box.east) / 2, "Clarksville")
        return [inside, inside, Town(box.north + 1, box.west, "Chicago")]

    drawing = draw(origin, [point(1, 38.2, -85.5)], None, towns)
    assert [town.text for town in drawing.towns] == ["Clarksville"]
    assert drawing.town_dots.count("h0") == 1


def test_coordinates_that_are_not_numbers_on_earth_are_never_drawn_as_if_they_were() -> None:
    with pytest.raises(ValueError, match="cannot convert float NaN"):
        draw(Origin(38.0, -85.0), [point(1, float("nan"), -85.0)])
