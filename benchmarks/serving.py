"""The results page against a bare Flask "hello": same server, same settings, one worker, in turn in one run."""

from __future__ import annotations

import gzip
import os
import socket
import statistics
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.timing import Line
from config import ROOT

ROUNDS, SECONDS_A_ROUND, N_CLIENTS = 8, 1.5, 4
HOUSTON = {"need": "outpatient", "near": "Houston, TX", "radius_miles": "25", "payment": "takes_medicaid"}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def server(module: str, environment: dict[str, str]) -> Iterator[int]:
    """A gunicorn with one worker and the project's settings; gives its port."""
    port = _free_port()
    arguments = [sys.executable, "-m", "gunicorn", "--workers", "1", f"{module}:app"]
    if module != "wsgi":
        arguments += ["--config", "python:benchmarks.hello_settings"]
    settings = os.environ | environment | {"PORT": str(port)}
    process = subprocess.Popen(
        arguments, env=settings, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()


class _Stay(urllib.request.HTTPRedirectHandler):
    """Answers with a redirect are answers."""

    def redirect_request(self, *_arguments: object) -> None:
        return None


def ask(port: int) -> str:
    """Send the intake form and give the path of the results page."""
    opener = urllib.request.build_opener(_Stay)
    body = urllib.parse.urlencode(HOUSTON).encode()
    try:
        opener.open(f"http://127.0.0.1:{port}/", data=body)
    except urllib.error.HTTPError as answer:
        if answer.code == 303:
            return urllib.parse.urlsplit(answer.headers["Location"]).path
        raise
    raise AssertionError("the intake did not answer with a redirect")


def page(port: int, path: str) -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        body: bytes = answer.read()
        return body


def requests_a_second(port: int, path: str) -> float:
    """Clients that ask again and again for a while."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode()
    counts, failures = [0] * N_CLIENTS, list[BaseException]()
    deadline = time.perf_counter() + SECONDS_A_ROUND

    def client(number: int) -> None:
        try:
            ask_on(number)
        except (OSError, AssertionError) as error:
            failures.append(error)

    def ask_on(number: int) -> None:
        while time.perf_counter() < deadline:
            with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
                connection.sendall(request)
                status = connection.recv(65536)
                while connection.recv(65536):
                    pass
            if b" 200 " not in status[:16]:
                raise AssertionError("an answer other than 200")
            counts[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(N_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return sum(counts) / SECONDS_A_ROUND


def lines(environment: dict[str, str]) -> Iterator[Line]:
    """On the directory that the environment names."""
    with server("wsgi", environment) as ours, server("benchmarks.hello", environment) as bare:
        path = ask(ours)
        results = page(ours, path)
        requests_a_second(ours, path)
        pairs = [(requests_a_second(ours, path), requests_a_second(bare, "/")) for _ in range(ROUNDS)]
        ratio = statistics.median(a / b for a, b in pairs)
        rates = [statistics.median(rate) for rate in zip(*pairs, strict=True)]
        yield Line(
            "results page end to end, ten matches, one worker, against a bare Flask hello",
            "≥ 0.20 ×",
            f"{ratio:.2f} × ({rates[0]:.0f} of {rates[1]:.0f} requests/s)",
            ratio >= 0.20,
        )
        size = len(gzip.compress(results)) / 1000
        yield Line("results page, HTML gzipped", "≤ 20 kB", f"{size:.1f} kB", size <= 20)
        first = first_visit_kb(ours)
        yield Line("intake page, first visit, everything, gzipped", "≤ 25 kB", f"{first:.1f} kB", first <= 25)


def first_visit_kb(port: int) -> float:
    """The intake page and every style, script and picture that it names, gzipped one by one."""
    html = page(port, "/")
    text, total = html.decode(), len(gzip.compress(html))
    for part in text.replace("'", '"').split('"'):
        if part.startswith("/static/"):
            total += len(gzip.compress(page(port, part)))
    return total / 1000
