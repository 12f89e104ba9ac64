"""The log of calls, and where each outcome leads."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.admin.confirming.world import (
    QUEUE,
    add,
    ago,
    assign,
    assignments,
    checks,
    hidden,
    listing,
    log,
    look,
    me,
    page_of,
    seen,
    today,
)
from tests.admin.conftest import Staff
from tests.pages.reading import read


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough here: nothing below depends on which."""
    return sqlite_url


@pytest.mark.parametrize("outcome", ["no_answer", "call_again", "wrong_number", "moved", "closed"])
def test_a_try_is_logged_and_changes_nothing_else(app: Flask, staff: Staff, outcome: str) -> None:
    editor, number = staff("editor"), add("one", confirmed_on=ago(50))
    assign(me(), number)
    assert log(editor, number, outcome, how="email", note="Ask for <b>Jo</b>\r\nafter 5").status_code == 303
    [check] = checks(number)
    assert (check.outcome, check.how, check.note, check.user_id, check.parts) == (
        outcome, "email", "Ask for <b>Jo</b>\nafter 5", me(), [],
    )  # fmt: skip
    assert (listing(number).confirmed_on, listing(number).status, listing(number).version) == (ago(50), "active", 1)
    assert list(assignments()) == [number]
    page = look(editor, page_of(number))
    assert "Ask for <b>Jo</b>after 5" in page.texts("td")
    assert "By email" in page.texts("td")


def test_right_as_listed_confirms_the_listing(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), add("one")
    log(editor, number, "confirmed", note="All right.")
    assert listing(number).confirmed_on == today()
    assert [(check.outcome, check.note) for check in checks(number)] == [("confirmed", "All right.")]
    assert read(log(editor, number, "confirmed", version="1")).status == 409
    assert len(checks(number)) == 1


def test_a_listing_that_was_changed_meanwhile_is_not_taken_off_unseen_but_a_try_is_logged(
    app: Flask, staff: Staff
) -> None:
    editor, number = staff("editor"), add("one")
    page = read(log(editor, number, "closed", take_off="y", version="7", note="Kept words"))
    assert page.status == 409
    assert page.texts("textarea") == ["Kept words"]
    assert (listing(number).status, checks(number)) == ("active", [])
    log(editor, number, "no_answer", version="7")
    assert len(checks(number)) == 1


@pytest.mark.parametrize(
    ("form", "target", "error"),
    [
        ({"outcome": ""}, "#outcome-0", "Choose what came of it."),
        ({"outcome": "gone"}, "#outcome-0", "Choose what came of it."),
        ({"how": "pigeon"}, "#call-how-0", "Choose how you tried."),
        ({"note": "x" * 1001}, "#note", "Write at most 1,000 characters. These are 1,001."),
        ({"take_off": "y"}, "#take_off", "Only a place that has closed is taken off the list."),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_and_what_was_written_stays(
    app: Flask, staff: Staff, form: dict[str, str], target: str, error: str
) -> None:
    editor, number = staff("editor"), add("one")
    page = read(log(editor, number, **{"outcome": "no_answer", "note": "Kept words", **form}))
    assert page.status == 422
    assert page.link(error) == target
    assert page.find(id=target[1:])
    assert page.texts("textarea") == [form.get("note", "Kept words")]
    assert (listing(number).status, checks(number)) == ("active", [])


def test_nothing_can_be_set_that_the_form_does_not_have(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), add("one")
    more = {
        "user_id": "77",
        "provider_id": "78",
        "at": "2001-01-01",
        "id": "79",
        "confirmed_on": "2001-01-01",
        "parts": "x",
    }
    log(editor, number, "no_answer", **more)
    [check] = checks(number)
    assert (check.user_id, check.provider_id, check.at.date(), check.id) == (me(), number, today(), 1)
    assert listing(number).confirmed_on is None


def test_after_a_call_comes_the_next_of_ones_own_queue(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    numbers = [add("first", confirmed_on=ago(300)), add("second", confirmed_on=ago(200))]
    add("not mine")
    assign(me(), *numbers)
    assert log(editor, numbers[0], "no_answer", then="queue").headers["Location"] == page_of(numbers[1])
    assert log(editor, numbers[1], "call_again", then="queue").headers["Location"] == QUEUE
    assert log(editor, numbers[1], "call_again").headers["Location"] == f"/en/admin/listings/{numbers[1]}"


@pytest.mark.parametrize(("outcome", "form"), [("wrong_number", "edit"), ("moved", "edit"), ("closed", "status")])
def test_what_is_wrong_leads_to_the_form_that_corrects_it(app: Flask, staff: Staff, outcome: str, form: str) -> None:
    editor, number = staff("editor"), add("one")
    for then in ("queue", "listing"):
        response = log(editor, number, outcome, then=then)
        assert response.headers["Location"] == f"/en/admin/listings/{number}/{form}"
    assert "Now correct the listing, then confirm it." in look(editor, response.headers["Location"]).text()


def test_no_listing_is_not_found(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    for number in ("0", "2147483648", "9223372036854775808"):
        assert editor.get(f"{QUEUE}/{number}").status_code == 404


def sent_twice(client: FlaskClient, number: int, do: str, **form: Any) -> list[TestResponse]:
    """The form as it was opened, sent once and once more."""
    page = look(client, page_of(number))
    known = {"csrf_token": hidden(page, "csrf_token"), **seen(page)}
    return [client.post(f"/en/admin/listings/{number}/{do}", data=known | form) for _time in range(2)]


@pytest.mark.parametrize(
    ("do", "form"),
    [
        ("calls", {"outcome": "no_answer", "how": "phone", "note": "Rang ten times."}),
        ("calls", {"outcome": "moved", "how": "email", "then": "queue"}),
        ("calls", {"outcome": "confirmed", "how": "phone"}),
        ("calls", {"outcome": "closed", "how": "phone", "take_off": "y", "then": "queue"}),
        ("confirm", {"what": "all", "how": "phone"}),
        ("confirm", {"what": "parts", "part": ["contact"], "how": "visit"}),
    ],
)
def test_a_form_that_is_sent_twice_is_logged_once_and_leads_where_it_led(
    app: Flask, staff: Staff, do: str, form: dict[str, Any]
) -> None:
    editor, number = staff("editor"), add("one")
    first, second = sent_twice(editor, number, do, **form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(checks(number)) == 1
    assert "This form came twice. It is logged once." in look(editor, second.headers["Location"]).text()


def test_the_same_outcome_of_a_second_call_is_logged_again(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), add("one")
    for note in ("", "", "They laughed."):
        log(editor, number, "no_answer", note=note)
    log(staff("admin"), number, "no_answer", after="0")
    for after in ("", "x", "9" * 30):
        log(editor, number, "no_answer", after=after)
    assert len(checks(number)) == 7
