"""How far providers are from the origin, worked out only for those for whom it matters.

The straight chord is cheap and settles most questions: whether a provider is inside a radius, and whether it can be
among the nearest. The arc along the surface is computed for the rest, and for what is shown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from referral import geo
from referral.matching.index import Ints, MatchIndex

ROUGHNESS = 1.03
"""An arc differs from the one that a sphere gives for its chord by less than 1 %; three times that, to be safe."""


ALL_AT_ONCE = 4096
"""Up to so many distances are computed sooner than it is found out which of them matter."""


@dataclass(frozen=True)
class Distances:
    """Of m providers, each told by one row of the index."""

    index: MatchIndex
    rows: Ints
    origin: tuple[float, float]
    chord_2: geo.Floats
    """(m,) squared chords, square miles."""

    @classmethod
    def of(cls, index: MatchIndex, rows: Ints, origin: tuple[float, float]) -> Distances:
        """origin: degrees WGS-84."""
        return cls(index, rows, origin, index.chord_2(origin, rows))

    def miles(self, which: Ints) -> geo.Floats:
        """Distances of the providers at these positions."""
        latitudes = self.index.rows.latitude[self.rows[which]]
        return geo.arc_miles(self.chord_2[which], self.origin[0], latitudes)

    def is_within(self, radius_miles: float | None) -> npt.NDArray[np.bool_]:
        """(m,) distance ≤ radius; None: any distance."""
        if radius_miles is None:
            return np.ones(len(self.rows), dtype=np.bool_)
        inside = self.chord_2 <= _chord_2(radius_miles / ROUGHNESS)
        doubtful = np.flatnonzero(~inside & (self.chord_2 <= radius_miles**2 * (1 + 1e-12)))
        inside[doubtful] = self.miles(doubtful) <= radius_miles
        return inside

    def nearest(self, which: Ints, k: int) -> list[tuple[float, str, int, int]]:
        """The k nearest of the providers at these positions: (miles, name, id, position), in order."""
        if len(which) > k:
            chords_2 = self.chord_2[which]
            limit = _chord_2(_sphere_miles(float(np.partition(chords_2, k - 1)[k - 1])) * ROUGHNESS + 1e-6)
            which = which[chords_2 <= limit]
        providers = self.index.rows.provider[self.rows[which]].tolist()
        names, ids = self.index.providers.names, self.index.providers.ids
        found = [
            (miles, names[provider], int(ids[provider]), position)
            for miles, provider, position in zip(self.miles(which).tolist(), providers, which.tolist(), strict=True)
        ]
        found.sort()
        return found[:k]

    def least(self, which: Ints) -> float:
        """Miles to the nearest of the providers at these positions, of which there is at least one."""
        if len(which) <= ALL_AT_ONCE:
            return float(self.miles(which).min())
        return self.nearest(which, 1)[0][0]


def _sphere_miles(chord_2: float) -> float:
    return 2 * geo.MEAN_MILES * math.asin(min(1.0, math.sqrt(chord_2) / (2 * geo.MEAN_MILES)))


def _chord_2(sphere_miles: float) -> float:
    """Squared chord of an arc on the mean sphere; endless from half way round."""
    angle = sphere_miles / (2 * geo.MEAN_MILES)
    return math.inf if angle >= math.pi / 2 else (2 * geo.MEAN_MILES * math.sin(angle)) ** 2
