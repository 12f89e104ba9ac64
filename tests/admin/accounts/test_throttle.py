"""Guessing is slow: counted in the database, whatever cookie, header, spelling or worker is used."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.accounts.links import new_link
from referral.accounts.throttle import account_key, address_key, take_try
from referral.database import start_writing
from referral.extensions import db
from referral.models import AddressLoad, KnownAddress, LoginFailure, utc_now
from tests.admin.accounts.codes import KEY, code_now, make_user_with_app, wrong_code
from tests.admin.conftest import Staff
from tests.admin.people import PASSWORD, StaffClient, csrf, email_of, make_user, sign_in
from tests.conftest import make_app

WRONG = "not the password"
NOW = datetime(2026, 5, 1, 12, 0)  # noqa: DTZ001 - times are stored without a zone


def guess(client: FlaskClient, email: str, password: str = WRONG, address: str = "192.0.2.1") -> int:
    data = {"email": email, "password": password, "csrf_token": csrf(client)}
    response = client.post("/en/admin/sign-in", data=data, environ_overrides={"REMOTE_ADDR": address})
    if response.status_code == 429:
        assert 1 <= int(response.headers["Retry-After"]) <= 15 * 60
    return response.status_code


def test_the_sixth_try_in_a_minute_is_refused_even_with_the_right_password(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    assert [guess(anybody, email_of("editor")) for _ in range(6)] == [422] * 5 + [429]
    assert guess(anybody, email_of("editor"), PASSWORD) == 429
    db.session.execute(sa.update(LoginFailure).values(at=LoginFailure.at - timedelta(seconds=61)))
    db.session.commit()
    assert guess(anybody, email_of("editor"), PASSWORD) == 303


def test_an_address_that_nobody_has_is_throttled_alike(app: Flask, anybody: FlaskClient) -> None:
    assert [guess(anybody, "nobody@staff.example") for _ in range(6)] == [422] * 5 + [429]


def test_no_new_cookie_spelling_header_or_network_lifts_it(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    for number in range(5):
        assert guess(app.test_client(), email_of("editor").upper(), address=f"192.0.2.{number}") == 422
    for client, address in ((anybody, "192.0.2.1"), (app.test_client(), "198.51.100.7")):
        for email in (email_of("editor"), "Editor@Staff.Example", " editor@staff.example"):
            assert guess(client, email, PASSWORD, address) == 429


def test_a_forwarded_address_is_not_believed_beyond_the_proxies(app: Flask, anybody: FlaskClient) -> None:
    statuses = []
    for number in range(16):
        data = {"email": f"u{number}@staff.example", "password": WRONG, "csrf_token": csrf(anybody)}
        headers = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
        statuses.append(anybody.post("/en/admin/sign-in", data=data, headers=headers).status_code)
    assert statuses == [422] * 15 + [429]


def test_another_person_on_another_network_is_not_held_up(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    make_user("viewer")
    for _ in range(6):
        guess(anybody, email_of("editor"))
    assert guess(app.test_client(), email_of("viewer"), PASSWORD) == 303
    assert guess(app.test_client(), email_of("viewer"), PASSWORD, "198.51.100.7") == 303


def test_a_second_application_on_the_same_database_counts_on(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    for _ in range(5):
        guess(anybody, email_of("editor"))
    other = make_app(app.config["ONWARD"].database_url)
    other.test_client_class = StaffClient
    try:
        assert guess(other.test_client(), email_of("editor"), PASSWORD) == 429
    finally:
        with other.app_context():
            db.engine.dispose()


def test_signing_in_starts_the_account_at_nothing_but_not_the_network(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    for _ in range(3):
        for _ in range(4):
            assert guess(app.test_client(), email_of("editor")) == 422
        assert guess(app.test_client(), email_of("editor"), PASSWORD) == 303
    assert db.session.query(LoginFailure).count() == 0
    assert [guess(app.test_client(), f"u{number}@staff.example") for number in range(4)] == [422] * 3 + [429]


def test_codes_of_the_second_step_are_counted_too(app: Flask, anybody: FlaskClient) -> None:
    make_user_with_app()
    sign_in(anybody, email_of("editor"))
    path = "/en/admin/sign-in/code"
    token = csrf(anybody, path)
    statuses = [anybody.post(path, data={"code": wrong_code(), "csrf_token": token}).status_code for _ in range(5)]
    assert statuses == [422] * 4 + [429]
    assert anybody.post(path, data={"code": code_now(), "csrf_token": token}).status_code == 429


def test_the_password_asked_for_once_more_is_counted_too(app: Flask, staff: Staff) -> None:
    editor = staff("editor")
    token = csrf(editor, "/en/admin/account")
    data = {"current": WRONG, "password": "nine grey otters went under", "csrf_token": token}
    data["again"] = data["password"]
    statuses = [editor.post("/en/admin/account/password", data=data).status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


def test_after_a_hundred_failures_only_a_network_that_the_owner_has_used_may_try(
    app: Flask, anybody: FlaskClient
) -> None:
    make_user("editor")
    assert guess(anybody, email_of("editor"), PASSWORD, "198.51.100.7") == 303
    key = account_key(KEY, email_of("editor"))
    long_ago = utc_now() - timedelta(days=2)
    db.session.add_all(LoginFailure(account=key, at=long_ago) for _ in range(100))
    db.session.commit()
    assert guess(app.test_client(), email_of("editor"), PASSWORD, "192.0.2.9") == 429
    assert guess(app.test_client(), email_of("editor"), PASSWORD, "198.51.100.7") == 303
    assert guess(app.test_client(), email_of("editor"), PASSWORD, "192.0.2.9") == 303


def test_a_link_for_a_new_password_ends_the_wait_after_a_hundred_failures(app: Flask, anybody: FlaskClient) -> None:
    user, key, new = make_user("editor"), account_key(KEY, email_of("editor")), "nine grey otters went under"
    db.session.add_all(LoginFailure(account=key, at=utc_now() - timedelta(days=2)) for _ in range(100))
    path = "/en/admin/links/" + new_link(db.session, "reset", user.id, utc_now())
    db.session.commit()
    assert guess(anybody, email_of("editor"), PASSWORD) == 429
    data = {"password": new, "again": new, "csrf_token": csrf(anybody, path)}
    assert anybody.post(path, data=data).status_code == 303
    assert guess(anybody, email_of("editor"), new) == 303


def test_tries_that_come_at_once_do_not_pass_together(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")

    def one(_number: int) -> int:
        return guess(app.test_client(), email_of("editor"))

    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(one, range(16)))
    assert sorted(statuses) == [422] * 5 + [429] * 11


def test_of_one_network_never_more_than_twenty_in_an_hour(app: Flask) -> None:
    """Somebody who tries every 40 seconds at ever new accounts, for six hours."""
    taken = []
    for number in range(540):
        now = NOW + timedelta(seconds=40 * number)
        start_writing(db.session)
        wait = take_try(db.session, account_key(KEY, str(number)), address_key(KEY, "192.0.2.1"), now)
        if wait == 0:
            taken.append(now)
        assert wait <= 15 * 60
        db.session.commit()
    for at in taken:
        assert sum(at <= other < at + timedelta(hours=1) for other in taken) <= 20
    assert len(taken) > 40


def test_a_clock_that_goes_back_neither_lifts_it_nor_locks_anybody_out(app: Flask) -> None:
    chance = random.Random(3)
    account, address = account_key(KEY, "a"), address_key(KEY, "b")
    now = NOW
    for _ in range(300):
        now += timedelta(seconds=chance.choice([-86400, -1, 0, 1, 5, 86400]))
        start_writing(db.session)
        assert 0 <= take_try(db.session, account, address, now) <= 15 * 60
        db.session.commit()
    account, address = account_key(KEY, "c"), address_key(KEY, "d")
    waits = []
    for seconds in (0, 0, 0, 0, 0, -86400, -86400 + 15 * 60):
        start_writing(db.session)
        waits.append(take_try(db.session, account, address, now + timedelta(seconds=seconds)))
        db.session.commit()
    assert (waits[:5], waits[5] > 0, waits[6]) == ([0] * 5, True, 0)


def test_addresses_are_stored_only_as_hashes_and_not_for_ever(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    guess(anybody, email_of("editor"))
    guess(anybody, email_of("editor"), PASSWORD)
    guess(anybody, email_of("editor"))
    rows = [*db.session.query(LoginFailure), *db.session.query(KnownAddress), *db.session.query(AddressLoad)]
    text = " ".join(str(vars(row)) for row in rows)
    assert len(rows) == 3
    assert "192.0.2" not in text
    assert "editor" not in text
    long_ago = utc_now() - timedelta(days=91)
    db.session.execute(sa.update(LoginFailure).values(at=long_ago))
    db.session.execute(sa.update(KnownAddress).values(at=long_ago))
    db.session.execute(sa.update(AddressLoad).values(until=long_ago))
    db.session.commit()
    assert guess(app.test_client(), email_of("editor"), PASSWORD, "198.51.100.7") == 303
    assert db.session.query(LoginFailure).count() == 0
    assert db.session.query(AddressLoad).count() == 0
    assert db.session.query(KnownAddress).count() == 1


def test_when_the_store_of_the_throttle_fails_nobody_gets_in(app: Flask, anybody: FlaskClient) -> None:
    make_user("editor")
    db.session.execute(sa.text("ALTER TABLE login_failure RENAME TO gone"))
    db.session.commit()
    app.testing = False
    assert guess(anybody, email_of("editor"), PASSWORD) in (500, 503)
    assert anybody.get("/en/admin/account").status_code == 303
