"""One's own account: every change asks for the password, ends the other sessions, and does nothing else."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.models import RecoveryCode, User
from tests.admin.accounts.codes import KEY, RECOVERY, code_now, make_user_with_app, only_user, wrong_code
from tests.admin.conftest import Staff
from tests.admin.people import PASSWORD, StaffClient, csrf, email_of, make_user, sign_in
from tests.conftest import make_app
from tests.pages.reading import read

HOME = "/en/admin/account"
STEP = "/en/admin/account/second-step"
NEW = "nine grey otters went under"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One kind of database is enough: what differs is in test_sessions and test_people."""
    return sqlite_url


def post(client: FlaskClient, path: str, **data: str) -> int:
    return client.post(path, data={"csrf_token": csrf(client, HOME), **data}).status_code


def set_up(client: FlaskClient, password: str = PASSWORD, code: str = "") -> tuple[int, str]:
    """Read the key from the page as a person does, and send the form. Gives status and page."""
    page = read(client.get(STEP))
    secret = page.find("code")[0].text or ""
    sealed = page.find("input", name="sealed")[0].get("value") or ""
    data = {"sealed": sealed, "code": code or code_now(0, secret.replace(" ", "")), "current": password}
    response = client.post(STEP, data=data | {"csrf_token": csrf(client, HOME)})
    return response.status_code, response.text


def test_a_new_password_counts_and_the_old_one_ends(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    assert post(editor, f"{HOME}/password", current=PASSWORD, password=NEW, again=NEW) == 303
    assert editor.get(HOME).status_code == 200
    assert sign_in(app.test_client(), email_of("editor")).status_code == 422
    assert sign_in(app.test_client(), email_of("editor"), NEW).status_code == 303


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"current": "not the password", "password": NEW, "again": NEW}, "This is not your password"),
        ({"current": "", "password": NEW, "again": NEW}, "This is not your password"),
        ({"current": "x" * 2000, "password": NEW, "again": NEW}, "This is not your password"),
        ({"current": PASSWORD, "password": "fourteen chars", "again": "fourteen chars"}, "15 characters or more"),
        ({"current": PASSWORD, "password": "Sam Editor 2026!", "again": "Sam Editor 2026!"}, "easy to guess"),
        ({"current": PASSWORD, "password": "x" * 1001, "again": "x" * 1001}, "at most 1,000"),
        ({"current": PASSWORD, "password": NEW, "again": NEW + "s"}, "not the same"),
        ({}, "15 characters or more"),
    ],
)
def test_a_password_change_that_is_not_right_changes_nothing(
    app: Flask, staff: Staff, data: dict[str, str], told: str
) -> None:
    editor = staff("editor")
    before = only_user().password_hash
    response = editor.post(f"{HOME}/password", data=data | {"csrf_token": csrf(editor, HOME)})
    page = read(response)
    assert response.status_code == 422
    targets = {str(a.get("href"))[1:] for a in page.find("a") if str(a.get("href")).startswith("#")}
    assert told in page.text()
    assert targets <= {str(e.get("id")) for e in page.find()}
    assert PASSWORD not in page.html
    assert only_user().password_hash == before


def test_the_second_step_is_set_up_with_the_key_of_the_page(app: Flask, staff: Staff) -> None:
    editor, device = staff("editor"), staff("editor")
    status, html = set_up(editor)
    codes = RECOVERY.findall(html)
    assert status == 200
    assert len(set(codes)) == db.session.query(RecoveryCode).count() == 10
    assert editor.get(HOME).status_code == 200
    assert device.get(HOME).status_code == 303
    assert "/sign-in/code" in sign_in(device, email_of("editor")).headers["Location"]
    assert post_code(device, codes[0]) == 303


def post_code(client: FlaskClient, code: str) -> int:
    path = "/en/admin/sign-in/code"
    return client.post(path, data={"code": code, "csrf_token": csrf(client, path)}).status_code


def test_the_picture_says_what_the_key_says(app: Flask, staff: Staff) -> None:
    page = read(staff("editor").get(STEP))
    secret = (page.find("code")[0].text or "").replace(" ", "")
    svg = page.html[page.html.index("<svg") : page.html.index("</svg>") + 6]
    address = read_qr(svg)
    assert address.startswith("otpauth://totp/Onward:editor%40staff.example?")
    assert f"secret={secret}" in address


