"""Distances on the WGS-84 ellipsoid, on whole arrays. Pure NumPy.

A point is kept as Earth-centred coordinates (x, y, z in miles). The straight chord between two points is exact and
cheap; it is turned into an arc along the surface with the Gaussian mean radius of curvature at their mid-latitude
(source: Rapp, *Geometric Geodesy*, part I, 1991, section 3.5). Against `geopy.distance.geodesic` the error stays
below 0.001 mile up to 50 miles, 0.01 % up to 1,000 miles and 0.1 % up to 5,000 miles, poles and the antimeridian
included. Farther than that a chord says little; there the angle at Earth's centre times its mean radius stands in,
within 1 %. Held by tests/test_geo.py.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

METERS_PER_MILE = 1609.344
EQUATOR_MILES = 6378137.0 / METERS_PER_MILE
FLATTENING = 1 / 298.257223563
ECCENTRICITY_2 = FLATTENING * (2 - FLATTENING)
_GAUSS = EQUATOR_MILES * math.sqrt(1 - ECCENTRICITY_2)

MEAN_MILES = 6371008.8 / METERS_PER_MILE
FAR_MILES = 5000.0

MILES_PER_LATITUDE_DEGREE_LEAST = 68.70
"""The shortest that a degree of latitude gets (at the equator), rounded down."""


def earth_centred(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats, Floats]:
    """Coordinates x, y, z in miles of points on the ellipsoid.

    latitude, longitude: degrees WGS-84, any equal shapes. Raises ValueError for values that are not on Earth.
    """
    if not (np.all(np.abs(latitude) <= 90) and np.all(np.abs(longitude) <= 180)):
        raise ValueError("latitude must be within -90 to 90 degrees and longitude within -180 to 180")
    phi, lam = np.radians(latitude), np.radians(longitude)
    sin_phi, cos_phi = np.sin(phi), np.cos(phi)
    normal = EQUATOR_MILES / np.sqrt(1 - ECCENTRICITY_2 * sin_phi**2)
    return (
        normal * cos_phi * np.cos(lam),
        normal * cos_phi * np.sin(lam),
        normal * (1 - ECCENTRICITY_2) * sin_phi,
    )


def earth_centred_point(latitude: float, longitude: float) -> tuple[float, float, float]:
    """`earth_centred` for one point, without the cost of arrays."""
    phi, lam = math.radians(latitude), math.radians(longitude)
    sin_phi, cos_phi = math.sin(phi), math.cos(phi)
    normal = EQUATOR_MILES / math.sqrt(1 - ECCENTRICITY_2 * sin_phi * sin_phi)
    return (
        normal * cos_phi * math.cos(lam),
        normal * cos_phi * math.sin(lam),
        normal * (1 - ECCENTRICITY_2) * sin_phi,
    )


def arc_miles(chord_2: Floats, latitude_a: Floats | float, latitude_b: Floats | float) -> Floats:
    """Distance along the surface, in miles, of points whose straight chord is known.

    chord_2: squared chords, square miles. latitude_a, latitude_b: degrees of the two ends. Never below the chord.
    """
    middle = np.radians(np.add(latitude_a, latitude_b) / 2)
    radius = _GAUSS / (1 - ECCENTRICITY_2 * np.sin(middle) ** 2)
    half = np.minimum(np.sqrt(chord_2) / (2 * radius), 1.0)
    arc: Floats = 2 * radius * np.arcsin(half)
    far = np.flatnonzero(arc > FAR_MILES)
    if len(far):
        ends = [np.broadcast_to(latitude, arc.shape)[far] for latitude in (latitude_a, latitude_b)]
        arc[far] = np.maximum(_central_miles(chord_2[far], *ends), FAR_MILES)
    return arc


def _central_miles(chord_2: Floats, latitude_a: Floats, latitude_b: Floats) -> Floats:
    """The angle at Earth's centre times its mean radius."""
    a, b = _centre_miles(latitude_a), _centre_miles(latitude_b)
    cosine = np.clip((a * a + b * b - chord_2) / (2 * a * b), -1.0, 1.0)
    miles: Floats = MEAN_MILES * np.arccos(cosine)
    return miles


def _centre_miles(latitude: Floats) -> Floats:
    """From Earth's centre to the ellipsoid at a latitude in degrees."""
    sin_2 = np.sin(np.radians(latitude)) ** 2
    normal_2 = EQUATOR_MILES**2 / (1 - ECCENTRICITY_2 * sin_2)
    radius: Floats = np.sqrt(normal_2 * (1 - sin_2 + (1 - ECCENTRICITY_2) ** 2 * sin_2))
    return radius


def distance_miles(latitude_a: float, longitude_a: float, latitude_b: float, longitude_b: float) -> float:
    """Distance in miles between two points given in degrees WGS-84."""
    a, b = earth_centred_point(latitude_a, longitude_a), earth_centred_point(latitude_b, longitude_b)
    chord_2 = sum((there - here) ** 2 for here, there in zip(a, b, strict=True))
    return float(arc_miles(np.array([chord_2]), latitude_a, latitude_b)[0])
