"""Facts and programs of a made-up provider."""

from __future__ import annotations

from typing import Any

from referral.demo import shares
from referral.demo.chance import Chance
from referral.vocabulary import LEVELS

STAY_IN = frozenset(
    {
        "detox_hospital",
        "detox_residential",
        "hospital_inpatient",
        "residential_long",
        "residential_short",
        "residential",
        "recovery_residence",
    }
)
"""Levels at which a person sleeps there."""

WOMEN_ONLY = 0.10
"""Share of live-in providers that have a long-stay program of their own for women."""


def provider_facts(chance: Chance, kind: str) -> dict[str, bool]:
    """Facts of a provider of this kind: yes, no, or not known by their absence."""
    facts: dict[str, bool] = {}
    if chance.happens(shares.PAYMENT_LISTED):
        payment = {code: chance.happens(share) for code, share in shares.PAYMENT.items()}
        if payment["free_care"]:
            payment = {code: code == "free_care" for code in payment}
        elif not any(payment.values()):
            payment["takes_self_pay"] = True
        facts |= payment
    for code, share in (shares.HOME_YES if kind == "home" else shares.YES).items():
        if chance.happens(share):
            facts[code] = True
        elif chance.happens(shares.SAID_NO):
            facts[code] = False
    facts |= chance.weighted(shares.GENDERS)
    facts |= _medication(chance, kind)
    if facts.get("accepts_women") is False:
        facts.pop("pregnant_postpartum", None)
    if kind == "telehealth":
        facts["telehealth"] = True
        facts.pop("transportation", None)
        facts.pop("wheelchair", None)
        facts.pop("methadone", None)
    return facts


def _medication(chance: Chance, kind: str) -> dict[str, bool]:
    if chance.happens(shares.REFUSES_MEDICATION):
        return dict.fromkeys(shares.MEDICATION, False)
    if kind == "home":
        return {"accepts_on_medication": True} if chance.happens(shares.MEDICATION["accepts_on_medication"]) else {}
    if chance.happens(shares.NO_OPIOID_TREATMENT):
        return {"treats_opioid_use": False, "treats_alcohol_use": True}
    given = {code: True for code, share in shares.MEDICATION.items() if chance.happens(share)}
    if given.keys() & {"methadone", "buprenorphine", "naltrexone"}:
        given |= {"treats_opioid_use": True}
    return given


def programs(chance: Chance, kind: str, facts: dict[str, bool], forced: tuple[str, ...]) -> list[dict[str, Any]]:
    """The programs of a provider, in the order of the vocabulary. Those of `forced` levels are open and, if long
    residential, state a stay of 90 days."""
    profile = shares.PROFILES[kind]
    levels = {level for level, share in profile.levels.items() if chance.happens(share)} | set(forced)
    made = [_program(chance, level, facts, is_forced=level in forced) for level in LEVELS if level in levels]
    if not made:
        made.append(_program(chance, profile.first, facts, is_forced=False))
    if kind == "house" and facts.get("accepts_women") and chance.happens(WOMEN_ONLY):
        program = _program(chance, "residential_long", facts, is_forced=False)
        program["name"] = "Program for women"
        program["facts"] |= {"women_program": True, "accepts_men": False}
        made.append(program)
    return made


def _program(chance: Chance, level: str, facts: dict[str, bool], *, is_forced: bool) -> dict[str, Any]:
    max_stay_days = chance.weighted(shares.STAYS.get(level, ((1.0, None),)))
    is_closed = chance.happens(shares.PROGRAM_CLOSED)
    if is_forced and level == "residential_long":
        max_stay_days = max(max_stay_days or 0, 90)
    own = {"telehealth": False} if level in STAY_IN and facts.get("telehealth") else {}
    return {
        "level": level,
        "name": "",
        "max_stay_days": max_stay_days,
        "facts": own,
        "status": "temporarily_closed" if is_closed and not is_forced else "active",
    }
