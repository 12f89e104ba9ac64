"""The shapes of the vocabulary's entries. Their texts are English message ids, translated where they are shown."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 - the name that message extraction looks for
    """Mark a text for translation without translating it here."""
    return message


def codes(text: str) -> frozenset[str]:
    """The codes in a text, parted by blanks."""
    return frozenset(text.split())


class Verdict(enum.IntEnum):
    """How a program answers one thing that was asked. Ordered: the worst of several is their minimum."""

    NO = 0
    ASK = 1
    YES = 2

    @property
    def code(self) -> str:
        return self.name.lower()


@dataclass(frozen=True)
class Level:
    """A level of care. A program has exactly one."""

    code: str
    label: str
    explanation: str
    counterpart: str
    """The ASAM Criteria (4th edition, 2023) level or the NARR type (Standard 3.0) that it corresponds to."""


@dataclass(frozen=True)
class Need:
    """What a person asks for on the intake, and which levels of care answer it."""

    code: str
    label: str
    explanation: str
    ask: str
    yes_levels: frozenset[str] = frozenset()
    stay_levels: frozenset[str] = frozenset()
    """Levels whose verdict depends on the longest stay that the program states."""
    min_stay_days: int | None = None
    """Stated longest stay (days) from which a stay level answers yes; below it no; not stated: ask."""
    max_stay_days: int | None = None
    """Stated longest stay (days) up to which a stay level answers yes; above it, or not stated: no."""
    fact: str | None = None
    """A need that is not a level but asks this fact of every program that answers the others."""

    def verdict(self, level: str, max_stay_days: int | None) -> Verdict:
        """How a program of this level, with this stated longest stay in days, answers the need (DESIGN 3)."""
        if level in self.yes_levels:
            return Verdict.YES
        if level in self.stay_levels:
            if max_stay_days is None:
                return Verdict.ASK if self.min_stay_days is not None else Verdict.NO
            if self.min_stay_days is not None and max_stay_days >= self.min_stay_days:
                return Verdict.YES
            if self.max_stay_days is not None and max_stay_days <= self.max_stay_days:
                return Verdict.YES
        return Verdict.NO


@dataclass(frozen=True)
class Family:
    """Facts that belong together on a page. A family that is a group can be required in a query."""

    code: str
    label: str
    is_group: bool = False
    is_relaxable: bool = True
    """False: never offer to search again without it (safety, DESIGN 3 "No dead end")."""
    hint: str = ""


@dataclass(frozen=True)
class Fact:
    """Something known about a provider or a program: yes, no, or (by its absence) not known."""

    code: str
    family: str
    label: str
    explanation: str = ""
    ask: str = ""
    """The question for the phone call when it is not known; empty: a general one is made from the label."""
    samhsa_yes: frozenset[str] = field(default=frozenset())
    """SAMHSA codes (2023 generation) that say yes."""
    samhsa_no: frozenset[str] = field(default=frozenset())
    """SAMHSA codes (2023 generation) that say no."""
    no_decides_unless: frozenset[str] | None = None
    """When this is wanted and is no, no other wanted fact outweighs it, unless one of these is yes (safety)."""
    on_intake: bool = False
    listed_in_full: bool = False
    """Its source lists the family in full: missing from a list that has any entry means no."""
    is_relaxable: bool = True
