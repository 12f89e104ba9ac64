"""The overview: what the directory holds, how well it is known and confirmed, and what waits for staff."""

from referral.admin.dashboard.routes import dashboard

__all__ = ["dashboard"]
