"""Pages behind one-time links: the first account, an invitation, a new password. Opening one does not use it up."""

from __future__ import annotations

from flask import flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from referral.accounts import links, people, throttle
from referral.accounts.links import find_link
from referral.admin.accounts import cookie
from referral.admin.accounts.blueprint import accounts
from referral.admin.accounts.forms import FirstAdminForm, NewPasswordForm
from referral.admin.shared.access import open_to_anyone
from referral.database import start_writing
from referral.extensions import db
from referral.models import OneTimeLink, User, utc_now
from referral.pages.text import _


@accounts.get("/setup/<token>")
@open_to_anyone
def setup(token: str) -> ResponseReturnValue:
    if _setup_link(token) is None:
        return _ended_page()
    return _setup_page(token, FirstAdminForm())


@accounts.post("/setup/<token>")
@open_to_anyone
def make_first_admin(token: str) -> ResponseReturnValue:
    form = FirstAdminForm()
    email, name = form.email.data or "", form.name.data or ""
    form.choose_for(email, name, has_second_step=False)
    is_valid = form.validate()
    start_writing(db.session)
    if _setup_link(token, is_locked=True) is None:
        return _ended_page()
    if not is_valid:
        return _setup_page(token, form), 422
    people.make_first_admin(db.session, email, name, form.password.data or "")
    db.session.commit()
    return _to_sign_in(_("Your account is ready. Sign in with it now."))


@accounts.get("/links/<token>")
@open_to_anyone
def link(token: str) -> ResponseReturnValue:
    found = find_link(db.session, token, utc_now(), is_setup=False)
    return _ended_page() if found is None else _link_page(token, found, NewPasswordForm())


@accounts.post("/links/<token>")
@open_to_anyone
def use_link(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    start_writing(db.session)
    found = find_link(db.session, token, utc_now(), is_setup=False, is_locked=True)
    if found is None:
        return _ended_page()
    user = _user_of(found)
    form.choose_for(user.email, user.name, has_second_step=user.has_second_step and not found.removes_second_step)
    if not form.validate():
        return _link_page(token, found, form), 422
    people.use_link(db.session, found, user, form.password.data or "")
    throttle.free(db.session, throttle.account_key(cookie.config().secret_key, user.email))
    db.session.commit()
    return _to_sign_in(_("Your password is set. Sign in with it now."))


def _setup_link(token: str, *, is_locked: bool = False) -> OneTimeLink | None:
    """The link while there is nobody: the first account is made once."""
    found = find_link(db.session, token, utc_now(), is_setup=True, is_locked=is_locked)
    return None if links.has_users(db.session) else found


def _user_of(found: OneTimeLink) -> User:
    return db.session.get_one(User, found.user_id)


def _to_sign_in(told: str) -> ResponseReturnValue:
    """Whoever was signed in on this browser is not any more."""
    session.clear()
    flash(told)
    return redirect(url_for("admin.accounts.sign_in"), 303)


def _ended_page() -> ResponseReturnValue:
    db.session.rollback()
    return render_template("admin/accounts/link_ended.html"), 410


def _setup_page(token: str, form: FirstAdminForm) -> str:
    return render_template("admin/accounts/setup.html", form=form, token=token)


def _link_page(token: str, found: OneTimeLink, form: NewPasswordForm) -> str:
    user = _user_of(found)
    form.choose_for(user.email, user.name, has_second_step=user.has_second_step and not found.removes_second_step)
    return render_template("admin/accounts/link.html", form=form, token=token, link=found, user=user)
