"""The parts as they stand in the navigation of every staff page."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, current_app, request, url_for

from referral.admin.shared.access import ADMIN, VIEWER, may
from referral.language import other_language_url
from referral.pages.text import _
from referral.security import STAFF
from referral.vocabulary.words import N_

NAVIGATION: tuple[tuple[str, str, str], ...] = (
    ("admin.dashboard.index", N_("Overview"), VIEWER),
    ("admin.listings.index", N_("Listings"), VIEWER),
    ("admin.confirming.index", N_("To confirm"), VIEWER),
    ("admin.inbox.index", N_("Reports"), VIEWER),
    ("admin.duplicates.index", N_("Duplicates"), VIEWER),
    ("admin.imports.index", N_("Imports"), VIEWER),
    ("admin.history.index", N_("History"), VIEWER),
    ("admin.why.index", N_("Why (not) shown"), VIEWER),
    ("admin.accounts.users", N_("People"), ADMIN),
)
"""Endpoint, label and lowest role. A part that is not there is left out."""


class Entry(NamedTuple):
    label: str
    url: str
    is_here: bool
    """The page at work is of this part."""


def entries() -> list[Entry]:
    """What the person who is signed in may reach."""
    here = (request.endpoint or "").rpartition(".")[0]
    return [
        Entry(_(label), url_for(endpoint), _is_here(endpoint, here))
        for endpoint, label, role in NAVIGATION
        if endpoint in current_app.view_functions and may(role)
    ]


def _is_here(endpoint: str, here: str) -> bool:
    if endpoint == "admin.accounts.users":
        return request.path.startswith("/admin/users")
    return endpoint.rpartition(".")[0] == here


def language_url(language: str) -> str:
    """The address of this page in another language; after a POST, of the first staff page."""
    if request.method in ("GET", "HEAD"):
        return other_language_url(language)
    return f"{request.environ.get('onward.root', '')}/{language}{STAFF}"


def show_in(admin: Blueprint) -> None:
    admin.app_template_global("staff_language_url")(language_url)
    admin.app_template_global("staff_navigation")(entries)
