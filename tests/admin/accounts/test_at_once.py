"""Two things that happen to one account at the same moment: neither breaks the other, and the stricter one wins."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from referral.accounts import people, second_step, throttle
from referral.accounts.links import end_links, new_link
from referral.database import start_writing
from referral.extensions import db
from referral.models import AddressLoad, KnownAddress, StaffSession, User, utc_now
from tests.admin.accounts.codes import KEY, code_now, make_user_with_app
from tests.admin.people import PASSWORD, csrf, email_of, make_user, sign_in

NEW = "eleven grey geese came over"


def at_once(jobs: list[Callable[[], int]]) -> list[int]:
    """What each gives, all begun together."""
    barrier, given = threading.Barrier(len(jobs)), []

    def do(job: Callable[[], int]) -> None:
        barrier.wait()
        given.append(job())

    threads = [threading.Thread(target=do, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return given


def signing_in(app: Flask, role: str, address: str) -> Callable[[], int]:
    client = app.test_client()
    data = {"email": email_of(role), "password": PASSWORD, "csrf_token": csrf(client)}
    return lambda: client.post("/en/admin/sign-in", data=data, environ_base={"REMOTE_ADDR": address}).status_code


def test_whoever_signs_in_twice_at_once_is_signed_in_twice(app: Flask, anybody: FlaskClient) -> None:
    """From one address: who came first must not take away what the other counts in."""
    make_user("editor")
    for number in range(4):
        assert at_once([signing_in(app, "editor", f"192.0.2.{number}") for _ in range(3)]) == [303] * 3
    assert db.session.scalars(sa.select(sa.func.count()).select_from(KnownAddress)).one() == 4


def test_two_who_sign_in_at_once_from_one_address_are_both_forgiven(app: Flask) -> None:
    def begun(account: str) -> Session:
        own = Session(engine)
        start_writing(own)
        throttle.succeeded(own, account, "their address", now)
        own.flush()
        return own

    def commit_two() -> None:
        with begun("two") as own:
            own.commit()

    now, engine = utc_now(), db.engine
    for account in ("one", "two"):
        start_writing(db.session)
        assert throttle.take_try(db.session, account, "their address", now) == 0
        db.session.commit()
    with begun("one") as first:
        other = threading.Thread(target=commit_two)
        other.start()
        other.join(0.6)
        first.commit()
    other.join()
    assert db.session.scalars(sa.select(AddressLoad.until)).one() <= now


CHANGES: dict[str, Callable[[Session, User], None]] = {
    "a new password": lambda own, user: people.set_password(own, user, NEW),
    "disabling": lambda own, user: people.disable(own, user, [0], by_id=None),
    "a new role": lambda own, user: people.set_role(own, user, "viewer", [0], by_id=None),
}


def while_changing(change: Callable[[Session, User], None], job: Callable[[], int]) -> int:
    """Begin the change, then the job, and end the change when the job has to wait for it (or is over)."""
    given: list[int] = []
    thread = threading.Thread(target=lambda: given.append(job()))
    with Session(db.engine) as own:
        start_writing(own)
        user = own.scalars(sa.select(User).where(User.email == email_of("editor"))).one()
        change(own, user)
        thread.start()
        thread.join(0.6)
        own.commit()
    thread.join()
    return given[0]


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_nobody_slips_in_with_what_held_a_moment_before(
    app: Flask, anybody: FlaskClient, change: Callable[[Session, User], None]
) -> None:
    make_user("editor")
    while_changing(change, signing_in(app, "editor", "192.0.2.1"))
    db.session.rollback()
    user = db.session.scalars(sa.select(User)).one()
    left = db.session.scalars(sa.select(StaffSession)).all()
    assert not left or (user.role == "viewer" and not user.is_disabled and len(left) == 1)


def test_a_sign_in_that_awaits_its_code_ends_with_the_password(app: Flask, anybody: FlaskClient) -> None:
    make_user_with_app()
    assert "/code" in sign_in(anybody, email_of("editor")).headers["Location"]
    token = csrf(anybody, "/en/admin/sign-in/code")

    def send() -> int:
        data = {"code": code_now(), "csrf_token": token}
        return anybody.post("/en/admin/sign-in/code", data=data).status_code

    assert while_changing(CHANGES["a new password"], send) == 303
    db.session.rollback()
    assert db.session.scalars(sa.select(StaffSession)).all() == []


def test_one_code_lets_one_in_however_many_send_it_at_once(app: Flask, anybody: FlaskClient) -> None:
    (code, *_others) = second_step.new_recovery_codes(db.session, KEY, make_user_with_app().id)
    db.session.commit()

    def sending() -> Callable[[], int]:
        client = app.test_client()
        sign_in(client, email_of("editor"))
        data = {"code": code, "csrf_token": csrf(client, "/en/admin/sign-in/code")}
        return lambda: client.post("/en/admin/sign-in/code", data=data).status_code

    assert sorted(at_once([sending() for _ in range(2)])) == [303, 422]
    whole = sa.select(sa.func.count()).select_from(StaffSession).where(StaffSession.awaits_code.is_(False))
    assert db.session.scalars(whole).one() == 1


@pytest.mark.parametrize("purpose", ["reset", "setup"])
def test_a_link_works_once_however_many_use_it_at_once(app: Flask, anybody: FlaskClient, purpose: str) -> None:
    user_id = make_user().id if purpose == "reset" else None
    path = (
        f"/en/admin/{'setup' if purpose == 'setup' else 'links'}/{new_link(db.session, purpose, user_id, utc_now())}"
    )
    db.session.commit()

    def using(number: int) -> Callable[[], int]:
        client = app.test_client()
        who = {"name": "Ada Example", "email": f"ada{number}@staff.example"}
        data = {"password": NEW, "again": NEW, "csrf_token": csrf(client, path), **who}
        return lambda: client.post(path, data=data).status_code

    assert sorted(at_once([using(number) for number in range(3)])) == [303, 410, 410]
    assert db.session.scalars(sa.select(sa.func.count()).select_from(User)).one() == 1


def test_an_admin_who_ends_a_link_while_it_is_used_and_who_uses_it_do_not_wait_for_each_other(
    app: Flask, anybody: FlaskClient
) -> None:
    user_id = make_user("admin").id
    path = f"/en/admin/links/{new_link(db.session, 'reset', user_id, utc_now())}"
    db.session.commit()
    data = {"password": NEW, "again": NEW, "csrf_token": csrf(anybody, path)}
    given: list[int] = []
    using = threading.Thread(target=lambda: given.append(anybody.post(path, data=data).status_code))
    with Session(db.engine) as own:
        start_writing(own)
        people.locked_admins(own)
        using.start()
        using.join(0.6)
        end_links(own, user_id)
        own.commit()
    using.join()
    assert given == [410]
