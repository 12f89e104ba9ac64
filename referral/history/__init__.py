"""History: who changed what and why, and putting it back. Changes are recorded by referral.models.tracking."""

from referral.history.acts import act, act_number

__all__ = ["act", "act_number"]
