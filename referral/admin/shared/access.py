"""Who may use which view. Every view says so; one that does not is refused.

    @part.get("/x")
    @needs(EDITOR)
    def x() -> ...:

The parent blueprint asks before each request, in this order: is the view for anyone, is somebody signed in, is their
role high enough, does the form carry our token. Only then does the view run and look anything up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from flask import Blueprint, Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf, validate_csrf
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from wtforms import ValidationError

from referral.accounts import sessions
from referral.accounts.second_step import is_required
from referral.admin.shared import sending_again
from referral.admin.shared.returning import next_of_this_page
from referral.database import start_writing
from referral.extensions import db
from referral.models import User, utc_now
from referral.models.user import ROLES

VIEWER, EDITOR, ADMIN = ROLES
ANYONE = "anyone"

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Need(NamedTuple):
    """What a view asks of who opens it."""

    role: str
    is_before_second_step: bool = False
    """Open to somebody who still has to set up the second step that their role needs."""
    max_bytes: int | None = None
    """The largest body, where it is more than that of other requests: files."""


def needs(role: str, *, is_before_second_step: bool = False, max_bytes: int | None = None) -> Callable[[View], View]:
    """Decorates a view with the lowest role that may use it."""

    def mark(view: View) -> View:
        view.need = Need(role, is_before_second_step, max_bytes)  # type: ignore[attr-defined]
        return view

    return mark


def open_to_anyone(view: View) -> View:
    """Decorates one of the few views that may be used without being signed in."""
    return needs(ANYONE)(view)


def roles_by_endpoint(app: Flask) -> dict[str, str | None]:
    """The lowest role of each admin view; None where none is said, so that nobody may use it."""
    views = {name: view for name, view in app.view_functions.items() if name.startswith("admin.")}
    return {name: need.role if (need := _need_of(view)) else None for name, view in views.items()}


def current_user() -> User:
    """Who is signed in, with all plain columns, detached: to change anything load them by id."""
    user: User | None = g.get("staff_user")
    if user is None:
        abort(403)
    return user


def may(role: str) -> bool:
    """Whether who is signed in has this role or a higher one."""
    user: User | None = g.get("staff_user")
    return user is not None and _is_enough(user, role)


def guard(admin: Blueprint) -> None:
    """Have the parent blueprint ask before each request of every part."""
    admin.before_request(check)
    admin.app_template_global("may")(may)
    admin.app_template_global("staff_user")(lambda: g.get("staff_user"))
    admin.app_template_global("csrf_token")(generate_csrf)


def check() -> ResponseReturnValue | None:
    """Refuse the request, or let it through by giving None."""
    need = _need_of(current_app.view_functions[request.endpoint or ""])
    if need is None:
        abort(403)
    g.staff_user = user = _signed_in_user()
    if need.max_bytes is not None and user is not None and _is_enough(user, need.role):
        request.max_content_length = need.max_bytes
    return _refusal_of_person(need, user) or _refusal_of_form(user)


def _refusal_of_person(need: Need, user: User | None) -> ResponseReturnValue | None:
    if need.role == ANYONE:
        return None
    if user is None:
        if sending_again.may_be_offered():
            return sending_again.page(403, is_signed_in=False)
        return redirect(url_for("admin.accounts.sign_in", next=next_of_this_page()), 303)
    if not _is_enough(user, need.role):
        abort(403)
    if is_required(current_app.config["ONWARD"], user) and not need.is_before_second_step:
        return redirect(url_for("admin.accounts.second_step"), 303)
    return None


def _refusal_of_form(user: User | None) -> ResponseReturnValue | None:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        if user is not None and sending_again.may_be_offered():
            return sending_again.page(400, is_signed_in=True)
        abort(400)
    return None


def _need_of(view: Callable[..., object]) -> Need | None:
    need: Need | None = getattr(view, "need", None)
    return need


def _is_enough(user: User, role: str) -> bool:
    order = list(ROLES)
    return order.index(user.role) >= order.index(role)


def _signed_in_user() -> User | None:
    """Read in a session of its own, so that the view can begin its transaction as it needs it."""
    token = session.get("token")
    if not isinstance(token, str):
        return None
    now = utc_now()
    with Session(db.engine, expire_on_commit=False) as own:
        found = sessions.find(own, token, sessions.limits_of(current_app.config["ONWARD"]), now)
        own.expunge_all()
    if found is None:
        return None
    row, user = found
    if sessions.is_seen_due(row, now):
        _mark_seen(row.id)
    return user


def _mark_seen(session_id: int) -> None:
    with Session(db.engine) as own:
        try:
            start_writing(own)
            sessions.mark_seen(own, session_id, utc_now())
            own.commit()
        except OperationalError:
            # Somebody else is writing. The session then ends a little sooner, which harms nobody.
            own.rollback()
