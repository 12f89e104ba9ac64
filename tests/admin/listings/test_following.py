"""The staff index of each process follows the database, whoever writes, and reads again only what changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from referral import following
from referral.admin.shared import staff_index
from referral.admin.shared.staff_index import current_staff_index, follow
from referral.database import start_writing
from referral.extensions import db
from referral.finding import Filters, StaffIndex, terms_of
from referral.models import Program, Provider, Report, changed
from referral.pages.wording import today
from tests.admin.listings.world import add, correct, report


def ids(index: StaffIndex, **filters: Any) -> list[int]:
    found: list[int] = index.all_ids(Filters(**filters), today=today()).tolist()
    return found


def now(**filters: Any) -> list[int]:
    return ids(current_staff_index(), **filters)


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """What is sent to the database, but for the beginnings of transactions."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def test_an_edit_is_found_by_the_next_look(app: Flask) -> None:
    assert now() == []
    first, second = add("1", name="Alder"), add("2", name="Birch", status="inactive")
    assert now() == [first, second]
    provider = db.session.get_one(Provider, first)
    provider.name, provider.facts, provider.state = "Zinnia", {"spanish": True}, "ND"
    db.session.commit()
    assert now() == [second, first]
    assert now(terms=terms_of("zinnia")) == [first]
    assert now(terms=terms_of("alder")) == []
    assert now(state="ND") == [first]


def test_programs_reports_and_corrections_are_followed_too(app: Flask) -> None:
    one = add("1")
    assert now(level="detox") == [one]
    program = db.session.scalars(sa.select(Program)).one()
    program.status = "inactive"
    db.session.commit()
    assert now(level="detox") == []
    assert now(level="none") == [one]
    number = report(one, "first")
    report(one, "second")
    assert current_staff_index().columns.n_open_reports.tolist() == [2]
    db.session.rollback()
    start_writing(db.session)
    db.session.get_one(Report, number).close("corrected", "")
    db.session.commit()
    assert current_staff_index().columns.n_open_reports.tolist() == [1]
    assert now(has_corrections=True) == []
    correct(one, "name")
    assert now(has_corrections=True) == [one]
    assert now(has_offers=True) == []
    correct(one, "city", is_offered=True)
    assert now(has_offers=True) == [one]


def test_what_another_process_commits_is_seen(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.0)
    add("1")
    other_engine = sa.create_engine(db.engine.url)
    other = follow(other_engine)
    assert len(ids(other.current())) == 1
    add("2")
    assert len(ids(other.current())) == 2
    other_engine.dispose()


def test_listings_that_were_deleted_are_gone(app: Flask) -> None:
    one, two = add("1"), add("2")
    assert now() == [one, two]
    db.session.delete(db.session.get_one(Provider, one))
    db.session.commit()
    assert now() == [two]


def test_only_what_changed_is_read_again(app: Flask, statements: list[str]) -> None:
    for number in range(20):
        add(str(number))
    assert len(now()) == 20
    provider = db.session.get_one(Provider, 7)
    provider.city = "Elsewhere"
    db.session.commit()
    statements.clear()
    assert now(terms=terms_of("elsewhere")) == [7]
    assert len(statements) == 3
    assert all("provider.change > " in statement for statement in statements[1:])
    statements.clear()
    assert now(terms=terms_of("elsewhere")) == [7]
    assert statements == []


def test_without_a_change_the_index_stays(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.0)
    add("1")
    index = current_staff_index()
    assert current_staff_index() is index


def test_a_large_change_is_followed_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staff_index, "MAX_CHANGED", 5)
    add("0")
    assert len(now()) == 1
    db.session.add_all(Provider(name=str(number), source="staff", source_key=f"n{number}") for number in range(10))
    db.session.commit()
    assert len(now()) == 11


def test_many_small_changes_are_followed_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("referral.finding.index.MAX_CHANGED", 3)
    for number in range(8):
        add(str(number))
        assert len(now()) == number + 1


def test_statements_around_the_session_are_followed_when_they_advance_the_counter(app: Flask) -> None:
    for number in range(4):
        add(str(number))
    assert len(now()) == 4
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.execute(sa.delete(Provider).where(Provider.source_key < "2"))
        changed(connection, is_reload=True)
    assert len(now()) == 2
