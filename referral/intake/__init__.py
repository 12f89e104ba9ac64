"""Intake and results: what is needed and where, answered 303 with a sealed address, and the pages behind it."""

from referral.intake import guide_routes
from referral.intake.routes import intake

__all__ = ["guide_routes", "intake"]