def read_qr(svg: str) -> str:
    """What a phone's camera would see: the dark runs of the one path, drawn as dots."""
    import numpy as np

    size = int(re.findall(r'viewBox="0 0 (\d+)', svg)[0])
    dots = np.full((size, size), 255, np.uint8)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmhv])([^Mmhvz]*)", svg[svg.rindex('d="') :]):
        values = [float(n) for n in re.findall(r"-?\d*\.?\d+", numbers)]
        if command == "M":
            x, y = values
        elif command == "m":
            x, y = x + values[0], y + values[1]
        elif command == "h":
            dots[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
    found = zxingcpp.read_barcodes(np.kron(dots, np.ones((6, 6), np.uint8)))
    return str(found[0].text)


def test_nothing_is_set_up_with_a_wrong_code_or_password_or_the_key_of_somebody_else(
    app: Flask, staff: Staff
) -> None:
    editor, viewer = staff("editor"), staff("viewer")
    assert set_up(editor, code=wrong_code())[0] == 422
    assert set_up(editor, password="not the password")[0] == 422
    page = read(viewer.get(STEP))
    secret = (page.find("code")[0].text or "").replace(" ", "")
    stolen = page.find("input", name="sealed")[0].get("value") or ""
    for sealed in (stolen, "", "x" * 5000, stolen[:-4]):
        assert post(editor, STEP, sealed=sealed, code=code_now(0, secret), current=PASSWORD) == 422
    db.session.rollback()
    assert {user.totp_secret for user in db.session.query(User)} == {None}


def test_the_secret_is_stored_encrypted(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    secret = (read(editor.get(STEP)).find("code")[0].text or "").replace(" ", "")
    set_up(editor)
    stored = only_user().totp_secret
    assert stored is not None
    assert secret not in stored
    assert KEY not in stored


def signed_in_with_app(app: Flask, client: FlaskClient) -> None:
    make_user_with_app()
    sign_in(client, email_of("editor"))
    assert post_code(client, code_now()) == 303


def test_new_recovery_codes_end_the_old_ones_and_ask_for_the_password(app: Flask, anybody: FlaskClient) -> None:
    signed_in_with_app(app, anybody)
    data = {"csrf_token": csrf(anybody, HOME), "current": PASSWORD}
    first = RECOVERY.findall(anybody.post(f"{STEP}/codes", data=data).text)
    assert post(anybody, f"{STEP}/codes", current="not the password") == 422
    data["csrf_token"] = csrf(anybody, HOME)
    second = RECOVERY.findall(anybody.post(f"{STEP}/codes", data=data).text)
    assert len(first) == len(second) == 10
    assert not set(first) & set(second)
    other = app.test_client()
    sign_in(other, email_of("editor"))
    assert post_code(other, first[0]) == 422
    assert post_code(other, second[0]) == 303


def test_removing_the_second_step_asks_for_a_long_password(app: Flask, anybody: FlaskClient) -> None:
    signed_in_with_app(app, anybody)
    short = "otter 7 under"
    assert post(anybody, f"{HOME}/password", current=PASSWORD, password=short, again=short) == 303
    assert post(anybody, f"{STEP}/remove", **{"remove-current": short}) == 422
    assert only_user().has_second_step
    assert post(anybody, f"{HOME}/password", current=short, password=NEW, again=NEW) == 303
    assert post(anybody, f"{STEP}/remove", **{"remove-current": "not the password"}) == 422
    assert post(anybody, f"{STEP}/remove", **{"remove-current": NEW}) == 303
    assert not only_user().has_second_step
    assert db.session.query(RecoveryCode).count() == 0
    assert sign_in(app.test_client(), email_of("editor"), NEW).headers["Location"] == "/en/admin"


@pytest.mark.parametrize(
    ("required", "role", "must"), [("admin", "admin", True), ("admin", "editor", False), ("all", "viewer", True)]
)
def test_who_must_have_a_second_step_sets_it_up_before_anything_else(
    sqlite_url: str, required: str, role: str, must: bool
) -> None:
    app = make_app(sqlite_url, staff_totp_required=required)
    app.test_client_class = StaffClient
    with app.app_context():
        make_user(role)
        client = app.test_client()
        sign_in(client, email_of(role))
        assert (client.get("/en/admin", follow_redirects=True).request.path == STEP) == must
        assert post(client, f"{HOME}/name", name="New") == 303
        assert (only_user().name == "New") == (not must)
        assert set_up(client)[0] == 200
        assert post(client, f"{HOME}/name", name="New") == 303
        assert only_user().name == "New"
        assert post(client, f"{STEP}/remove", **{"remove-current": PASSWORD}) == (422 if must else 303)
        assert only_user().has_second_step == must
        db.engine.dispose()


def test_fields_that_a_form_does_not_have_do_nothing(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    columns = [c.key for c in sa.inspect(User).columns if c.key != "name"]
    before = {key: getattr(only_user(), key) for key in columns}
    extra = dict.fromkeys(columns, "1") | {"role": "admin", "is_admin": "1", "status": "x", "version": "9"}
    assert post(editor, f"{HOME}/name", **extra | {"name": "Sam Two"}) == 303
    after = only_user()
    assert after.name == "Sam Two"
    assert {key: getattr(after, key) for key in columns} == before
