"""One's own account: name, password, and the sessions on other devices."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from referral.accounts import people, sessions
from referral.admin.accounts import cookie
from referral.admin.accounts.blueprint import accounts
from referral.admin.accounts.forms import ChangePasswordForm, NameForm
from referral.admin.accounts.proving import prove_for_writing
from referral.admin.shared.access import VIEWER, current_user, needs
from referral.database import start_writing
from referral.extensions import db
from referral.models import User, utc_now
from referral.models.user import ROLES
from referral.pages.text import _


@accounts.get("/account")
@needs(VIEWER, is_before_second_step=True)
def own() -> ResponseReturnValue:
    return _page()


@accounts.post("/account/name")
@needs(VIEWER)
def save_name() -> ResponseReturnValue:
    form = NameForm()
    if not form.validate():
        return _page(name_form=form), 422
    start_writing(db.session)
    db.session.get_one(User, current_user().id).name = form.name.data or ""
    db.session.commit()
    flash(_("Your name is saved."))
    return redirect(url_for("admin.accounts.own"), 303)


@accounts.post("/account/password")
@needs(VIEWER, is_before_second_step=True)
def save_password() -> ResponseReturnValue:
    form, me = ChangePasswordForm(), current_user()
    form.choose_for(me.email, me.name, has_second_step=me.has_second_step)
    refusal = prove_for_writing(form)
    if refusal:
        return _page(password_form=form), refusal.status, refusal.headers
    people.set_password(db.session, db.session.get_one(User, me.id), form.password.data or "")
    token = sessions.start(db.session, me.id, utc_now())
    db.session.commit()
    cookie.keep(token)
    flash(_("Your password is changed. Everywhere else you are signed out."))
    return redirect(url_for("admin.accounts.own"), 303)


@accounts.post("/account/sessions/end")
@needs(VIEWER)
def end_other_sessions() -> ResponseReturnValue:
    start_writing(db.session)
    token = sessions.end_others(db.session, current_user().id, cookie.token())
    db.session.commit()
    cookie.keep(token)
    flash(_("Everywhere else you are signed out."))
    return redirect(url_for("admin.accounts.own"), 303)


def _page(*, name_form: NameForm | None = None, password_form: ChangePasswordForm | None = None) -> str:
    me = current_user()
    n_sessions = sessions.count_open(db.session, me.id, sessions.limits_of(cookie.config()), utc_now())
    form = password_form or ChangePasswordForm(formdata=None)
    form.choose_for(me.email, me.name, has_second_step=me.has_second_step)
    return render_template(
        "admin/accounts/own.html",
        me=me,
        role=_(ROLES[me.role]),
        name_form=name_form or NameForm(formdata=None, name=me.name),
        password_form=form,
        n_other_sessions=max(0, n_sessions - 1),
    )
