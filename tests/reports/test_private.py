"""What a sender wrote is for staff only: on no page, in no log; and nothing says who it was."""

from __future__ import annotations

import contextlib
import re
import shutil
import sqlite3
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from flask.testing import FlaskClient

from referral.reports.token import new_token
from tests.conftest import make_app
from tests.pages.world import fill
from tests.reports.sending import listing, rows, run, send
from tests.security.server import free_port, running, status

KEY = "0123456789abcdef0123456789abcdef"
FORM = {"Content_Type": "application/x-www-form-urlencoded"}


def test_what_was_written_is_on_no_page(site: Flask, client: FlaskClient) -> None:
    address = listing(site)
    code = send(client, address, text="zqmark words")
    for path in (address, f"{address}/report", f"/reports/{code}", "/reports", "/"):
        for language in ("", "/es"):
            assert "zqmark" not in client.get(language + path).get_data(as_text=True), path
    answer = client.post("/api/v1/match", json={"near": {"latitude": 38.25, "longitude": -85.76}})
    assert answer.status_code == 200
    assert "Harbor" in answer.get_data(as_text=True)
    assert "zqmark" not in answer.get_data(as_text=True)
    run(site, "close", code, "--outcome", "corrected")
    assert "zqmark" not in client.get(f"/reports/{code}").get_data(as_text=True)


def test_nothing_about_the_sender_is_stored(site: Flask, client: FlaskClient) -> None:
    form = {"kind": "wrong_phone", "token": new_token("a key for tests only", int(listing(site).rpartition("/")[2]))}
    headers = {"User-Agent": "zqmark browser", "Accept-Language": "es-zq", "X-Forwarded-For": "203.0.113.77"}
    sent = client.post(
        f"{listing(site)}/report", data=form, headers=headers, environ_base={"REMOTE_ADDR": "203.0.113.5"}
    )
    assert sent.status_code == 303
    [row] = rows(site)
    columns = "id provider_id kind text code nonce created_on status outcome answer closed_on assigned_to_id"
    assert list(row._fields) == [*columns.split(), "closed_by_id"]
    known = str(tuple(row)).replace(row.nonce, "").replace(row.code, "")
    assert not re.search("zqmark|es-zq|203|[0-9]:[0-9]", known)


def test_nothing_that_was_sent_reaches_the_log(sqlite_template: Path, tmp_path: Path) -> None:
    path = tmp_path / "onward.db"
    shutil.copy(sqlite_template, path)
    site = make_app(f"sqlite:///{path}")
    with site.app_context():
        fill()
    env = {"PORT": str(free_port()), "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": KEY}
    token = new_token(KEY, 1)

    def body(**values: str) -> bytes:
        return urlencode({"kind": "wrong_phone", "text": "zqmark", "token": token} | values).encode()

    with running(["gunicorn", "wsgi:app"], "Onward is at", **env) as server:
        sent = server.request("POST /providers/1/report", body(), **FORM)
        answers = [
            sent,
            server.request("POST /providers/1/report", body(kind="zqmark", token=new_token(KEY, 1)), **FORM),
            server.request("POST /providers/1/report", body(token="zqmark"), **FORM),
            server.request("POST /providers/1/report", body(homepage="zqmark"), **FORM),
            server.request("POST /reports", urlencode({"code": "zqmark"}).encode(), **FORM),
            server.request("GET /reports/zqmark?zqmark=zqmark"),
        ]
        code = sent.partition(b"Location: /reports/")[2][:12].decode()
        answers.append(server.request(f"GET /reports/{code}"))
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("DROP TABLE report")
        broken = status(server.request("POST /providers/1/report", body(token=new_token(KEY, 1)), **FORM))
    assert [status(answer) for answer in answers] == [303, 422, 422, 400, 422, 404, 200]
    assert broken == 503
    log = "\n".join(server.lines)
    assert "POST reports.send 303" in log
    assert "GET reports.status 200" in log
    assert "reports.send failed with" in log
    for part in ("zqmark", token, code, code.replace("-", ""), "wrong_phone"):
        assert part not in log
