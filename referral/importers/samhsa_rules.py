"""What SAMHSA's codes (2023) say: which levels of care a facility gives, and which facts (DESIGN 8)."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

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

_SAYS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    code: (
        frozenset(fact.code for fact in FACTS.values() if code in fact.samhsa_yes),
        frozenset(fact.code for fact in FACTS.values() if code in fact.samhsa_no),
    )
    for code in frozenset().union(*(fact.samhsa_yes | fact.samhsa_no for fact in FACTS.values()))
}
"""Per code, the facts to which it says yes and those to which it says no."""


def levels_of(codes: AbstractSet[str]) -> tuple[str, ...]:
    """Levels of care, in the vocabulary's order, of a facility with these codes: at most one program of each."""
    levels = {level for code, level in _LEVEL_OF_CODE.items() if code in codes}
    for code, (level, finer) in _LEVEL_WHERE_NOT_STATED.items():
        if code in codes and not codes & finer:
            levels.add(level)
    return tuple(level for level in LEVELS if level in levels)


def facts_of(codes: AbstractSet[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Facts to which these codes say yes, and those to which they say no. A fact in both is a contradiction."""
    yes: set[str] = set()
    no: set[str] = set()
    for code in codes & _SAYS.keys():
        yes |= _SAYS[code][0]
        no |= _SAYS[code][1]
    return frozenset(yes), frozenset(no)
