"""The reports inbox: what waits, whose it is, and what the public then reads."""

from __future__ import annotations

import threading

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.models import Report
from tests.admin.confirming.world import add, ago, me, on_postgresql, report
from tests.admin.conftest import Staff
from tests.admin.inbox.asking import INBOX, look, post, stored, waiting
from tests.admin.people import StaffClient, csrf, make_user, sign_in
from tests.pages.reading import read, text_of
from tests.reports.sending import send

WORDS = "Nobody answers.\n<b>Twice</b> & again"


def test_from_the_public_form_to_the_answer_under_the_code(app: Flask, staff: Staff) -> None:
    """The whole way: somebody reports, staff read, assign, answer and close, and the code shows what became of it."""
    seeker, editor = app.test_client(), staff("editor")
    number = add("harbor", "Harbor House", phone="502-555-0100")
    code = send(seeker, f"/en/providers/{number}", text=WORDS)
    assert "Reported, being checked." in read(seeker.get(f"/en/providers/{number}")).text()

    page = look(editor)
    path = page.link("The phone number is wrong")
    page = look(editor, path)
    for text in ("Nobody answers.<b>Twice</b> & again", "Harbor House", "502-555-0100", "Assigned to nobody"):
        assert text in page.text()
    assert "<br>&lt;b&gt;Twice" in page.html
    assert page.link("Edit the listing") == f"/en/admin/listings/{number}/edit?report={path.rpartition('/')[2]}"
    report_id = int(path.rpartition("/")[2])
    post(editor, report_id, "assign", to=me(), was="")
    assert waiting(editor, "whose=mine") == [str(report_id)]

    answer = "It is 502-555-0199 now.\r\n\r\nThank <i>you</i>."
    preview = read(post(editor, report_id, "close", outcome="corrected", answer=answer, do="preview"))
    assert "We corrected the listing." in preview.text()
    assert stored(report_id).status == "open"
    assert post(editor, report_id, "close", outcome="corrected", answer=answer, do="close").status_code == 303

    status = read(seeker.get(f"/en/reports/{code}"))
    assert status.texts("h1") == ["The report is closed"]
    told = status.texts("dd")[3:]
    assert told[0] == "We corrected the listing."
    assert told[2:] == ["It is 502-555-0199 now.", "Thank <i>you</i>."]
    [box] = preview.find(id="preview")
    assert [text_of(line) for line in box.iter("dd")] == [told[0], "today", *told[2:]]
    assert "Reported, being checked." not in read(seeker.get(f"/en/providers/{number}")).text()
    assert "Nobody answers" not in status.html
    assert (
        look(editor, path).link("The page that whoever has the code sees") == f"/en/reports/{code.replace('-', '')}"
    )
    assert "Sam Editor" in [text_of(part) for part in look(editor, path).find("dd")]
    assert "Sam Editor" not in status.text()


def test_a_report_is_found_by_the_code_that_somebody_says_on_the_phone(app: Flask, staff: Staff) -> None:
    viewer, number = staff("viewer"), report(add("one"), status="closed", outcome="removed", closed_on=ago(2))
    code = stored(number).code
    shown = f"{code[:4]}-{code[4:8]}-{code[8:]}"
    for typed in (code, shown, f" {shown.lower().replace('-', ' – ')} ", shown.replace("0", "o")):
        response = viewer.get(INBOX, query_string={"code": typed})
        assert (response.status_code, response.headers["Location"]) == (303, f"{INBOX}/{number}"), typed


def test_a_code_that_no_report_has_is_given_back_with_what_is_wrong(app: Flask, staff: Staff) -> None:
    viewer = staff("viewer")
    report(add("one", "Harbor House"))
    for typed, status, said in (
        ("zzzz-zzzz-zz", 404, "No report has this code."),
        ("zzzz", 422, "This is not a whole code."),
        ("", 422, "This is not a whole code."),
        ("%\x00' OR 1=1 --" * 300, 422, "This is not a whole code."),
    ):
        page = read(viewer.get(INBOX, query_string={"code": typed}))
        assert page.status == status
        assert said in page.text()
        assert "Harbor House" in page.text()
    assert [field.get("value") for field in read(viewer.get(f"{INBOX}?code=zz-zz")).find(id="code")] == ["zz-zz"]


