"""Where names can stand without lying on each other or on the markers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from referral.locator.shapes import GAP, HEIGHT, MARKER, TEXT, WIDTH

Rect = tuple[int, int, int, int]
"""Left, top, right, bottom."""

Room = tuple[Rect, int, int, str]
"""The room of a text, where it stands (x and the middle line), and its anchor."""

NARROW, WIDE, CAPITALS = frozenset("fijlrtI.,:;'’-!|() "), frozenset("mwMW@%"), 0.74
BOLD = 1.2
"""How much wider bold letters are."""
FAR = MARKER + GAP
DOT = 10
"""Half the side of the square that a dot may fill."""


@lru_cache(maxsize=4096)
def text_width(text: str, *, is_bold: bool = False) -> int:
    """Drawing units that a text may fill in any of the fonts of the pages; rather too much than too little."""
    ems = sum(
        0.38 if c in NARROW else 0.95 if c in WIDE else CAPITALS if c.isupper() else 0.6 if c < "\u0250" else 1.05
        for c in text
    )
    return round(ems * TEXT * (BOLD if is_bold else 1))


def text_rect(x: int, y: int, anchor: str, width: int) -> Rect:
    """The room of a text of this width whose middle line is at y."""
    left = x if anchor == "start" else x - width if anchor == "end" else x - width // 2
    return left, y - TEXT // 2, left + width, y + TEXT // 2


def square(x: int, y: int, half: int) -> Rect:
    return x - half, y - half, x + half, y + half


def is_inside(rect: Rect) -> bool:
    """The whole of it is in the drawing."""
    left, top, right, bottom = rect
    return left >= GAP and top >= GAP and right <= WIDTH - GAP and bottom <= HEIGHT - GAP


def is_free(rect: Rect, taken: Iterable[Rect]) -> bool:
    left, top, right, bottom = rect[0] - GAP, rect[1] - GAP, rect[2] + GAP, rect[3] + GAP
    for other in taken:  # noqa: SIM110 - `all` of a generator takes twice as long, and this runs hundreds of times
        if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom:
            return False
    return True


def n_displaced(rect: Rect, points: Sequence[tuple[int, int]]) -> int:
    """How many markers would have to move if this room were taken."""
    left, top, right, bottom = rect[0] - FAR, rect[1] - FAR, rect[2] + FAR, rect[3] + FAR
    return len([x for x, y in points if left < x < right and top < y < bottom])


def best(rooms: Iterable[Room], taken: Sequence[Rect], points: Sequence[tuple[int, int]]) -> Room | None:
    """Of the free rooms the one for which the fewest markers have to move; the first of several."""
    found, least = None, len(points) + 1
    for room in rooms:
        rect = room[0]
        if is_inside(rect) and is_free(rect, taken):
            n = n_displaced(rect, points)
            if n < least:
                found, least = room, n
                if not n:
                    break
    return found


def beside(x: int, y: int, width: int, room: int) -> Iterator[Room]:
    """Rooms for a text of this width around a mark that fills `room` units in each direction, the best first."""
    far, line = room + GAP, room + GAP + TEXT // 2
    for dx, dy, anchor in (
        (far, 0, "start"),
        (-far, 0, "end"),
        (0, line, "middle"),
        (0, -line, "middle"),
        (-room, line, "start"),
        (room, line, "end"),
        (-room, -line, "start"),
        (room, -line, "end"),
    ):
        yield text_rect(x + dx, y + dy, anchor, width), x + dx, y + dy, anchor
