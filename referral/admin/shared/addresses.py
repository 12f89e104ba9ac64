"""Addresses of the pages about one listing, for parts that lead to each other without importing each other."""

from __future__ import annotations

from flask import url_for


def listing_url(provider_id: int) -> str:
    """What staff see of a listing."""
    return url_for("admin.editing.listing", provider_id=provider_id)


def edit_url(provider_id: int, *, report_id: int | None = None) -> str:
    """The form that changes it; with the report that it is opened for."""
    return url_for("admin.editing.edit", provider_id=provider_id, report=report_id)


def status_url(provider_id: int, *, report_id: int | None = None) -> str:
    """Where it is closed, closed for now, and opened again; with the report for which that is done."""
    return url_for("admin.editing.status", provider_id=provider_id, report=report_id)


def history_url(provider_id: int) -> str:
    return url_for("admin.history.listing", provider_id=provider_id)
