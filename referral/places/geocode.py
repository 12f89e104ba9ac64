"""From an address to a point on the map: the only online call, and only ever made for staff.

Without a geocoder (the default), and whenever it is down, slow or wrong, the point is the middle of the ZIP. A unit
number is never asked for, so it cannot move the point. Nothing here raises, or takes longer than the deadline.
"""

from __future__ import annotations

import enum
import logging
import math
import re
import threading
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.geo import distance_miles
from referral.models.place import places_by_key
from referral.places.geocoders import Ask, make_ask
from referral.places.nearest import state_near

DEADLINE_SECONDS = 2.5
PAUSE_SECONDS = 30.0
"""How long nobody asks after a failure: every save would otherwise wait for a geocoder that is down."""

PUBLIC_INTERVAL_SECONDS = 1.0
"""Between two calls to a public server: Nominatim's usage policy (operations.osmfoundation.org)."""

NEAR_ZIP_MILES = 50.0
NEAR_BORDER_MILES = 10.0
"""A point this near to the middle of the ZIP may lie beside a ZIP of the next state."""

_UNIT_WORD = r"(?:suite|ste|unit|apartment|apt|building|bldg|floor|fl|room|rm|department|dept|lot|space|spc)"
_UNIT = re.compile(
    rf"[\s,]+(?:#\s*[\w-]+|{_UNIT_WORD}\b\.?\s*#?\s*(?:[a-z]?-?[0-9][\w-]*|[a-z])|[0-9]+(?:st|nd|rd|th)\s+(?:floor|fl)\.?)$",
    re.IGNORECASE,
)


class Address(NamedTuple):
    """Where something is. No unit: suite, floor and building are no part of finding a point."""

    street: str
    city: str
    state: str
    postal_code: str

    @property
    def zip5(self) -> str:
        return self.postal_code[:5]

    @property
    def door(self) -> str:
        """The street without a unit that somebody wrote behind it."""
        street = self.street
        while shorter := _UNIT.sub("", street):
            if shorter == street:
                break
            street = shorter
        return street

    @property
    def asked(self) -> str:
        """What a geocoder is asked; equal for two addresses that differ in the unit only."""
        state = f"{self.state} {self.zip5}".strip()
        return ", ".join(filter(None, (self.door, self.city, state)))


class Point(NamedTuple):
    """Degrees WGS-84, and what the point stands on: exact or zip."""

    latitude: float
    longitude: float
    precision: str


class Trouble(enum.StrEnum):
    """Why a point is not that of the address itself."""

    NO_GEOCODER = "no_geocoder"
    NO_STREET = "no_street"
    NOT_FOUND = "not_found"
    SILLY = "silly"
    """The geocoder gave a point that cannot be right."""
    NO_ANSWER = "no_answer"
    PAUSED = "paused"
    """It did not answer a moment ago, so it was not asked."""


class Located(NamedTuple):
    """A point, or none where even the ZIP has none; `trouble` is None exactly when the point is exact."""

    point: Point | None
    trouble: Trouble | None


class Geocoder:
    """The geocoder that the operator chose, with its pause after a failure. One for each process; thread-safe."""

    def __init__(
        self,
        kind: str = "none",
        url: str = "",
        key: str = "",
        site_name: str = "Onward",
        *,
        deadline_seconds: float = DEADLINE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ask: Ask | None = make_ask(kind, url, key, site_name) if kind != "none" else None
        self._interval = 0.0 if url else PUBLIC_INTERVAL_SECONDS
        self._deadline = deadline_seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._paused_until = -math.inf
        self._next_call = -math.inf
        # geopy writes addresses, and what a server answered, into its log.
        logging.getLogger("geopy").setLevel(logging.WARNING)

    @property
    def is_there(self) -> bool:
        return self._ask is not None

    def ask(self, address: Address) -> tuple[float, float] | Trouble:
        """The point of the address itself in degrees, or why there is none. Never raises."""
        if self._ask is None:
            return Trouble.NO_GEOCODER
        if not address.door:
            return Trouble.NO_STREET
        started = self._clock()
        with self._lock:
            if started < self._paused_until:
                return Trouble.PAUSED
            was_down = self._paused_until > -math.inf
            if was_down:
                # One asks whether it is back, while the others still do without.
                self._paused_until = started + PAUSE_SECONDS
            wait = max(0.0, self._next_call - started)
            if wait > self._deadline / 2:
                return Trouble.PAUSED
            self._next_call = started + wait + self._interval
        if wait:
            time.sleep(wait)
        try:
            found = self._ask(address.asked, self._deadline - wait)
            if found is not None and not _is_on_earth(*found):
                raise ValueError("not on Earth")
        except Exception:
            self._paused_until = self._clock() + PAUSE_SECONDS
            return Trouble.NO_ANSWER
        self._paused_until = -math.inf
        return found or Trouble.NOT_FOUND


def find_point(database: sa.Connection | Session, geocoder: Geocoder, address: Address) -> Located:
    """The point of an address: exact, or else the middle of its ZIP with the reason.

    Takes DEADLINE_SECONDS at most and holds no lock of the database if the caller holds none.
    """
    middle = _middle_of_zip(database, address.zip5)
    found = geocoder.ask(address)
    if not isinstance(found, Trouble):
        if _is_likely(database, found, middle, address.state):
            return Located(Point(*found, "exact"), None)
        found = Trouble.SILLY
    return Located(Point(*middle, "zip") if middle else None, found)


def miles_from_zip(database: sa.Connection | Session, point: tuple[float, float], zip5: str) -> float | None:
    """How far a point (degrees) is from the middle of a ZIP; None where the ZIP is not known or has no point."""
    middle = _middle_of_zip(database, zip5)
    return None if middle is None else distance_miles(*point, *middle)


def _is_on_earth(latitude: float, longitude: float) -> bool:
    is_finite = math.isfinite(latitude) and math.isfinite(longitude)
    return is_finite and abs(latitude) <= 90 and abs(longitude) <= 180 and (latitude, longitude) != (0, 0)


def _is_likely(
    database: sa.Connection | Session, found: tuple[float, float], middle: tuple[float, float] | None, state: str
) -> bool:
    """Whether a point can be that of an address in this ZIP and state."""
    if middle is not None:
        miles = distance_miles(*found, *middle)
        if miles > NEAR_ZIP_MILES:
            return False
        if miles <= NEAR_BORDER_MILES:
            return True
    return state_near(database, *found) == state if state else bool(state_near(database, *found))


def _middle_of_zip(database: sa.Connection | Session, zip5: str) -> tuple[float, float] | None:
    rows: list[Any] = list(database.execute(places_by_key, {"keys": [zip5]}).all()) if zip5 else []
    points = [(row.latitude, row.longitude) for row in rows if row.kind == "zip" and row.latitude is not None]
    return points[0] if points else None
