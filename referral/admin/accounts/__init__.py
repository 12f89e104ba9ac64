"""Accounts: signing in and out, one's own account, and, for admins, the people who keep the directory."""

from referral.admin.accounts import links, own, second_step, signing_in, users  # noqa: F401 - their routes
from referral.admin.accounts.blueprint import accounts

__all__ = ["accounts"]
