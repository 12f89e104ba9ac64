"""The real server on a free port, and raw requests to it."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from config import ROOT


@dataclass
class Server:
    port: int
    lines: list[str] = field(default_factory=list)
    """Everything that it wrote to stdout and stderr. Complete when it has stopped."""

    def send(self, data: bytes) -> bytes:
        """Send these bytes on a connection of their own and give what comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(data)
            answer = b""
            with contextlib.suppress(OSError):  # the server may answer and hang up first
                connection.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionResetError):
                while part := connection.recv(65536):
                    answer += part
            return answer

    def request(self, line: str, body: bytes = b"", **headers: str) -> bytes:
        """A well-formed request; header names with _ for -."""
        named = {"Host": "localhost", "Connection": "close"} | {k.replace("_", "-"): v for k, v in headers.items()}
        if body:
            named["Content-Length"] = str(len(body))
        head = [f"{line} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
        return self.send("\r\n".join(head).encode() + body)


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextlib.contextmanager
def running(arguments: list[str], ready: str, **env: str) -> Iterator[Server]:
    """Start a server of this project, wait until it writes `ready`, and stop it. Its port is in PORT."""
    server = Server(int(env["PORT"]))
    is_ready = threading.Event()

    def read(stream: IO[str]) -> None:
        for line in stream:
            server.lines.append(line.rstrip("\n"))
            if ready in line:
                is_ready.set()
        is_ready.set()

    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    assert process.stdout is not None
    reader = threading.Thread(target=read, args=(process.stdout,))
    reader.start()
    try:
        assert is_ready.wait(30)
        assert any(ready in line for line in server.lines), server.lines
        yield server
    finally:
        process.terminate()
        process.wait(30)
        reader.join(10)
        process.stdout.close()
