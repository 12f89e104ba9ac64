"""In which direction a point lies from the origin."""

from __future__ import annotations

import math
from collections.abc import Callable

from referral import geo

HERE_MILES = 0.05
"""Nearer than this there is no direction to tell."""


def directions_from(latitude: float, longitude: float) -> Callable[[float, float], int | None]:
    """Gives the eighth of the compass in which a point lies, clockwise: 0 north, 1 northeast; None: it is here.

    Degrees WGS-84. The direction is that of the straight chord as it shows on the horizon of the origin: within 0.1
    degree of the geodesic's start up to 1,000 miles (held by tests/locator/test_bearings.py).
    """
    phi, lam = math.radians(latitude), math.radians(longitude)
    sin_phi, cos_phi, sin_lam, cos_lam = math.sin(phi), math.cos(phi), math.sin(lam), math.cos(lam)
    x_0, y_0, z_0 = geo.earth_centred_point(latitude, longitude)

    def direction(latitude: float, longitude: float) -> int | None:
        x, y, z = geo.earth_centred_point(latitude, longitude)
        x, y, z = x - x_0, y - y_0, z - z_0
        east = cos_lam * y - sin_lam * x
        north = cos_phi * z - sin_phi * (cos_lam * x + sin_lam * y)
        if east * east + north * north < HERE_MILES * HERE_MILES:
            return None
        return round(math.atan2(east, north) * 4 / math.pi) % 8

    return direction
