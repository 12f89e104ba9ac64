"""A user as pages show them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from babel.dates import format_date

from referral.admin.shared.times import when_text
from referral.language import current_language
from referral.models import AccountEvent, User
from referral.models.account_event import ACCOUNT_EVENTS
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


class Told(NamedTuple):
    """Something that was done to an account."""

    when: str
    name: str
    what: str
    who: str


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


def told(event: AccountEvent) -> Told:
    what = _(ACCOUNT_EVENTS[event.what])
    roles = [_(SHORT_ROLES[role]) for role in (event.old_role, event.new_role) if role]
    what = f"{what}: {' → '.join(roles)}" if roles else what
    who = event.by.name if event.by else _("a command")
    return Told(when_text(event.at), event.user.name, what, who)
