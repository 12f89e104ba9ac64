"""Asks somebody who is signed in for their password once more, counted like a sign-in."""

from __future__ import annotations

import math
from typing import NamedTuple

from referral.accounts import people, signing_in
from referral.accounts.passwords import is_too_long
from referral.admin.accounts import cookie
from referral.admin.accounts.forms import CurrentPassword
from referral.admin.shared.access import current_user
from referral.database import start_writing
from referral.extensions import db
from referral.models import utc_now
from referral.pages.text import _, ngettext


class Refusal(NamedTuple):
    """How a form is answered whose password was not right; the form says why."""

    status: int
    headers: dict[str, str]


WRONG = Refusal(422, {})


def prove_for_writing(form: CurrentPassword) -> Refusal | None:
    """None when the form is valid and the password in it is right: then a transaction that may write has begun."""
    if not form.validate():
        return WRONG
    typed, email = form.current.data or "", current_user().email
    if is_too_long(typed):
        return _wrong(form)
    tried, wait = cookie.count_try(db.session, email)
    if wait:
        minutes = ngettext("Wait %(n)s minute", "Wait %(n)s minutes", math.ceil(wait / 60))
        form.refuse(_("This was tried many times. %(wait)s, then try again.", wait=minutes))
        return Refusal(429, {"Retry-After": str(wait)})
    proved = signing_in.user_of(db.session, email, typed)
    db.session.rollback()
    if proved is None:
        return _wrong(form)
    start_writing(db.session)
    user = people.locked(db.session, proved.user_id)
    if user is None or user.is_disabled or user.password_hash != proved.password_hash:
        db.session.rollback()
        return _wrong(form)
    signing_in.forgive(db.session, tried, utc_now())
    return None


def _wrong(form: CurrentPassword) -> Refusal:
    form.current.errors = [*form.current.errors, _("This is not your password.")]
    return WRONG
