"""Problems with a listing: reported without an account, answered with a code that shows what became of them."""

from referral.reports.routes import reports

__all__ = ["reports"]
