"""The page of one provider."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral.extensions import db
from referral.models import Provider
from referral.models.duplicate import shown_ids
from referral.models.provider import MAX_ID
from referral.pages.provider_page import provider_page

directory = Blueprint("directory", __name__)


@directory.get("/providers/<int:provider_id>")
def provider(provider_id: int) -> ResponseReturnValue:
    found = db.session.get(Provider, provider_id) if provider_id <= MAX_ID else None
    if found is None:
        abort(404)
    if found.status == "inactive":
        merged = shown_ids(db.session, [found.id])
        if merged:
            kept = request.args.get("list")
            return redirect(url_for("directory.provider", provider_id=merged[found.id], list=kept), 301)
        return render_template("directory/closed.html", name=found.name), 410
    return render_template("directory/provider.html", page=provider_page(found))
