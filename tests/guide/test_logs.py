"""Nothing that is answered in the guide comes into the log or the database of a real server."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.security.server import free_port, running, status


def test_no_answer_and_no_address_reaches_log_or_database(pages_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "onward.db"
    shutil.copy(pages_path, path)
    settings = {"PORT": str(free_port()), "DATABASE_URL": f"sqlite:///{path}", "SECRET_KEY": "a key for tests only"}
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    with running(["gunicorn", "wsgi:app"], "Onward is at", **settings) as server:
        answer = server.request("POST /guide", b"answer=benzodiazepines&answer=opioids", **form)
        assert status(answer) == 303
        address = next(line for line in answer.decode().splitlines() if line.startswith("Location: ")).split()[1]
        assert status(server.request(f"GET {address}")) == 200
        assert status(server.request(f"POST {address}", b"answer=zqmarkzq", **form)) == 422
        assert status(server.request("GET /guide/zqmarkzq?zqmarkzq")) == 410
    log = "\n".join(server.lines)
    stored = b"".join(part.read_bytes() for part in path.parent.glob("onward.db*")).decode("latin-1")
    for line in ("POST intake.answer 303", "GET intake.guide_step 200", "POST intake.answer 422"):
        assert line in log
    sealed = address.rsplit("/", 1)[1]
    for secret in ("zqmark", sealed):
        assert secret not in log
        assert secret not in stored
    assert "benzodiazepines" not in log
