"""Every word that Onward knows: needs, levels of care, families, facts and concerns.

This package is the only place where one of them is declared. Forms, filters, importers, exporters, the API,
the docs and the translations are all derived from it; adding a fact is one entry in one of the ``facts_*``
modules, at its end (bit positions in memory follow the order of declaration; nothing on disk depends on it).
May import nothing but itself.
"""

from referral.vocabulary.concerns import CONCERNS, Concern
from referral.vocabulary.facts import (
    FACTS,
    FACTS_BY_FAMILY,
    FACTS_LISTED_IN_FULL,
    INTAKE_FACTS_BY_GROUP,
)
from referral.vocabulary.families import FAMILIES, GROUPS
from referral.vocabulary.levels import LEVELS
from referral.vocabulary.needs import ALTERNATIVES, ASKS, LEVEL_NEEDS, NEEDS, PATHWAY
from referral.vocabulary.words import (
    Fact,
    Family,
    Level,
    Need,
    Verdict,
)

__all__ = [
    "ALTERNATIVES",
    "ASKS",
    "CONCERNS",
    "FACTS",
    "FACTS_BY_FAMILY",
    "FACTS_LISTED_IN_FULL",
    "FAMILIES",
    "GROUPS",
    "INTAKE_FACTS_BY_GROUP",
    "LEVELS",
    "LEVEL_NEEDS",
    "NEEDS",
    "PATHWAY",
    "Concern",
    "Fact",
    "Family",
    "Level",
    "Need",
    "Verdict",
]
