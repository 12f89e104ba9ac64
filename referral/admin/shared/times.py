"""How a time reads, the same on every staff page."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_date
from flask import Blueprint

from referral.language import current_language


def when_text(at: datetime) -> str:
    """A time (UTC) as people read it."""
    return f"{format_date(at, format='long', locale=current_language())}, {at:%H:%M} UTC"


def show_in(admin: Blueprint) -> None:
    admin.app_template_global("when_text")(when_text)
