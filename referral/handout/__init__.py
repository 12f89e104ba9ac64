"""What a person takes along: a list of places to call, on paper and to send, and the script of a call."""

from referral.handout.routes import handout

__all__ = ["handout"]
