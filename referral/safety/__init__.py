"""Safety: what a person must read before they call (DESIGN 4.2). Pure data and one rule."""

from referral.safety.warnings import WARNINGS, SafetyWarning, warnings_that_apply

__all__ = ["WARNINGS", "SafetyWarning", "warnings_that_apply"]
