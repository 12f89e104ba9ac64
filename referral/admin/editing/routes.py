"""Addresses of one listing: its page, the form that changes it, a new one, and the preview."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from referral.admin.editing import points
from referral.admin.editing.blueprint import editing, geocoder
from referral.admin.editing.checking import Similar, find_warnings, similar_listings
from referral.admin.editing.conflict import (
    Conflict,
    base_values,
    conflict_page,
    find_conflict,
    sent,
    since_it_began,
    version_at_first,
    who_since,
)
from referral.admin.editing.forms import ListingForm
from referral.admin.editing.gone import key_of, made_with, new_key, was_there
from referral.admin.editing.listing_page import listing_page
from referral.admin.editing.listing_values import LISTING_FIELDS, listing_values, only, set_values
from referral.admin.editing.saving import commit_or_refuse, doing, find_listing, lock_listing, read_listing
from referral.admin.shared.access import EDITOR, VIEWER, needs
from referral.extensions import db
from referral.models import Provider
from referral.models.change import start_changing
from referral.models.recording import Values
from referral.pages.text import _

NOTHING_YET = only(LISTING_FIELDS, {"address_kind": "street"})
"""Values of a listing that is still to be made."""


@editing.get("/listings/<int:provider_id>")
@needs(VIEWER)
def listing(provider_id: int) -> ResponseReturnValue:
    provider = read_listing(provider_id)
    return render_template("admin/editing/listing.html", page=listing_page(provider), provider=provider)


@editing.get("/listings/<int:provider_id>/edit")
@needs(EDITOR)
def edit(provider_id: int) -> ResponseReturnValue:
    provider = read_listing(provider_id)
    return form_page(_opened_form(listing_values(provider), provider), provider_id)


@editing.post("/listings/<int:provider_id>/edit")
@needs(EDITOR)
def save(provider_id: int) -> ResponseReturnValue:
    provider = find_listing(provider_id)
    if provider is None:
        return _gone(provider_id)
    stored = listing_values(provider)
    form = ListingForm(request.form, stored)
    if request.form.get("go") == "back":
        return form_page(form, provider_id)
    if not form.validate():
        return form_page(form, provider_id), 422
    known = base_values(db.session, provider, form.seen_version)
    base = only(LISTING_FIELDS, known[0]) if known else None
    came = sent(form.values(base["point"] if base else stored["point"]), base)
    conflict = find_conflict(came, base, stored)
    if conflict is not None:
        return _conflict(provider, form, *conflict, is_unanswered=form.seen_version == provider.version)
    form = _refilled(form, came.mine, stored)
    form.warnings = find_warnings(db.session, form, []) if form.validate() else []
    if form.errors or form.warnings:
        return form_page(form, provider_id), 422
    point, told = points.point_for(db.session, geocoder(), form, stored)
    version, is_other_changed = provider.version, form.seen_version != provider.version
    provider = lock_listing(provider_id)
    if provider.version != version:
        # Somebody saved while the geocoder was asked: once more, from the start and without the lock.
        db.session.rollback()
        return save(provider_id)
    with doing("edit", form.why.data or "", provider_id, form.report.data or ""):
        _apply(form, provider, point)
        if not commit_or_refuse(form):
            return form_page(form, provider_id), 422
    flash(" ".join(filter(None, (_("Saved."), told, _about_others(is_other_changed)))))
    return redirect(url_for("admin.editing.listing", provider_id=provider_id), 303)


@editing.get("/listings/new")
@needs(EDITOR)
def new() -> ResponseReturnValue:
    return form_page(_opened_form(NOTHING_YET, None), None)


@editing.post("/listings/new")
@needs(EDITOR)
def create() -> ResponseReturnValue:
    form = ListingForm(request.form, NOTHING_YET)
    if request.form.get("go") == "back":
        return form_page(form, None)
    key = key_of(form.key.data)
    if (made := made_with(db.session, key)) is not None:
        # The same form once more, perhaps with other words in it: then whoever sent it chooses.
        return save(made)
    similar: list[Similar] = []
    if form.validate():
        similar = similar_listings(db.session, form)
        form.warnings = find_warnings(db.session, form, similar)
    if form.errors or form.warnings:
        return form_page(form, None, similar), 422
    point, told = points.point_for(db.session, geocoder(), form, {})
    db.session.rollback()
    start_changing(db.session)
    provider = Provider(source="staff", source_key=key)
    _apply(form, provider, point)
    db.session.add(provider)
    with doing("edit", form.why.data or ""):
        is_stored = commit_or_refuse(form)
    if not is_stored:
        made = made_with(db.session, key)
        return (form_page(form, None), 422) if made is None else save(made)
    flash(" ".join(filter(None, (_("Saved. Now add its programs."), told))))
    return redirect(url_for("admin.editing.listing", provider_id=provider.id), 303)


def _opened_form(stored: Values, provider: Provider | None) -> ListingForm:
    point = stored.get("point")
    return ListingForm(
        None,
        stored,
        version=str(provider.version) if provider else "",
        key="" if provider else new_key(),
        report=request.args.get("report", ""),
        point_how=points.usual_way(db.session, provider),
        latitude=repr(point[0]) if point else "",
        longitude=repr(point[1]) if point else "",
    )


def _apply(form: ListingForm, provider: Provider, point: list[Any] | None) -> None:
    set_values(provider, LISTING_FIELDS, form.values(point) | {"point": point})
    if form.point_how.data == "hand" and point:
        provider.hand_point = point[:2]


def _gone(provider_id: int) -> ResponseReturnValue:
    """The listing went while somebody changed it: what they typed, to be saved as a new one."""
    if not was_there(db.session, provider_id):
        abort(404)
    form = ListingForm(request.form, NOTHING_YET)
    form.key.data = new_key()
    form.refuse(_("This listing was deleted while you changed it. If you save, it becomes a new listing."))
    return form_page(form, None), 409


def _refilled(form: ListingForm, mine: Values, stored: Values) -> ListingForm:
    """The form as if it had been sent with these values."""
    return ListingForm(MultiDict([("version", form.version.data or ""), *form.pairs(mine)]), stored)


def form_page(form: ListingForm, provider_id: int | None, similar: list[Similar] | None = None) -> str:
    return render_template(
        "admin/editing/edit.html",
        form=form,
        provider_id=provider_id,
        similar=similar or [],
        has_geocoder=geocoder().is_there,
    )


def _conflict(
    provider: Provider, form: ListingForm, choices: list[Any], values: Values, *, is_unanswered: bool
) -> ResponseReturnValue:
    began = version_at_first(form.seen_version)
    choices = since_it_began(db.session, provider, choices, began)
    conflict = Conflict(choices, form.pairs(values), provider.version, began, is_unanswered)
    return conflict_page(
        conflict,
        provider.id,
        action=url_for("admin.editing.save", provider_id=provider.id),
        title=provider.name,
        who=who_since(db.session, provider.id, began),
    )


def _about_others(is_changed: bool) -> str:
    return _("Somebody else changed other parts of this listing meanwhile; both are saved.") if is_changed else ""
