"""The public page of a listing as it would be with what stands in the form. Nothing of it is stored."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral.admin.editing import points
from referral.admin.editing.blueprint import editing
from referral.admin.editing.forms import ListingForm
from referral.admin.editing.listing_values import LISTING_FIELDS, listing_values, set_values
from referral.admin.editing.routes import NOTHING_YET, form_page
from referral.admin.editing.saving import read_listing
from referral.admin.shared.access import EDITOR, needs
from referral.extensions import db
from referral.models import Provider
from referral.models.recording import Values
from referral.pages.provider_page import provider_page
from referral.places.geocode import Geocoder


@editing.post("/listings/<int:provider_id>/preview")
@needs(EDITOR)
def preview(provider_id: int) -> ResponseReturnValue:
    provider = read_listing(provider_id)
    return _preview(provider, listing_values(provider), url_for("admin.editing.edit", provider_id=provider_id))


@editing.post("/listings/preview")
@needs(EDITOR)
def preview_new() -> ResponseReturnValue:
    stored = NOTHING_YET
    # A number of no listing, so that the page has addresses to show; nobody can follow them here.
    unsaved = Provider(id=0, source="staff", source_key="", status="active", facts={}, programs=[], other_phones=[])
    return _preview(unsaved, stored, url_for("admin.editing.new"))


def _preview(provider: Provider, stored: Values, back: str) -> ResponseReturnValue:
    form = ListingForm(request.form, stored)
    provider_id = provider.id or None
    if not form.validate():
        return form_page(form, provider_id), 422
    # Without the geocoder: whoever previews again and again asks nobody.
    point, _told = points.point_for(db.session, Geocoder(), form, stored)
    carried = [("version", form.version.data or ""), *form.pairs(form.values(stored.get("point")))]
    with db.session.no_autoflush:
        set_values(provider, LISTING_FIELDS, form.values(point) | {"point": point})
        page = provider_page(provider)
        text = render_template("admin/editing/preview.html", page=page, carried=carried, back=back)
    db.session.rollback()
    return text