def test_the_oldest_open_report_stands_first_and_the_list_can_be_narrowed(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    other, viewer = make_user("admin", name="Ada").id, make_user("viewer").id
    first, second = add("first"), add("second")
    open_ones = [
        report(first, created_on=ago(9)),
        report(second, "closed_or_moved", assigned_to_id=me()),
        report(first, assigned_to_id=other),
        report(first, assigned_to_id=viewer),
    ]
    closed = [
        report(second, status="closed", outcome="confirmed", closed_on=ago(2)),
        report(first, status="closed", outcome="removed", closed_on=ago(3)),
    ]
    for query, wanted in {
        "": open_ones,
        "whose=mine": [open_ones[1]],
        "whose=nobody": [open_ones[0], open_ones[3]],
        "kind=closed_or_moved": [open_ones[1]],
        f"provider={first}": [open_ones[0], *open_ones[2:]],
        f"provider={first}&whose=nobody&kind=wrong_phone": [open_ones[0], open_ones[3]],
        "state=closed": closed,
        f"state=closed&provider={first}": [closed[1]],
        "provider=987654": [],
        "provider=99999999999999999999&state=x&whose=x&kind=x&page=x": open_ones,
    }.items():
        assert waiting(editor, query) == [str(number) for number in wanted], query
    page = look(editor, f"{INBOX}?provider={first}")
    assert "Only about First." in page.text()
    assert page.find("input", name="provider")[0].get("value") == str(first)


def test_the_second_who_closes_sees_the_first_answer_and_overwrites_nothing(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), report(add("one"))
    post(editor, number, "close", outcome="confirmed", answer="First answer")
    response = post(staff("admin"), number, "close", outcome="removed", answer="Second answer")
    page = read(response)
    assert page.status == 409
    assert "Somebody closed this report meanwhile. What you wrote was not stored." in page.text()
    assert "First answer" in page.text()
    assert page.texts("textarea") == ["Second answer"]
    assert (stored(number).outcome, stored(number).answer) == ("confirmed", "First answer")


def test_of_two_who_close_at_the_same_moment_one_wins(app: Flask) -> None:
    app.test_client_class = StaffClient
    number = report(add("one"))
    clients = []
    for name in ("ann", "bob"):
        make_user("editor", email=f"{name}@staff.example")
        client = app.test_client()
        sign_in(client, f"{name}@staff.example")
        clients.append((name, client, csrf(client, "/en/admin/account")))
    ready, statuses = threading.Barrier(2), dict[str, int]()

    def close(name: str, client: FlaskClient, token: str) -> None:
        ready.wait(10)
        data = {"csrf_token": token, "outcome": "confirmed", "answer": name}
        statuses[name] = client.post(f"{INBOX}/{number}/close", data=data).status_code

    threads = [threading.Thread(target=close, args=one) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(statuses.values()) == [303, 409]
    assert statuses[stored(number).answer] == 303


@on_postgresql
def test_a_report_that_is_being_closed_is_waited_for(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), report(add("one"))
    token = csrf(editor, "/en/admin/account")
    answers = list[int]()

    def close() -> None:
        data = {"csrf_token": token, "outcome": "removed", "answer": "late"}
        answers.append(editor.post(f"{INBOX}/{number}/close", data=data).status_code)

    with db.engine.connect() as other, other.begin():
        other.execute(sa.select(Report.id).where(Report.id == number).with_for_update())
        thread = threading.Thread(target=close)
        thread.start()
        waits = sa.text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
            while not watcher.execute(waits).scalar_one():
                assert thread.is_alive()
        values = {"status": "closed", "outcome": "confirmed", "answer": "early", "closed_on": ago(0)}
        other.execute(sa.update(Report).where(Report.id == number).values(values))
    thread.join(30)
    assert answers == [409]
    assert stored(number).answer == "early"


def test_it_can_be_opened_again(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), report(add("one"))
    post(editor, number, "close", outcome="confirmed", answer="Answer")
    assert not look(editor, f"{INBOX}/{number}").find("textarea")
    post(editor, number, "reopen")
    report_now = stored(number)
    assert (report_now.status, report_now.outcome, report_now.answer, report_now.closed_on) == (
        "open",
        None,
        "",
        None,
    )
    assert post(editor, number, "reopen").status_code == 303
    assert waiting(editor) == [str(number)]
