"""`flask reports`: staff see what is open, read it, answer it; old words are deleted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from tests.conftest import make_app
from tests.reports.sending import listing, rows, run, send


def test_the_list_shows_what_is_open_the_oldest_first(site: Flask, client: FlaskClient) -> None:
    assert run(site, "list") == (0, "No report is open.")
    assert run(site, "list", "--all") == (0, "There are no reports.")
    first, second = send(client, listing(site)), send(client, listing(site, "hill"), kind="closed_or_moved")
    _, text = run(site, "list")
    assert text.index(first) < text.index(second)
    assert f"Harbor <i>Recovery</i>, Louisville, KY {second}" in text
    assert "open It has closed or moved" in text
    run(site, "close", first, "--outcome", "corrected")
    _, text = run(site, "list")
    assert first not in text
    assert second in text
    _, text = run(site, "list", "--all")
    assert text.index(second) < text.index(first)
    assert f"corrected, {datetime.now(UTC).date()}" in text


def test_one_report_is_shown_with_the_words_of_its_sender(site: Flask, client: FlaskClient) -> None:
    code = send(client, listing(site), text="It rings.\r\nNobody\u202e answers [red]ever[/red].")
    exit_code, text = run(site, "show", code.lower().replace("-", ""))
    assert exit_code == 0
    for part in (code, "Harbor <i>Recovery</i>", "The phone number is wrong", "State open"):
        assert part in text
    assert "It rings. Nobody? answers [red]ever[/red]." in text
    run(site, "close", code, "--outcome", "passed_on", "--answer", "Thank you.")
    _, text = run(site, "show", code)
    assert "State passed_on" in text
    assert "Answer Thank you." in text


def test_what_cannot_be_done_is_said_and_changes_nothing(site: Flask, client: FlaskClient) -> None:
    code = send(client, listing(site))
    before = rows(site)
    for arguments, exit_code, told in (
        (("show", "K7QM-3XPT-9W"), 1, "No report has the code K7QM-3XPT-9W."),
        (("show", "\x1b[31mred"), 1, "No report has the code ?[31mred."),
        (("close", "nonsense", "--outcome", "corrected"), 1, "No report has the code nonsense."),
        (("close", code), 2, "--outcome"),
        (("close", code, "--outcome", "fine"), 2, "'fine' is not one of 'corrected'"),
        (("close", code, "--outcome", "corrected", "--answer", "x" * 1001), 2, "at most 1,000 characters"),
        (("reopen", code), 1, f"{code} is open already."),
        (("burn", code), 2, "No such command"),
    ):
        ended, text = run(site, *arguments)
        assert ended == exit_code, arguments
        assert told in text
    assert rows(site) == before


def test_a_report_is_closed_once_and_can_be_opened_again(site: Flask, client: FlaskClient) -> None:
    code = send(client, listing(site))
    assert run(site, "close", code, "--outcome", "confirmed") == (
        0,
        f"Closed {code}. Under its code it says: We checked, and the listing is right.",
    )
    ended, text = run(site, "close", code, "--outcome", "corrected")
    assert (ended, f"{code} is closed already." in text) == (1, True)
    [row] = rows(site)
    assert (row.status, row.outcome, str(row.closed_on)) == ("closed", "confirmed", str(datetime.now(UTC).date()))
    assert run(site, "reopen", code) == (0, f"Opened {code} again.")
    [row] = rows(site)
    assert (row.status, row.outcome, row.answer, row.closed_on) == ("open", None, "", None)


def test_words_are_deleted_ninety_days_after_closing_and_nothing_else_is(site: Flask, client: FlaskClient) -> None:
    today = datetime.now(UTC).date()
    codes = {name: send(client, listing(site), text=f"Words {name}") for name in ("old", "young", "open")}
    for name, days in (("old", 90), ("young", 89)):
        run(site, "close", codes[name], "--outcome", "corrected", "--answer", "Thank you.")
        with site.app_context(), db.engine.connect().execution_options(is_write=True) as connection:
            connection.execute(
                sa.text("UPDATE report SET closed_on = :day WHERE code = :code"),
                {"day": str(today - timedelta(days=days)), "code": codes[name].replace("-", "")}
                if connection.dialect.name == "sqlite"
                else {"day": today - timedelta(days=days), "code": codes[name].replace("-", "")},
            )
            connection.commit()
    assert run(site, "purge")[1].endswith("deleted now: 1.")
    assert [row.text for row in rows(site)] == ["", "Words young", "Words open"]
    assert [row.answer for row in rows(site)] == ["Thank you.", "Thank you.", ""]
    assert run(site, "purge")[1].endswith("deleted now: 0.")
    assert client.get(f"/reports/{codes['old']}").status_code == 200


@pytest.mark.parametrize(
    "arguments",
    [("list",), ("show", "K7QM-3XPT-9W"), ("close", "K7QM-3XPT-9W", "--outcome", "corrected"), ("purge",)],
    ids=str,
)
def test_without_its_tables_a_command_says_what_to_do(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ended, text = run(make_app(f"sqlite:///{tmp_path}/empty.db"), *arguments)
    assert ended == 1
    assert "Has `flask setup` been run?" in text
