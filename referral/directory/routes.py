"""The page of one provider."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from referral.directory.provider_page import provider_page
from referral.extensions import db
from referral.models import Provider
from referral.models.provider import MAX_ID

directory = Blueprint("directory", __name__)


@directory.get("/providers/<int:provider_id>")
def provider(provider_id: int) -> ResponseReturnValue:
    found = db.session.get(Provider, provider_id) if provider_id <= MAX_ID else None
    if found is None:
        abort(404)
    if found.status == "inactive":
        return render_template("directory/closed.html", name=found.name), 410
    return render_template("directory/provider.html", page=provider_page(found))
