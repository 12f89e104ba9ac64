"""Listings to check, and what the tests of confirming ask the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.database import start_writing
from referral.extensions import db
from referral.models import Assignment, Check, Program, Provider, Report, User, changed
from tests.admin.people import csrf, email_of
from tests.pages.reading import Page, read
from tests.pages.world import provider

QUEUE = "/en/admin/queue"

on_postgresql = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
"""For what can happen only where transactions run side by side: on SQLite one writes after the other."""


def today() -> date:
    return datetime.now(UTC).date()


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def moment(days: int) -> datetime:
    """A moment so many days ago, as the database keeps it."""
    return datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days)


def _begin() -> None:
    """Write what follows at once, whatever the test has read before."""
    db.session.rollback()
    start_writing(db.session)


def add(key: str, name: str = "", levels: str = "outpatient", **values: Any) -> int:
    """A listing that was always there: history does not tell that it was made. Its number."""
    _begin()
    made = provider(key, name or key.title(), "", **values)
    own = {name: value for name, value in vars(made).items() if name in Provider.__table__.c}
    insert = sa.insert(Provider).values(**own, change=changed(db.session)).returning(Provider.id)
    number = int(db.session.execute(insert).scalar_one())
    for level in levels.split():
        db.session.execute(sa.insert(Program).values(provider_id=number, level=level))
    db.session.commit()
    return number


def report(provider_id: int, kind: str = "wrong_phone", **values: Any) -> int:
    _begin()
    n = db.session.scalar(sa.select(sa.func.count()).select_from(Report)) or 0
    made = Report(provider=db.session.get_one(Provider, provider_id), kind=kind, **values)
    made.code, made.nonce = f"CDE{n:07}", f"nonce {n}"
    db.session.add(made)
    db.session.commit()
    return made.id


def attempt(provider_id: int, outcome: str, days: int = 0, user_id: int | None = None, **values: Any) -> None:
    """An attempt to check a listing so many days ago."""
    _begin()
    known: dict[str, Any] = {"how": "phone", "at": moment(days)}
    db.session.add(Check(provider_id=provider_id, outcome=outcome, user_id=user_id, **known | values))
    db.session.commit()


def assign(user_id: int, *ids: int) -> None:
    _begin()
    db.session.add_all(Assignment(provider_id=number, user_id=user_id) for number in ids)
    db.session.commit()


def assignments() -> dict[int, int]:
    """User by listing."""
    db.session.rollback()
    return {row.provider_id: row.user_id for row in db.session.execute(sa.select(Assignment.__table__))}


def listing(number: int) -> Provider:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Provider, number)


def checks(number: int) -> list[Check]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Check).where(Check.provider_id == number).order_by(Check.id)))


def page_of(number: int) -> str:
    return f"{QUEUE}/{number}"


def look(client: FlaskClient, path: str = QUEUE) -> Page:
    page = read(client.get(path))
    assert page.status == 200
    return page


def names(page: Page) -> list[str]:
    """The listings of the queue, in order."""
    return [link.text or "" for row in page.find("th", scope="row") for link in row.iter("a")]


def hidden(page: Page, name: str) -> str:
    return str(page.find("input", name=name)[0].get("value"))


def seen(page: Page) -> dict[str, str]:
    """What its forms carry about the state in which they were opened."""
    return {name: hidden(page, name) for name in ("version", "after")}


def confirm(client: FlaskClient, number: int, **form: Any) -> TestResponse:
    """Send the form that confirms, as its page carries it."""
    page = look(client, page_of(number))
    known = {
        "what": "all",
        "how": "phone",
        "version": hidden(page, "version"),
        "after": hidden(page, "after"),
        "then": "listing",
    }
    path = f"/en/admin/listings/{number}/confirm"
    return client.post(path, data={"csrf_token": csrf(client, page_of(number)), **known, **form})


def log(client: FlaskClient, number: int, outcome: str, **form: Any) -> TestResponse:
    """Send the form that logs a call, as its page carries it."""
    page = look(client, page_of(number))
    known = {
        "how": "phone",
        "note": "",
        "version": hidden(page, "version"),
        "after": hidden(page, "after"),
        "then": "listing",
    }
    path = f"/en/admin/listings/{number}/calls"
    data = {"csrf_token": csrf(client, page_of(number)), "outcome": outcome, **known, **form}
    return client.post(path, data=data)


def known() -> int:
    """A listing of four parts, confirmed long ago."""
    facts = {"takes_medicaid": True, "takes_medicare": False}
    return add("pine", "Pine <b>Hall</b>", "outpatient", street="1 Elm Street", facts=facts, confirmed_on=ago(400))


def me() -> int:
    """Number of the editor."""
    return db.session.scalars(sa.select(User.id).where(User.email == email_of("editor"))).one()


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked = list[str]()

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    yield asked
    sa.event.remove(db.engine, "before_cursor_execute", note)
