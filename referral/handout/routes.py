"""A list of places, as a page and as plain text, and the script of a call. Nothing of them is stored."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from referral import catalog
from referral.extensions import db
from referral.handout.call_page import call_page
from referral.handout.list_page import ListPage, list_page
from referral.handout.plain_text import plain_text as as_plain_text
from referral.models import Provider
from referral.models.duplicate import shown_ids
from referral.models.provider import MAX_ID
from referral.pages.asked import unsealed
from referral.pages.kept import MAX_KEPT, keeping, list_bar, parse_ids
from referral.sealing import Asked

handout = Blueprint("handout", __name__)
handout.add_app_template_global(list_bar, "list_bar_of")
handout.add_app_template_global(keeping, "keeping")


@handout.get("/list", strict_slashes=False)
def empty_list() -> ResponseReturnValue:
    return render_template("handout/empty_list.html", max_kept=MAX_KEPT)


@handout.get("/list/<ids>")
def shortlist(ids: str) -> ResponseReturnValue:
    return render_template("handout/shortlist.html", page=_page(ids))


@handout.get("/list/<ids>/text")
def plain_text(ids: str) -> ResponseReturnValue:
    return Response(as_plain_text(_page(ids)), mimetype="text/plain")


@handout.get("/call/<int:provider_id>")
def call(provider_id: int) -> ResponseReturnValue:
    return _call(provider_id, None, "")


@handout.get("/call/<int:provider_id>/<sealed>")
def call_for(provider_id: int, sealed: str) -> ResponseReturnValue:
    return _call(provider_id, unsealed(sealed), sealed)


def _page(text: str) -> ListPage:
    ids = parse_ids(text)
    if ids is None:
        abort(404)
    return list_page(ids, is_large=request.args.get("size") == "large")


def _call(provider_id: int, asked: Asked | None, sealed: str) -> ResponseReturnValue:
    provider = db.session.get(Provider, provider_id) if provider_id <= MAX_ID else None
    if provider is None:
        abort(404)
    if provider.status == "inactive":
        merged = shown_ids(db.session, [provider.id])
        if merged:
            values = {**(request.view_args or {}), "provider_id": merged[provider.id]}
            return redirect(url_for(request.endpoint or "", **values), 301)
        return render_template("directory/closed.html", name=provider.name), 410
    return render_template("handout/call.html", page=call_page(catalog.current(), provider, asked, sealed))
