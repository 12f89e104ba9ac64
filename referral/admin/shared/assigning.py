"""Whose work something is: the form that says so, and the people whom it can be."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from flask import abort, flash
from sqlalchemy.orm import Session
from wtforms import HiddenField

from referral.admin.shared.forms import StaffForm
from referral.models import User
from referral.pages.text import _

can_be_assigned = sa.select(User.id).where(User.is_disabled.is_(False), User.role != "viewer")
"""Numbers of those who can act. What was assigned to anybody else is nobody's."""


class Person(NamedTuple):
    id: int
    name: str


class AssignForm(StaffForm):
    to = HiddenField()
    """Number of a user; empty: nobody."""
    was = HiddenField()
    """Whose it was when the page was made: what somebody else has decided since is not overwritten."""
    then = HiddenField()


def people(session: Session) -> list[Person]:
    """Everyone whom something can be assigned to, by name."""
    named = sa.select(User.id, User.name).where(User.id.in_(can_be_assigned))
    return [Person(row.id, row.name) for row in session.execute(named.order_by(sa.func.lower(User.name), User.id))]


def person_named(session: Session, form: AssignForm) -> Person | None:
    """Whom the form names; None: nobody. Ends the request where it is nobody whom it can be."""
    if not form.to.data:
        return None
    return next((person for person in people(session) if str(person.id) == form.to.data), None) or abort(400)


def is_overtaken(form: AssignForm, now: Person | None) -> bool:
    """Whether somebody has decided since the page was made; then it says so. `now`: whose it is, read locked."""
    is_other = form.was.data != (str(now.id) if now else "")
    if is_other:
        name = now.name if now else _("nobody")
        flash(_("Meanwhile it is assigned to %(name)s. Nothing was changed.", name=name))
    return is_other


def say_assigned(person: Person | None) -> None:
    flash(_("Assigned to %(name)s.", name=person.name if person else _("nobody")))
