"""Finding listings as staff do: by words, numbers and filters over all providers, in any order. Pure NumPy.

The index holds every provider, also those that are closed. The bridge to the database is
referral.admin.shared.staff_index.
"""

from referral.finding.columns import Columns
from referral.finding.entries import ListingEntry
from referral.finding.filters import FactFilter, Filters, Known, Point
from referral.finding.index import Found, StaffIndex, TooManyChangesError
from referral.finding.orders import Order
from referral.finding.terms import MAX_TERMS, Term, terms_of

__all__ = [
    "MAX_TERMS",
    "Columns",
    "FactFilter",
    "Filters",
    "Found",
    "Known",
    "ListingEntry",
    "Order",
    "Point",
    "StaffIndex",
    "Term",
    "TooManyChangesError",
    "terms_of",
]
