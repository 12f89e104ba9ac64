"""What a source module says about each row of its file: a provider, a row to skip, or a row to refuse."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property

from referral.vocabulary import FACTS, FACTS_LISTED_IN_FULL


@dataclass(frozen=True, slots=True)
class Phone:
    """A number to call, as 502-555-0100. `kind` is main, intake or hotline."""

    kind: str
    number: str
    extension: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is well formed but has no place in the directory."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that could not be understood. `row` is the line, sheet row or list position in the file, from 1."""

    row: int
    reason: str


@dataclass(frozen=True)
class ProviderRecord:
    """One provider with its programs' levels, in the terms of models.Provider.

    `key` names the provider inside its source, the same from year to year; equal keys are told apart by the loader.
    `listed_as` is the list of the source on which the row stands: two rows with one key and different lists are
    the same provider. `yes` and `no` are the facts that the row says; a fact in both is a contradiction.
    `latitude`, `longitude` are WGS-84 degrees. `takes_zip_point`: the file has no points at all, so a provider
    without a better one gets the middle of its ZIP.
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
    notes: tuple[str, ...] = ()

    @cached_property
    def facts(self) -> dict[str, bool]:
        """Facts that are known: those said one way only, and those missing from a list given in full (DESIGN 8)."""
        yes, no = self.yes - self.no, self.no - self.yes
        for in_full in FACTS_LISTED_IN_FULL.values():
            if self.yes & in_full:
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
        groups = [self.name, self.organization], contact, [self.website], further, sorted(self.levels), sorted(facts)
        text = "\x1e".join("\x1f".join(group) for group in groups)
        return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


Item = ProviderRecord | Skipped | Rejected
