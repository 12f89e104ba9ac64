"""The queue over a database: what stands in it, whose it is, and that it follows every change."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral import following
from referral.admin.confirming import queue
from referral.admin.confirming.standing import candidates
from referral.database import start_writing
from referral.extensions import db
from referral.history import act
from referral.models import ImportRun, Provider, Report
from tests.admin.confirming.world import (
    QUEUE,
    add,
    ago,
    assign,
    assignments,
    attempt,
    listing,
    look,
    me,
    names,
    on_postgresql,
    report,
    today,
)
from tests.admin.conftest import Staff
from tests.admin.people import csrf, make_user
from tests.conftest import make_app
from tests.pages.reading import text_of


def reasons(page: Any) -> dict[str, str]:
    """What each row says beside its name."""
    return {text_of(row.findall("th")[0]): text_of(row) for row in page.find("tr") if row.findall("th[@scope='row']")}


def test_what_matters_most_stands_first_and_says_why(app: Flask, staff: Staff) -> None:
    run = ImportRun(source="x", file_name="x", file_sha256="x")
    db.session.add(run)
    db.session.commit()
    add("lately", confirmed_on=ago(10))
    old = add("old", confirmed_on=ago(300))
    add("never")
    reported = add("reported", confirmed_on=ago(1))
    report(reported)
    report(reported, "closed_or_moved")
    add("licensed", confirmed_on=ago(300), license_expires_on=ago(1))
    imported = add("imported", confirmed_on=ago(300), import_run_id=run.id)
    with act(db.session, "import", import_run_id=run.id):
        listing(imported).phone = "502-555-0177"
        db.session.commit()
    rung = add("rung", confirmed_on=ago(300))
    attempt(rung, "no_answer", 1)
    attempt(old, "moved", 400)
    add("opening", confirmed_on=ago(300), status="temporarily_closed", closed_until=ago(2))
    add("shut", status="temporarily_closed", closed_until=ago(-2))
    add("gone", status="inactive")
    page = look(staff("viewer"))
    order = ["Opening", "Licensed", "Reported", "Never", "Imported", "Old", "Lately", "Rung", "Shut"]
    assert names(page) == order
    row = reasons(page)
    for name, words in {
        "Reported": "Reported (2)",
        "Opening": "Was to open again",
        "Licensed": "License expired",
        "Imported": "Changed by an import since",
        "Rung": "No answer",
        "Never": "Never",
        "Shut": "Not today",
    }.items():
        assert any(name in key and words in text for key, text in row.items()), name
    assert page.link("502-555-0177") == "tel:+15025550177"


def test_it_can_be_narrowed_to_mine_to_nobodys_and_to_a_state(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    other, gone = make_user("admin", name="Ada"), make_user("viewer", name="Vera")
    numbers = [add(f"p{number}", state="KY" if number % 2 else "OH") for number in range(6)]
    assign(me(), numbers[0], numbers[1])
    assign(other.id, numbers[2])
    assign(gone.id, numbers[3])
    assert names(look(editor, f"{QUEUE}?whose=mine")) == ["P0", "P1"]
    assert names(look(editor, f"{QUEUE}?whose=nobody")) == ["P3", "P4", "P5"]
    assert names(look(editor, f"{QUEUE}?whose=nobody&state=OH")) == ["P4"]
    assert names(look(editor, f"{QUEUE}?whose=no+one&state=Ohio")) == [f"P{number}" for number in range(6)]
    page = look(editor)
    assert [text for text in page.texts("td") if text in ("Ada", "Vera", "Sam Editor")] == ["Sam Editor"] * 2 + [
        "Ada"
    ]
    assert [option.get("value") for option in page.find("option")][3:] == ["", "KY", "OH"]


def state_of(found: Any) -> list[Any]:
    columns = [found.ids, found.states, *found.standing, found.user_ids]
    return list(zip(*(column.tolist() for column in columns), strict=True))


def afresh(app: Flask) -> list[Any]:
    app.extensions.pop("to_confirm")
    return state_of(candidates(today()))


def test_what_a_worker_keeps_follows_every_change(app: Flask) -> None:
    numbers = [add(f"p{number}", confirmed_on=ago(number)) for number in range(5)]
    seen = [state_of(candidates(today()))]
    for change in (
        lambda: add("late"),
        lambda: setattr(listing(numbers[0]), "confirmed_on", ago(77)),
        lambda: setattr(listing(numbers[1]), "status", "inactive"),
        lambda: setattr(listing(numbers[1]), "status", "active"),
        lambda: report(numbers[2]),
        lambda: db.session.scalars(sa.select(Report)).one().close("corrected", ""),
        lambda: setattr(listing(numbers[3]), "license_expires_on", ago(3)),
        lambda: db.session.delete(listing(numbers[4])),
        lambda: attempt(numbers[0], "no_answer"),
        lambda: assign(make_user().id, numbers[0]),
    ):
        change()
        db.session.commit()
        kept = state_of(candidates(today()))
        assert kept != seen[-1]
        seen.append(kept)
        assert kept == afresh(app)


def test_what_another_process_changes_is_seen_too(
    app: Flask, database_url: str, staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.0)
    first, second = add("first"), add("second")
    editor = staff("editor")
    assert names(look(editor)) == ["First", "Second"]
    other = make_app(database_url)
    with other.app_context():
        db.session.get_one(Provider, first).confirmed_on = today()
        db.session.commit()
        db.engine.dispose()
    assert names(look(editor)) == ["Second", "First"]
    assert second


def take(client: Any, **form: Any) -> None:
    response = client.post(f"{QUEUE}/take", data={"csrf_token": csrf(client, QUEUE), **form})
    assert response.headers["Location"] == f"{QUEUE}?whose=mine"


def test_ten_of_the_most_urgent_that_are_nobodys_are_handed_out(app: Flask, staff: Staff) -> None:
    editor, other = staff("editor"), make_user("admin")
    numbers = [add(f"p{number}", confirmed_on=ago(500 - number)) for number in range(16)]
    resting = add("resting")
    attempt(resting, "no_answer")
    gone = make_user("editor", email="gone@staff.example", is_disabled=True)
    assign(other.id, numbers[0])
    assign(gone.id, numbers[1])
    take(editor)
    assert assignments() == {numbers[0]: other.id, **dict.fromkeys(numbers[1:11], me())}
    assert "10 listings are yours now." in look(editor, f"{QUEUE}?whose=mine").text()
    take(editor)
    take(editor)
    assert "Nothing was left to take." in look(editor).text()
    assert resting not in assignments()


def test_nobody_gets_what_somebody_else_gets_at_the_same_time(app: Flask) -> None:
    users = [make_user(email=f"{number}@staff.example").id for number in range(4)]
    for number in range(35):
        add(f"p{number}")
    ids = queue.queue(today(), whose="nobody").ids(is_due=True)
    ready, taken, errors = threading.Barrier(4), dict[int, int](), list[BaseException]()

    def press(user_id: int) -> None:
        try:
            with app.app_context():
                ready.wait(10)
                start_writing(db.session)
                taken[user_id] = queue.take(db.session, ids, user_id)
                db.session.commit()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=press, args=(user_id,)) for user_id in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    found = assignments()
    assert {user: list(found.values()).count(user) for user in users} == taken
    assert sum(taken.values()) == len(found)
    assert max(taken.values()) == 10
    with app.app_context():
        start_writing(db.session)
        assert queue.take(db.session, ids, users[0], n=40) == 35 - len(found)


@on_postgresql
def test_one_that_somebody_is_changing_right_now_is_left_to_them(app: Flask) -> None:
    """Waiting for it would let two people who each hold a listing wait for each other."""
    user = make_user().id
    numbers = [add(f"p{number}") for number in range(3)]
    with db.engine.connect() as other:
        other.execute(sa.select(Provider.id).where(Provider.id == numbers[0]).with_for_update())
        db.session.execute(sa.text("SET LOCAL lock_timeout = '5s'"))
        assert queue.take(db.session, numbers, user) == 2
        db.session.commit()
    assert assignments() == dict.fromkeys(numbers[1:], user)
