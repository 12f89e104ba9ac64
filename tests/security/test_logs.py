"""What a person needs, where they are, and who they are is in no log: marks sent in many places never come out."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config import ROOT
from referral.sealing import Seal
from tests.security.server import Server, free_port, running, status
from tests.security.test_sealing import ASKED

KEY = "0123456789abcdef0123456789abcdef"

ACCESS_LINE = re.compile(
    r"\d{4}-\d\d-\d\d [\d:]{8},\d{3} (GET|HEAD|POST|OPTIONS|PUT|PATCH|DELETE|OTHER) ([a-z._]+|-) \d{3} \d+\.\d ms"
)
REFUSED_LINE = re.compile(
    r"\[[-+:\d ]+\] \[\d+\] \[WARNING\] A request ended with \d{3} outside the application: \w+"
)
FAILED_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} crash failed with RuntimeError")
TRACE_LINE = re.compile(r'  File "[^"]+", line \d+, in \w+|    .*|')


class Marks:
    """Words that occur nowhere else, and a count of them."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self.sent: list[str] = []

    def word(self) -> str:
        self.sent.append(f"zqmark{next(self._numbers):03}zq")
        return self.sent[-1]

    def number(self, start: str) -> str:
        """A coordinate whose digits are a mark."""
        self.sent.append(f"{start}.77{next(self._numbers):03}77")
        return self.sent[-1]


def send_whole_requests(server: Server, marks: Marks) -> None:
    w = marks.word
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    asks = {"Content_Type": "application/json"}
    near = {"latitude": float(marks.number("38")), "longitude": float(marks.number("-85"))}
    expected: list[tuple[bytes, int]] = [
        (server.request(f"GET /?need={w()}&near={w()}&{w()}=1"), 200),
        (server.request(f"GET /es/?near={w()}#{w()}"), 200),
        (server.request("POST /", f"need={w()}&near={w()}&{w()}={w()}".encode(), **form), 422),
        (server.request("POST /", f"need=detox&near=40202&latitude={marks.number('38')}".encode(), **form), 303),
        (server.request(f"GET /results/{w()}?page={w()}"), 410),
        (server.request(f"GET /plan/{w()}"), 410),
        (server.request(f"GET /providers/{w()}"), 404),
        (server.request(f"GET /{w()}?{w()}"), 404),
        (server.request(f"GET /api/v1/{w()}?{w()}"), 404),
        (server.request(f"DELETE /?{w()}"), 405),
        (server.request(f"{w().upper()} /"), 405),
        (server.request("POST /api/v1/match", json.dumps({"near": near, "needs": ["detox"]}).encode(), **asks), 200),
        (server.request("POST /api/v1/match", json.dumps({"near": w(), w(): w()}).encode(), **asks), 400),
        (server.request("POST /api/v1/match", f"{{{w()}".encode(), **asks), 400),
        (server.request("POST /api/v1/match", b"x", Content_Type=w()), 415),
        (server.request("POST /api/v1/match", (w() * 9000).encode(), **asks), 413),
        (server.request("POST /", f"near={w()}".encode(), Sec_Fetch_Site="cross-site", **form), 400),
        (server.request("POST /", f"near={w()}".encode(), Origin=f"https://{w()}.example", **form), 400),
        (server.request("GET /", Referer=f"https://x.example/{w()}", User_Agent=w(), Cookie=f"session={w()}"), 200),
        (server.request("GET /", Accept_Language=w(), X_Forwarded_For=w(), Authorization=f"Basic {w()}"), 200),
        (server.request("GET /", Host=f"{w()}.example"), 200),
        (server.request(f"GET /crash?near={w()}", Cookie=w()), 500),
        (server.request("POST /api/v1/crash", w().encode(), X_Test=w()), 500),
        (server.request(f"GET /static/{w()}.css"), 404),
        (server.request(f"OPTIONS /?{w()}"), 200),
        (server.request(f"GET /%0d%0a2026-01-01%20{w()}%0a{w()}"), 404),
    ]
    assert [status(answer) for answer, _ in expected] == [code for _, code in expected]


