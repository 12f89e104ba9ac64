"""From one listing of the queue to the next: what happened is said, and what to do where nothing waits."""

from __future__ import annotations

import pytest
from flask import Flask

from referral.models.report import KINDS
from tests.admin.confirming.world import QUEUE, add, ago, assign, confirm, log, look, me, page_of, report
from tests.admin.conftest import Staff


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough here: nothing below depends on which."""
    return sqlite_url


def test_the_page_of_the_next_one_says_which_one_is_done(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    first, second, third = (add(f"mine{number}", confirmed_on=ago(100 - number)) for number in range(3))
    assign(me(), first, second, third)
    after = look(editor, confirm(editor, first, then="queue").headers["Location"])
    assert after.texts("p", class_="notice")[0] == "Mine0: Confirmed. Thank you."
    after = look(editor, log(editor, second, "no_answer", then="queue").headers["Location"])
    assert after.texts("p", class_="notice")[0] == "Mine1: Logged."
    after = look(editor, confirm(editor, third, then="listing").headers["Location"])
    assert after.texts("p", class_="notice")[0] == "Confirmed. Thank you."


def test_who_has_nothing_to_check_is_told_how_to_get_some(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    add("one")
    page = look(editor, editor.get(f"{QUEUE}/next").headers["Location"])
    assert "Give me the next 10" in page.texts("p", class_="notice")[0]


def test_a_problem_that_several_told_is_said_once(app: Flask, staff: Staff) -> None:
    number = add("one")
    for kind in ("wrong_phone", "wrong_phone", "closed_or_moved"):
        report(number, kind)
    said = look(staff("editor"), page_of(number)).text()
    assert f"Reported: {KINDS['wrong_phone'].label} (2), {KINDS['closed_or_moved'].label}" in said
