"""Signing in: one answer to everything that is wrong, a second step that counts once, and no way round it."""

from __future__ import annotations

import re
import statistics
import time

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient

from referral.accounts.passwords import HASHER
from referral.accounts.second_step import new_recovery_codes
from referral.extensions import db
from referral.models import AddressLoad, LoginFailure, RecoveryCode, StaffSession
from tests.admin.accounts.codes import KEY, code_now, make_user_with_app, only_user, wrong_code
from tests.admin.people import PASSWORD, csrf, email_of, make_user, sign_in
from tests.pages.reading import read

HOME = "/en/admin/account"
CODE = "/en/admin/sign-in/code"
LOOSE = re.compile(r'value="[^"]*"')
"""Tokens, and the address that was typed."""


def send_code(client: FlaskClient, code: str) -> int:
    return client.post(CODE, data={"code": code, "csrf_token": csrf(client, CODE)}).status_code


def test_the_right_password_leads_in_and_sign_out_out(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    assert anybody.get(HOME).status_code == 303
    response = sign_in(anybody, email_of("editor"))
    assert response.headers["Location"] == "/en/admin"
    assert "Sam Editor" in read(anybody.get(HOME)).html
    assert only_user().signed_in_at is not None
    anybody.post("/en/admin/sign-out", data={"csrf_token": csrf(anybody, HOME)})
    assert anybody.get(HOME).status_code == 303
    assert db.session.query(StaffSession).count() == 0


@pytest.mark.parametrize("email", ["EDITOR@staff.example", "  editor@STAFF.example ", "ｅditor@staff.example"])
def test_the_spelling_of_the_address_does_not_matter(app: Flask, anybody: FlaskClient, email: str) -> None:
    make_user("editor")
    assert sign_in(anybody, email).status_code == 303


def test_the_way_a_keyboard_writes_the_password_does_not_matter(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor", password_hash=HASHER.hash("señora pájaro diecisiete".encode()))
    assert sign_in(anybody, email_of("editor"), "sen\u0303ora pa\u0301jaro diecisiete").status_code == 303


def test_every_failed_sign_in_is_answered_with_the_same_page(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    make_user("viewer", is_disabled=True)
    make_user("admin", password_hash=None)
    answers = [
        sign_in(anybody, email_of("editor"), "not the password"),
        sign_in(anybody, "nobody@staff.example", "not the password"),
        sign_in(anybody, email_of("viewer")),
        sign_in(anybody, email_of("viewer"), "not the password"),
        sign_in(anybody, email_of("admin")),
        sign_in(anybody, email_of("editor"), "x" * 2000),
        sign_in(anybody, "", ""),
    ]
    assert {answer.status_code for answer in answers} == {422}
    pages = {LOOSE.sub("", read(answer).html) for answer in answers}
    assert len(pages) == 1
    headers = [{k: v for k, v in a.headers if k not in ("Set-Cookie", "Content-Length")} for a in answers]
    assert all(other == headers[0] for other in headers)


def test_a_failed_sign_in_takes_as_long_for_an_address_that_nobody_has(app: Flask, anybody: FlaskClient) -> None:
    """Compared within one run, in turns: without the work for nothing the ratio is a tenth."""
    make_user("editor")
    make_user("viewer", is_disabled=True)
    times: dict[str, list[float]] = {"editor": [], "viewer": [], "nobody": []}
    for _ in range(12):
        for who, taken in times.items():
            token = csrf(anybody)
            data = {"email": f"{who}@staff.example", "password": "not the password", "csrf_token": token}
            started = time.perf_counter()
            assert anybody.post("/en/admin/sign-in", data=data).status_code == 422
            taken.append(time.perf_counter() - started)
            db.session.query(LoginFailure).delete()
            db.session.query(AddressLoad).delete()
            db.session.commit()
    known, disabled, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.6 < unknown / known < 1.6
    assert 0.6 < disabled / known < 1.6


def test_a_password_of_a_thousand_characters_is_refused_before_it_is_hashed(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    token = csrf(anybody)
    data = {"email": email_of("editor"), "password": "x" * 50_000, "csrf_token": token}
    started = time.perf_counter()
    assert anybody.post("/en/admin/sign-in", data=data).status_code == 422
    assert time.perf_counter() - started < 0.5
    assert db.session.query(LoginFailure).count() == 0


def test_an_old_hash_is_made_anew_at_sign_in(app: Flask, anybody: FlaskClient) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    make_user("editor", password_hash=old)
    assert sign_in(anybody, email_of("editor")).status_code == 303
    new = only_user().password_hash
    assert new is not None
    assert new != old
    assert not HASHER.check_needs_rehash(new)
    assert sign_in(app.test_client(), email_of("editor")).status_code == 303


def test_after_signing_in_the_page_comes_that_was_wanted(app: Flask, anybody: FlaskClient) -> None:
    make_user("admin")
    asked = anybody.get("/es/admin/users?page=2").headers["Location"]
    form = read(anybody.get(asked))
    wanted = form.find("input", name="next")[0].get("value")
    assert wanted == "/admin/users?page=2"
    data = {"email": email_of("admin"), "password": PASSWORD, "csrf_token": csrf(anybody), "next": wanted}
    assert anybody.post("/es/admin/sign-in", data=data).headers["Location"] == "/es/admin/users?page=2"


def test_the_password_alone_does_not_lead_in_where_there_is_a_second_step(app: Flask, anybody: FlaskClient) -> None:
    make_user_with_app()
    assert "/sign-in/code" in sign_in(anybody, email_of("editor")).headers["Location"]
    assert anybody.get(HOME).status_code == 303
    assert send_code(anybody, wrong_code()) == 422
    assert send_code(anybody, "") == 422
    assert send_code(anybody, "１２３４５６") == 422
    assert anybody.get(HOME).status_code == 303
    assert send_code(anybody, code_now()) == 303
    assert anybody.get(HOME).status_code == 200


@pytest.mark.parametrize("steps_off", [-1, 1])
def test_a_phone_whose_clock_is_a_little_off_still_works(app: Flask, anybody: FlaskClient, steps_off: int) -> None:
    make_user_with_app()
    sign_in(anybody, email_of("editor"))
    assert send_code(anybody, code_now(steps_off)) == 303


def test_a_code_from_a_few_minutes_ago_is_refused(app: Flask, anybody: FlaskClient) -> None:
    make_user_with_app()
    sign_in(anybody, email_of("editor"))
    assert send_code(anybody, code_now(-4)) == 422


def test_no_code_counts_twice_and_none_from_before_it(app: Flask, anybody: FlaskClient) -> None:
    make_user_with_app()
    used, before = code_now(), code_now(-1)
    sign_in(anybody, email_of("editor"))
    assert send_code(anybody, used) == 303
    other = app.test_client()
    sign_in(other, email_of("editor"))
    assert send_code(other, used) == 422
    assert send_code(other, before) == 422
    assert send_code(other, code_now(1)) == 303


def test_a_recovery_code_stands_in_once(app: Flask, anybody: FlaskClient) -> None:
    user = make_user_with_app()
    codes = new_recovery_codes(db.session, KEY, user.id)
    db.session.commit()
    stored = {row.code_hash for row in db.session.query(RecoveryCode)}
    assert len(stored) == len(set(codes)) == 10
    assert not stored & {code.replace("-", "") for code in codes}
    sign_in(anybody, email_of("editor"))
    assert send_code(anybody, codes[3].upper().replace("-", " ")) == 303
    other = app.test_client()
    sign_in(other, email_of("editor"))
    assert send_code(other, codes[3]) == 422
    assert send_code(other, codes[4]) == 303


def test_a_recovery_code_of_somebody_else_is_worth_nothing(app: Flask, anybody: FlaskClient) -> None:
    make_user_with_app()
    codes = new_recovery_codes(db.session, KEY, make_user("viewer").id)
    db.session.commit()
    sign_in(anybody, email_of("editor"))
    assert send_code(anybody, codes[0]) == 422


def test_nobody_passes_the_second_step_without_the_first(app: Flask, anybody: FlaskClient) -> None:
    make_user_with_app()
    assert anybody.get(CODE).status_code == 303
    response = anybody.post(CODE, data={"code": code_now(), "csrf_token": csrf(anybody)})
    assert "/admin/sign-in" in response.headers["Location"]
    assert anybody.get(HOME).status_code == 303


def test_a_secret_that_can_no_longer_be_read_lets_nobody_in(app: Flask, anybody: FlaskClient) -> None:
    """As after a change of SECRET_KEY."""
    user = make_user_with_app()
    user.totp_secret = "gAAAAABdamaged"
    db.session.commit()
    sign_in(anybody, email_of("editor"))
    assert send_code(anybody, code_now()) == 422
    assert anybody.get(HOME).status_code == 303
