"""In which state a point lies, as far as the places tell: that of the nearest ZIP."""

from __future__ import annotations

import math

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.models import Place

REACHES_DEGREES = (0.3, 1.5)
"""How far to look in each direction, at first and where nothing is near."""


def state_near(database: sa.Connection | Session, latitude: float, longitude: float) -> str:
    """Two letters of the state of the ZIP nearest to the point (degrees WGS-84); empty where none is near."""
    narrowing = math.cos(math.radians(latitude))
    for reach in REACHES_DEGREES:
        rows = database.execute(
            sa.select(Place.state, Place.latitude, Place.longitude).where(
                Place.kind == "zip",
                Place.latitude.between(latitude - reach, latitude + reach),
                Place.longitude.between(longitude - reach, longitude + reach),
            )
        ).all()
        if rows:
            nearest = min(
                rows,
                key=lambda row: math.hypot(row.latitude - latitude, (row.longitude - longitude) * narrowing),
            )
            return str(nearest.state)
    return ""
