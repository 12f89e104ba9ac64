"""Differences between staff and sources are listed, filtered, and settled one by one or all of a kind."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from tests.admin.conftest import Staff
from tests.admin.imports.sending import IMPORTS, acts, correct, disputed, listing, offers, post, text
from tests.admin.people import email_of
from tests.importers.loading import import_file, providers
from tests.importers.made_files import rows_named, write_csv

DIFFERENCES = f"{IMPORTS}/differences"


def settle(client: FlaskClient, name: str, choice: str, offered: str = "502-555-0188", **more: str) -> str:
    """Settle the phone of a listing; gives what the next page says."""
    data = {
        "provider_id": listing(name).id,
        "field": "phone",
        "choice": choice,
        "offered": json.dumps(offered),
        **more,
    }
    response = post(client, f"{DIFFERENCES}/settle", **data)
    assert response.status_code == 303
    return text(client.get(response.headers["Location"]))


def test_each_difference_is_shown_with_ours_theirs_and_what_was_said_before(
    app: Flask, staff: Staff, tmp_path: Path
) -> None:
    disputed(tmp_path, "First")
    shown = text(staff("viewer").get(DIFFERENCES))
    assert "First Louisville, KY Phone 502-555-0177 502-555-0188 before: 502-555-0100" in shown
    assert "Keep ours" not in shown


def test_the_buttons_of_a_row_settle_that_row(app: Flask, staff: Staff, tmp_path: Path) -> None:
    disputed(tmp_path, "First", "Second")
    editor = staff("editor")
    page = editor.get(DIFFERENCES).get_data(as_text=True)
    form = next(
        part for part in page.split("<form")[1:] if f'name="provider_id" value="{listing("Second").id}"' in part
    )
    sent = {name: html.unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form)}
    response = editor.post(f"{DIFFERENCES}/settle", data=sent | {"choice": "theirs"})
    assert response.headers["Location"] == DIFFERENCES
    assert {name: one.phone for name, one in providers(db.engine).items()} == {
        "First": "502-555-0177",
        "Second": "502-555-0188",
    }


def test_keeping_ours_and_taking_theirs_are_told_and_recorded(app: Flask, staff: Staff, tmp_path: Path) -> None:
    disputed(tmp_path, "First", "Second")
    editor = staff("editor")
    assert "Ours is kept." in settle(editor, "First", "ours")
    assert "Theirs is taken." in settle(editor, "Second", "theirs")
    assert offers() == {listing("First").id: (False, "502-555-0188")}
    done = acts("settle")
    assert [one.user.email for one in done if one.user] == [email_of("editor")] * 2
    assert "There is nothing to settle." in text(editor.get(DIFFERENCES))


def test_a_second_person_is_told_that_it_is_settled(app: Flask, staff: Staff, tmp_path: Path) -> None:
    disputed(tmp_path, "First")
    settle(staff("editor"), "First", "ours")
    assert "This was settled already" in settle(staff("admin"), "First", "theirs")
    assert listing("First").phone == "502-555-0177"


def test_a_value_that_nobody_saw_is_not_taken(app: Flask, staff: Staff, tmp_path: Path) -> None:
    disputed(tmp_path, "First")
    assert "The source says something else by now" in settle(staff("editor"), "First", "theirs", "502-555-0111")
    assert listing("First").phone == "502-555-0177"


def test_the_next_page_is_one_of_staff(app: Flask, staff: Staff, tmp_path: Path) -> None:
    disputed(tmp_path, "First", "Second")
    editor = staff("editor")
    data = {"field": "phone", "choice": "ours", "offered": json.dumps("502-555-0188")}
    wanted = {"/admin/imports/differences?state=KY": f"{DIFFERENCES}?state=KY", "https://evil.example/": DIFFERENCES}
    for name, (next_page, leads_to) in zip(("First", "Second"), wanted.items(), strict=True):
        response = post(editor, f"{DIFFERENCES}/settle", provider_id=listing(name).id, next=next_page, **data)
        assert response.headers["Location"] == leads_to


def test_filters_narrow_the_list_and_what_is_settled_at_once(app: Flask, staff: Staff, tmp_path: Path) -> None:
    disputed(tmp_path, "First", "Second")
    intake = [{"kind": "intake", "number": "502-555-0133", "extension": ""}]
    correct("First", other_phones=intake)
    newer = rows_named("First", "Second", phone="502-555-0188", intake1="502-555-0166")
    import_file(db.engine, write_csv(tmp_path / "c.csv", newer))
    editor = staff("editor")
    shown = text(editor.get(DIFFERENCES))
    assert "Other phones (1)" in shown
    assert "Phone (2)" in shown
    assert "SAMHSA National Directory (3)" in shown
    only = text(editor.get(f"{DIFFERENCES}?field=phone&state=KY"))
    assert "Take theirs for all 2" in only
    assert "There is nothing to settle." in text(editor.get(f"{DIFFERENCES}?state=OH"))

    asked = editor.get(f"{DIFFERENCES}/all?choice=theirs&field=phone")
    assert "Settle 2 differences" in text(asked)
    seen = re.findall(r'name="seen" value="(\w+)"', asked.text)[0]
    response = post(editor, f"{DIFFERENCES}/all", choice="theirs", field="phone", seen=seen, why="They know.")
    assert "2 differences were settled." in text(editor.get(response.headers["Location"]))
    assert {one.phone for one in providers(db.engine).values()} == {"502-555-0188"}
    assert providers(db.engine)["First"].other_phones == intake
    assert [one.why for one in acts("settle")] == ["They know."]


def test_a_list_that_changed_meanwhile_is_not_settled_as_a_whole(app: Flask, staff: Staff, tmp_path: Path) -> None:
    disputed(tmp_path, "First")
    editor = staff("editor")
    seen = re.findall(r'name="seen" value="(\w+)"', editor.get(f"{DIFFERENCES}/all?choice=theirs").text)[0]
    import_file(db.engine, write_csv(tmp_path / "c.csv", rows_named("First", phone="502-555-0199")))
    response = post(editor, f"{DIFFERENCES}/all", choice="theirs", seen=seen)
    assert response.status_code == 422
    assert "The list has changed meanwhile" in text(response)
    assert listing("First").phone == "502-555-0177"


def test_a_viewer_settles_nothing(app: Flask, staff: Staff, tmp_path: Path) -> None:
    disputed(tmp_path, "First")
    viewer = staff("viewer")
    assert viewer.get(f"{DIFFERENCES}/all?choice=ours").status_code == 403
    for path in ("settle", "all"):
        assert post(viewer, f"{DIFFERENCES}/{path}", choice="ours").status_code == 403
    assert offers()[listing("First").id][0]


def test_the_command_lists_what_is_to_be_settled(app: Flask, tmp_path: Path) -> None:
    disputed(tmp_path, "First")
    output = app.test_cli_runner().invoke(args=["directory", "differences"]).output
    assert output.splitlines()[1].split() == [
        str(listing("First").id),
        "First",
        "Phone",
        "502-555-0177",
        "502-555-0188",
    ]
