"""The reports inbox: what the public says about listings, whose it is to look into, and the answer."""

from referral.admin.inbox import routes  # noqa: F401 - its routes
from referral.admin.inbox.blueprint import inbox

__all__ = ["inbox"]
