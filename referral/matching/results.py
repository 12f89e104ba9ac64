"""What a search gives back. Codes of the vocabulary throughout; words are put to them where they are shown.

What is made for every match of a page is a tuple, which is three times as fast to make as a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from referral.matching.entries import Whereabouts
from referral.vocabulary import Verdict


class Tier(StrEnum):
    MEETS_ALL = "meets_all"
    MAY_MEET_ALL = "may_meet_all"
    MEETS_SOME = "meets_some"


class Basis(StrEnum):
    """What a reason stands on."""

    LEVEL = "level"
    """The level of care of a program."""
    STAY = "stay"
    """The longest stay that a program states, or that it states none."""
    FACT = "fact"
    """What is listed about payment, medication and so on."""


class Reason(NamedTuple):
    """Why a match fits, or what to ask."""

    item: str
    """A need, or a requirement group."""
    verdict: Verdict
    basis: Basis
    facts: tuple[str, ...] = ()
    """yes: the wanted facts that are yes. ask: those not known."""
    level: str = ""
    """Level of the program that answers a need best; empty where none does."""


class ProgramAnswer(NamedTuple):
    id: int
    level: str
    answers: tuple[str, ...]
    verdict: Verdict


class Match(NamedTuple):
    """One provider's answer. `distance_miles` is None without a point."""

    provider_id: int
    tier: Tier
    distance_miles: float | None
    is_approximate: bool
    """The provider's own point is the middle of its ZIP or city."""
    programs: tuple[ProgramAnswer, ...]
    reasons: tuple[Reason, ...]
    limits: tuple[str, ...] = ()
    """Facts of the family "limits" that are yes: the only people whom it takes."""


@dataclass(frozen=True)
class Totals:
    meets_all: int
    may_meet_all: int
    meets_some: int

    @property
    def n_matches(self) -> int:
        return self.meets_all + self.may_meet_all + self.meets_some

    @property
    def n_fitting(self) -> int:
        """Providers in the first two tiers."""
        return self.meets_all + self.may_meet_all


@dataclass(frozen=True)
class Relaxation:
    """How many providers would be in the first two tiers without a requirement group."""

    group: str
    n_matches: int


@dataclass(frozen=True)
class Wider:
    """How many providers would be in the first two tiers within a larger radius (None: at any distance)."""

    radius_miles: float | None
    n_matches: int


@dataclass(frozen=True)
class Alternative:
    """How many providers within the radius have another kind of care, with the same requirements."""

    need: str
    n_matches: int


@dataclass(frozen=True)
class UnlocatedGroup:
    """Matches without a point, same state first. `matches` may be cut; `n_matches` counts all."""

    whereabouts: Whereabouts
    n_matches: int
    n_same_state: int
    matches: tuple[Match, ...]


class PlanStop(NamedTuple):
    """One provider's answer to a step, or to all of them. What it says beside the verdict is as in Match."""

    provider_id: int
    verdict: Verdict
    distance_miles: float
    is_approximate: bool
    programs: tuple[ProgramAnswer, ...]
    reasons: tuple[Reason, ...]
    """Of this step only, and of every requirement."""
    limits: tuple[str, ...]


@dataclass(frozen=True)
class PlanStep:
    """One step of the path and who does it, nearest first. Beyond the radius only where nobody inside does."""

    need: str
    stops: tuple[PlanStop, ...]
    is_beyond_radius: bool


@dataclass(frozen=True)
class Plan:
    together: tuple[PlanStop, ...]
    """Providers that do every step, nearest first."""
    steps: tuple[PlanStep, ...]
    legs_miles: tuple[float | None, ...]
    """From the first stop of each step to the first stop of the next; None where a step has no stop."""


@dataclass(frozen=True)
class Results:
    totals: Totals
    page: int
    per_page: int
    matches: tuple[Match, ...]
    relaxations: tuple[Relaxation, ...]
    wider: tuple[Wider, ...]
    nearest_miles: float | None
    """How far the nearest provider in the first two tiers is, inside the radius or outside; None: there is none."""
    nearest_id: int | None
    """Its id, looked for only where few fit."""
    has_plan: bool
    """Whether several steps of the path are asked."""
    find_alternatives: Callable[[], tuple[Alternative, ...]] = field(compare=False, repr=False)
    find_plan: Callable[[], Plan | None] = field(compare=False, repr=False)
    find_unlocated: Callable[[], tuple[UnlocatedGroup, ...]] = field(compare=False, repr=False)
    find_any_unlocated: Callable[[], bool] = field(compare=False, repr=False)

    @cached_property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Beside residential_90, how many have other care; counted when it is shown."""
        return self.find_alternatives()

    @cached_property
    def plan(self) -> Plan | None:
        """The path in steps, looked for only when it is to be shown; None when fewer than two steps are asked."""
        return self.find_plan()

    @cached_property
    def unlocated(self) -> tuple[UnlocatedGroup, ...]:
        """The matches without a point: behind all others, so looked for only when a page gets there."""
        return self.find_unlocated()

    @cached_property
    def has_unlocated(self) -> bool:
        """Whether there are any, without finding out why each fits."""
        return self.find_any_unlocated()

    @property
    def n_pages(self) -> int:
        """At least 1."""
        return max(1, -(-self.totals.n_matches // self.per_page))
