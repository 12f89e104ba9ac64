"""The pages of the inbox: what they show, what they refuse, what they cost."""

from __future__ import annotations

import logging

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.models import Act
from referral.models.report import OUTCOMES
from tests.admin.confirming.world import add, ago, me, report, statements
from tests.admin.conftest import Staff
from tests.admin.inbox.asking import INBOX, look, post, stored
from tests.admin.people import make_user
from tests.pages.reading import read
from tests.reports.sending import rows, run, send


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough here: nothing below depends on which."""
    return sqlite_url


def test_it_comes_in_pages_that_keep_the_choice(app: Flask, staff: Staff) -> None:
    number = add("one")
    for _ in range(51):
        report(number)
    editor = staff("editor")
    page = look(editor, f"{INBOX}?kind=wrong_phone")
    assert len(page.find("th", scope="row")) == 50
    following = page.link("Next page")
    assert "kind=wrong_phone" in following
    assert len(look(editor, following).find("th", scope="row")) == 1


def test_other_reports_on_the_listing_are_shown_without_their_words(app: Flask, staff: Staff) -> None:
    number = add("one")
    first = report(number, text="Secret words", status="closed", outcome="could_not_check", closed_on=ago(1))
    second = report(number, "closed_or_moved")
    page = look(staff("viewer"), f"{INBOX}/{second}")
    assert "We could not check it." in page.text()
    assert "Secret words" not in page.html
    assert page.link("The phone number is wrong") == f"{INBOX}/{first}"


def test_viewers_read_and_get_no_button(app: Flask, staff: Staff) -> None:
    number = report(add("one"), text="Words")
    page = look(staff("viewer"), f"{INBOX}/{number}")
    assert "Words" in page.text()
    assert page.texts("button") == ["Sign out"]


def test_what_somebody_else_decided_meanwhile_is_not_overwritten(app: Flask, staff: Staff) -> None:
    editor, ada = staff("editor"), make_user("admin", name="Ada").id
    number = report(add("one"), assigned_to_id=ada)
    response = post(editor, number, "assign", to=me(), was="")
    assert "Meanwhile it is assigned to Ada." in look(editor, response.headers["Location"]).text()
    assert stored(number).assigned_to_id == ada
    post(editor, number, "assign", to="", was=ada)
    assert stored(number).assigned_to_id is None
    assert post(editor, number, "assign", to="987654", was="").status_code == 400


@pytest.mark.parametrize(
    ("form", "target", "error"),
    [
        ({"outcome": ""}, "#outcome-0", "Choose what became of it."),
        ({"outcome": "lost"}, "#outcome-0", "Choose what became of it."),
        ({"answer": "x" * 1001}, "#answer", "Write at most 1,000 characters. These are 1,001."),
        ({"answer": "x" * 1001, "do": "preview"}, "#answer", "Write at most 1,000 characters. These are 1,001."),
    ],
    ids=["nothing", "unknown", "long", "long preview"],
)
def test_what_is_wrong_is_said_and_the_report_stays_open(
    app: Flask, staff: Staff, form: dict[str, str], target: str, error: str
) -> None:
    editor, number = staff("editor"), report(add("one"))
    page = read(post(editor, number, "close", **{"outcome": "confirmed", "answer": "Kept", **form}))
    assert page.status == 422
    assert page.link(error) == target
    assert page.find(id=target[1:])
    assert page.texts("textarea") == [form.get("answer", "Kept")]
    assert stored(number).status == "open"


def test_nobody_is_told_that_a_place_is_off_the_list_while_it_is_on_it(app: Flask, staff: Staff) -> None:
    editor, listing = staff("editor"), add("one")
    code = send(app.test_client(), f"/en/providers/{listing}")
    number = rows(app)[0].id
    page = read(post(editor, number, "close", outcome="removed", answer="Gone."))
    assert page.status == 422
    assert page.link("The listing is still open.") == "#outcome-0"
    assert page.texts("textarea") == ["Gone."]
    assert run(app, "close", code, "--outcome", "removed")[0] != 0
    assert stored(number).status == "open"
    page = look(editor, page.link("Close or reopen the listing"))
    sent = {str(field.get("name")): str(field.get("value")) for field in page.find("input", type="hidden")}
    editor.post(f"/en/admin/listings/{listing}/status", data={**sent, "status": "inactive"})
    assert post(editor, number, "close", outcome="removed", answer="Gone.").status_code == 303
    assert look(editor, f"/en/admin/history?provider={listing}").link("The report") == f"{INBOX}/{number}"


def test_nothing_else_can_be_set_through_the_form(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), report(add("one"), text="Theirs")
    before = stored(number)
    kept = (before.code, before.nonce, before.kind, before.provider_id, before.text)
    more = {
        "text": "x",
        "code": "x",
        "nonce": "x",
        "kind": "x",
        "provider_id": "7",
        "closed_on": "2001-01-01",
        "id": "9",
    }
    post(editor, number, "close", outcome="confirmed", answer="", assigned_to_id="7", **more)
    after = stored(number)
    assert (after.code, after.nonce, after.kind, after.provider_id, after.text) == kept
    assert (after.assigned_to_id, after.closed_on) == (None, ago(0))


def test_commands_and_inbox_see_the_same(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), add("one", "One House")
    code = send(app.test_client(), f"/en/providers/{number}")
    report_id = rows(app)[0].id
    assert run(app, "close", code, "--outcome", "passed_on", "--answer", "Gone.")[0] == 0
    assert "We passed it on to people who can act on it." in look(editor, f"{INBOX}/{report_id}").text()
    post(editor, report_id, "reopen")
    assert "One House" in run(app, "list")[1]


def test_no_word_of_a_report_comes_into_logs_or_history(
    app: Flask, staff: Staff, caplog: pytest.LogCaptureFixture
) -> None:
    editor, number = staff("editor"), add("one")
    send(app.test_client(), f"/en/providers/{number}", text="canary words")
    report_id = rows(app)[0].id
    with caplog.at_level(logging.DEBUG):
        look(editor, f"{INBOX}/{report_id}")
        post(editor, report_id, "close", outcome="confirmed", answer="canary answer", do="preview")
        post(editor, report_id, "close", outcome="confirmed", answer="canary answer")
        post(editor, report_id, "reopen")
    assert caplog.records
    assert "canary" not in caplog.text
    assert db.session.scalars(sa.select(Act.id)).all() == []


def test_no_report_is_not_found(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    for number in ("0", "2147483648", "9223372036854775808"):
        assert editor.get(f"{INBOX}/{number}").status_code == 404
        assert post(editor, int(number), "close", outcome="confirmed").status_code == 404


def test_each_outcome_can_be_chosen(app: Flask, staff: Staff) -> None:
    editor, listing, gone = staff("editor"), add("one"), add("gone", status="inactive")
    for outcome in OUTCOMES:
        number = report(gone if outcome == "removed" else listing)
        post(editor, number, "close", outcome=outcome)
        assert stored(number).outcome == outcome


def test_the_inbox_takes_few_statements_however_long_the_list(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    listing = add("one")
    for _ in range(30):
        report(listing)
    look(editor)
    with statements() as asked:
        look(editor)
    assert 2 < len(asked) <= 8, asked
