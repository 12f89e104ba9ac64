"""What SAMHSA's codes (2023) say: which levels of care a facility gives, and which facts (DESIGN 8)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from itertools import chain, repeat

from referral.vocabulary import FACTS, LEVELS

UNUSABLE_CODES = frozenset({"CHLD", "YAD", "ADLT", "SNR"})
"""Ages accepted: scrambled in the survey, so they say nothing. No fact is declared with them."""

_LEVEL_OF_CODE = {
    "HID": "detox_hospital",
    "RD": "detox_residential",
    "OD": "detox_outpatient",
    "RL": "residential_long",
    "RS": "residential_short",
    "HIT": "hospital_inpatient",
    "ODT": "partial_hospitalization",
    "PHDT": "partial_hospitalization",
    "PH": "partial_hospitalization",
    "OIT": "intensive_outpatient",
    "ORT": "outpatient",
    "OMB": "outpatient",
    "HH": "recovery_residence",
}

_LEVEL_WHERE_NOT_STATED = {
    "DT": ("detox", frozenset({"HID", "RD", "OD"})),
    "RES": ("residential", frozenset({"RL", "RS", "RD"})),
    "HI": ("hospital_inpatient", frozenset({"HID", "HIT"})),
    "OP": ("outpatient", frozenset({"OD", "ODT", "OIT", "ORT", "OMB"})),
}
"""A general code, the level that it means by itself, and the finer codes beside which it says nothing more."""

_YES: dict[str, list[str]] = {}
"""Per code, the facts to which it says yes."""
_NO: dict[str, list[str]] = {}
"""Per code, the facts to which it says no."""
for _fact in FACTS.values():
    for _code in _fact.samhsa_yes:
        _YES.setdefault(_code, []).append(_fact.code)
    for _code in _fact.samhsa_no:
        _NO.setdefault(_code, []).append(_fact.code)


def levels_of(codes: AbstractSet[str]) -> tuple[str, ...]:
    """Levels of care, in the vocabulary's order, of a facility with these codes: at most one program of each."""
    levels = {level for code, level in _LEVEL_OF_CODE.items() if code in codes}
    for code, (level, finer) in _LEVEL_WHERE_NOT_STATED.items():
        if code in codes and not codes & finer:
            levels.add(level)
    return tuple(level for level in LEVELS if level in levels)


def facts_of(codes: AbstractSet[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Facts to which these codes say yes, and those to which they say no. A fact in both is a contradiction."""
    yes, no = (map(says.get, codes, repeat(())) for says in (_YES, _NO))
    return frozenset(chain.from_iterable(yes)), frozenset(chain.from_iterable(no))
