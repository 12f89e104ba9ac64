"""Signing in with a password and, where there is one, a second step; and signing out."""

from __future__ import annotations

import math

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from referral.accounts import passwords, people, sessions, signing_in
from referral.admin.accounts import cookie
from referral.admin.accounts.blueprint import accounts
from referral.admin.accounts.forms import CodeForm, SignInForm, key_of
from referral.admin.shared.access import VIEWER, needs, open_to_anyone
from referral.admin.shared.forms import StaffForm
from referral.admin.shared.returning import address_of, own_page
from referral.database import start_writing
from referral.extensions import db
from referral.models import User, utc_now
from referral.pages.text import _, ngettext


@accounts.get("/sign-in")
@open_to_anyone
def sign_in() -> ResponseReturnValue:
    return _sign_in_page(SignInForm())


@accounts.post("/sign-in")
@open_to_anyone
def check_password() -> ResponseReturnValue:
    form = SignInForm()
    if passwords.is_too_long(form.password.data or ""):
        return _refused(form)
    tried, wait = cookie.count_try(db.session, key_of(form))
    if wait:
        return _too_many(form, wait)
    proved = signing_in.user_of(db.session, key_of(form), form.password.data or "")
    db.session.rollback()
    if proved is None:
        return _refused(form)
    now = utc_now()
    start_writing(db.session)
    user = people.locked(db.session, proved.user_id)
    if user is None or user.is_disabled or user.password_hash != proved.password_hash:
        return _refused(form)
    if passwords.needs_new_hash(proved.password_hash):
        user.password_hash = passwords.hashed(form.password.data or "")
    if user.has_second_step:
        token = sessions.start(db.session, user.id, now, awaits_code=True)
        db.session.commit()
        cookie.keep(token, awaits_code=True)
        return redirect(url_for("admin.accounts.code", next=_next()), 303)
    token = signing_in.finish(db.session, cookie.config(), user, tried, now)
    db.session.commit()
    cookie.keep(token)
    return _go_on()


@accounts.get("/sign-in/code")
@open_to_anyone
def code() -> ResponseReturnValue:
    return _code_page(CodeForm()) if _half_signed_in() else _start_again()


@accounts.post("/sign-in/code")
@open_to_anyone
def check_code() -> ResponseReturnValue:
    form = CodeForm()
    user = _half_signed_in()
    if user is None:
        return _start_again()
    user_id, email = user.id, user.email
    db.session.rollback()
    tried, wait = cookie.count_try(db.session, email)
    if wait:
        return _too_many(form, wait)
    now = utc_now()
    start_writing(db.session)
    people.locked(db.session, user_id)
    user = _half_signed_in()
    if user is None:
        return _start_again()
    if not signing_in.takes_second_step(db.session, cookie.config(), user, form.code.data or "", now):
        db.session.rollback()
        form.refuse(_("This code is not right, or was used before. Wait for the next one, or use a recovery code."))
        return _code_page(form), 422
    sessions.end(db.session, cookie.half_token())
    token = signing_in.finish(db.session, cookie.config(), user, tried, now)
    db.session.commit()
    cookie.keep(token)
    return _go_on()


@accounts.post("/sign-out")
@needs(VIEWER, is_before_second_step=True)
def sign_out() -> ResponseReturnValue:
    start_writing(db.session)
    sessions.end(db.session, cookie.token())
    db.session.commit()
    session.clear()
    flash(_("You are signed out."))
    return redirect(url_for("admin.accounts.sign_in"), 303)


def _half_signed_in() -> User | None:
    """Who has given the right password and still owes the second step."""
    limits = sessions.limits_of(cookie.config())
    found = sessions.find(db.session, cookie.half_token(), limits, utc_now(), awaits_code=True)
    return found[1] if found else None


def _start_again() -> ResponseReturnValue:
    flash(_("Start again with your password."))
    return redirect(url_for("admin.accounts.sign_in", next=_next()), 303)


def _next() -> str | None:
    return own_page(request.values.get("next"))


def _go_on() -> ResponseReturnValue:
    page = _next()
    return redirect(address_of(page) if page else url_for("admin.home"), 303)


def _refused(form: SignInForm) -> ResponseReturnValue:
    """The same for an address that nobody has, a wrong password and an account that is disabled."""
    db.session.rollback()
    form.refuse(_("The e-mail address or the password is not right."))
    return _sign_in_page(form), 422


def _too_many(form: StaffForm, seconds: int) -> ResponseReturnValue:
    wait = ngettext("Wait %(n)s minute", "Wait %(n)s minutes", math.ceil(seconds / 60))
    form.refuse(_("This was tried many times. %(wait)s, then try again.", wait=wait))
    page = _sign_in_page(form) if isinstance(form, SignInForm) else _code_page(form)
    return page, 429, {"Retry-After": str(seconds)}


def _sign_in_page(form: StaffForm) -> str:
    return render_template("admin/accounts/sign_in.html", form=form, next=_next())


def _code_page(form: StaffForm) -> str:
    return render_template("admin/accounts/code.html", form=form, next=_next())
