"""Where somebody wanted to go when they had to sign in first: only ever a page of staff on this site."""

from __future__ import annotations

import re

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

MAX_NEXT = 1000

_OWN = re.compile(r"/admin(?:/[A-Za-z0-9._~-]+)*(?:\?[A-Za-z0-9._~%+=&,:-]*)?")
"""A path of ours never needs more. No second slash, backslash, blank or control character can stand in it."""

_NEVER = frozenset({"admin.accounts.sign_in", "admin.accounts.code"})


def next_of_this_page() -> str | None:
    """The page at work as a value for `next`; None where it is not one to come back to."""
    if request.method != "GET":
        return None
    query = request.query_string.decode("ascii", "ignore")
    return own_page(f"{request.path}?{query}" if query else request.path)


def own_page(text: str | None) -> str | None:
    """The text when it is the path of a staff page without its language, else None."""
    if not text or len(text) > MAX_NEXT or not _OWN.fullmatch(text):
        return None
    path = text.partition("?")[0]
    if ".." in path:
        return None
    try:
        endpoint, _values = current_app.url_map.bind("localhost").match(path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return text if endpoint.startswith("admin.") and endpoint not in _NEVER else None


def address_of(page: str) -> str:
    """The address of a page that `own_page` gave, in the language of the request."""
    return request.script_root + page
