"""What must hold, in plain dicts and in the words of the issue, knowing nothing of how it is done.

"What staff corrected is never overwritten: the difference is shown and settled by hand." So of each listing from a
source we keep what its source says, which values are the word of staff, and against what they decided so.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

from tests.keeping.looking import Directory, ours
from tests.keeping.sources import FACTS, LEVELS

FIELDS = (
    *("name", "phone", "street", "website", "city", "other_phones", "licensed_beds", "point"),
    *(f"facts.{code}" for code in FACTS),
    *(f"level.{level}" for level in LEVELS),
    *(f"capacity.{level}" for level in LEVELS),
)
NEVER = "nobody has decided"


class Listing:
    def __init__(self, source: str, said: dict[str, Any]) -> None:
        self.source = source
        self.said = said
        self.word: dict[str, Any] = {}
        """Values of staff that differ from what the source says, or that are work on a program which it lists."""
        self.against: dict[str, Any] = {}
        """What the source said when staff decided so."""


class Model:
    def __init__(self) -> None:
        self.listings: dict[int, Listing] = {}

    def copy(self) -> Model:
        return copy.deepcopy(self)

    def staff_changed(self, before: Directory, after: Directory, only: Iterable[str] = FIELDS) -> None:
        """Staff did something: whatever is another value now is their word."""
        for number, listing in self.listings.items():
            for field in only:
                old, new = ours(before[number], field), ours(after[number], field)
                if old != new:
                    is_listed = ours(after[number], f"level.{field.partition('.')[2]}")
                    self._set(listing, field, old, new, is_listed=is_listed)
            for level in LEVELS:
                if not ours(after[number], f"level.{level}"):
                    listing.word.pop(f"capacity.{level}", None)
                self._mark(listing, before[number], after[number], level)

    def _set(self, listing: Listing, field: str, old: Any, value: Any, *, is_listed: bool) -> None:
        said = listing.said.get(field)
        if field.startswith("capacity.") and (not is_listed or (value is None and field not in listing.said)):
            listing.word.pop(field, None)
            listing.against.pop(field, None)
        elif field.startswith("capacity.") and field not in listing.said:
            # A file that does not speak of a capacity does not say that there is none.
            listing.word[field] = value
            listing.against.setdefault(field, None)
        elif value == said:
            listing.word.pop(field, None)
            listing.against.pop(field, None)
        else:
            if field not in listing.word:
                if field.startswith(("point", "capacity.")) and field in listing.said:
                    # What was never taken, of another address or a program that was not there, is said anew.
                    listing.said[field] = said = old
                listing.against[field] = said
            elif listing.against[field] == NEVER:
                # Now somebody has decided: against what stood there.
                listing.against[field] = old
            listing.word[field] = value

    def _mark(self, listing: Listing, before: dict[str, Any], after: dict[str, Any], level: str) -> None:
        def of_level(values: dict[str, Any]) -> dict[int, Any]:
            return {number: one for number, one in values["programs"].items() if one["level"] == level}

        old, new = of_level(before), of_level(after)
        is_worked_on = any(number in old and old[number] != one for number, one in new.items())
        is_added = any(old or not _is_plain(new[number]) for number in new.keys() - old.keys())
        if (old and new and is_worked_on) or is_added:
            field = f"level.{level}"
            if field not in listing.word:
                listing.word[field], listing.against[field] = True, True

    def imported(self, number: int, said: dict[str, Any], was: dict[str, Any], now: dict[str, Any]) -> None:
        """A row of the source was taken in. Raises AssertionError where it did not do what it must."""
        listing = self.listings[number]
        for field, value in said.items():
            stands = ours(now, field)
            if field in listing.word:
                assert stands == listing.word[field], f"{number} {field}: the word of staff was overwritten"
                is_listed = field.startswith("level.") and value and stands
                if is_listed and (listing.against[field] is True or _has_own_work(was, field)):
                    listing.against[field] = True
                elif value == stands:
                    del listing.word[field], listing.against[field]
            elif field == "street" and now["address_kind"] != "street":
                if stands != value:
                    listing.word[field], listing.against[field] = stands, NEVER
            else:
                assert stands == value or is_left(field, listing, now), (number, field, stands, value)
        for field in listing.said.keys() - said.keys():
            # Silent on a point, or on what a program that it lists can take.
            if field == "point" or said.get(f"level.{field.partition('.')[2]}"):
                said[field] = listing.said[field]
        listing.said = said

    def check_offers(self, number: int, now: dict[str, Any], corrections: dict[str, Any]) -> None:
        """Each difference that nobody has decided on is offered, and nothing else is."""
        listing = self.listings[number]
        for field in FIELDS:
            row = corrections.get(field)
            is_offered = row is not None and row.is_offered
            if field.startswith("capacity.") and not ours(now, f"level.{field.partition('.')[2]}"):
                continue
            if field not in listing.word:
                assert not is_offered, f"{number} {field}: offered though nobody corrected it"
                continue
            assert row is not None, f"{number} {field}: no correction keeps {listing.word[field]!r}"
            said = listing.said.get(field)
            if field not in listing.said or said == ours(now, field) or said == listing.against[field]:
                assert not is_offered, f"{number} {field}: offered {row.offered_value!r}, but it is settled"
            else:
                assert is_offered, f"{number} {field}: {said!r} is not offered against {ours(now, field)!r}"
                assert row.offered_value == said, (number, field, row.offered_value, said)


def _has_own_work(values: dict[str, Any], field: str) -> bool:
    level = field.partition(".")[2]
    own = [one for one in values["programs"].values() if one["level"] == level]
    return len(own) > 1 or not all(map(_is_plain, own))


def _is_plain(program: dict[str, Any]) -> bool:
    """As a source brings it: with nothing but its level."""
    blank = {"name": "", "max_stay_days": None, "capacity": None, "status": "active"}
    return program == blank | {"level": program["level"]}


def is_left(field: str, listing: Listing, now: dict[str, Any]) -> bool:
    """What a source says and an import rightly leaves: the point of an address that staff corrected or hid."""
    if field == "point":
        return now["address_kind"] != "street" or "street" in listing.word or "city" in listing.word
    return field.startswith("capacity.") and not ours(now, f"level.{field.partition('.')[2]}")
