"""Duplicates: pairs that may be one place, side by side; merging two listings, and undoing that."""

from referral.admin.duplicates import merges, pairs  # noqa: F401  # their routes
from referral.admin.duplicates.blueprint import duplicates

__all__ = ["duplicates"]
