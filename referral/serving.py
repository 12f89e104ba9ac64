"""What the production server does differently from plain gunicorn: it never repeats what a person sent.

Gunicorn writes the address, the request line and header values of a malformed request into its log and its answer.
"""

from __future__ import annotations

import socket
from typing import Any, cast

from flask import Flask
from gunicorn.glogging import Logger as GunicornLogger
from gunicorn.http import errors
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker
from markupsafe import Markup

from config import Config
from referral import catalog
from referral.access_log import without_words
from referral.admin.confirming import standing
from referral.locator import Box
from referral.pages.locator import towns_within
from referral.pages.phones import phone_href
from referral.security import HEADERS

STATUSES: dict[type[Exception], tuple[int, str]] = {
    errors.LimitRequestLine: (414, "URI Too Long"),
    errors.LimitRequestHeaders: (431, "Request Header Fields Too Large"),
    errors.UnsupportedTransferCoding: (501, "Not Implemented"),
    errors.ExpectationFailed: (417, "Expectation Failed"),
    errors.ForbiddenProxyRequest: (403, "Forbidden"),
    errors.ParseException: (400, "Bad Request"),
}
"""The first that fits counts. Anything else is a fault of ours: 500."""

PAGE = Markup(
    "<!doctype html>\n<html lang=en>\n<meta charset=utf-8>\n"
    '<meta name=viewport content="width=device-width, initial-scale=1">\n<title>This could not be read</title>\n'
    '<header><p>Overdose, or cannot breathe: <a href="{emergency_href}">{settings.emergency_phone}</a>. '
    'Thinking of suicide: call <a href="{crisis_href}">{settings.crisis_phone}</a> '
    'or <a href="sms:{settings.crisis_phone}">text {settings.crisis_phone}</a>. '
    'Talk to someone now, free, at any hour: <a href="{helpline_href}">{settings.helpline_phone}</a>.</p>\n'
    '<p><a href="{settings.exit_url}" rel="noreferrer noopener nofollow">Leave quickly</a></p></header>\n'
    '<main><h1>This could not be read</h1>\n<p><a href="/">Start a new search</a></p>\n'
    '<p lang=es>Esto no se pudo leer. <a href="/es/">Nueva búsqueda</a></p></main>\n'
)
"""In both languages: which one was asked for could not be read either."""


def page(settings: Config) -> str:
    """What a person sees; every value in it is escaped."""
    return PAGE.format(
        settings=settings,
        emergency_href=phone_href(settings.emergency_phone),
        crisis_href=phone_href(settings.crisis_phone),
        helpline_href=phone_href(settings.helpline_phone),
    )


def read_ahead() -> None:
    """Read what the application at work keeps of the directory, so that the first person need not wait for it."""
    catalog.current()
    towns_within(Box(38.0, -86.0, 39.0, -85.0))
    standing.current_rows()


class Worker(ThreadWorker):
    """Threads, and an answer of our own to what cannot be parsed."""

    def handle_error(self, _req: Any, client: socket.socket, _addr: Any, exc: BaseException) -> None:
        status, reason = next(
            (status for kind, status in STATUSES.items() if isinstance(exc, kind)), (500, "Internal Server Error")
        )
        self.log.warning("A request ended with %s outside the application: %s", status, type(exc).__name__)
        if status == 500:
            self.log.error(without_words(exc))
        body = page(cast(Flask, self.wsgi).config["ONWARD"]).encode()
        headers = HEADERS | {
            "Connection": "close",
            "Content-Type": "text/html; charset=utf-8",
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
        }
        head = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        try:
            write_nonblock(client, "\r\n".join(head).encode("ascii") + body)
        except OSError:
            self.log.debug("The client has gone.")


class Logger(GunicornLogger):
    """Gunicorn's own log, of the server's life and not of requests."""

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:
        self.error(without_words())
