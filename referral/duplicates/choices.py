"""What can be chosen when two listings become one, and what stands there until somebody chooses otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.models import Correction, Program, Provider
from referral.vocabulary import FACTS
from referral.vocabulary.words import N_

Side = Literal["first", "second"]
SIDES: tuple[Side, Side] = ("first", "second")

PARTS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "organization": ("organization",),
    "address": ("address_kind", "street", "unit", "city", "state", "postal_code"),
    "point": ("latitude", "longitude", "precision"),
    "phone": ("phone", "phone_extension"),
    "website": ("website",),
    "status": ("status", "closed_until"),
    "confirmed_on": ("confirmed_on",),
    "license": ("license_number", "license_expires_on"),
    "licensed_beds": ("licensed_beds",),
    "staff_note": ("staff_note",),
}
"""Columns that are chosen together: half an address of each would be no address."""

LABELS = {
    "name": N_("Name"),
    "organization": N_("Organization"),
    "address": N_("Address"),
    "point": N_("Map point"),
    "phone": N_("Phone"),
    "website": N_("Website"),
    "status": N_("Status"),
    "confirmed_on": N_("Confirmed on"),
    "license": N_("License"),
    "licensed_beds": N_("Licensed beds"),
    "staff_note": N_("Note for staff"),
}

ADD, LEAVE = "add", "leave"
"""What becomes of a program of the listing that goes, unless it is combined with another, which is then named."""


@dataclass
class Choices:
    """What somebody chose. What is not in it is as in `default_choices`."""

    winner: Side
    parts: dict[str, Side] = field(default_factory=dict)
    facts: dict[str, bool | None] = field(default_factory=dict)
    """Only of facts on which the two listings contradict each other. None: not known."""
    programs: dict[int, str] = field(default_factory=dict)
    """By number of a program of the listing that goes: ADD, LEAVE or the number of one of the listing that stays."""


@dataclass(frozen=True)
class Two:
    """Two listings side by side, with the fields that staff have corrected in each."""

    first: Provider
    second: Provider
    corrected: Mapping[int, frozenset[str]]

    def side(self, side: Side) -> Provider:
        return self.first if side == "first" else self.second

    def sides(self, winner: Side) -> tuple[Provider, Provider]:
        """The listing that stays, and the one that goes."""
        return (self.first, self.second) if winner == "first" else (self.second, self.first)


def two_of(session: Session, first: Provider, second: Provider) -> Two:
    columns = sa.select(Correction.provider_id, Correction.field)
    rows = session.execute(columns.where(Correction.provider_id.in_((first.id, second.id)))).all()
    corrected = {one.id: frozenset(name for number, name in rows if number == one.id) for one in (first, second)}
    return Two(first, second, corrected)


def values_of(provider: Provider, part: str) -> tuple[object, ...]:
    return tuple(getattr(provider, name) for name in PARTS[part])


def differing_parts(two: Two) -> list[str]:
    return [part for part in PARTS if _told_apart(two.first, part) != _told_apart(two.second, part)]


def _told_apart(provider: Provider, part: str) -> tuple[object, ...]:
    """Values that tell two listings apart: points within a few meters do not."""
    values = values_of(provider, part)
    return tuple(round(value, 4) if isinstance(value, float) else value for value in values)


def contradicting_facts(two: Two) -> list[str]:
    """Facts to which one says yes and the other no."""
    a, b = two.first.facts, two.second.facts
    return [code for code in FACTS if code in a and code in b and a[code] is not b[code]]


def default_choices(two: Two) -> Choices:
    """The better listing stays; of each part the better one; contradictions as the one that was confirmed later."""
    winner: Side = "first" if _worth(two, two.first) >= _worth(two, two.second) else "second"
    later = _confirmed_later(two)
    facts = {code: later.facts[code] if later else None for code in contradicting_facts(two)}
    parts = {part: _better(two, part, winner) for part in differing_parts(two)}
    return Choices(winner, parts, facts, default_programs(two))


def default_programs(two: Two) -> dict[int, str]:
    """A program is combined with the only one of its level on the other side, else added."""
    found = {}
    for own, other in ((two.first, two.second), (two.second, two.first)):
        for program in listed(own.programs):
            same = [one for one in listed(other.programs) if one.level == program.level]
            found[program.id] = str(same[0].id) if len(same) == 1 else ADD
    return found


def listed(programs: Iterable[Program]) -> list[Program]:
    return [program for program in programs if program.status != "inactive"]


def _worth(two: Two, provider: Provider) -> tuple[date, int, bool, int]:
    """What is confirmed, corrected or exact is better than what is not; then what says more."""
    confirmed = provider.confirmed_on or date.min
    return confirmed, len(two.corrected[provider.id]), provider.precision == "exact", len(provider.facts)


def _confirmed_later(two: Two) -> Provider | None:
    first, second = (one.confirmed_on or date.min for one in (two.first, two.second))
    if first == second:
        return None
    return two.first if first > second else two.second


def _better(two: Two, part: str, winner: Side) -> Side:
    def worth(side: Side) -> tuple[bool, bool, bool, date, bool]:
        provider = two.side(side)
        is_there = any(value not in ("", None, "street") for value in values_of(provider, part))
        is_corrected = bool({part, *PARTS[part]} & two.corrected[provider.id])
        is_exact = part == "point" and provider.precision == "exact"
        return is_there, is_corrected, is_exact, provider.confirmed_on or date.min, side == winner

    if part == "point":
        # The point belongs to the address, where the better address has one.
        side = _better(two, "address", winner)
        if two.side(side).precision == "exact":
            return side
    return max(SIDES, key=worth)
