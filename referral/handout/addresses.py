"""Addresses of lists, and the whole address that paper and messages carry."""

from __future__ import annotations

from collections.abc import Sequence

from flask import request

from referral.language import current_language
from referral.pages.kept import format_ids
from referral.pages.links import link


def list_url(ids: Sequence[int], *, is_large: bool = False) -> str:
    """Within the site. Of no ids: the page that says how to make a list."""
    url = link("handout.shortlist", format_ids(ids)) if ids else link("handout.shortlist", "").rstrip("/")
    return f"{url}?size=large" if is_large and ids else url


def whole_list_address(ids: Sequence[int]) -> str:
    """With scheme and host, in the language of the page: who scans a Spanish sheet gets the Spanish list."""
    root = request.environ.get("onward.root", "")
    return f"{request.host_url.rstrip('/')}{root}/{current_language()}/list/{format_ids(ids)}"
