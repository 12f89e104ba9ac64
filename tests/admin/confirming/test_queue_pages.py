"""The pages of the queue: what they cost, giving listings to people, and going from one to the next."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.admin.confirming.standing import candidates, follow
from referral.admin.confirming.urgency import OUTCOMES
from referral.extensions import db
from referral.serving import read_ahead
from tests.admin.confirming.world import (
    QUEUE,
    add,
    ago,
    assign,
    assignments,
    attempt,
    confirm,
    listing,
    look,
    me,
    names,
    page_of,
    statements,
    today,
)
from tests.admin.conftest import Staff
from tests.admin.people import csrf, make_user


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough here: nothing below depends on which."""
    return sqlite_url


def take(client: Any, **form: Any) -> None:
    response = client.post(f"{QUEUE}/take", data={"csrf_token": csrf(client, QUEUE), **form})
    assert response.headers["Location"] == f"{QUEUE}?whose=mine"


def test_it_comes_in_pages(app: Flask, staff: Staff) -> None:
    for number in range(51):
        add(f"p{number:02}")
    client = staff("viewer")
    assert len(names(look(client))) == 50
    assert names(look(client, f"{QUEUE}?page=2")) == ["P50"]


def test_only_what_changed_is_read_again(app: Flask) -> None:
    for number in range(20):
        add(f"p{number}")
    rows = follow(db.engine)
    rows.current()
    listing(7).confirmed_on = today()
    db.session.commit()
    with statements() as asked:
        assert len(rows.current()) == 20
        assert len(rows.current()) == 20
    assert [("provider.change >" in statement) for statement in asked if "FROM provider " in statement] == [True]


def test_each_page_takes_few_statements_however_long_the_list(app: Flask, staff: Staff) -> None:
    client = staff("editor")
    for number in range(60):
        assign(me(), add(f"p{number}"))
    look(client)
    for path in (QUEUE, f"{QUEUE}?whose=mine&page=2"):
        with statements() as asked:
            look(client, path)
        assert 3 < len(asked) <= 8, asked


def test_the_first_page_of_a_worker_reads_no_whole_directory(app: Flask, staff: Staff) -> None:
    client = staff("viewer")
    for number in range(3):
        add(f"p{number}")
    read_ahead()
    with statements() as asked:
        assert len(names(look(client))) == 3
    of_listings = [statement for statement in asked if "FROM provider " in statement]
    assert ["provider.id IN" in statement for statement in of_listings] == [True]


def test_the_tries_of_earlier_years_are_not_gone_through(app: Flask) -> None:
    number = add("one")
    for days, outcome in ((400, "moved"), (2, "no_answer"), (1, "call_again")):
        attempt(number, outcome, days)
    plans = list[str]()

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if statement.startswith("SELECT") and "FROM provider_check" in statement:
            plans.append(str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()))

    sa.event.listen(db.engine, "before_cursor_execute", explain)
    found = candidates(today())
    sa.event.remove(db.engine, "before_cursor_execute", explain)
    assert [OUTCOMES[number] for number in found.standing.outcome] == ["call_again"]
    [plan] = plans
    assert "ix_provider_check_outcome (outcome=? AND at>?)" in plan
    assert "SCAN" not in plan


def test_only_those_of_the_state_at_hand_are_handed_out(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    add("ky")
    ohio = add("oh", state="OH")
    take(editor, state="OH")
    assert list(assignments()) == [ohio]


def assign_by_page(client: Any, number: int, to: Any, was: Any = "") -> str:
    data = {"csrf_token": csrf(client, page_of(number)), "to": to, "was": was, "then": "queue"}
    response = client.post(f"/en/admin/listings/{number}/assign", data=data)
    assert response.status_code == 303, response.status_code
    return look(client, response.headers["Location"]).text()


def test_a_listing_is_given_to_me_to_somebody_or_to_nobody(app: Flask, staff: Staff) -> None:
    editor, number, ada = staff("editor"), add("one"), make_user("admin", name="Ada").id
    assert "Assigned to Sam Editor" in assign_by_page(editor, number, me())
    assert assignments() == {number: me()}
    assert "Assigned to Ada" in assign_by_page(editor, number, ada, me())
    assert assignments() == {number: ada}
    assert "Assigned to nobody" in assign_by_page(editor, number, "", ada)
    assert assignments() == {}


def test_what_somebody_else_decided_meanwhile_is_not_overwritten(app: Flask, staff: Staff) -> None:
    editor, number, ada = staff("editor"), add("one"), make_user("admin", name="Ada").id
    assign(ada, number)
    for to in (me(), ""):
        assert "Meanwhile it is assigned to Ada. Nothing was changed." in assign_by_page(editor, number, to)
        assert assignments() == {number: ada}


def test_nothing_is_assigned_to_who_cannot_act(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), add("one")
    viewer = make_user("viewer").id
    disabled = make_user("editor", email="gone@staff.example", is_disabled=True).id
    for to in (viewer, disabled, 987654, "x", "1 OR 1=1"):
        data = {"csrf_token": csrf(editor, page_of(number)), "to": to, "was": ""}
        assert editor.post(f"/en/admin/listings/{number}/assign", data=data).status_code == 400
    assert assignments() == {}


def test_the_next_one_is_the_most_urgent_of_my_own(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    mine = [add(f"mine{number}", confirmed_on=ago(100 + number)) for number in range(3)]
    add("not mine")
    assign(me(), *mine)
    assert editor.get(f"{QUEUE}/next").headers["Location"] == page_of(mine[2])
    response = confirm(editor, mine[2], then="queue")
    assert response.headers["Location"] == page_of(mine[1])
    confirm(editor, mine[1], then="queue")
    response = confirm(editor, mine[0], then="queue")
    assert response.headers["Location"] == QUEUE
    assert "Nothing else of yours is waiting today." in look(editor).text()
    assert editor.get(f"{QUEUE}/next").headers["Location"] == QUEUE
