"""What is asked: needs, requirements, where, how far, in which order."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from referral.vocabulary import ASKS, FACTS, FAMILIES, GROUPS, LEVEL_NEEDS

RADIUS_CHOICES_MILES: tuple[float, ...] = (5.0, 10.0, 25.0, 50.0, 100.0)
"""Beside these a person may choose any distance (None)."""

DEFAULT_RADIUS_MILES = 25.0


class QueryError(ValueError):
    """A query that cannot be asked; the message names the part."""


class Order(StrEnum):
    BEST = "best"
    DISTANCE = "distance"


class Precision(StrEnum):
    """What a point stands on."""

    EXACT = "exact"
    ZIP = "zip"
    CITY = "city"
    ROUNDED = "rounded"
    """A browser's location, rounded to two decimals of a degree before it was sent."""


@dataclass(frozen=True)
class Origin:
    """Where the seeker is. Degrees WGS-84; `state` (two letters, or empty) ranks the places without a point."""

    latitude: float
    longitude: float
    precision: Precision = Precision.EXACT
    label: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.latitude) and abs(self.latitude) <= 90):
            raise QueryError("latitude must be a number from -90 to 90")
        if not (math.isfinite(self.longitude) and abs(self.longitude) <= 180):
            raise QueryError("longitude must be a number from -180 to 180")


@dataclass(frozen=True)
class Requirement:
    """Inside a group any one of the wanted facts is enough."""

    group: str
    facts: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.group not in GROUPS:
            raise QueryError(f"unknown requirement group: {self.group}")
        if not self.facts:
            raise QueryError(f"no fact chosen in group {self.group}")
        for code in self.facts:
            if code not in FACTS or FACTS[code].family != self.group:
                raise QueryError(f"unknown fact in group {self.group}: {code}")

    @property
    def is_relaxable(self) -> bool:
        """Whether to offer a search without it; never for medication, age, gender and pregnancy (DESIGN 3)."""
        return FAMILIES[self.group].is_relaxable and all(FACTS[code].is_relaxable for code in self.facts)


@dataclass(frozen=True)
class Query:
    """Needs + requirements + origin + radius (miles; None: any distance)."""

    origin: Origin
    needs: tuple[str, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    radius_miles: float | None = DEFAULT_RADIUS_MILES
    order: Order = Order.BEST

    def __post_init__(self) -> None:
        for code in self.needs:
            if code not in ASKS:
                raise QueryError(f"unknown need: {code}")
        if len(set(self.needs)) != len(self.needs):
            raise QueryError("a need is asked twice")
        if len({requirement.group for requirement in self.requirements}) != len(self.requirements):
            raise QueryError("a requirement group is asked twice")
        if self.radius_miles is not None and not (math.isfinite(self.radius_miles) and self.radius_miles > 0):
            raise QueryError("radius_miles must be a positive number")

    @cached_property
    def level_needs(self) -> tuple[str, ...]:
        """The needs that a level of care answers, in the vocabulary's order."""
        return tuple(code for code in LEVEL_NEEDS if code in self.needs)

    @cached_property
    def fact_needs(self) -> tuple[str, ...]:
        """The needs that ask a fact of every program: `dual_diagnosis`."""
        return tuple(code for code in ASKS if code in self.needs and ASKS[code].fact is not None)

    @cached_property
    def wanted_facts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """What is asked beside levels of care: (fact need or group, the facts of which one is enough)."""
        needs = [(need, (str(ASKS[need].fact),)) for need in self.fact_needs]
        return (*needs, *((item.group, item.facts) for item in self.requirements))
