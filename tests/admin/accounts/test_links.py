"""Links for passwords: each works once, for a while, for what it was made for, and the last one made counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.accounts.links import new_link
from referral.extensions import db
from referral.models import OneTimeLink, User, utc_now
from tests.admin.accounts.codes import make_user_with_app, only_user
from tests.admin.conftest import Staff
from tests.admin.people import PASSWORD, csrf, email_of, make_user, sign_in
from tests.pages.reading import read

HOME = "/en/admin/account"
NEW = "nine grey otters went under"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database is enough: what differs is in test_sessions and test_people."""
    return sqlite_url


def make_link(purpose: str, user_id: int | None, **more: bool) -> str:
    """Its path."""
    token = new_link(db.session, purpose, user_id, utc_now(), **more)
    db.session.commit()
    return f"/en/admin/{'setup' if purpose == 'setup' else 'links'}/{token}"


def use(client: FlaskClient, path: str, password: str = NEW, **more: str) -> int:
    """Open the page of the link and send its form; an ended link has none."""
    page = client.get(path)
    if page.status_code == 410:
        data = {"csrf_token": csrf(client)}
    else:
        read(page)
        data = {"csrf_token": csrf(client, path)}
    data |= {"password": password, "again": password, **more}
    return client.post(path, data=data).status_code


ADA = {"name": "Ada Example", "email": "Ada@Staff.example", "role": "viewer", "id": "77"}


def test_the_setup_link_makes_one_admin_and_then_ends(app: Flask, anybody: FlaskClient) -> None:
    path = make_link("setup", None)
    assert use(anybody, path, **ADA) == 303
    user = only_user()
    assert (user.email, user.name, user.role, user.id) == ("ada@staff.example", "Ada Example", "admin", 1)
    assert use(app.test_client(), path, **ADA | {"email": "eve@staff.example"}) == 410
    assert db.session.query(User).count() == 1
    assert sign_in(app.test_client(), "ada@staff.example", NEW).status_code == 303


def test_a_setup_link_is_worth_nothing_once_there_is_somebody(app: Flask, anybody: FlaskClient) -> None:
    path = make_link("setup", None)
    make_user("viewer")
    assert use(anybody, path, **ADA) == 410


def test_a_newer_link_ends_the_one_before(app: Flask, anybody: FlaskClient) -> None:
    old, new = make_link("setup", None), make_link("setup", None)
    assert use(anybody, old, **ADA) == 410
    assert use(anybody, new, **ADA) == 303
    user_id = only_user().id
    old, new = make_link("reset", user_id), make_link("reset", user_id)
    assert use(anybody, old) == 410
    assert use(anybody, new) == 303


@pytest.mark.parametrize(("purpose", "hours"), [("setup", 24), ("invitation", 168), ("reset", 24)])
@pytest.mark.parametrize("later", [True, False])
def test_a_link_ends_by_itself(app: Flask, anybody: FlaskClient, purpose: str, hours: int, later: bool) -> None:
    user_id = None if purpose == "setup" else make_user("editor").id
    path = make_link(purpose, user_id)
    made = utc_now() - timedelta(hours=hours, minutes=1 if later else -5)
    db.session.execute(sa.update(OneTimeLink).values(created_at=made, expires_at=made + timedelta(hours=hours)))
    db.session.commit()
    assert use(anybody, path, **ADA) == (410 if later else 303)


def test_a_link_from_a_clock_that_ran_ahead_is_refused(app: Flask, anybody: FlaskClient) -> None:
    path = make_link("reset", make_user("editor").id)
    ahead = utc_now() + timedelta(days=1)
    db.session.execute(sa.update(OneTimeLink).values(created_at=ahead, expires_at=ahead + timedelta(hours=1)))
    db.session.commit()
    assert use(anybody, path) == 410


def test_no_link_does_what_another_was_made_for(app: Flask, anybody: FlaskClient) -> None:
    invitation = make_link("invitation", make_user("viewer", password_hash=None).id)
    token = invitation.rpartition("/")[2]
    assert use(anybody, f"/en/admin/setup/{token}", **ADA) == 410
    db.session.query(User).delete()
    db.session.commit()
    setup = make_link("setup", None).rpartition("/")[2]
    assert use(anybody, f"/en/admin/links/{setup}") == 410
    assert db.session.query(User).count() == 0


def test_opening_a_link_does_not_use_it_up(app: Flask, anybody: FlaskClient) -> None:
    path = make_link("reset", make_user("editor").id)
    for _ in range(3):
        assert app.test_client().get(path).status_code == 200
    assert use(anybody, path) == 303


def test_an_invitation_gives_the_role_it_was_made_with_and_no_other(app: Flask, staff: Staff) -> None:
    admin, guest = staff("admin"), app.test_client()
    data = {"name": "Eve Example", "email": "eve@staff.example", "role": "viewer", "is_disabled": "", "id": "9"}
    page = read(admin.post("/en/admin/users/invite", data=data | {"csrf_token": csrf(admin, HOME)}))
    address = str(page.find("input", id="link")[0].get("value"))
    path = address.removeprefix("http://localhost")
    assert page.status == 200
    assert sign_in(guest, "eve@staff.example").status_code == 422
    assert use(guest, path, role="admin", email="other@staff.example", name="Other") == 303
    sign_in(guest, "eve@staff.example", NEW)
    assert guest.get("/en/admin/users").status_code == 403
    eve = db.session.scalars(sa.select(User).where(User.email == "eve@staff.example")).one()
    assert (eve.name, eve.role) == ("Eve Example", "viewer")
    assert use(guest, path) == 410


def test_a_bad_password_does_not_use_the_link_up(app: Flask, anybody: FlaskClient) -> None:
    path = make_link("reset", make_user("editor").id)
    for bad in ("short", "password1234567", "Sam.Editor.2026", "x" * 1001):
        assert use(anybody, path, bad) == 422, bad
    assert use(anybody, path, NEW, again="another password than that") == 422
    assert use(anybody, path) == 303


def test_a_link_of_somebody_disabled_ends(app: Flask, anybody: FlaskClient) -> None:
    user = make_user("editor")
    path = make_link("reset", user.id)
    user.is_disabled = True
    db.session.commit()
    assert use(anybody, path) == 410


def test_a_reset_keeps_the_second_step_unless_the_link_says_otherwise(app: Flask, anybody: FlaskClient) -> None:
    user_id = make_user_with_app().id
    assert use(anybody, make_link("reset", user_id), "otter 77 under") == 303
    assert "/sign-in/code" in sign_in(anybody, email_of("editor"), "otter 77 under").headers["Location"]
    path = make_link("reset", user_id, removes_second_step=True)
    assert use(app.test_client(), path, "otter 78 under") == 422
    assert use(app.test_client(), path, NEW) == 303
    guest = app.test_client()
    sign_in(guest, email_of("editor"), NEW)
    assert guest.get(HOME).status_code == 200


def test_the_old_password_works_until_the_link_is_used(app: Flask, anybody: FlaskClient) -> None:
    path = make_link("reset", make_user("editor").id)
    assert sign_in(anybody, email_of("editor")).status_code == 303
    assert use(app.test_client(), path) == 303
    assert anybody.get(HOME).status_code == 303
    assert sign_in(app.test_client(), email_of("editor"), PASSWORD).status_code == 422


def test_only_a_hash_of_the_token_is_stored(app: Flask) -> None:
    path = make_link("reset", make_user("editor").id)
    link = db.session.query(OneTimeLink).one()
    assert path.rpartition("/")[2] not in str(vars(link))
