"""Admins look after people; one admin always stays, and nobody makes themselves more than they are."""

from __future__ import annotations

from threading import Thread

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.accounts import people
from referral.accounts.people import LastAdminError, NotAdminError
from referral.database import start_writing
from referral.extensions import db
from referral.models import OneTimeLink, User
from tests.admin.accounts.codes import make_user_with_app
from tests.admin.conftest import Staff
from tests.admin.people import csrf, email_of, make_user, password_hash, sign_in
from tests.pages.reading import read

HOME = "/en/admin/account"


def id_of(role: str) -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(User.id).where(User.email == email_of(role))).one()


def role_of(user_id: int) -> str:
    db.session.rollback()
    return db.session.scalars(sa.select(User.role).where(User.id == user_id)).one()


def act(client: FlaskClient, number: int, action: str, **data: str) -> int:
    form = {"csrf_token": csrf(client, HOME), **data}
    return client.post(f"/en/admin/users/{number}/{action}", data=form).status_code


def test_the_list_shows_everybody_with_role_and_state(app: Flask, staff: Staff) -> None:
    admin = staff("admin")
    make_user("viewer", is_disabled=True)
    make_user("editor", password_hash=None, name="<b>Eve</b>")
    page = read(admin.get("/en/admin/users"))
    rows = page.texts("tr")
    assert len(rows) == 4
    assert any("Sam Viewer" in row and "disabled" in row for row in rows)
    assert any("<b>Eve</b>" in row and "invited" in row for row in rows)
    assert read(admin.get("/es/admin/users")).texts("tr") != rows


def test_a_new_role_counts_from_the_next_request(app: Flask, staff: Staff) -> None:
    admin, editor = staff("admin"), staff("editor")
    assert act(admin, id_of("editor"), "role", role="admin") == 303
    assert editor.get(HOME).status_code == 303
    sign_in(editor, email_of("editor"))
    assert editor.get("/en/admin/users").status_code == 200


def test_somebody_disabled_is_out_at_once_and_can_come_back(app: Flask, staff: Staff) -> None:
    admin, editor = staff("admin"), staff("editor")
    assert act(admin, id_of("editor"), "disable") == 303
    assert editor.get(HOME).status_code == 303
    assert sign_in(editor, email_of("editor")).status_code == 422
    assert act(admin, id_of("editor"), "link") == 303
    assert db.session.query(OneTimeLink).count() == 0
    assert act(admin, id_of("editor"), "enable") == 303
    assert sign_in(editor, email_of("editor")).status_code == 303


def test_the_last_admin_who_can_sign_in_stays_admin(app: Flask, staff: Staff) -> None:
    admin = staff("admin")
    make_user("admin", email="gone@staff.example", is_disabled=True)
    make_user("admin", email="new@staff.example", password_hash=None)
    me = id_of("admin")
    assert act(admin, me, "role", role="editor") == 422
    assert act(admin, me, "disable") == 422
    assert role_of(me) == "admin"
    make_user("admin", email="second@staff.example")
    assert act(admin, me, "role", role="editor") == 303
    assert role_of(me) == "editor"


@pytest.mark.parametrize("actor", ["second@staff.example", None])
def test_two_who_take_each_other_away_at_once_leave_one_admin(app: Flask, actor: str | None) -> None:
    """The second waits for the first, and is then told that they are no admin any more, or that one must stay."""
    first, second = make_user("admin"), make_user("admin", email="second@staff.example")
    ids, outcome = (first.id, second.id), list[str]()
    db.session.commit()

    def take_the_first_away() -> None:
        with app.app_context():
            start_writing(db.session)
            try:
                admins = people.admins_for(db.session, ids[1] if actor else None)
                people.set_role(db.session, db.session.get_one(User, ids[0]), "viewer", admins, by_id=None)
                db.session.commit()
            except (LastAdminError, NotAdminError) as error:
                outcome.append(type(error).__name__)

    start_writing(db.session)
    admins = people.admins_for(db.session, ids[0])
    people.set_role(db.session, db.session.get_one(User, ids[1]), "viewer", admins, by_id=None)
    other = Thread(target=take_the_first_away)
    other.start()
    other.join(0.4)
    assert other.is_alive()
    db.session.commit()
    other.join(10)
    assert outcome == ["NotAdminError" if actor else "LastAdminError"]
    assert (role_of(ids[0]), role_of(ids[1])) == ("admin", "viewer")


