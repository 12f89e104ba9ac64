"""What narrows the list besides its words, as conditions over the columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from referral.finding.columns import Columns
from referral.finding.terms import Term
from referral.matching import Whereabouts
from referral.matching.columns import LEVEL_NUMBER

Mask = npt.NDArray[np.bool_]

NO_LEVEL = "none"
"""Asks for listings without a published program."""


class Known(StrEnum):
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class FactFilter(NamedTuple):
    fact: str
    known: Known


class Point(StrEnum):
    """Where a listing stands on the map, and if nowhere, why."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    """The middle of a ZIP or city."""
    NONE = "none"
    """It has an address and no point."""
    CONFIDENTIAL = "confidential"
    TELEHEALTH = "telehealth"


@dataclass(frozen=True)
class Filters:
    """All must hold. Empty and False: whatever it is."""

    terms: tuple[Term, ...] = ()
    state: str = ""
    level: str = ""
    """A level of care of one of its published programs, or NO_LEVEL."""
    facts: tuple[FactFilter, ...] = ()
    """Of the provider itself."""
    status: str = ""
    source: str = ""
    confirmed_since: date | None = None
    """On this day or later."""
    confirmed_before: date | None = None
    never_confirmed: bool = False
    """Together with days: those that fit the days, and those never confirmed too."""
    point: Point | None = None
    has_reports: bool = False
    has_corrections: bool = False
    has_offers: bool = False
    is_license_expired: bool = False

    def parts(self) -> list[str]:
        """What is asked for, by the name that `without` takes."""
        named = {
            "q": self.terms,
            "state": self.state,
            "level": self.level,
            "status": self.status,
            "source": self.source,
            "confirmed": self.confirmed_since or self.confirmed_before or self.never_confirmed,
            "point": self.point,
            "reports": self.has_reports,
            "corrections": self.has_corrections,
            "offers": self.has_offers,
            "license": self.is_license_expired,
        }
        facts = [f"fact-{number}" for number in range(len(self.facts))]
        return [*(name for name, value in named.items() if value), *facts]

    def without(self, part: str) -> Filters:
        """The same without one of its parts."""
        if part.startswith("fact-"):
            number = int(part.removeprefix("fact-"))
            return replace(self, facts=self.facts[:number] + self.facts[number + 1 :])
        nothing = Filters()
        return replace(self, **{field: getattr(nothing, field) for field in _FIELDS[part]})


_FIELDS: dict[str, tuple[str, ...]] = {
    "q": ("terms",),
    "state": ("state",),
    "level": ("level",),
    "status": ("status",),
    "source": ("source",),
    "confirmed": ("confirmed_since", "confirmed_before", "never_confirmed"),
    "point": ("point",),
    "reports": ("has_reports",),
    "corrections": ("has_corrections",),
    "offers": ("has_offers",),
    "license": ("is_license_expired",),
}


def fitting(filters: Filters, columns: Columns, today: date) -> Mask | None:
    """Which rows fit, words aside; None: all of them."""
    masks = _plain_masks(filters, columns)
    masks += [_fact(columns, wanted) for wanted in filters.facts]
    if filters.level:
        wanted = columns.levels
        bit = np.uint16(0 if filters.level == NO_LEVEL else 1 << LEVEL_NUMBER[filters.level])
        masks.append((wanted & bit) != 0 if bit else wanted == 0)
    if filters.confirmed_since or filters.confirmed_before or filters.never_confirmed:
        masks.append(_confirmed(filters, columns.confirmed))
    if filters.point is not None:
        masks.append(_point(columns, filters.point))
    if filters.is_license_expired:
        masks.append(columns.is_license_expired(today))
    if not masks:
        return None
    mask = masks[0]
    for more in masks[1:]:
        mask = mask & more
    return mask


def _plain_masks(filters: Filters, columns: Columns) -> list[Mask]:
    masks = []
    if filters.state:
        masks.append(columns.states.equal(filters.state))
    if filters.status:
        masks.append(columns.statuses.equal(filters.status))
    if filters.source:
        masks.append(columns.sources.equal(filters.source))
    if filters.has_reports:
        masks.append(columns.n_open_reports > 0)
    if filters.has_corrections:
        masks.append(columns.has_corrections)
    if filters.has_offers:
        masks.append(columns.has_offers)
    return masks


def _fact(columns: Columns, wanted: FactFilter) -> Mask:
    if wanted.known is Known.UNKNOWN:
        mask: Mask = ~(columns.fact(wanted.fact, is_yes=True) | columns.fact(wanted.fact, is_yes=False))
        return mask
    return columns.fact(wanted.fact, is_yes=wanted.known is Known.YES)


def _confirmed(filters: Filters, confirmed: npt.NDArray[np.int32]) -> Mask:
    mask = np.zeros(len(confirmed), dtype=np.bool_)
    if filters.confirmed_since or filters.confirmed_before:
        mask = confirmed > 0
        if filters.confirmed_since:
            mask &= confirmed >= filters.confirmed_since.toordinal()
        if filters.confirmed_before:
            mask &= confirmed < filters.confirmed_before.toordinal()
    if filters.never_confirmed:
        mask |= confirmed == 0
    return mask


_WHEREABOUTS = {
    Point.NONE: Whereabouts.NO_MAP_POINT,
    Point.CONFIDENTIAL: Whereabouts.CONFIDENTIAL,
    Point.TELEHEALTH: Whereabouts.TELEHEALTH,
}


def _point(columns: Columns, point: Point) -> Mask:
    if point in _WHEREABOUTS:
        mask: Mask = columns.whereabouts == _WHEREABOUTS[point]
        return mask
    is_approximate = columns.is_approximate if point is Point.APPROXIMATE else ~columns.is_approximate
    located: Mask = (columns.whereabouts == Whereabouts.LOCATED) & is_approximate
    return located
