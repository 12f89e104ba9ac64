"""A file is sent, compared by a process of its own, looked at, applied, and taken back."""

from __future__ import annotations

import csv
import io
import os
import signal
import time
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.importers.drafts import kept
from referral.models import ImportDraft, ImportRun
from tests.admin.conftest import Staff
from tests.admin.imports.sending import (
    IMPORTS,
    acts,
    correct,
    listing,
    number_in,
    on_sqlite,
    post,
    send,
    settled,
    state,
    text,
)
from tests.admin.people import email_of
from tests.importers.drafting import draft_of, make_dead, rows_of, sent, work
from tests.importers.loading import everything, import_file, providers
from tests.importers.made_files import row, rows_named, write_csv


def test_a_file_goes_the_whole_way_and_back(app: Flask, staff: Staff, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", rows_named("First", "Second", "Third")))
    newer = write_csv(tmp_path / "b.csv", [row(name1="First", phone="502-555-0144"), *rows_named("Second", "Fourth")])
    before = everything(db.engine)
    admin = staff("admin")
    response = send(admin, newer.read_bytes(), "b.csv")
    assert response.status_code == 303
    number = number_in(response)
    page = admin.get(f"{IMPORTS}/drafts/{number}")
    assert page.headers.get("Refresh") == "2" or settled(number)
    assert settled(number).status == "compared"
    assert everything(db.engine) == before

    page = admin.get(f"{IMPORTS}/drafts/{number}")
    assert "Refresh" not in page.headers, "nobody is interrupted while they read"
    assert "Apply: 1 new, 1 changed" in text(page)
    shown = text(admin.get(f"{IMPORTS}/drafts/{number}/rows/changed"))
    assert "First, Louisville, KY" in shown
    assert "502-555-0100 502-555-0144" in shown
    assert "Third, Louisville, KY" in text(admin.get(f"{IMPORTS}/drafts/{number}/rows/gone"))

    seen = draft_of(db.engine, number).counts["digest"]
    post(admin, f"{IMPORTS}/drafts/{number}/apply", why="The year's list.", seen=seen)
    draft = settled(number)
    assert (draft.status, listing("First").phone) == ("applied", "502-555-0144")
    (_first, run) = acts("import")
    assert (run.why, run.user and run.user.email) == ("The year's list.", email_of("admin"))
    run_page = f"{IMPORTS}/{draft.import_run_id}"
    assert admin.get(f"{IMPORTS}/drafts/{number}").headers["Location"].endswith(run_page)
    assert "The year's list." in text(admin.get(run_page))
    assert "This import is done: all of it is in the directory." in text(admin.get(run_page))

    assert "Listings that came with it and go again 1" in text(admin.get(f"{run_page}/undo"))
    post(admin, f"{run_page}/undo", why="The wrong year.")
    assert (listing("First").phone, "Fourth" in providers(db.engine)) == ("502-555-0100", False)
    assert "This import was taken back." in text(admin.get(run_page))
    assert [one.why for one in acts("undo")] == ["The wrong year."]


@on_sqlite
def test_a_large_import_is_taken_back_by_a_process(app: Flask, staff: Staff, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", rows_named(*(f"Place {number}" for number in range(1600))))
    run_id = import_file(db.engine, path).run_id
    admin = staff("admin")
    assert post(admin, f"{IMPORTS}/{run_id}/undo", why="").status_code == 303
    deadline = time.monotonic() + 60
    while state() != (0, 1, 0):
        page = admin.get(f"{IMPORTS}/{run_id}")
        assert page.status_code == 200
        assert time.monotonic() < deadline
        time.sleep(0.05)
    db.session.rollback()
    assert db.session.scalars(sa.select(ImportRun.undone_at)).one() is not None


@on_sqlite
def test_a_process_that_was_killed_is_seen_and_can_begin_again(app: Flask, staff: Staff, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", rows_named(*(f"Place {number}" for number in range(3000))))
    editor = staff("editor")
    number = number_in(send(editor, path.read_bytes()))
    (child,) = [pid for pid in children() if f"run-draft {number} compare" in command_of(pid)]
    os.kill(child, signal.SIGKILL)
    assert draft_of(db.engine, number).status == "comparing"
    page = f"{IMPORTS}/drafts/{number}"
    assert editor.get(page).headers.get("Refresh") == "2"
    make_dead(db.engine, number)
    shown = editor.get(page)
    assert "This was interrupted" in text(shown)
    assert "Refresh" not in shown.headers
    post(editor, f"{page}/compare")
    assert settled(number).counts["added"] == 3000


def children() -> list[int]:
    """Processes that this one has started."""
    found = []
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                parent = (path / "stat").read_text().rpartition(")")[2].split()[1]
            except OSError:
                continue
            if parent == str(os.getpid()):
                found.append(int(path.name))
    return found


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


def compared(folder: Path) -> int:
    """A draft of which one row was rejected with a cell that a spreadsheet would run."""
    content = [row(name1="First"), row(name1="", phone='=HYPERLINK("x")')]
    number = sent(db.engine, write_csv(folder / "c.csv", content))
    work(db.engine, number)
    return number


@on_sqlite
def test_rows_that_cannot_be_used_come_as_a_file_without_formulas(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = compared(tmp_path)
    with kept.writing(db.engine) as connection:
        connection.execute(
            sa.text("UPDATE import_draft_row SET detail = :detail WHERE outcome = 'rejected'"),
            {"detail": '"=cmd|x!A1 is no name"'},
        )
    response = staff("viewer").get(f"{IMPORTS}/drafts/{number}/rejected.csv")
    assert response.headers["Content-Disposition"] == f'attachment; filename="import-{number}-rows.csv"'
    rows = list(csv.reader(io.StringIO(response.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows == [["row", "outcome", "reason"], ["3", "rejected", "'=cmd|x!A1 is no name"]]


@on_sqlite
def test_what_somebody_has_not_seen_is_not_applied(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = compared(tmp_path)
    editor = staff("editor")
    response = post(editor, f"{IMPORTS}/drafts/{number}/apply", why="", seen="something else")
    assert response.status_code == 303
    assert "It was compared again meanwhile" in text(editor.get(response.headers["Location"]))
    assert (draft_of(db.engine, number).status, state()) == ("compared", (0, 0, 1))


@on_sqlite
def test_a_reason_that_is_too_long_is_refused_and_kept_in_the_form(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = compared(tmp_path)
    seen = draft_of(db.engine, number).counts["digest"]
    response = post(staff("editor"), f"{IMPORTS}/drafts/{number}/apply", why="x" * 501, seen=seen)
    assert response.status_code == 422
    assert "x" * 501 in response.get_data(as_text=True)
    assert draft_of(db.engine, number).status == "compared"


@on_sqlite
def test_a_draft_can_be_discarded(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = compared(tmp_path)
    post(staff("editor"), f"{IMPORTS}/drafts/{number}/discard")
    assert state() == (0, 0, 0)
    assert rows_of(db.engine, number, "added") == []


def test_what_was_built_on_an_import_is_listed_and_stays(app: Flask, staff: Staff, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", rows_named("First", "Second")))
    newer = rows_named("First", "Second", phone="502-555-0144")
    run_id = import_file(db.engine, write_csv(tmp_path / "b.csv", newer)).run_id
    correct("First", phone="502-555-0155")
    admin = staff("admin")
    shown = text(admin.get(f"{IMPORTS}/{run_id}/undo"))
    assert "First Phone 502-555-0144 502-555-0155" in shown
    assert post(admin, f"{IMPORTS}/{run_id}/undo", why="").status_code == 409
    assert listing("Second").phone == "502-555-0144"
    assert post(admin, f"{IMPORTS}/{run_id}/undo", why="", even_partly="1").status_code == 303
    assert (listing("First").phone, listing("Second").phone) == ("502-555-0155", "502-555-0100")
    assert post(admin, f"{IMPORTS}/{run_id}/undo", why="").status_code == 303
    assert len(acts("undo")) == 1


@on_sqlite
def test_only_an_admin_takes_imports_back(app: Flask, staff: Staff, tmp_path: Path) -> None:
    run_id = import_file(db.engine, write_csv(tmp_path / "a.csv", [row()])).run_id
    editor = staff("editor")
    assert "Take this import back" not in text(editor.get(f"{IMPORTS}/{run_id}"))
    assert post(editor, f"{IMPORTS}/{run_id}/undo").status_code == 403
    assert state()[0] == 1


def gone_draft(folder: Path) -> int:
    import_file(db.engine, write_csv(folder / "a.csv", rows_named("Stays", "Gone", "Confirmed")))
    from referral.pages.wording import today

    correct("Confirmed", confirmed_on=today())
    number = sent(db.engine, write_csv(folder / "b.csv", rows_named("Stays")))
    work(db.engine, number)
    return number


def test_listings_that_are_gone_leave_the_list_only_when_somebody_says_so(
    app: Flask, staff: Staff, tmp_path: Path
) -> None:
    number = gone_draft(tmp_path)
    assert {listing(name).status for name in ("Gone", "Confirmed")} == {"active"}
    editor, page = staff("editor"), f"{IMPORTS}/drafts/{number}/gone"
    assert "Take 2 listings off the list" in text(editor.get(page))
    assert post(editor, page, seen="1", spare_confirmed="y").status_code == 422
    post(editor, page, seen="2", spare_confirmed="y", why="Not licensed any more.")
    found = {name: listing(name).status for name in ("Stays", "Gone", "Confirmed")}
    assert found == {"Stays": "active", "Gone": "inactive", "Confirmed": "active"}
    (one,) = acts("close")
    assert one.why == "Not licensed any more."
    assert listing("Gone").version == 2


def test_a_list_of_gone_listings_is_not_used_after_a_later_import(app: Flask, staff: Staff, tmp_path: Path) -> None:
    number = gone_draft(tmp_path)
    import_file(db.engine, write_csv(tmp_path / "c.csv", rows_named("Stays", "Gone", "New")))
    response = post(staff("editor"), f"{IMPORTS}/drafts/{number}/gone", seen="2")
    assert response.status_code == 422
    assert "Go by the list of that one" in text(response)
    assert listing("Gone").status == "active"


def test_the_first_page_lists_past_imports_with_who_and_what(app: Flask, staff: Staff, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "spring.csv", rows_named("First", "Second")))
    compared(tmp_path)
    shown = text(staff("viewer").get(IMPORTS))
    assert "1: spring.csv" in shown
    assert "2 added, 0 changed, 0 unchanged" in shown
    assert "c.csv" in shown
    assert "Send and compare" not in shown, "a viewer sends nothing"


def test_the_command_takes_an_import_back_and_lists_differences(app: Flask, tmp_path: Path) -> None:
    run_id = import_file(db.engine, write_csv(tmp_path / "a.csv", rows_named("First", "Second"))).run_id
    runner = app.test_cli_runner()
    dry = runner.invoke(args=["directory", "undo-import", str(run_id), "--dry-run"])
    assert (dry.exit_code, "2 listings would be taken back" in dry.output, state()[0]) == (0, True, 2)
    done = runner.invoke(args=["directory", "undo-import", str(run_id), "--why", "Wrong."])
    assert (done.exit_code, "took 2 listings back" in done.output, state()[0]) == (0, True, 0)
    assert runner.invoke(args=["directory", "undo-import", str(run_id)]).exit_code == 1
    assert "nothing to settle" in runner.invoke(args=["directory", "differences"]).output


@on_sqlite
def test_the_command_does_not_take_back_what_was_built_on(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", rows_named("First", "Second")))
    newer = rows_named("First", "Second", phone="502-555-0144")
    run_id = import_file(db.engine, write_csv(tmp_path / "b.csv", newer)).run_id
    correct("First", phone="502-555-0155")
    runner = app.test_cli_runner()
    result = runner.invoke(args=["directory", "undo-import", str(run_id)])
    assert (result.exit_code, "First: Phone: 502-555-0144, now 502-555-0155" in result.output) == (1, True)
    assert listing("Second").phone == "502-555-0144"
    assert runner.invoke(args=["directory", "undo-import", str(run_id), "--even-partly"]).exit_code == 0
    assert listing("Second").phone == "502-555-0100"


@on_sqlite
def test_the_command_that_the_site_starts_refuses_a_draft_that_is_worked_on(app: Flask, tmp_path: Path) -> None:
    number = sent(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    with kept.writing(db.engine) as connection:
        kept.claim(connection, number, "comparing")
    result = app.test_cli_runner().invoke(args=["directory", "run-draft", str(number), "compare"])
    assert (result.exit_code, "worked on already" in result.output) == (1, True)
    assert "run-draft" not in app.test_cli_runner().invoke(args=["directory", "--help"]).output
    db.session.rollback()
    assert db.session.scalars(sa.select(ImportDraft.status)).one() == "comparing"