def test_an_editor_finds_no_way_to_a_higher_role(app: Flask, staff: Staff) -> None:
    """Every form that an editor can send, with all that would raise them."""
    editor = staff("editor")
    me = id_of("editor")
    more = {
        "role": "admin",
        "is_admin": "1",
        "is_disabled": "0",
        "id": "1",
        "user_id": str(me),
        "email": "admin@staff.example",
        "password_hash": password_hash(),
        "totp_secret": "x",
        "created_at": "2000-01-01",
        "purpose": "reset",
    }
    before = {c.key: getattr(db.session.get_one(User, me), c.key) for c in sa.inspect(User).columns}
    for path in ("name", "password", "sessions/end", "second-step", "second-step/codes", "second-step/remove"):
        data = {"name": "Sam Editor", "csrf_token": csrf(editor, HOME), **more}
        assert editor.post(f"{HOME}/{path}", data=data).status_code in (303, 422), path
    for action in ("role", "enable", "disable", "link", "sessions/end"):
        assert act(editor, me, action, **more) == 403
    data = {"name": "E", "csrf_token": csrf(editor, HOME), **more}
    assert editor.post("/en/admin/users/invite", data=data).status_code == 403
    db.session.rollback()
    after = {c.key: getattr(db.session.get_one(User, me), c.key) for c in sa.inspect(User).columns}
    assert after == before
    assert db.session.query(User).count() == 1
    assert db.session.query(OneTimeLink).count() == 0


def test_a_role_that_does_not_exist_is_refused(app: Flask, staff: Staff) -> None:
    admin = staff("admin")
    for role in ("owner", "", "ADMIN", "admin "):
        assert act(admin, id_of("admin"), "role", role=role) == 422, role
    assert role_of(id_of("admin")) == "admin"


def test_nobody_is_invited_twice_whatever_the_spelling(app: Flask, staff: Staff) -> None:
    admin = staff("admin")
    for email, status in (("eve@staff.example", 200), ("EVE@staff.example", 422), ("nonsense", 422), ("", 422)):
        data = {"name": "Eve", "email": email, "role": "viewer", "csrf_token": csrf(admin, HOME)}
        page = read(admin.post("/en/admin/users/invite", data=data))
        assert page.status == status, email
        if status == 422:
            assert page.link("account already" if "@" in email else "Enter an e-mail").startswith("#")


def test_marks_that_are_not_seen_do_not_get_into_a_name(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    name = "Sam\r\nadmin\x1b[2J\u202eeditor\x00 <script>"
    data = {"name": name, "csrf_token": csrf(editor, HOME)}
    assert editor.post(f"{HOME}/name", data=data).status_code == 303
    db.session.rollback()
    assert db.session.get_one(User, id_of("editor")).name == "Sam admin [2Jeditor <script>"
    assert not read(editor.get(HOME)).find("script", src="")


def test_an_admin_can_take_the_second_step_away_with_a_link(app: Flask, staff: Staff) -> None:
    admin = staff("admin")
    user_id = make_user_with_app().id
    page = read(admin.get(f"/en/admin/users/{user_id}"))
    assert page.find("input", name="removes_second_step")
    assert act(admin, user_id, "link", removes_second_step="y") == 200
    assert db.session.query(OneTimeLink).one().removes_second_step


@pytest.mark.parametrize("user_id", ["0", "999", "9" * 19, "9" * 30, "-1", "x"])
def test_numbers_of_nobody_are_not_found(app: Flask, staff: Staff, user_id: str) -> None:
    assert staff("admin").get(f"/en/admin/users/{user_id}").status_code == 404
