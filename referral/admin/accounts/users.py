"""The people who keep the directory: who they are, what they may do, and links for new passwords. For admins."""

from __future__ import annotations

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from referral.accounts import events, links, people, sessions
from referral.accounts.people import LastAdminError, NotAdminError
from referral.admin.accounts import cookie
from referral.admin.accounts.blueprint import accounts
from referral.admin.accounts.display import day_of, row_of, told
from referral.admin.accounts.forms import InviteForm, LinkForm, RoleForm, key_of
from referral.admin.shared.access import ADMIN, current_user, needs
from referral.admin.shared.paging import page_of
from referral.database import start_writing
from referral.extensions import db
from referral.models import User, utc_now
from referral.models.provider import MAX_ID
from referral.models.user import all_users, user_by_email
from referral.pages.text import _


@accounts.get("/users")
@needs(ADMIN)
def users() -> ResponseReturnValue:
    page = page_of(events.count(db.session))
    return render_template(
        "admin/accounts/users.html",
        rows=[row_of(person) for person in all_users(db.session)],
        page=page,
        events=[told(event) for event in events.latest(db.session, page.offset, page.size)],
    )


@accounts.get("/users/invite")
@needs(ADMIN)
def invite() -> ResponseReturnValue:
    return render_template("admin/accounts/invite.html", form=InviteForm(role="editor"))


@accounts.post("/users/invite")
@needs(ADMIN)
def send_invite() -> ResponseReturnValue:
    form = InviteForm()
    if not form.validate():
        return render_template("admin/accounts/invite.html", form=form), 422
    start_writing(db.session)
    people.admins_for(db.session, current_user().id)
    if user_by_email(db.session, key_of(form)) is not None:
        return _taken(form)
    try:
        user, token = people.invite(
            db.session,
            form.email.data or "",
            form.name.data or "",
            form.role.data or "",
            utc_now(),
            by_id=current_user().id,
        )
        db.session.commit()
    except IntegrityError:
        return _taken(form)
    return _link_page(user, token, "invitation")


@accounts.get("/users/<int:user_id>")
@needs(ADMIN)
def user(user_id: int) -> ResponseReturnValue:
    return _user_page(_known(user_id), RoleForm())


@accounts.post("/users/<int:user_id>/role")
@needs(ADMIN)
def save_role(user_id: int) -> ResponseReturnValue:
    form = RoleForm()
    is_valid = form.validate()
    admins, person = _locked(user_id)
    if not is_valid:
        return _user_page(person, form), 422
    try:
        people.set_role(db.session, person, form.role.data or "", admins, by_id=current_user().id)
    except LastAdminError:
        return _last_admin(person, form)
    return _done(person, _("The role is saved. The person has to sign in again."))


@accounts.post("/users/<int:user_id>/disable")
@needs(ADMIN)
def disable(user_id: int) -> ResponseReturnValue:
    admins, person = _locked(user_id)
    try:
        people.disable(db.session, person, admins, by_id=current_user().id)
    except LastAdminError:
        return _last_admin(person, RoleForm(formdata=None))
    return _done(person, _("%(name)s can no longer sign in.", name=person.name))


@accounts.post("/users/<int:user_id>/enable")
@needs(ADMIN)
def enable(user_id: int) -> ResponseReturnValue:
    _admins, person = _locked(user_id)
    people.enable(db.session, person, by_id=current_user().id)
    return _done(person, _("%(name)s can sign in again.", name=person.name))


@accounts.post("/users/<int:user_id>/sessions/end")
@needs(ADMIN)
def end_sessions(user_id: int) -> ResponseReturnValue:
    _admins, person = _locked(user_id)
    people.sign_out(db.session, person, by_id=current_user().id)
    return _done(person, _("%(name)s is signed out everywhere.", name=person.name))


@accounts.post("/users/<int:user_id>/link")
@needs(ADMIN)
def make_link(user_id: int) -> ResponseReturnValue:
    form = LinkForm()
    _admins, person = _locked(user_id)
    if person.is_disabled:
        db.session.rollback()
        flash(_("This account is disabled. Enable it first."))
        return redirect(url_for("admin.accounts.user", user_id=user_id), 303)
    me, removes = current_user().id, bool(form.removes_second_step.data)
    purpose, token = people.make_link(db.session, person, utc_now(), by_id=me, removes_second_step=removes)
    db.session.commit()
    return _link_page(person, token, purpose)


@accounts.errorhandler(NotAdminError)
def refuse(_error: NotAdminError) -> ResponseReturnValue:
    db.session.rollback()
    return abort(403)


def _known(user_id: int) -> User:
    person = db.session.get(User, user_id) if user_id <= MAX_ID else None
    return person or abort(404)


def _locked(user_id: int) -> tuple[list[int], User]:
    """The active admins, of whom nobody can be changed until the commit, and the user."""
    start_writing(db.session)
    admins = people.admins_for(db.session, current_user().id)
    return list(admins), _known(user_id)


def _done(person: User, told: str) -> ResponseReturnValue:
    user_id = person.id
    db.session.commit()
    flash(told)
    return redirect(url_for("admin.accounts.user", user_id=user_id), 303)


def _last_admin(person: User, form: RoleForm) -> ResponseReturnValue:
    form.refuse(_("This is the only admin who can sign in. Make somebody else an admin first."))
    return _user_page(person, form), 422


def _taken(form: InviteForm) -> ResponseReturnValue:
    db.session.rollback()
    form.email.errors = [_("Somebody with this e-mail address has an account already.")]
    return render_template("admin/accounts/invite.html", form=form), 422


def _user_page(person: User, form: RoleForm) -> str:
    if form.role.data is None:
        form.role.data = person.role
    page = page_of(events.count(db.session, person.id))
    n_sessions = sessions.count_open(db.session, person.id, sessions.limits_of(cookie.config()), utc_now())
    return render_template(
        "admin/accounts/user.html",
        person=person,
        row=row_of(person),
        form=form,
        link_form=LinkForm(formdata=None),
        n_sessions=n_sessions,
        page=page,
        events=[told(event) for event in events.latest(db.session, page.offset, page.size, person.id)],
        is_me=person.id == current_user().id,
    )


def _address(token: str) -> str:
    """Without a language: the page follows the browser of whoever opens it."""
    path = url_for("admin.accounts.link", token=token).removeprefix(request.script_root)
    root: str = request.environ.get("onward.root", "")
    return request.host_url.rstrip("/") + root + path


def _link_page(person: User, token: str, purpose: str) -> str:
    """The answer itself and not a redirect: only the hash of the token is stored, so it is shown this once."""
    return render_template(
        "admin/accounts/link_made.html",
        person=person,
        address=_address(token),
        until=day_of(utc_now() + links.LASTS[purpose]),
    )
