"""A user as pages show them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from babel.dates import format_date

from referral.language import current_language
from referral.models import User
from referral.pages.text import _
from referral.vocabulary.words import N_

SHORT_ROLES = {"viewer": N_("Viewer"), "editor": N_("Editor"), "admin": N_("Admin")}


class Row(NamedTuple):
    id: int
    name: str
    email: str
    role: str
    state: str
    mood: str
    """Class of the badge."""
    signed_in: str
    has_second_step: bool


def day_of(at: datetime) -> str:
    return str(format_date(at, format="medium", locale=current_language()))


def row_of(user: User) -> Row:
    if user.is_disabled:
        state, mood = _("disabled"), "bad"
    elif user.password_hash is None:
        state, mood = _("invited"), "ask"
    else:
        state, mood = _("active"), "good"
    at = user.signed_in_at
    day = day_of(at) if at else _("never")
    return Row(user.id, user.name, user.email, _(SHORT_ROLES[user.role]), state, mood, day, user.has_second_step)
