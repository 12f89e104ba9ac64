"""What a page of the list costs: few statements, and no work that grows with the directory one by one."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from benchmarks.finding_directory import load
from benchmarks.hello import app as hello_app
from referral.accounts import sessions
from referral.extensions import db
from referral.following import POLL_SECONDS
from tests.admin.conftest import Staff
from tests.admin.listings.world import LIST, add, add_each_kind, add_many
from tests.admin.people import StaffClient, email_of, make_user, sign_in
from tests.conftest import make_app

MAX_STATEMENTS = 8
N_MANY, N_FEW = 10_000, 500
MOST_HELLOS = 80
"""A page costs 20 to 45 in one process, where neither has a server around it."""

QUERIES = ["", "q=recovery", "state=KY&never=1", "q=nothing+like+this&state=KY&level=detox", "page=2&order=updated"]


@pytest.fixture
def sent(app: Flask) -> Iterator[list[str]]:
    """Every statement that reads or writes."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_page_takes_at_most_eight_statements(
    app: Flask, staff: Staff, sent: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_many(30)
    client = staff("viewer")
    client.get(LIST)
    # The most that a request can need: it also notes that the session is in use, and both indexes look for changes.
    monkeypatch.setattr(sessions, "is_seen_due", lambda *_: True)
    for query in QUERIES:
        time.sleep(POLL_SECONDS + 0.01)
        sent.clear()
        assert client.get(f"{LIST}?{query}").status_code == 200
        assert 3 <= len(sent) <= MAX_STATEMENTS, (query, sent)
        assert sum("FROM provider" in statement for statement in sent) <= 1


def test_a_page_right_after_an_edit_reads_only_what_was_edited(app: Flask, staff: Staff, sent: list[str]) -> None:
    add_each_kind()
    client = staff("viewer")
    client.get(LIST)
    add("new", name="Brand New")
    sent.clear()
    assert "Brand New" in client.get(LIST).get_data(as_text=True)
    whole = [s for s in sent if "FROM provider" in s and "provider.change >" not in s and "provider.id IN" not in s]
    assert whole == []


@pytest.fixture(scope="module")
def clients(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, FlaskClient]]:
    """A viewer on a directory of each size, with its index made."""
    made, engines = {}, []
    for n in (N_FEW, N_MANY):
        path = tmp_path_factory.mktemp("sizes") / "onward.db"
        shutil.copy(sqlite_template, path)
        app = make_app(f"sqlite:///{path}")
        app.test_client_class = StaffClient
        with app.app_context():
            with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
                load(connection, n)
            make_user("viewer")
            engines.append(db.engine)
        made[n] = app.test_client()
        sign_in(made[n], email_of("viewer"))
        assert f"{n:,} listings" in made[n].get(LIST).get_data(as_text=True)
    yield made
    for engine in engines:
        engine.dispose()


def steps(call: Callable[[], object]) -> int:
    """How many instructions of Python a call takes: the same on every machine, however busy it is."""
    n = 0

    def count(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal n
        frame.f_trace_opcodes = True
        n += event == "opcode"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        call()
    finally:
        sys.settrace(before)
    return n


def least_milliseconds(call: Callable[[], object], n: int) -> float:
    """Of the processor's time, so that whatever else the machine does counts little."""
    taken = []
    for _ in range(n):
        started = time.process_time()
        call()
        taken.append((time.process_time() - started) * 1000)
    return min(taken)


FULL_PAGES = ["", "page=15", "order=confirmed&page=9", "q=recovery", "q=recovry+centre", "fact=spanish&is=unknown"]
"""Pages that are full in either directory."""

PAGES = [*FULL_PAGES, "q=555", "q=hartariver", "state=KY&never=1&point=none"]


@pytest.mark.parametrize("query", FULL_PAGES)
def test_no_loop_goes_over_all_listings(clients: dict[int, FlaskClient], query: str) -> None:
    costs = {}
    for n, client in clients.items():
        page = partial(client.get, f"{LIST}?{query}")
        page()
        costs[n] = min(steps(page) for _ in range(2))
    # The smallest loop takes three for each listing; looking for changes or not makes some thousands.
    assert costs[N_MANY] - costs[N_FEW] < 2 * N_MANY, costs


@pytest.mark.parametrize("query", PAGES)
def test_a_page_costs_a_small_number_of_hellos(clients: dict[int, FlaskClient], query: str) -> None:
    hello = hello_app.test_client()
    page = least_milliseconds(partial(clients[N_MANY].get, f"{LIST}?{query}"), 25)
    assert page < MOST_HELLOS * least_milliseconds(lambda: hello.get("/"), 100)
