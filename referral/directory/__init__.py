"""The directory: the page of each provider."""

from referral.directory.routes import directory

__all__ = ["directory"]
