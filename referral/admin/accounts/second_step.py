"""Setting up the second step of one's own account, its recovery codes, and taking it away again."""

from __future__ import annotations

import segno
from cryptography.fernet import Fernet, InvalidToken
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from referral.accounts import events, sessions
from referral.accounts import second_step as steps
from referral.accounts.keys import fernet
from referral.accounts.password_rules import MIN_LENGTH
from referral.admin.accounts import cookie
from referral.admin.accounts.blueprint import accounts
from referral.admin.accounts.forms import NewCodesForm, RemoveSecondStepForm, SecondStepForm
from referral.admin.accounts.proving import prove_for_writing
from referral.admin.shared.access import VIEWER, current_user, needs
from referral.extensions import db
from referral.models import User, utc_now
from referral.pages.text import _

SETUP_SECONDS = 1800
"""How long a new secret waits for its first code."""
MAX_SEALED = 400


@accounts.get("/account/second-step")
@needs(VIEWER, is_before_second_step=True)
def second_step() -> ResponseReturnValue:
    return _kept_page() if current_user().has_second_step else _setup_page(SecondStepForm())


@accounts.post("/account/second-step")
@needs(VIEWER, is_before_second_step=True)
def set_up_second_step() -> ResponseReturnValue:
    form, me, now = SecondStepForm(), current_user(), utc_now()
    if me.has_second_step:
        return redirect(url_for("admin.accounts.second_step"), 303)
    secret = _unsealed(form.sealed.data or "", me.id)
    step = steps.matching_step(secret, form.code.data or "", now) if secret else None
    if secret is None or step is None:
        form.validate()
        form.code.errors = [_("This code is not right. Scan the picture and type the code that the app shows now.")]
        return _setup_page(form, secret), 422
    refusal = prove_for_writing(form)
    if refusal:
        return _setup_page(form, secret), refusal.status, refusal.headers
    user = db.session.get_one(User, me.id)
    user.totp_secret, user.totp_step = steps.sealed_secret(cookie.config().secret_key, secret), step
    events.note(db.session, user, "second_step_set", by_id=user.id)
    return _with_new_codes(user, _("The second step is set up."))


@accounts.post("/account/second-step/codes")
@needs(VIEWER)
def new_recovery_codes() -> ResponseReturnValue:
    form = NewCodesForm()
    if not current_user().has_second_step:
        return redirect(url_for("admin.accounts.second_step"), 303)
    refusal = prove_for_writing(form)
    if refusal:
        return _kept_page(codes_form=form), refusal.status, refusal.headers
    return _with_new_codes(db.session.get_one(User, current_user().id), _("The old codes no longer work."))


@accounts.post("/account/second-step/remove")
@needs(VIEWER)
def remove_second_step() -> ResponseReturnValue:
    form, me = RemoveSecondStepForm(prefix="remove-"), current_user()
    if not steps.may_be_removed(cookie.config(), me):
        form.refuse(_("Your role needs a second step."))
        return _kept_page(remove_form=form), 422
    refusal = prove_for_writing(form)
    if refusal is None and len(form.current.data or "") < MIN_LENGTH:
        db.session.rollback()
        form.refuse(
            _(
                "Choose a password of %(n)s characters or more first: it will be all that protects the account.",
                n=MIN_LENGTH,
            )
        )
        return _kept_page(remove_form=form), 422
    if refusal:
        return _kept_page(remove_form=form), refusal.status, refusal.headers
    user = db.session.get_one(User, me.id)
    events.note(db.session, user, "second_step_removed", by_id=user.id)
    steps.remove(db.session, user)
    token = sessions.end_others(db.session, me.id, cookie.token())
    db.session.commit()
    cookie.keep(token)
    flash(_("The second step is removed."))
    return redirect(url_for("admin.accounts.own"), 303)


def _with_new_codes(user: User, told: str) -> ResponseReturnValue:
    """The answer itself and not a redirect: the codes are stored nowhere that could show them again."""
    codes = steps.new_recovery_codes(db.session, cookie.config().secret_key, user.id)
    token = sessions.end_others(db.session, user.id, cookie.token())
    db.session.commit()
    cookie.keep(token)
    return render_template("admin/accounts/recovery_codes.html", codes=codes, told=told)


def _setup_page(form: SecondStepForm, secret: str | None = None) -> str:
    secret, me, settings = secret or steps.new_secret(), current_user(), cookie.config()
    form.sealed.data = _seal().encrypt(f"{me.id} {secret}".encode()).decode()
    address = steps.setup_address(settings.site_name, me.email, secret)
    picture: str = segno.make_qr(address, error="m").svg_inline(
        border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return render_template(
        "admin/accounts/second_step_setup.html",
        form=form,
        picture=Markup(picture),  # noqa: S704 - numbers and colours only
        secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
        is_required=steps.is_required(settings, me),
    )


def _kept_page(*, codes_form: NewCodesForm | None = None, remove_form: RemoveSecondStepForm | None = None) -> str:
    me = current_user()
    return render_template(
        "admin/accounts/second_step.html",
        n_codes=steps.count_recovery_codes(db.session, me.id),
        may_be_removed=steps.may_be_removed(cookie.config(), me),
        codes_form=codes_form or NewCodesForm(formdata=None),
        remove_form=remove_form or RemoveSecondStepForm(formdata=None, prefix="remove-"),
    )


def _seal() -> Fernet:
    return fernet(cookie.config().secret_key, "totp setup")


def _unsealed(sealed: str, user_id: int) -> str | None:
    """The secret that we gave this user to set up, half an hour ago at most."""
    if len(sealed) > MAX_SEALED or not sealed.isascii():
        return None
    try:
        known_id, _blank, secret = _seal().decrypt(sealed, ttl=SETUP_SECONDS).decode().partition(" ")
    except InvalidToken:
        return None
    return secret if known_id == str(user_id) else None
