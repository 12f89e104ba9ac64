"""What is done to accounts leaves a trace: what, to whom, by whom and when. Nobody can alter it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from referral.accounts import people
from referral.database import start_writing
from referral.extensions import db
from referral.models import AccountEvent
from tests.admin.accounts.codes import make_user_with_app
from tests.admin.accounts.test_people import HOME, act, id_of
from tests.admin.conftest import Staff
from tests.admin.people import PASSWORD, csrf, email_of, sign_in
from tests.pages.reading import read

NEW_PASSWORD = "nine grey otters went under"


def told() -> list[tuple[str, str, str]]:
    """Whose account, what and by whom, in the order in which it was done."""
    db.session.rollback()
    events = db.session.scalars(sa.select(AccountEvent).order_by(AccountEvent.id))
    return [(event.user.email, event.what, event.by.email if event.by else "") for event in events]


def test_each_change_of_an_account_is_shown_with_who_made_it(app: Flask, staff: Staff) -> None:
    admin = staff("admin")
    form = {"email": "eve@staff.example", "name": "Eve <i>Lark</i>", "role": "viewer"}
    answer = admin.post("/en/admin/users/invite", data={"csrf_token": csrf(admin, HOME), **form})
    assert answer.status_code == 200
    number = db.session.scalars(sa.select(AccountEvent.user_id)).one()
    for action, data in (("role", {"role": "editor"}), ("disable", {}), ("enable", {}), ("sessions/end", {})):
        assert act(admin, number, action, **data) == 303
    assert act(admin, number, "link") == 200
    # What changes nothing is nothing that was done.
    assert act(admin, number, "role", role="editor") == 303
    assert act(admin, number, "enable") == 303
    whats = [
        "Invited: Viewer",
        "Role changed: Viewer → Editor",
        "Disabled",
        "Enabled",
        "Signed out everywhere",
        "Link for a new password made",
    ]
    for path, names in (("/en/admin/users", ["Eve <i>Lark</i>"]), (f"/en/admin/users/{number}", [])):
        page = read(admin.get(path))
        cells = page.texts("td")[-len(whats) * (2 + len(names)) :]
        assert cells == [cell for what in reversed(whats) for cell in (*names, what, "Sam Admin")]
    assert page.texts("th")[-1].endswith(" UTC")


def test_what_people_do_to_their_own_account_is_noted_too(app: Flask, staff: Staff) -> None:
    number, admin, client = make_user_with_app("editor").id, staff("admin"), app.test_client()
    form = {"csrf_token": csrf(admin, HOME), "removes_second_step": "y"}
    page = admin.post(f"/en/admin/users/{number}/link", data=form).get_data(as_text=True)
    path = "/en" + re.findall(r"/admin/links/[\w-]{43}", page)[0]
    form = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
    assert client.post(path, data={"csrf_token": csrf(client, path), **form}).status_code == 303
    editor = email_of("editor")
    assert told() == [
        (editor, "link_second_step", email_of("admin")),
        (editor, "second_step_removed", editor),
        (editor, "password", editor),
    ]


def test_the_first_account_is_noted(app: Flask) -> None:
    start_writing(db.session)
    people.make_first_admin(db.session, "Ada@staff.example", "Ada", NEW_PASSWORD)
    db.session.commit()
    assert told() == [("ada@staff.example", "first_admin", "ada@staff.example")]


def test_what_a_command_does_is_noted_as_its_doing(app: Flask, staff: Staff) -> None:
    admin = staff("admin")
    runner = app.test_cli_runner()
    for arguments in (
        ["add", "--name", "Eve", "--email", "eve@staff.example", "--role", "viewer"],
        ["role", "eve@staff.example", "editor"],
        ["reset-link", "eve@staff.example"],
        ["disable", "eve@staff.example"],
        ["enable", "eve@staff.example"],
    ):
        db.session.rollback()
        result = runner.invoke(args=["users", *arguments])
        assert result.exit_code == 0, result.output
    assert told() == [("eve@staff.example", what, "") for what in ("invited", "role", "link", "disabled", "enabled")]
    assert read(admin.get("/en/admin/users")).texts("td").count("a command") == 5


def test_signing_in_or_failing_to_is_not_noted(app: Flask, staff: Staff) -> None:
    client = staff("editor")
    sign_in(app.test_client(), email_of("editor"), "not it")
    sign_in(app.test_client(), "nobody@else.example", PASSWORD)
    assert client.get(HOME).status_code == 200
    assert told() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE account_event SET what = 'enabled'",
        "DELETE FROM account_event",
        "REPLACE INTO account_event SELECT id, at, user_id, by_id, 'enabled', old_role, new_role FROM account_event",
    ],
)
def test_the_database_refuses_to_alter_it(app: Flask, staff: Staff, statement: str) -> None:
    admin = staff("admin")
    staff("editor")
    assert act(admin, id_of("editor"), "disable") == 303
    if statement.startswith("REPLACE") and db.engine.dialect.name != "sqlite":
        statement = statement.replace("REPLACE", "INSERT") + " ON CONFLICT (id) DO UPDATE SET what = 'enabled'"
    with pytest.raises(DBAPIError, match="history cannot be changed"):
        db.session.execute(sa.text(statement))
    assert told() == [(email_of("editor"), "disabled", email_of("admin"))]
