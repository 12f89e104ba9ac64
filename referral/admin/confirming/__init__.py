"""Confirming: saying that a listing is still right, and the queue of what to check next."""

from referral.admin.confirming import calls, routes  # noqa: F401 - their routes
from referral.admin.confirming.blueprint import confirming

__all__ = ["confirming"]
