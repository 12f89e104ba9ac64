"""The staff list of providers."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from referral.admin.listings.form import find_form
from referral.admin.listings.links import list_url
from referral.admin.listings.page import list_page
from referral.admin.shared.access import VIEWER, needs
from referral.admin.shared.listing_filters import asked
from referral.admin.shared.staff_index import current_staff_index

listings = Blueprint("listings", __name__, url_prefix="/listings")


@listings.get("")
@needs(VIEWER)
def index() -> ResponseReturnValue:
    """What the address asks for. A form that was sent with empty fields leads to the address without them."""
    found = asked(request.args)
    known = current_staff_index()
    form = find_form(found, known)
    if found.problems:
        page = render_template("admin/listings/index.html", page=None, form=form, problems=found.problems)
        return page, 422
    if not all(value for _name, value in request.args.items(multi=True)):
        return redirect(list_url(found), 303)
    return render_template("admin/listings/index.html", page=list_page(found, known), form=form, problems={})
