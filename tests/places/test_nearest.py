"""The state of a point that a browser told: that of the nearest ZIP."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from referral.places.nearest import state_near


@pytest.mark.parametrize(
    ("latitude", "longitude", "state"),
    [
        (38.25, -85.76, "KY"),
        (38.30, -85.73, "IN"),
        (40.71, -74.01, "NY"),
        (61.22, -149.90, "AK"),
        (18.47, -66.11, "PR"),
        (66.0, -152.0, "AK"),
        (0.0, -140.0, ""),
        (90.0, 0.0, ""),
    ],
)
def test_a_point_lies_in_the_state_of_the_nearest_zip(
    places: sa.Connection, latitude: float, longitude: float, state: str
) -> None:
    assert state_near(places, latitude, longitude) == state
