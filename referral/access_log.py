"""The only access log: method, endpoint, status and time. Never a path, a query, a body or an address."""

from __future__ import annotations

import logging
import sys
import time
import traceback

from flask import Flask, Response, g, has_request_context, request

log = logging.getLogger("onward.access")

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
"""Others are free text that a client chose, so they are not written down."""


def without_words(error: BaseException | None = None) -> str:
    """The kind of an error (of the one being handled) and where in the code it arose; not its message."""
    error = error or sys.exc_info()[1]
    if error is None:
        return "unknown error"
    return f"{type(error).__name__}\n" + "".join(traceback.format_tb(error.__traceback__))


class Wordless(logging.Formatter):
    """For the loggers of libraries, whose messages may quote what a person sent: who speaks, and which error."""

    def format(self, record: logging.LogRecord) -> str:
        text = f"{self.formatTime(record)} {record.name} {record.levelname.lower()}"
        return f"{text}: {without_words(record.exc_info[1])}" if record.exc_info else text


class Onward(Flask):
    """Flask, but an unexpected error is logged without anything that the person sent."""

    def log_exception(self, exc_info: object) -> None:
        endpoint = request.endpoint if has_request_context() else "start"
        logging.getLogger("onward.error").error("%s failed with %s", endpoint or "unknown address", without_words())


def _start_clock() -> None:
    g.started_at = time.perf_counter()


def _write_line(response: Response) -> Response:
    started_at = g.get("started_at")
    milliseconds = (time.perf_counter() - started_at) * 1000 if started_at is not None else 0.0
    method = request.method if request.method in METHODS else "OTHER"
    log.info("%s %s %s %.1f ms", method, request.endpoint or "-", response.status_code, milliseconds)
    return response


def _is_no_request_line(record: logging.LogRecord) -> bool:
    """Werkzeug's development server writes each request line, with path and query, in this one form."""
    return " - - [" not in str(record.msg)


def init_app(app: Flask) -> None:
    logging.getLogger("werkzeug").addFilter(_is_no_request_line)
    app.before_request(_start_clock)
    app.after_request(_write_line)
