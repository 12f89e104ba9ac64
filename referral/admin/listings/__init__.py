"""The list of all listings as staff find them: search, filters, orders and pages, with its state in the address."""

from referral.admin.listings.routes import listings

__all__ = ["listings"]
