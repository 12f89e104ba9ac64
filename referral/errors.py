"""What is answered when something goes wrong: a plain page, or under /api/ a problem document (RFC 9457).

Both say what happened and what to do next, carry the headers of every other answer, and need no database.
"""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, jsonify, make_response, render_template, request
from gunicorn.http.errors import ParseException
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from referral.extensions import retry_seconds
from referral.phrases import _
from referral.vocabulary.words import N_

DATABASE_ERRORS = (OperationalError, InterfaceError, PoolTimeoutError, sqlite3.OperationalError)
"""The database cannot be reached, or does not answer in time. sqlite3's own comes from the watch on changes."""

DISK_IS_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

RETRY_SECONDS = 10
"""When to come back after the database was away."""

PAGES: dict[int, tuple[str, str]] = {
    400: (
        N_("This could not be read"),
        N_("Something in the address or the form was not right. Go back and send the form again, or start over."),
    ),
    404: (
        N_("Page not found"),
        N_("There is no page at this address. It may have been moved or typed wrong. You can start a new search."),
    ),
    405: (
        N_("This page cannot be opened like that"),
        N_("This page cannot be used like that. Start a new search from the first page."),
    ),
    413: (
        N_("This is too much at once"),
        N_("What was sent is too large. Send only what the form asks for."),
    ),
    414: (
        N_("The address is too long"),
        N_("The address is longer than any page of ours. Start a new search from the first page."),
    ),
    415: (
        N_("This kind of file cannot be read"),
        N_("Use the form on the first page to search."),
    ),
    429: (
        N_("Many requests came at once"),
        N_("Many requests came from your network in a short time. Wait a minute, then try again."),
    ),
    500: (
        N_("Something went wrong here"),
        N_(
            "This is our fault, not yours. Try again in a minute. If you need help now, call one of the numbers here."
        ),
    ),
    503: (
        N_("We cannot search right now"),
        N_("The list of programs cannot be read now. Try again in a minute, or call one of the numbers here."),
    ),
}
"""Title and text of each page. A status that is not here gets those of 400, or of 500."""

PROBLEMS: dict[int, str] = {
    400: N_("The request cannot be answered as it is. Correct what is listed under errors, and send it again."),
    404: N_("There is nothing at this address."),
    405: N_("This address does not take this method. The Allow header lists those it takes."),
    413: N_("The body is too large. Send only the keys that are documented."),
    415: N_("Send JSON, with the header Content-Type: application/json."),
    429: N_("Too many requests from this address. Wait as long as Retry-After says, then send it again."),
    500: N_("Something failed here. Send the request again later."),
    503: N_("The directory cannot be read at the moment. Wait as long as Retry-After says, then send it again."),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _answer_http_error)
    # Gunicorn reads a chunked body only when it is asked for, and then finds it malformed.
    app.register_error_handler(ParseException, lambda _error: _answer(400))
    for kind in DATABASE_ERRORS:
        app.register_error_handler(kind, _answer_database_error)
    app.register_error_handler(OSError, _answer_full_disk)


def problem(status: int, *, errors: Sequence[dict[str, Any]] = ()) -> Response:
    """A problem document. `errors`: objects of field (JSON pointer), detail and, where it helps, choices."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _(PROBLEMS[_nearest(status, PROBLEMS)]),
    }
    if errors:
        document["errors"] = errors
    response = jsonify(document)
    response.status_code = status
    response.mimetype = "application/problem+json"
    return response


def _answer_http_error(error: HTTPException) -> HTTPException | Response:
    status = error.code
    if status is None or status < 400 or error.response is not None:
        return error
    response = _answer(status)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    if status == 429:
        response.headers["Retry-After"] = str(retry_seconds())
    return response


def _answer_database_error(_error: Exception) -> Response:
    current_app.log_exception(sys.exc_info())
    response = _answer(503)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _answer_full_disk(error: OSError) -> Response:
    """A file that is sent is kept on the disk while it comes in."""
    if error.errno not in DISK_IS_FULL:
        raise error
    current_app.log_exception(sys.exc_info())
    return _answer(507)


def _answer(status: int) -> Response:
    return problem(status) if request.path.startswith("/api/") else _page(status)


def _nearest(status: int, known: dict[int, Any]) -> int:
    if status in known:
        return status
    return 400 if status < 500 else 500


def _page(status: int) -> Response:
    title, message = (_(text) for text in PAGES[_nearest(status, PAGES)])
    # The layout asks the database whether made-up listings are loaded: not again when it has just failed to answer.
    known = {"has_demo": lambda: False} if status == 503 else {}
    try:
        text = render_template("errors/error.html", status=status, title=title, message=message, **known)
    except Exception:
        # The page around it failed too: no database for a banner, or no address that a link could be made from.
        current_app.log_exception(sys.exc_info())
        text = current_app.jinja_env.get_template("errors/bare.html").render(title=title, message=message)
    return make_response(text, status)
