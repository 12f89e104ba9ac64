"""What the index is made of: providers with their published programs, as the catalog reads them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

from referral.vocabulary import ASKS, FACTS

WORD_BITS = 64
N_WORDS = -(-len(FACTS) // WORD_BITS)
"""64-bit words that one mask over the whole vocabulary takes."""

FACT_BIT: dict[str, int] = {code: number for number, code in enumerate(FACTS)}
ASK_SHIFT: dict[str, int] = {code: 2 * number for number, code in enumerate(ASKS)}
"""Where each need's verdict (two bits) stands in a row's packed answers."""


class Whereabouts(IntEnum):
    """Whether a provider can be put on a map, and if not, why."""

    LOCATED = 0
    NO_MAP_POINT = 1
    CONFIDENTIAL = 2
    TELEHEALTH = 3


@dataclass(frozen=True, slots=True)
class ProgramEntry:
    id: int
    level: str
    max_stay_days: int | None = None
    facts: Mapping[str, bool] | None = None


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A published provider. Degrees WGS-84; without a point its whereabouts say why."""

    id: int
    name: str
    state: str
    latitude: float | None
    longitude: float | None
    is_approximate: bool
    whereabouts: Whereabouts
    facts: Mapping[str, bool]
    programs: tuple[ProgramEntry, ...]
    is_demo: bool = False


def masks(facts: Mapping[str, bool]) -> tuple[int, int]:
    """The facts that are yes and those that are no, as two bit masks over FACT_BIT."""
    yes = no = 0
    for code, known in facts.items():
        if known:
            yes |= 1 << FACT_BIT[code]
        else:
            no |= 1 << FACT_BIT[code]
    return yes, no


def overridden(provider: tuple[int, int], program: tuple[int, int]) -> tuple[int, int]:
    """Masks of a program: what it says itself overrides what its provider says."""
    said = program[0] | program[1]
    return provider[0] & ~said | program[0], provider[1] & ~said | program[1]


def mask_words(mask: int) -> list[int]:
    """A mask as N_WORDS words of 64 bits, lowest first."""
    return [mask >> (WORD_BITS * number) & (1 << WORD_BITS) - 1 for number in range(N_WORDS)]


@cache
def packed_answers(level: str, max_stay_days: int | None) -> int:
    """The verdict of a program of this level and stated longest stay (days) for every need that a level answers."""
    packed = 0
    for code, need in ASKS.items():
        if need.fact is None:
            packed |= need.verdict(level, max_stay_days) << ASK_SHIFT[code]
    return packed
