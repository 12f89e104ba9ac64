"""One answer of another server, within a time and a size: what geopy asks through.

A timeout of a socket holds for each piece of an answer, so a server that sends one byte a second could hold a page
for an hour; and looking up a name knows no timeout at all. So a thread asks, and whoever waits for it leaves in time.
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import threading
from http.client import HTTPConnection, HTTPSConnection
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from geopy.adapters import AdapterHTTPError, BaseSyncAdapter
from geopy.exc import GeocoderParseError, GeocoderServiceError, GeocoderTimedOut

MAX_BYTES = 256 * 1024
"""The largest answer that is read; that of one address has a few thousand bytes."""


class BoundedAdapter(BaseSyncAdapter):  # type: ignore[misc]  # geopy has no types
    """Follows no redirect, uses no proxy, unpacks nothing, and gives up when the timeout is over, come what may."""

    is_available = True

    def __init__(self, *, proxies: Any, ssl_context: ssl.SSLContext | None) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self._ssl_context = ssl_context
        self.always_asked = ""
        """What stands behind the query of every address."""

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        text = self.get_text(url + self.always_asked, timeout=timeout, headers=headers)
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise GeocoderParseError("not JSON") from error

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        answers: SimpleQueue[bytes | Exception] = SimpleQueue()
        sockets: list[socket.socket] = []

        def ask() -> None:
            try:
                answers.put(_fetch(_connection(url, timeout, self._ssl_context), url, headers, sockets))
            except Exception as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True).start()
        try:
            answer = answers.get(timeout=timeout)
        except Empty:
            _let_go(sockets)
            raise GeocoderTimedOut("no whole answer in time") from None
        if isinstance(answer, Exception):
            raise answer
        return answer.decode("utf-8", "replace")


def _connection(url: str, timeout: float, context: ssl.SSLContext | None) -> HTTPConnection:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return HTTPSConnection(parts.hostname or "", parts.port, timeout=timeout, context=context)
    return HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)


def _fetch(connection: HTTPConnection, url: str, headers: dict[str, str], sockets: list[socket.socket]) -> bytes:
    parts = urlsplit(url)
    try:
        connection.connect()
        sockets.append(connection.sock)
        connection.request("GET", f"{parts.path or '/'}?{parts.query}", headers=headers)
        with connection.getresponse() as response:
            if response.status != 200:
                # Without the text of the answer, which geopy would log.
                raise AdapterHTTPError(
                    f"status {response.status}", status_code=response.status, headers={}, text=None
                )
            if response.getheader("Content-Encoding", "identity") != "identity":
                raise GeocoderParseError("packed, which was not asked for")
            body = response.read(MAX_BYTES + 1)
    finally:
        connection.close()
    if len(body) > MAX_BYTES:
        raise GeocoderServiceError("too large an answer")
    return body


def _let_go(sockets: list[socket.socket]) -> None:
    """End the waiting of the thread that asks."""
    for waiting in sockets:
        with contextlib.suppress(OSError):
            waiting.shutdown(socket.SHUT_RDWR)
