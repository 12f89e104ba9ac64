"""The only access log: method, endpoint, status and time. Never a path, a query, a body or an address."""

from __future__ import annotations

import logging
import sys
import time
import traceback

from flask import Flask, Response, g, request

log = logging.getLogger("onward.access")


class Onward(Flask):
    """Flask, but an unexpected error is logged without anything that the person sent."""

    def log_exception(self, exc_info: object) -> None:
        """The endpoint, the kind of error and where in the code it arose; not its message, which may quote input."""
        error = sys.exc_info()[1]
        frames = "".join(traceback.format_tb(error.__traceback__)) if error is not None else ""
        logging.getLogger("onward.error").error(
            "%s failed with %s\n%s", request.endpoint or "unknown address", type(error).__name__, frames
        )


def _start_clock() -> None:
    g.started_at = time.perf_counter()


def _write_line(response: Response) -> Response:
    started_at = g.get("started_at")
    milliseconds = (time.perf_counter() - started_at) * 1000 if started_at is not None else 0.0
    log.info("%s %s %s %.1f ms", request.method, request.endpoint or "-", response.status_code, milliseconds)
    return response


def init_app(app: Flask) -> None:
    app.before_request(_start_clock)
    app.after_request(_write_line)
