"""All facts by code, and the tables that are derived from them."""

from referral.vocabulary.facts_care import CARE_FACTS
from referral.vocabulary.facts_listing import LISTING_FACTS
from referral.vocabulary.facts_person import PERSON_FACTS
from referral.vocabulary.facts_place import PLACE_FACTS
from referral.vocabulary.families import FAMILIES, GROUPS
from referral.vocabulary.words import Fact

FACTS: dict[str, Fact] = {fact.code: fact for fact in (*CARE_FACTS, *PERSON_FACTS, *PLACE_FACTS, *LISTING_FACTS)}
"""Fact by code, in the order in which pages list them."""

FACTS_BY_FAMILY: dict[str, tuple[Fact, ...]] = {
    family: tuple(fact for fact in FACTS.values() if fact.family == family) for family in FAMILIES
}

INTAKE_FACTS_BY_GROUP: dict[str, tuple[Fact, ...]] = {
    group: tuple(fact for fact in FACTS_BY_FAMILY[group] if fact.on_intake) for group in GROUPS
}

FACTS_LISTED_IN_FULL: dict[str, frozenset[str]] = {
    family: frozenset(fact.code for fact in facts if fact.listed_in_full)
    for family, facts in FACTS_BY_FAMILY.items()
    if any(fact.listed_in_full for fact in facts)
}
"""Per family, the facts that a SAMHSA row lists in full: when one is named, those not named are *no* (DESIGN 8)."""
