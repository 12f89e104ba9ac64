"""From a form that was sent to what is stored: the checks, the version, and what the database itself refuses."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from flask import abort
from sqlalchemy.exc import DataError, IntegrityError

from referral.admin.shared.access import current_user
from referral.admin.shared.forms import StaffForm
from referral.extensions import db
from referral.history import act
from referral.models import Provider, Report
from referral.models.change import start_changing
from referral.models.provider import MAX_ID
from referral.pages.text import _

REFUSALS = (IntegrityError, DataError)

FIELDS_OF_RULES = {
    "name_length": "name",
    "website_scheme": "website",
    "point_": "latitude",
    "licensed_beds_range": "licensed_beds",
    "address_kind_known": "address_kind",
    "level_known": "level",
    "max_stay_days_range": "max_stay_days",
    "capacity_range": "capacity",
}
"""The field that a rule of the database is about, by a part of the rule's name."""


def read_listing(provider_id: int) -> Provider:
    """The provider as it stands; or the request ends here."""
    return find_listing(provider_id) or abort(404)


def find_listing(provider_id: int) -> Provider | None:
    return db.session.get(Provider, provider_id) if provider_id <= MAX_ID else None


def lock_listing(provider_id: int) -> Provider:
    """The provider in a transaction that may write, in which nobody else changes it."""
    db.session.rollback()
    start_changing(db.session)
    known = provider_id <= MAX_ID
    provider = db.session.get(Provider, provider_id, with_for_update=True) if known else None
    if provider is None:
        abort(404)
    return provider


def doing(kind: str, why: str = "", provider_id: int | None = None, report: str = "") -> AbstractContextManager[Any]:
    """The act of who is signed in; of kind "report" where the form was opened for a report of this listing."""
    user_id = current_user().id
    report_id = _report_of(provider_id, report)
    if report_id is not None:
        return act(db.session, "report", user_id=user_id, why=why, report_id=report_id)
    return act(db.session, kind, user_id=user_id, why=why)


def _report_of(provider_id: int | None, report: str) -> int | None:
    if not (report.isascii() and report.isdigit() and int(report) <= MAX_ID):
        return None
    found = db.session.get(Report, int(report))
    return found.id if found is not None and found.provider_id == provider_id else None


def commit_or_refuse(form: StaffForm) -> bool:
    """Commit; where the database refuses, say at the field why, and give False with nothing stored."""
    try:
        db.session.commit()
    except REFUSALS as error:
        db.session.rollback()
        rule = str(error.orig)
        field = next((name for part, name in FIELDS_OF_RULES.items() if part in rule), None)
        if field is not None and field in form:
            form[field].errors = [*form[field].errors, _("This cannot be stored as it is. Check it.")]
        else:
            form.refuse(_("This cannot be stored as it is. Nothing was changed."))
        return False
    return True
