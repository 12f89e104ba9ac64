"""Errors of staff pages, in their own frame and with what staff can do next."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template
from werkzeug.exceptions import HTTPException

from referral.pages.text import _
from referral.vocabulary.words import N_

PAGES: dict[int, tuple[str, str]] = {
    400: (
        N_("This could not be taken"),
        N_("The form was too old or did not come from this site. Nothing was changed. Open the page again."),
    ),
    403: (
        N_("Your role does not allow this"),
        N_("Nothing was changed. An admin can give you another role."),
    ),
    404: (
        N_("There is nothing here"),
        N_("The page may have been moved, or the address was typed wrong."),
    ),
    413: (
        N_("This is too much at once"),
        N_("What was sent is too large. Nothing was changed."),
    ),
}
"""Title and text of each. Other statuses are answered as on public pages."""


def handle(admin: Blueprint) -> None:
    for status in PAGES:
        admin.register_error_handler(status, _answer)


def _answer(error: HTTPException) -> Response | HTTPException:
    if error.response is not None:
        return error
    status = error.code or 400
    title, message = (_(text) for text in PAGES[status])
    return make_response(render_template("admin/error.html", title=title, message=message), status)
