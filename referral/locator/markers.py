"""Markers that do not lie on each other: each at its true point, or in the nearest free place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from referral.locator.placing import DOT, Rect
from referral.locator.shapes import GAP, HEIGHT, MARKER, WIDTH

APART = 2 * MARKER + GAP
EDGE = MARKER + GAP
PITCH = 25
"""Markers that had to be moved stand on a lattice this wide, which keeps clumps tidy."""
SLOTS = 4
"""Each fourth line of the lattice: places so far apart that a marker in one leaves all others free."""

Spot = tuple[int, int]
Floats = npt.NDArray[np.float32]


class Lattice:
    """Places for markers. All arrays float32."""

    def __init__(self, pitch: int) -> None:
        self.pitch = pitch
        self.xs = np.arange(EDGE, WIDTH - EDGE + 1, pitch, dtype=np.float32)
        self.ys = np.arange(EDGE, HEIGHT - EDGE + 1, pitch, dtype=np.float32)[:, None]
        self.reach = (APART - 1) // pitch
        near = np.arange(-self.reach, self.reach + 1) * pitch
        self.stencil = np.where(near**2 + near[:, None] ** 2 < APART**2, np.inf, 0).astype(np.float32)
        """What a marker adds to the places around its own: no other can stand there."""


_FINE, _COARSE = Lattice(PITCH), Lattice(PITCH * SLOTS)


def settle(points: Sequence[Spot], taken: Sequence[Rect]) -> list[Spot]:
    """Middles of the markers, in the order of the points; earlier points keep their place before later ones.

    points: at most 20, in drawing units. taken: room in which no marker may lie; it must leave 20 coarse slots.
    """
    staying: list[Spot] = []
    moving: list[int] = []
    for number, (x, y) in enumerate(points):
        if _is_clear(x, y, taken, staying):
            staying.append((x, y))
        else:
            moving.append(number)
    if not moving:
        return list(points)
    # Moved markers also leave the true points visible to which lines will lead.
    rooms = [(*rect, EDGE) for rect in taken]
    dots = [(x, y, x, y, EDGE + DOT) for x, y in {points[i] for i in moving}]
    discs = [(x, y, x, y, APART) for x, y in staying]
    moved = _nearest_free(_FINE, [points[i] for i in moving], rooms + dots + discs)
    if moved is None:
        # Those that stay leave too little room between them: all take the nearest of the places that surely suffice.
        return _nearest_free(_COARSE, points, rooms) or list(points)
    settled = list(points)
    for number, spot in zip(moving, moved, strict=True):
        settled[number] = spot
    return settled


def _is_clear(x: int, y: int, taken: Sequence[Rect], others: Sequence[Spot]) -> bool:
    """No taken room and no other marker is too near for a marker here."""
    for a, b in others:
        if (x - a) * (x - a) + (y - b) * (y - b) < APART * APART:
            return False
    for left, top, right, bottom in taken:
        if left - EDGE < x < right + EDGE and top - EDGE < y < bottom + EDGE:
            dx, dy = max(left - x, 0, x - right), max(top - y, 0, y - bottom)
            if dx * dx + dy * dy < EDGE * EDGE:
                return False
    return True


def _nearest_free(
    lattice: Lattice, points: Sequence[Spot], rooms: Sequence[tuple[int, int, int, int, int]]
) -> list[Spot] | None:
    """The nearest free place of the lattice for each point, one after the other; None where they do not suffice.

    rooms: rectangles, each with the distance within which no marker may have its middle.
    """
    xs, ys, reach = lattice.xs, lattice.ys, lattice.reach
    left, top, right, bottom, distance = np.array(rooms, dtype=np.float32).T[:, :, None]
    dx = np.maximum(np.maximum(left - xs, xs - right), 0)
    dy = np.maximum(np.maximum(top - ys[:, 0], ys[:, 0] - bottom), 0)
    spare = ((dy * dy - distance * distance)[:, :, None] + (dx * dx)[:, None, :]).min(axis=0)
    # With a rim, so that a marker near the edge needs no other treatment.
    padded = np.zeros((len(ys) + 2 * reach, len(xs) + 2 * reach), dtype=np.float32)
    penalty = padded[reach : reach + len(ys), reach : reach + len(xs)]
    penalty[...] = np.where(spare < 0, np.float32(np.inf), np.float32(0))
    found = []
    for x, y in points:
        away = penalty + (xs - x) ** 2
        away += (ys - y) ** 2
        row, column = divmod(int(away.argmin()), len(xs))
        if penalty[row, column]:
            return None
        found.append((EDGE + column * lattice.pitch, EDGE + row * lattice.pitch))
        padded[row : row + 2 * reach + 1, column : column + 2 * reach + 1] += lattice.stencil
    return found
