"""Exports: the listings, all or those of a filtered list, as a file in our own format."""

from referral.admin.exports.routes import exports

__all__ = ["exports"]
