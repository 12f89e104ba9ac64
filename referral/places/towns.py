"""Towns for a map: the largest of each part of an area. Read once by each worker, then filtered in memory."""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from referral.models import Place, PlaceData

LEAST_PEOPLE = 500
"""Smaller places are seldom known by name, and hardly anything is near them."""

ASK_SECONDS = 60.0
"""How often it is asked whether `flask setup` has changed the places."""

LARGE_PEOPLE = 20_000
MANY = 12_000
"""With so many towns between its south and north an area is so large that only large ones matter."""

MOST_LOOKED_AT = 200

COLUMNS, ROWS = 4, 3
"""Parts of an area, each of which gives its largest town."""

Town = tuple[float, float, str]
"""Latitude and longitude in degrees, name."""


@dataclass(frozen=True)
class Towns:
    """Rows sorted by latitude. latitude, longitude: float32 (n,) degrees; people: int32 (n,)."""

    latitude: npt.NDArray[np.float32]
    longitude: npt.NDArray[np.float32]
    people: npt.NDArray[np.int32]
    names: tuple[str, ...]
    large: Towns | None = None
    """Only those of at least 20,000 people."""

    @classmethod
    def read(cls, connection: sa.Connection) -> Towns:
        """All cities with at least 500 people, each once, whatever names it has."""
        latitude, longitude, people, names = array("f"), array("f"), array("i"), list[str]()
        last = None
        for row in connection.execution_options(yield_per=2000).execute(_CITIES):
            if row[:3] != last:
                last = row[:3]
                latitude.append(row.latitude)
                longitude.append(row.longitude)
                people.append(row.size)
                names.append(row.city)
        every = cls(np.array(latitude), np.array(longitude), np.array(people), tuple(names))
        large = np.flatnonzero(every.people >= LARGE_PEOPLE)
        points = every.latitude[large], every.longitude[large]
        return replace(every, large=cls(*points, every.people[large], tuple([names[i] for i in large])))

    def within(self, south: float, west: float, north: float, east: float) -> list[Town]:
        """The largest town of each part of a box, the largest first, at most 12.

        Degrees; west < east, either of which may lie beyond ±180, as where a box crosses the antimeridian.
        """
        # In the type of the column: for another one NumPy would copy all of it first.
        low, high = self.latitude.searchsorted(np.array((south, north), dtype=np.float32)).tolist()
        if self.large is not None and high - low > MANY:
            return self.large.within(south, west, north, east)
        eastwards = self.longitude[low:high] - np.float32(west)
        if west < -180 or east > 180:
            eastwards %= 360.0
        inside = np.flatnonzero((eastwards >= 0) & (eastwards <= east - west))
        inside = inside[np.argsort(-self.people[low:high][inside], kind="stable")[:MOST_LOOKED_AT]]
        column = eastwards[inside] * (COLUMNS / (east - west))
        row = (self.latitude[low:high][inside] - south) * (ROWS / (north - south))
        parts = np.trunc(row) * COLUMNS + np.trunc(column)
        largest: dict[float, int] = {}
        for part, i in zip(parts.tolist(), (inside + low).tolist(), strict=True):
            largest.setdefault(part, i)
        return [(float(self.latitude[i]), float(self.longitude[i]), self.names[i]) for i in largest.values()]


_CITIES = (
    sa.select(Place.latitude, Place.longitude, Place.city, Place.size)
    .where(Place.kind == "city", Place.size >= LEAST_PEOPLE, Place.latitude.is_not(None))
    .order_by(Place.latitude, Place.longitude, Place.city, Place.size.desc())
)


@dataclass
class KnownTowns:
    """The towns of one database, read when they are first needed and again when its places have changed.

    Thread-safe. Without a database there are no towns, and the map does without.
    """

    connect: Callable[[], sa.Connection]
    _towns: Towns | None = None
    _fingerprint: str | None = None
    _asked_at: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def current(self) -> Towns | None:
        now = time.monotonic()
        if self._fingerprint is not None and now - self._asked_at < ASK_SECONDS:
            return self._towns
        # One thread asks. The others go on with what they have, and wait only for the first answer of all.
        if self._fingerprint is None:
            self._lock.acquire()
        elif not self._lock.acquire(blocking=False):
            return self._towns
        try:
            if self._fingerprint is None or now - self._asked_at >= ASK_SECONDS:
                self._ask()
                self._asked_at = time.monotonic()
            return self._towns
        finally:
            self._lock.release()

    def _ask(self) -> None:
        try:
            with self.connect() as connection:
                fingerprint = connection.execute(sa.select(PlaceData.fingerprint)).scalar_one()
                if fingerprint != self._fingerprint:
                    self._towns = Towns.read(connection)
                    self._fingerprint = fingerprint
        except sa.exc.SQLAlchemyError:
            self._fingerprint = self._fingerprint or ""
