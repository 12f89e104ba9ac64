"""Addresses of the list and of what it leads to."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import current_app, request

from referral.admin.shared.listing_filters import Asked, query_of
from referral.pages.links import link

_EDITING = "admin.editing.provider"
_EXPORTS = "/admin/exports"


def list_url(found: Asked, *, page: int = 1, without: str = "", **changes: str) -> str:
    """The list with the state that it has, but for what is named. Another list begins at its first page."""
    pairs = query_of(found, without=without, **changes)
    if page > 1:
        pairs.append(("page", str(page)))
    query = urlencode(pairs)
    return f"{request.script_root}/admin/listings{'?' if query else ''}{query}"


def listing_url(provider_id: int) -> str:
    """Where a listing is looked after."""
    if _EDITING in current_app.view_functions:
        return link(_EDITING, provider_id)
    return f"{request.script_root}/admin/listings/{provider_id}"


def export_url(found: Asked) -> str:
    """Where what the list shows can be had as a file; empty where there are no exports."""
    known = current_app.extensions
    if "has_exports" not in known:
        known["has_exports"] = any(rule.rule == _EXPORTS for rule in current_app.url_map.iter_rules())
    query = urlencode(query_of(found))
    return f"{request.script_root}{_EXPORTS}{'?' if query else ''}{query}" if known["has_exports"] else ""
