"""History: every change of the directory, who made it and why, and putting one back. Nothing here alters history."""

from referral.admin.history import recent, routes  # noqa: F401 - their routes and globals
from referral.admin.history.blueprint import history

__all__ = ["history"]
