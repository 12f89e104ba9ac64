"""No e-mail address, password, code, name or token of staff is in a log, and no name makes a line of its own."""

from __future__ import annotations

import re
import shutil
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from referral.accounts.links import new_link
from referral.extensions import db
from referral.models import utc_now
from tests.admin.people import PASSWORD, TOKEN, email_of, make_user
from tests.conftest import filled_copy
from tests.security.server import Server, free_port, running, status
from tests.security.test_logs import is_known

FORM = {"Content_Type": "application/x-www-form-urlencoded"}


class Visitor:
    """One browser: it keeps the cookie of staff."""

    def __init__(self, server: Server) -> None:
        self.server, self.cookie = server, ""

    def get(self, path: str) -> str:
        return self._kept(self.server.request(f"GET {path}", Cookie=self.cookie))

    def post(self, path: str, form_at: str, **data: str) -> str:
        found = TOKEN.search(self.get(form_at))
        assert found
        body = urlencode({"csrf_token": found[1], **data}).encode()
        return self._kept(self.server.request(f"POST {path}", body, Cookie=self.cookie, **FORM))

    def _kept(self, answer: bytes) -> str:
        text = answer.decode()
        for line in re.findall(r"^Set-Cookie: (.*?)\r?$", text, re.MULTILINE):
            if "Path=/en/admin" in line:
                self.cookie = f"onward_staff={SimpleCookie(line)['onward_staff'].value}"
        return text


def test_nothing_that_staff_send_reaches_the_log(sqlite_template: Path, tmp_path: Path) -> None:
    tokens: list[str] = []

    def fill() -> None:
        user = make_user("admin")
        tokens.append(new_link(db.session, "reset", user.id, utc_now()))
        db.session.commit()

    path = filled_copy(sqlite_template, tmp_path, fill)
    env = {"PORT": str(free_port()), "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": "0123456789abcdef"}
    login, account = "/en/admin/sign-in", "/en/admin/account"
    with running(["gunicorn", "wsgi:app"], "Onward is at", **env) as server:
        visitor = Visitor(server)
        assert "422" in visitor.post(login, login, email="zqmark1@x.example", password="zqmark2").partition("\r")[0]
        assert "303" in visitor.post(
            f"{login}?next=/admin/zqmark3", login, email=email_of("admin"), password=PASSWORD
        )
        assert "Sign out" in visitor.get(f"{account}?zqmark4=zqmark5")
        forged = "zqmark6\r\n2026-01-01 00:00:00,000 GET admin.home 200 1.0 ms\x1b[2K"
        assert "303" in visitor.post(f"{account}/name", account, name=forged)
        assert "zqmark6" in visitor.get(account)
        assert "200" in visitor.get(f"/en/admin/links/{tokens[0]}").partition("\r")[0]
        invited = visitor.post(
            "/en/admin/users/invite", account, name="zqmark7", email="zqmark8@x.example", role="viewer"
        )
        tokens += re.findall(r"/admin/links/([\w-]{43})", invited)
        assert status(server.request(f"POST {login}", b"zqmark9=" + b"x" * 70_000, **FORM)) in (400, 413)
        shutil.move(path, tmp_path / "gone.db")
        visitor.get(account)
    log = "\n".join(server.lines)
    assert len(tokens) == 2
    for words in ("zqmark", "staff.example", PASSWORD, visitor.cookie.partition("=")[2], "127.0.0.1", *tokens):
        assert words not in log.replace("Onward is at http://127.0.0.1:", ""), words
    assert "\x1b" not in log
    assert "POST admin.accounts.check_password 303" in log
    assert log.count(" admin.home ") == 0
    assert [line for line in server.lines if not is_known(line) and "failed with" not in line] == []
