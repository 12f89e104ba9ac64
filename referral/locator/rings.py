"""Rings of equal distance around the origin, as the map shows them.

On a sphere, a circle of the angular radius d around the latitude p is on a Mercator map the oval
cosh(y - y0) = B cos(x): symmetric about y0, half as wide as arccos(1/B), half as high as arccosh(B). The ellipsoid
enters by its curvature along the meridian and across it. Four Bézier curves follow the oval; everything on them is
within 0.5 % of the stated distance up to 2,500 miles (held by tests/locator/test_rings.py).
"""

from __future__ import annotations

import math
from typing import NamedTuple

from referral import geo
from referral.locator.projection import View
from referral.locator.shapes import HEIGHT, WIDTH

RADII_MILES = (1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500)
MOST_RINGS = 3

ROOM = 40
"""Drawing units between the edge and a ring that can still be labelled there."""
LEAST_UNITS = 90
"""A smaller third ring would be lost under the mark of the origin and the labels."""
POLAR_LATITUDE = 84.0
"""Rings end before it: one around a pole would be no closed line on this map."""

COMPASS_POINTS = 16
_EIGHTHS = [math.cos(eighth * math.pi / 8) for eighth in range(5)]


class Oval(NamedTuple):
    """A ring in drawing units: its middle, and from there its upper right quarter, (u, v) from top to right."""

    x: float
    y: float
    quarter: list[tuple[float, float]]
    """At the eighths of a right angle: the first is the top, the third the diagonal, the last the right end."""

    def path(self) -> str:
        """A closed curve, as data of an SVG path."""
        (_, top), _, (u, v), _, (right, _) = self.quarter
        width, height = round(right), round(top)
        # Handles for a curve through the diagonal: half way, a Bézier curve is 1/8, 3/8, 3/8, 1/8 of its points.
        a, b = round((8 * u - 4 * width) / 3), round((8 * v - 4 * height) / 3)
        return (
            f"M{round(self.x) - width} {round(self.y)}c0 {-b} {width - a} {-height} {width} {-height}"
            f"s{width} {height - b} {width} {height}s{a - width} {height} {-width} {height}"
            f"s{-width} {b - height} {-width} {-height}z"
        )

    def compass_point(self, i: int) -> tuple[int, int]:
        """One of sixteen places on it, clockwise from the top."""
        u, v = self.quarter[4 - abs(4 - i % 8)]
        return round(self.x + (u if i < 8 else -u)), round(self.y - (v if i < 4 or i > 12 else -v))


def ring_radii(view: View, latitude: float, origin: tuple[int, int]) -> list[int]:
    """Up to three round radii that show in the view, the smallest first."""
    x, y = origin
    reach = max(x, y, WIDTH - x, HEIGHT - y) - ROOM
    units_per_mile = view.scale / (geo.MEAN_MILES * math.cos(math.radians(latitude)))
    most = min(
        reach / units_per_mile,
        (POLAR_LATITUDE - abs(latitude)) * geo.MILES_PER_LATITUDE_DEGREE_LEAST,
    )
    shown = [miles for miles in RADII_MILES if miles <= most][-MOST_RINGS:]
    is_small = len(shown) == MOST_RINGS and shown[0] * units_per_mile < LEAST_UNITS
    return shown[1:] if is_small else shown


def oval(view: View, latitude: float, miles: float) -> Oval:
    """The ring of this radius around the origin, which lies at this latitude (degrees)."""
    phi = math.radians(latitude)
    top = math.asinh(math.tan(_along_meridian(phi, miles)))
    bottom = math.asinh(math.tan(_along_meridian(phi, -miles)))
    half_height = (top - bottom) / 2
    across = geo.EQUATOR_MILES / math.sqrt(1 - geo.ECCENTRICITY_2 * math.sin(phi) ** 2)
    half_width = math.asin(math.sin(miles / across) / math.cos(phi))
    # The width is told from B as the height has it: on the ellipsoid the two differ a little, and both must be met.
    b = math.cosh(half_height)
    share = half_width / math.acos(1 / b)
    heights = [half_height * eighth for eighth in _EIGHTHS]
    quarter = [(math.acos(min(1.0, math.cosh(v) / b)) * share * view.scale, v * view.scale) for v in heights]
    return Oval(-view.left * view.scale, (view.top - (top + bottom) / 2) * view.scale, quarter)


def _along_meridian(phi: float, miles: float) -> float:
    """Latitude in radians of the place so far north of a latitude."""
    middle = phi + miles / (2 * geo.MEAN_MILES)
    squeeze = 1 - geo.ECCENTRICITY_2 * math.sin(middle) ** 2
    return phi + miles * squeeze * math.sqrt(squeeze) / (geo.EQUATOR_MILES * (1 - geo.ECCENTRICITY_2))
