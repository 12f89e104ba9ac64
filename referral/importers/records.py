"""What a source module says about each row of its file: a provider, a row to skip, or a row to refuse."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, ClassVar

from referral.importers.messages import Message
from referral.models.correcting import STAFF_SOURCE
from referral.vocabulary import FACTS, FACTS_LISTED_IN_FULL, LEVELS

_APART = re.compile(r"[\W_]+")


def stable_key(parts: Iterable[str]) -> str:
    """Names a facility the same from year to year: a digest of its name and address without case and punctuation."""
    return hashlib.blake2b("|".join(map(_plain, parts)).encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=4096)
def _plain(part: str) -> str:
    return _APART.sub(" ", unicodedata.normalize("NFKD", part).casefold()).strip()


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call, as 502-555-0100. `kind` is main, intake or hotline."""

    kind: str
    number: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class ProgramRecord:
    """What a file says of the program of a level: its longest stay in days, and how many people it can take."""

    level: str
    max_stay_days: int | None = None
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is well formed but has no place in the directory."""

    row: int
    reason: Message


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be understood. `row` is the line, sheet row or list position in the file, from 1."""

    row: int
    reason: Message


@dataclass(frozen=True)
class ProviderRecord:
    """One provider with its programs' levels, in the terms of models.Provider.

    `key` names the provider inside its source, the same from year to year; equal keys are told apart by the loader.
    `listed_as` is the list of the source on which the row stands: two rows with one key and different lists are
    the same provider. `yes` and `no` are the facts that the row says; a fact in both is a contradiction.
    `latitude`, `longitude` are WGS-84 degrees. `takes_zip_point`: the file has no points at all, so a provider
    without a better one gets the middle of its ZIP.

    `programs` are those of which the file says more than the level: at most one of each, and each of their levels
    stands in `levels` too. `extras` holds further columns of Provider that the file fills, None where a row leaves
    them blank: license_number, license_expires_on, licensed_beds.
    `is_part`: rows with the same key are programs of one provider, which `join` puts together.
    `lists_in_full`: see `facts`.
    """

    row: int
    key: str
    name: str
    organization: str = ""
    street: str = ""
    unit: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    precision: str | None = None
    takes_zip_point: bool = False
    phone: str = ""
    phone_extension: str = ""
    other_phones: tuple[Phone, ...] = ()
    website: str = ""
    levels: tuple[str, ...] = ()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    listed_as: str = ""
    unknown_codes: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    programs: tuple[ProgramRecord, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)
    is_part: bool = False
    lists_in_full: bool = True

    @cached_property
    def facts(self) -> dict[str, bool]:
        """Facts that are known: those said one way only, and those missing from a list given in full (DESIGN 8)."""
        yes, no = self.yes - self.no, self.no - self.yes
        for in_full in FACTS_LISTED_IN_FULL.values():
            if self.lists_in_full and self.yes & in_full:
                no |= in_full - self.yes - self.no
        known = yes | no
        return {code: code in yes for code in FACTS if code in known}

    @property
    def contradictions(self) -> frozenset[str]:
        """Facts that the row says both ways: not known."""
        return self.yes & self.no

    @property
    def stored_phones(self) -> list[dict[str, str]]:
        """The further phones as they are stored."""
        return [{"kind": p.kind, "number": p.number, "extension": p.extension} for p in self.other_phones]

    @cached_property
    def fingerprint(self) -> str:
        """Hex digest (32 characters) of all that the row says, but for its point: equal means unchanged."""
        facts = [code if is_yes else f"-{code}" for code, is_yes in self.facts.items()]
        further = [f"{phone.kind} {phone.number} {phone.extension}" for phone in self.other_phones]
        contact = [self.street, self.unit, self.city, self.state, self.postal_code, self.phone, self.phone_extension]
        groups = [
            *([self.name, self.organization], contact, [self.website], further),
            *(sorted(self.levels), sorted(facts)),
        ]
        if self.programs or self.extras:
            groups.append(sorted(f"{name}={value}" for name, value in self.extras.items() if value is not None))
            groups.append(sorted(f"{p.level} {p.max_stay_days} {p.capacity}" for p in self.programs))
        text = "\x1e".join("\x1f".join(group) for group in groups)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class OwnRecord:
    """What a row of our own format says of one listing: nothing of a field not in `values`, `facts` or `programs`.

    `values` holds attributes of Provider and "point": (latitude, longitude, precision) or None. In `facts` None is
    not known. `programs` is None when the file has no columns of programs, else the programs with what is said of
    each, attributes of Program; `n_groups` is how many the file has room for (None: any number).
    """

    row: int
    id: int | None
    source: str
    source_key: str
    values: Mapping[str, Any]
    facts: Mapping[str, bool | None] = field(default_factory=dict)
    programs: tuple[Mapping[str, Any], ...] | None = None
    n_groups: int | None = None
    version: int | None = None
    """Version of the listing when it was exported."""
    notes: tuple[Message, ...] = ()
    unknown_codes: ClassVar[tuple[str, ...]] = ()

    @property
    def key(self) -> tuple[str, str]:
        """(source, key) under which a new listing is kept. Staff's are known by name and address."""
        if self.source_key:
            return self.source or STAFF_SOURCE, self.source_key
        parts = ("name", "street", "unit", "city", "state")
        zip5 = self.values.get("postal_code", "")[:5]
        return STAFF_SOURCE, stable_key([*(self.values.get(part, "") for part in parts), zip5])


def join(first: ProviderRecord, second: ProviderRecord) -> ProviderRecord:
    """One record of two rows that are programs of one provider: the contact details of the first that has them.

    What the rows say of care adds up; where both state a stay or a capacity for one level, the larger holds.
    """
    blank = {name: getattr(second, name) for name in _FILLED_BY_EITHER if not getattr(first, name)}
    if first.latitude is None:
        blank |= {name: getattr(second, name) for name in ("latitude", "longitude", "precision")}
    programs = {program.level: program for program in first.programs}
    for program in second.programs:
        known = programs.get(program.level, program)
        programs[program.level] = ProgramRecord(
            program.level,
            _larger(known.max_stay_days, program.max_stay_days),
            _larger(known.capacity, program.capacity),
        )
    stated = {name: value for name, value in first.extras.items() if value not in (None, "")}
    return replace(
        first,
        **blank,
        levels=tuple(level for level in LEVELS if level in first.levels or level in second.levels),
        programs=tuple(programs[level] for level in LEVELS if level in programs),
        yes=first.yes | second.yes,
        no=first.no | second.no,
        extras={**second.extras, **stated},
    )


_FILLED_BY_EITHER = (
    *("organization", "unit", "city", "state", "postal_code"),
    *("phone", "phone_extension", "website", "other_phones"),
)


def _larger(one: int | None, other: int | None) -> int | None:
    return max((number for number in (one, other) if number is not None), default=None)


Item = ProviderRecord | Skipped | Rejected
