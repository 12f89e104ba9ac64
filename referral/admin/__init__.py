"""Everything of staff, under /admin: the frame, and one child blueprint for each part."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from referral.admin.accounts import accounts
from referral.admin.confirming import confirming
from referral.admin.dashboard import dashboard
from referral.admin.duplicates import duplicates
from referral.admin.editing import editing
from referral.admin.exports import exports
from referral.admin.history import history
from referral.admin.imports import imports
from referral.admin.inbox import inbox
from referral.admin.listings import listings
from referral.admin.shared import access, errors, forms, navigation, times
from referral.admin.shared.access import VIEWER, needs
from referral.admin.why import why

PARTS: tuple[Blueprint, ...] = (
    accounts,
    confirming,
    dashboard,
    duplicates,
    editing,
    exports,
    history,
    imports,
    inbox,
    listings,
    why,
)
"""The parts. Each stands in a package of its own, and none imports another."""

admin = Blueprint("admin", __name__, url_prefix="/admin")
access.guard(admin)
errors.handle(admin)
forms.show_in(admin)
navigation.show_in(admin)
times.show_in(admin)
for part in PARTS:
    admin.register_blueprint(part)


@admin.get("/")
@admin.get("")
@needs(VIEWER)
def home() -> ResponseReturnValue:
    """The first part that this person may reach."""
    entries = navigation.entries()
    return redirect(entries[0].url if entries else url_for("admin.accounts.own"), 303)
