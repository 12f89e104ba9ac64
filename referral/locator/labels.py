"""What stands beside the markers: the north arrow, the label of the origin, the miles of the rings, towns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from referral.locator.placing import DOT, Rect, Room, beside, best, is_free, is_inside, square, text_rect, text_width
from referral.locator.projection import View
from referral.locator.rings import COMPASS_POINTS, Oval, oval
from referral.locator.shapes import GAP, HEIGHT, MARKER, ORIGIN, WIDTH, Marker, Ring, Text, Town

Spot = tuple[int, int]

MOST_TOWNS = 7
LONGEST = 620
"""Drawing units; a longer label of the origin is left out."""

PIECE = 60
"""Drawing units of a line that are taken for one room."""

NORTH = (30, 50)
"""Half the width and height of the north arrow with its letter."""
_CORNERS: list[Room] = [
    ((x - NORTH[0], y - NORTH[1], x + NORTH[0], y + NORTH[1]), x, y, "middle")
    for y in (NORTH[1] + 2 * GAP, HEIGHT - NORTH[1] - 2 * GAP)
    for x in (WIDTH - NORTH[0] - 2 * GAP, NORTH[0] + 2 * GAP)
]


def north_arrow(taken: list[Rect], points: Sequence[Spot]) -> Spot:
    """The corner in which it displaces the fewest markers. Adds its room to `taken`."""
    rect, x, y, _ = best(_CORNERS, taken, points) or _CORNERS[0]
    taken.append(rect)
    return x, y


def origin_label(here: Spot, label: str, taken: list[Rect], points: Sequence[Spot]) -> Text | None:
    """Beside the origin; None where it finds no room. Adds its room to `taken`."""
    width = text_width(label, is_bold=True)
    if not label or width > LONGEST:
        return None
    found = best(beside(*here, width, ORIGIN), taken, points)
    if found is None:
        return None
    rect, x, y, anchor = found
    taken.append(rect)
    return Text(x, y, anchor, label)


def labelled_rings(
    view: View,
    latitude: float,
    radii_miles: Sequence[int],
    limit_miles: float | None,
    distance_text: Callable[[int], str],
    taken: list[Rect],
    points: Sequence[Spot],
) -> tuple[Ring, ...]:
    """The rings that can be labelled, each label on its line, all in one direction if possible. Adds to `taken`."""
    rings: list[Ring] = []
    first = 0
    for miles in radii_miles:
        ring = oval(view, latitude, miles)
        text = distance_text(miles)
        found = best(_around(ring, text_width(text), first), taken, points)
        if found is not None:
            rect, x, y, _ = found
            first = next(i for i in range(COMPASS_POINTS) if ring.compass_point(i) == (x, y))
            taken.append(rect)
            rings.append(Ring(miles, ring.path(), x, y, text, miles == limit_miles))
    return tuple(rings)


def _around(ring: Oval, width: int, first: int) -> Iterator[Room]:
    """Rooms on the ring, clockwise from the compass point `first`."""
    for i in range(first, first + COMPASS_POINTS):
        x, y = ring.compass_point(i % COMPASS_POINTS)
        yield text_rect(x, y, "middle", width), x, y, "middle"


def town_names(
    view: View, towns: Iterable[Town], markers: Sequence[Marker], taken: list[Rect]
) -> tuple[tuple[Text, ...], list[Spot]]:
    """Names of towns where there is room, at most 7, and the dots they stand beside."""
    taken += [square(marker.x, marker.y, MARKER) for marker in markers]
    for marker in markers:
        if marker.is_moved:
            taken += _along(marker)
    names: list[Text] = []
    dots: list[Spot] = []
    for town in towns:
        x, y = view.place(town.latitude, town.longitude)
        dot = square(x, y, DOT)
        if not is_inside(dot) or not is_free(dot, taken):
            continue
        found = best(islice(beside(x, y, text_width(town.name), DOT), 4), taken, ())
        if found is None:
            continue
        rect, text_x, text_y, anchor = found
        taken += [dot, rect]
        names.append(Text(text_x, text_y, anchor, town.name))
        dots.append((x, y))
        if len(names) == MOST_TOWNS:
            break
    return tuple(names), dots


def _along(marker: Marker) -> Iterator[Rect]:
    """Room for the line from a moved marker to its true point, in pieces."""
    x, y = marker.x, marker.y
    dx, dy = marker.true_x - x, marker.true_y - y
    n = max(abs(dx), abs(dy)) // PIECE + 1
    for i in range(n):
        x_0, x_1 = sorted((x + dx * i // n, x + dx * (i + 1) // n))
        y_0, y_1 = sorted((y + dy * i // n, y + dy * (i + 1) // n))
        yield x_0 - DOT, y_0 - DOT, x_1 + DOT, y_1 + DOT
