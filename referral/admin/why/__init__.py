"""Why (not) shown: a listing and a question, and what every rule of the matching says to that."""

from referral.admin.why.routes import why

__all__ = ["why"]
