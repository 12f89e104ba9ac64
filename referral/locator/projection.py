"""Web Mercator around an origin: north is up, and longitudes run on across the antimeridian."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from referral import geo
from referral.locator.shapes import HEIGHT, MARKER, WIDTH, Box

MAX_LATITUDE = 85.0
"""Farther from the equator a Mercator map grows without end."""

MARGIN = MARKER + 12
"""Drawing units between the edge and the outermost point."""

LEAST_MILES = 2.0
"""From the middle of a drawing to its upper edge at least, so that two rings fit in."""


class View(NamedTuple):
    """A piece of the map: `scale` drawing units for each radian, (left, top) its upper left corner in radians.

    x runs eastwards from the origin's longitude, y northwards from the equator.
    """

    longitude: float
    """Of the origin, in degrees."""
    scale: float
    left: float
    top: float

    def place(self, latitude: float, longitude: float) -> tuple[int, int]:
        """Drawing units of a point in degrees."""
        return self.on_drawing(*mercator(latitude, longitude - self.longitude))

    def on_drawing(self, x: float, y: float) -> tuple[int, int]:
        """Drawing units of a point on the map."""
        return round((x - self.left) * self.scale), round((self.top - y) * self.scale)

    def box(self) -> Box:
        """What the drawing shows, in degrees."""
        east, bottom = self.left + WIDTH / self.scale, self.top - HEIGHT / self.scale
        return Box(
            _latitude(bottom),
            self.longitude + math.degrees(self.left),
            _latitude(self.top),
            self.longitude + math.degrees(east),
        )


def mercator(latitude: float, east: float) -> tuple[float, float]:
    """Radians on the map of a point `east` degrees of longitude from the origin, the shorter way round."""
    phi = math.radians(max(-MAX_LATITUDE, min(MAX_LATITUDE, latitude)))
    return math.radians((east + 180.0) % 360.0 - 180.0), math.asinh(math.tan(phi))


def _latitude(y: float) -> float:
    return math.degrees(math.atan(math.sinh(y)))


def fit(latitude: float, longitude: float, on_map: Sequence[tuple[float, float]]) -> View:
    """The smallest view that holds points on the map, among them the origin (degrees), and rings around it."""
    xs, ys = [x for x, _ in on_map], [y for _, y in on_map]
    west, east, south, north = min(xs), max(xs), min(ys), max(ys)
    half_height = HEIGHT / 2 - MARGIN
    least = LEAST_MILES / (geo.MEAN_MILES * math.cos(math.radians(min(abs(latitude), MAX_LATITUDE))))
    radians = max((north - south) / 2, (east - west) / 2 * half_height / (WIDTH / 2 - MARGIN), least)
    scale = half_height / radians
    left, top = (west + east) / 2 - WIDTH / 2 / scale, (south + north) / 2 + HEIGHT / 2 / scale
    return View(longitude, scale, left, top)
