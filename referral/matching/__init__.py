"""The matcher: pure, no web and no database. `search(index, query)` gives `Results`."""

from referral.matching.entries import ProgramEntry, ProviderEntry, Whereabouts
from referral.matching.index import MatchIndex, TailFullError
from referral.matching.one import OneAnswer, match_of
from referral.matching.query import (
    DEFAULT_RADIUS_MILES,
    RADIUS_CHOICES_MILES,
    Order,
    Origin,
    Precision,
    Query,
    QueryError,
    Requirement,
)
from referral.matching.relax import for_alternative
from referral.matching.results import Basis, Match, Reason, Results, Tier
from referral.matching.search import search

__all__ = [
    "DEFAULT_RADIUS_MILES",
    "RADIUS_CHOICES_MILES",
    "Basis",
    "Match",
    "MatchIndex",
    "OneAnswer",
    "Order",
    "Origin",
    "Precision",
    "ProgramEntry",
    "ProviderEntry",
    "Query",
    "QueryError",
    "Reason",
    "Requirement",
    "Results",
    "TailFullError",
    "Tier",
    "Whereabouts",
    "for_alternative",
    "match_of",
    "search",
]
