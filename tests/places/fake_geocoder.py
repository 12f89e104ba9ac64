"""A geocoder on loopback that answers as it is told, well or badly, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Reply = Callable[["_Handler"], None]

AT_DOOR = (38.2567, -85.7514)
"""Where the fake finds 12 Dock Street, Louisville."""


class FakeGeocoder(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, str]] = []
        self.agents: list[str] = []
        self.is_over = threading.Event()
        self.reply: Reply = found()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever asked may have gone: nothing to tell."""


class _Handler(BaseHTTPRequestHandler):
    server: FakeGeocoder

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        self.server.asked.append({name: values[0] for name, values in query.items()} | {"path": self.path})
        self.server.agents.append(self.headers["User-Agent"])
        self.server.reply(self)

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


@contextlib.contextmanager
def running_fake() -> Iterator[FakeGeocoder]:
    server = FakeGeocoder()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def says(document: Any) -> Reply:
    return lambda handler: handler.send(json.dumps(document).encode())


def place(latitude: float | str = AT_DOOR[0], longitude: float | str = AT_DOOR[1], **address: str) -> dict[str, Any]:
    known = {"house_number": "12", "road": "Dock Street"} | address
    return {"lat": str(latitude), "lon": str(longitude), "display_name": "12 Dock Street", "address": known}


def found(latitude: float | str = AT_DOOR[0], longitude: float | str = AT_DOOR[1]) -> Reply:
    """As Nominatim says that it knows a house."""
    return says([place(latitude, longitude)])


def status(code: int, body: bytes = b"", **headers: str) -> Reply:
    return lambda handler: handler.send(body, code, **headers)


def hang(handler: _Handler) -> None:
    handler.server.is_over.wait()


def trickle(handler: _Handler) -> None:
    """A byte every now and then, for ever: each read ends in time, the whole never does."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.is_over.wait(0.05):
        handler.wfile.write(b" ")


def trickle_headers(handler: _Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not handler.server.is_over.wait(0.05):
        handler.wfile.write(b"x")


def flood(handler: _Handler) -> None:
    """Ten megabytes that begin like an answer."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(160):
        handler.wfile.write(b"[" * 65536)


def nobody_there() -> str:
    """The address of a server that is not there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}"
