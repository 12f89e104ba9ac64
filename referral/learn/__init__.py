"""Short pages that explain: kinds of care, withdrawal, medication, money, rights. Each names its sources."""

from referral.learn.routes import learn

__all__ = ["learn"]
