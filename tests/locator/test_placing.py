"""Nothing on the map lies on anything else, all of it is inside, and moved markers point to where they belong."""

from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.locator import Locator, Origin, Point, Text, draw
from referral.locator.labels import NORTH
from referral.locator.markers import settle
from referral.locator.placing import text_width
from tests.locator.worlds import PLACES, origins, point, points, towns_around
from tests.rounds import rounds

LETTER = 42
"""Height of the text on the smallest screen, in drawing units."""

Rect = tuple[float, float, float, float]


def room_of(text: Text, *, is_bold: bool = False) -> Rect:
    width = text_width(text.text, is_bold=is_bold)
    left = {"start": text.x, "middle": text.x - width / 2, "end": text.x - width}[text.anchor]
    return left, text.y - LETTER / 2, left + width, text.y + LETTER / 2


def rooms(drawing: Locator) -> dict[str, Rect]:
    """What is drawn beside the markers, by name."""
    x, y = drawing.north
    found: dict[str, Rect] = {"north": (x - NORTH[0], y - NORTH[1], x + NORTH[0], y + NORTH[1])}
    x, y = drawing.origin
    found["origin"] = (x - 24, y - 24, x + 24, y + 24)
    if drawing.origin_label is not None:
        found["label of the origin"] = room_of(drawing.origin_label, is_bold=True)
    for ring in drawing.rings:
        found[f"ring of {ring.miles}"] = room_of(Text(ring.x, ring.y, "middle", ring.text))
    for number, town in enumerate(drawing.towns):
        found[f"town {number}"] = room_of(town)
    return found


def distance(x: float, y: float, rect: Rect) -> float:
    return math.hypot(max(rect[0] - x, 0, x - rect[2]), max(rect[1] - y, 0, y - rect[3]))


def overlaps(drawing: Locator) -> list[tuple[str, str]]:
    """All pairs of things that lie on each other."""
    found = []
    for one, other in itertools.combinations(drawing.markers, 2):
        if math.dist((one.x, one.y), (other.x, other.y)) < 2 * drawing.radius:
            found.append((f"marker {one.number}", f"marker {other.number}"))
    known = rooms(drawing)
    for marker, (name, room) in itertools.product(drawing.markers, known.items()):
        if distance(marker.x, marker.y, room) < drawing.radius:
            found.append((f"marker {marker.number}", name))
    for (one_name, a), (other_name, b) in itertools.combinations(known.items(), 2):
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]:
            found.append((one_name, other_name))
    return found


def outside(drawing: Locator) -> list[str]:
    found = [
        f"marker {m.number}"
        for m in drawing.markers
        if not (
            drawing.radius <= m.x <= drawing.width - drawing.radius
            and drawing.radius <= m.y <= drawing.height - drawing.radius
            and 0 <= m.true_x <= drawing.width
            and 0 <= m.true_y <= drawing.height
        )
    ]
    for name, (left, top, right, bottom) in rooms(drawing).items():
        if left < 0 or top < 0 or right > drawing.width or bottom > drawing.height:
            found.append(name)
    return found


@settings(max_examples=rounds(600), deadline=None)
@given(st.data())
def test_nothing_overlaps_and_all_is_inside(data: st.DataObject) -> None:
    origin = data.draw(origins())
    asked = data.draw(points(origin))
    towns = data.draw(towns_around(origin))
    drawing = draw(origin, asked, data.draw(st.sampled_from([None, 5.0, 25.0, 100.0])), lambda _box: towns)
    assert [marker.number for marker in drawing.markers] == [p.number for p in asked]
    assert overlaps(drawing) == []
    assert outside(drawing) == []


@pytest.mark.parametrize("n", [1, 2, 10, 20])
@pytest.mark.parametrize("where", PLACES)
def test_points_on_one_spot_stand_apart(where: str, n: int) -> None:
    latitude, longitude = PLACES[where]
    for shift in (0.0, 0.02):
        here = [point(number + 1, latitude + shift, longitude) for number in range(n)]
        drawing = draw(Origin(latitude, longitude, "Middle of 40202"), here, 25)
        assert len(drawing.markers) == n
        assert overlaps(drawing) == []
        assert len({(marker.true_x, marker.true_y) for marker in drawing.markers}) == 1


def test_markers_that_take_up_all_room_between_them_make_place_for_the_others() -> None:
    """Only the lower part is free, and there the first twelve leave no room between them for the other eight."""
    taken = (0, 0, 1000, 500)
    apart = [(70 + 165 * column, 590 + 165 * row) for row in range(2) for column in range(6)]
    asked = [*apart, *apart[:8]]
    settled = settle(asked, [taken])
    assert all(y - taken[3] >= 46 for _, y in settled)
    assert all(math.dist(one, other) >= 92 for one, other in itertools.combinations(settled, 2))
    assert settled[:12] != apart


def lone(n: int, north: float) -> list[Point]:
    return [point(number, 38.0 + north * number, -85.0) for number in range(1, n + 1)]


def test_markers_with_room_stand_at_their_true_points() -> None:
    drawing = draw(Origin(38.0, -85.0), lone(4, 0.1))
    assert not any(marker.is_moved for marker in drawing.markers)
    assert drawing.leaders == ""
    assert drawing.leader_dots == ""


def test_the_first_of_several_on_one_spot_keeps_its_place_and_lines_lead_there_from_the_others() -> None:
    asked = [*lone(3, 0.1), point(4, 38.2, -85.0), point(5, 38.2, -85.0)]
    drawing = draw(Origin(38.0, -85.0), asked)
    assert [marker.is_moved for marker in drawing.markers] == [False, False, False, True, True]
    second = drawing.markers[1]
    expected = "".join(f"M{m.x} {m.y}L{second.x} {second.y}" for m in drawing.markers[3:])
    assert drawing.leaders == expected
    assert drawing.leader_dots == f"M{second.x} {second.y}h0"


def test_moved_markers_stay_near_their_points() -> None:
    drawing = draw(Origin(38.0, -85.0), [*lone(1, 0.3), *(point(n, 38.15, -85.0) for n in (2, 3, 4))])
    for marker in drawing.markers[2:]:
        assert math.dist((marker.x, marker.y), (marker.true_x, marker.true_y)) < 3 * drawing.radius


def test_points_without_coordinates_and_those_beyond_twenty_are_told_apart() -> None:
    asked = [point(1, None, None), *(point(n, 38.0 + n / 100, -85.0) for n in range(2, 24)), point(24, 38.0, None)]
    drawing = draw(Origin(38.0, -85.0), asked)
    assert [marker.number for marker in drawing.markers] == list(range(2, 22))
    assert [p.number for p in drawing.undrawn] == [1, 22, 23, 24]


def test_a_label_too_long_for_the_map_is_left_out() -> None:
    assert draw(Origin(38.0, -85.0, "Middle of " + "Llanfair" * 5), []).origin_label is None
    found = draw(Origin(38.0, -85.0, "Start"), []).origin_label
    assert found is not None
    assert found.text == "Start"
