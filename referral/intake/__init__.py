"""Intake and results: what is needed and where, answered 303 with a sealed address, and the pages behind it."""

from referral.intake.routes import intake

__all__ = ["intake"]
