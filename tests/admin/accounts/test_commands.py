"""`flask users`, and the link for the first account that `flask setup` prints."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from referral.cli.users import print_setup_link
from referral.extensions import db
from referral.models import OneTimeLink, User
from tests.admin.conftest import Staff
from tests.admin.people import csrf, email_of, make_user, password_hash, sign_in
from tests.conftest import make_app

HOME = "/en/admin/account"
LINK = re.compile(r"http://127\.0\.0\.1:8000(/admin/(?:links|setup)/[\w-]{43})$", re.MULTILINE)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database is enough: what differs is in test_sessions and test_people."""
    return sqlite_url


@pytest.fixture(autouse=True)
def no_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PORT", raising=False)


def run(app: Flask, *arguments: str, code: int = 0, typed: str = "") -> str:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=["users", *arguments], input=typed)
    db.session.rollback()
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return str(result.output)


def link_in(output: str) -> str:
    found = LINK.search(output)
    assert found, output
    return found[1]


def choose(app: Flask, path: str) -> int:
    client = app.test_client()
    data = {"csrf_token": csrf(client, path), "password": "nine grey otters went under"}
    return client.post(path, data=data | {"again": data["password"]}).status_code


def test_the_first_admin_is_added_with_answers_to_questions_and_no_password(app: Flask, anybody: object) -> None:
    output = run(app, "add", typed="Ada Example\nADA@staff.example\nadmin\n")
    user = db.session.query(User).one()
    assert (user.name, user.email, user.role, user.password_hash) == (
        "Ada Example",
        "ada@staff.example",
        "admin",
        None,
    )
    assert choose(app, link_in(output)) == 303
    assert sign_in(app.test_client(), "ada@staff.example", "nine grey otters went under").status_code == 303


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--name", "", "--email", "a@b.example"), "--name"),
        (("--name", "\x1b\r\n", "--email", "a@b.example"), "--name"),
        (("--name", "A", "--email", "nonsense"), "--email"),
        (("--name", "A", "--email", "a@b.example", "--site", "care.example"), "--site"),
        (("--name", "A", "--email", "Editor@staff.example"), "an account already"),
    ],
)
def test_add_says_what_is_wrong_and_adds_nobody(app: Flask, arguments: tuple[str, ...], told: str) -> None:
    make_user("editor")
    assert told in run(app, "add", "--role", "viewer", *arguments, code=1 if "already" in told else 2)
    assert db.session.query(User).count() == 1


def test_the_link_begins_with_the_address_of_the_site(app: Flask, sqlite_url: str) -> None:
    make_user("editor")
    told = run(app, "reset-link", email_of("editor"), "--site", "https://care.example/onward/")
    assert "https://care.example/onward/admin/links/" in told
    app.config["ONWARD"] = make_app(sqlite_url, trusted_hosts=("care.example",)).config["ONWARD"]
    assert "https://care.example/admin/links/" in run(app, "reset-link", email_of("editor"))


def test_list_shows_everybody_and_no_secret(app: Flask) -> None:
    assert "nobody yet" in run(app, "list")
    make_user("editor", name="Eve\x1b[2J")
    make_user("viewer", is_disabled=True)
    output = run(app, "list")
    assert "editor@staff.example" in output
    assert "disabled" in output
    assert "\x1b" not in output
    assert password_hash() not in output


def test_role_disable_and_enable_act_at_once(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    make_user("admin")
    run(app, "role", "EDITOR@staff.example", "viewer")
    assert editor.get(HOME).status_code == 303
    run(app, "disable", email_of("editor"))
    assert sign_in(editor, email_of("editor")).status_code == 422
    run(app, "enable", email_of("editor"))
    assert sign_in(editor, email_of("editor")).status_code == 303


def test_the_last_admin_stays_here_too(app: Flask) -> None:
    make_user("admin")
    assert "only admin" in run(app, "disable", email_of("admin"), code=1)
    assert "only admin" in run(app, "role", email_of("admin"), "viewer", code=1)
    assert db.session.query(User).one().role == "admin"


def test_a_reset_link_can_remove_a_lost_second_step(app: Flask, anybody: object) -> None:
    make_user("editor", totp_secret="x")
    assert choose(app, link_in(run(app, "reset-link", email_of("editor"), "--remove-second-step"))) == 303
    assert db.session.query(User).one().totp_secret is None


def test_unknown_people_are_told(app: Flask) -> None:
    for command in (("disable",), ("enable",), ("reset-link",)):
        assert "flask users list" in run(app, *command, "nobody@staff.example", code=1)


def test_setup_prints_a_new_link_each_time_until_there_is_somebody(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    print_setup_link()
    first = link_in(capsys.readouterr().out)
    print_setup_link()
    second = link_in(capsys.readouterr().out)
    assert first != second
    assert db.session.query(OneTimeLink).count() == 1
    client = app.test_client()
    assert client.get(first).status_code == 410
    assert client.get(second).status_code == 200
    make_user("viewer")
    print_setup_link()
    assert capsys.readouterr().out == ""


def test_a_database_that_was_never_set_up_is_told_in_one_line(tmp_path: object) -> None:
    runner: FlaskCliRunner = make_app(f"sqlite:///{tmp_path}/empty.db").test_cli_runner()
    result = runner.invoke(args=["users", "list"])
    assert result.exit_code == 1
    assert "flask setup" in result.output
