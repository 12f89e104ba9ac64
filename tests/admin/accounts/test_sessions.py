"""A session ends when it should, on every copy of its cookie, and no clock makes it last longer."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from http.cookies import SimpleCookie

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.accounts.sessions import CLOCK_SLACK, Limits, is_alive
from referral.extensions import db
from referral.models import StaffSession, User, utc_now
from tests.admin.accounts.codes import code_now, make_user_with_app
from tests.admin.conftest import Staff
from tests.admin.people import PASSWORD, csrf, email_of, make_user, sign_in

HOME = "/en/admin/account"
COOKIE = "onward_staff"
NEW = "nine grey otters went under"


def cookie_of(client: FlaskClient) -> str:
    cookie = client.get_cookie(COOKIE, path="/en/admin")
    assert cookie is not None
    return cookie.value


def copy_of(app: Flask, value: str) -> FlaskClient:
    """Another browser that has the same cookie."""
    client = app.test_client()
    client.set_cookie(COOKIE, value, path="/en/admin")
    return client


def is_in(client: FlaskClient) -> bool:
    return client.get(HOME).status_code == 200


def sign_out(_app: Flask, client: FlaskClient, _admin: FlaskClient, _id: int) -> None:
    client.post("/en/admin/sign-out", data={"csrf_token": csrf(client, HOME)})


def change_password(_app: Flask, client: FlaskClient, _admin: FlaskClient, _id: int) -> None:
    data = {"current": PASSWORD, "password": NEW, "again": NEW, "csrf_token": csrf(client, HOME)}
    assert client.post("/en/admin/account/password", data=data).status_code == 303


def end_others(_app: Flask, client: FlaskClient, _admin: FlaskClient, _id: int) -> None:
    assert client.post(f"{HOME}/sessions/end", data={"csrf_token": csrf(client, HOME)}).status_code == 303


def by_admin(action: str, **data: str) -> Callable[[Flask, FlaskClient, FlaskClient, int], None]:
    def act(_app: Flask, _client: FlaskClient, admin: FlaskClient, user_id: int) -> None:
        form = {"csrf_token": csrf(admin, HOME), **data}
        assert admin.post(f"/en/admin/users/{user_id}/{action}", data=form).status_code == 303

    return act


def reset_link_used(app: Flask, _client: FlaskClient, admin: FlaskClient, user_id: int) -> None:
    page = admin.post(f"/en/admin/users/{user_id}/link", data={"csrf_token": csrf(admin, HOME)})
    path = "/en/admin/links/" + page.text.split("/admin/links/")[1].split('"')[0]
    guest = app.test_client()
    data = {"password": NEW, "again": NEW, "csrf_token": csrf(guest, path)}
    assert guest.post(path, data=data).status_code == 303


TRANSITIONS: dict[str, Callable[[Flask, FlaskClient, FlaskClient, int], None]] = {
    "sign-out": sign_out,
    "password change": change_password,
    "role change": by_admin("role", role="viewer"),
    "disabling": by_admin("disable"),
    "signing out everywhere": by_admin("sessions/end"),
    "a reset link that is used": reset_link_used,
    "ending the other sessions": end_others,
}


@pytest.mark.parametrize("what", TRANSITIONS)
def test_every_copy_of_the_cookie_is_dead_after(app: Flask, staff: Staff, what: str) -> None:
    editor, admin = staff("editor"), staff("admin")
    value = cookie_of(editor)
    copy, second_device = copy_of(app, value), staff("editor")
    assert is_in(copy)
    assert is_in(second_device)
    user_id = db.session.scalars(sa.select(User.id).where(User.role == "editor")).one()
    TRANSITIONS[what](app, editor, admin, user_id)
    assert not is_in(copy_of(app, value))
    assert not is_in(copy)
    assert is_in(second_device) == (what == "sign-out")
    assert is_in(editor) == (what in ("password change", "ending the other sessions"))
    assert is_in(admin)


def test_whoever_is_disabled_is_out_even_where_their_session_is_left(app: Flask, staff: Staff) -> None:
    """As when the row comes back with a backup, or was changed by hand."""
    editor = staff("editor")
    db.session.execute(sa.update(User).values(is_disabled=True))
    db.session.commit()
    assert not is_in(editor)


def test_signing_in_gives_a_new_cookie_and_a_new_token_of_forms(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    token = csrf(anybody)
    before = cookie_of(anybody)
    sign_in(anybody, email_of("editor"))
    assert cookie_of(anybody) != before
    assert not is_in(copy_of(app, before))
    response = anybody.post(f"{HOME}/name", data={"name": "Planted", "csrf_token": token})
    assert response.status_code == 400


def test_a_cookie_from_between_the_steps_leads_nowhere_after_them(app: Flask, anybody: FlaskClient) -> None:
    make_user_with_app()
    sign_in(anybody, email_of("editor"))
    half = cookie_of(anybody)
    assert not is_in(copy_of(app, half))
    path = "/en/admin/sign-in/code"
    anybody.post(path, data={"code": code_now(), "csrf_token": csrf(anybody, path)})
    assert is_in(anybody)
    assert not is_in(copy_of(app, half))
    assert copy_of(app, half).get(path).status_code == 303


def test_the_cookie_is_only_for_staff_pages_and_out_of_reach_of_scripts(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    for base_url, is_secure in (("http://localhost", False), ("https://localhost", True)):
        found = app.test_client().get("/es/admin/sign-in", base_url=base_url).headers.getlist("Set-Cookie")
        cookies = [SimpleCookie(text)[COOKIE] for text in found]
        assert {cookie["path"] for cookie in cookies} == {"/admin", "/en/admin", "/es/admin"}
        for cookie in cookies:
            assert (cookie["httponly"], cookie["samesite"], bool(cookie["secure"])) == (True, "Lax", is_secure)
            assert cookie["domain"] == cookie["expires"] == cookie["max-age"] == ""
    under = app.test_client().get("/en/admin/sign-in", environ_overrides={"SCRIPT_NAME": "/care"})
    paths = {SimpleCookie(text)[COOKIE]["path"] for text in under.headers.getlist("Set-Cookie")}
    assert paths == {"/care/admin", "/care/en/admin", "/care/es/admin"}


def test_the_language_can_be_changed_without_signing_in_again(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    for path in ("/admin/account", "/es/admin/account", "/en/admin/account"):
        assert editor.get(path).status_code == 200


@pytest.mark.parametrize(
    ("created", "seen", "is_open"),
    [
        (timedelta(0), timedelta(minutes=119), True),
        (timedelta(0), timedelta(minutes=121), False),
        (timedelta(hours=11), timedelta(minutes=1), True),
        (timedelta(hours=12, minutes=1), timedelta(0), False),
        (timedelta(0), timedelta(minutes=-3), False),
    ],
    ids=str,
)
def test_idle_and_old_sessions_end(
    app: Flask, staff: Staff, created: timedelta, seen: timedelta, is_open: bool
) -> None:
    editor, now = staff("editor"), utc_now()
    created_at = min(now - created, now - seen)
    db.session.execute(sa.update(StaffSession).values(created_at=created_at, seen_at=now - seen))
    db.session.commit()
    assert is_in(editor) == is_open


def test_use_is_written_down_once_a_minute_and_not_at_every_page(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    start = db.session.scalars(sa.select(StaffSession.seen_at)).one()
    is_in(editor)
    db.session.rollback()
    assert db.session.scalars(sa.select(StaffSession.seen_at)).one() == start
    earlier = start - timedelta(minutes=30)
    db.session.execute(sa.update(StaffSession).values(created_at=earlier, seen_at=earlier))
    db.session.commit()
    is_in(editor)
    db.session.rollback()
    assert db.session.scalars(sa.select(StaffSession.seen_at)).one() >= start


def test_no_walk_of_the_clock_makes_a_session_last_longer() -> None:
    limits, chance = Limits(timedelta(hours=2), timedelta(hours=12)), random.Random(7)
    steps = [-86400, -3600, -61, -1, 0, 1, 30, 61, 1800, 3600, 86400]
    starts = [datetime(2028, 2, 29, 23, 59), datetime(2038, 1, 19, 3, 14), datetime(2026, 3, 8, 2, 0)]  # noqa: DTZ001
    n_alive = 0
    for walk in range(10_000):
        start = starts[walk % 3]
        row = StaffSession(created_at=start, seen_at=start, awaits_code=False)
        clock = latest = start
        for _ in range(8):
            clock += timedelta(seconds=chance.choice(steps))
            if not is_alive(row, limits, clock):
                break
            n_alive += 1
            assert start - CLOCK_SLACK <= clock < start + limits.whole
            assert clock >= latest - CLOCK_SLACK
            row.seen_at = latest = max(latest, clock)
    assert n_alive > 5_000


def test_a_session_whose_row_cannot_be_read_lets_nobody_in(app: Flask, staff: Staff) -> None:
    """The database fails: the answer is an error and never the page."""
    editor = staff("editor")
    db.session.execute(sa.text("ALTER TABLE staff_session RENAME TO gone"))
    db.session.commit()
    app.testing = False
    response = editor.get(HOME)
    assert response.status_code in (500, 503)
    assert b"editor@staff.example" not in response.data
