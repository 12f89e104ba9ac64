"""A real PostgreSQL server for the length of a test run: own data folder, loopback only, gone at the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def find_program(name: str) -> str | None:
    """Path of a PostgreSQL server program, on the PATH or where Debian keeps it; None where there is none."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(debian[0]) if debian else shutil.which(name)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _run(arguments: list[str], folder: str) -> None:
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, cwd=folder)


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server and give the address of its maintenance database (`…/postgres`).

    As root the server runs as the user `postgres`, since it refuses to run as root.
    """
    initdb, pg_ctl = find_program("initdb"), find_program("pg_ctl")
    if initdb is None or pg_ctl is None:
        raise FileNotFoundError("PostgreSQL's initdb and pg_ctl are not installed")
    with tempfile.TemporaryDirectory(prefix="onward-pg-") as folder:
        prefix: list[str] = []
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            prefix = ["runuser", "-u", "postgres", "--"]
        data, port = Path(folder) / "data", _free_port()
        _run([*prefix, initdb, "-D", str(data), "-U", "onward", "-A", "trust", "-E", "UTF8"], folder)
        options = f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories= -c fsync=off"
        log = Path(folder) / "log"
        _run([*prefix, pg_ctl, "-D", str(data), "-l", str(log), "-w", "-o", options, "start"], folder)
        try:
            yield f"postgresql+psycopg://onward@127.0.0.1:{port}/postgres"
        finally:
            _run([*prefix, pg_ctl, "-D", str(data), "-m", "immediate", "-w", "stop"], folder)