def send_broken_requests(server: Server, marks: Marks) -> None:
    w = marks.word
    head = "Host: localhost\r\nConnection: close\r\n"
    chunked = "Content-Type: application/json\r\nTransfer-Encoding: chunked"
    broken = [
        (f"{w()}\r\n\r\n", 400),
        (f"GET /{w()} {w()}\r\n\r\n", 400),
        (f"GET /{w()} HTTP/7.{w()}\r\n{head}\r\n", 400),
        (f"GET / HTTP/1.1\r\n{head}Bad {w()}: x\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\n{head}{w()}\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\n{head}Content-Length: {w()}\r\n\r\n", 400),
        (f"GET / HTTP/1.1\r\n{head}Expect: {w()}\r\n\r\n", 417),
        (f"POST / HTTP/1.1\r\n{head}Transfer-Encoding: {w()}\r\n\r\n", 501),
        (f"POST /api/v1/match HTTP/1.1\r\n{head}{chunked}\r\n\r\n{w()}\r\n", 400),
        (f"GET /{w()}{'a' * 8000} HTTP/1.1\r\n{head}\r\n", 414),
        (f"GET / HTTP/1.1\r\n{head}X: {w()}{'a' * 9000}\r\n\r\n", 431),
        (f"GET / HTTP/1.1\r\n{head}" + "".join(f"X{n}: {w()}\r\n" for n in range(70)) + "\r\n", 431),
    ]
    for text, code in broken:
        answer = server.send(text.encode())
        assert status(answer) == code, text[:60]
        assert b"zqmark" not in answer, text[:60]
        if b"gunicorn" not in answer:
            assert b"\r\nReferrer-Policy: no-referrer\r\n" in answer
            assert b"1-800-662-4357" in answer
    server.send(f"POST / HTTP/1.1\r\n{head}Content-Length: 500\r\n\r\nnear={w()}".encode())
    server.send(f"GET /{w()}".encode())


def is_known(line: str) -> bool:
    shapes = (ACCESS_LINE, REFUSED_LINE, FAILED_LINE, TRACE_LINE)
    return line.startswith("Onward is at http://127.0.0.1:") or any(shape.fullmatch(line) for shape in shapes)


@pytest.fixture
def own_site(site_path: Path, tmp_path: Path) -> Path:
    path = tmp_path / "onward.db"
    shutil.copy(site_path, path)
    return path


def environment(path: Path, **more: str) -> dict[str, str]:
    return {"PORT": str(free_port()), "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": KEY} | more


def test_nothing_that_was_sent_reaches_the_log_or_the_database(own_site: Path) -> None:
    marks = Marks()
    token = Seal(KEY, 30).seal(ASKED)
    marks.sent.append(token)
    with running(["gunicorn", "tests.security.crashing_site:app"], "Onward is at", **environment(own_site)) as server:
        send_whole_requests(server, marks)
        assert status(server.request(f"GET /results/{token}")) == 200
        assert status(server.request(f"GET /es/change/{token}?x={marks.word()}")) == 200
        send_broken_requests(server, marks)
    log = "\n".join(server.lines)
    stored = b"".join(path.read_bytes() for path in own_site.parent.glob("onward.db*")).decode("latin-1")
    assert len(marks.sent) > 100
    for mark in marks.sent:
        assert mark not in log
        assert mark not in stored
    assert "zqmark" not in log.casefold()
    assert "127.0.0.1" not in log.replace("Onward is at http://127.0.0.1:", "")
    assert [line for line in server.lines if not is_known(line)] == []
    for part in (
        "GET intake.form 200",
        "POST intake.ask 303",
        "POST api.match 400",
        "crash failed with",
        "OTHER - 405",
    ):
        assert part in log
    assert "ended with 414" in log


def test_the_development_server_writes_no_request_lines(own_site: Path) -> None:
    marks = Marks()
    env = environment(own_site)
    arguments = ["flask", "--app", "wsgi", "run", "--port", env["PORT"]]
    with running(arguments, "Running on", **env) as server:
        assert status(server.request(f"GET /?near={marks.word()}")) == 200
        assert status(server.request(f"GET /{marks.word()}")) == 404
        server.send(f"{marks.word()} {marks.word()}\r\n\r\n".encode())
    assert "zqmark" not in "\n".join(server.lines)


def start(**env: str) -> subprocess.CompletedProcess[str]:
    """Start the server with these settings, where it must stop by itself."""
    command = [sys.executable, "-m", "gunicorn"]
    known: dict[str, Any] = {"cwd": ROOT, "capture_output": True, "text": True, "timeout": 30}
    return subprocess.run(command, env={"PATH": "/usr/bin:/bin"} | env, **known, check=False)


@pytest.mark.parametrize(
    ("env", "told"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": KEY, "PORT": "80 80"}, "PORT must be a number from 1 to 65535"),
        ({"SECRET_KEY": KEY, "PORT": "99999999999"}, "PORT must be a number from 1 to 65535"),
        ({"SECRET_KEY": KEY, "SITE_NAEM": "x"}, "SITE_NAEM is not a setting"),
        ({"SECRET_KEY": KEY, "RATELIMIT_STORAGE_URI": "nonsense://"}, "RATELIMIT_STORAGE_URI"),
    ],
)
def test_wrong_settings_stop_the_server_with_one_clear_line(env: dict[str, str], told: str) -> None:
    done = start(**{"PORT": str(free_port()), "DATABASE_URL": "sqlite:////nonexistent/x.db"} | env)
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("Onward does not start") == 1


def test_the_server_answers_without_its_database(tmp_path: Path) -> None:
    with running(["gunicorn", "wsgi:app"], "Onward is at", **environment(tmp_path / "no" / "x.db")) as server:
        assert status(server.request("GET /")) == 200
        assert status(server.request("GET /providers/1")) == 503
