"""A form that came after its session had ended is not lost: the page that answers it can send it again.

Only for forms that our own pages have sent, as browsers say, and never for those of accounts, which hold passwords.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import render_template, request
from flask.typing import ResponseReturnValue

UNSAID = frozenset({"csrf_token"})


def may_be_offered() -> bool:
    """Whether the request is a form of one of our pages with something in it that somebody wrote."""
    if request.method != "POST" or request.blueprint == "admin.accounts" or request.files:
        return False
    return _is_from_our_page() and any(name not in UNSAID for name in request.form)


def page(status: int, *, is_signed_in: bool) -> ResponseReturnValue:
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in UNSAID]
    return render_template("admin/send_again.html", fields=fields, is_signed_in=is_signed_in), status


def _is_from_our_page() -> bool:
    """A browser says so in one of two headers; one that says nothing is not believed."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return True
    try:
        return urlsplit(request.headers.get("Origin", "")).netloc == request.host
    except ValueError:
        return False
