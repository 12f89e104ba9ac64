"""The index of each worker follows the database, whoever writes, and reads again only what changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from referral import catalog, following
from referral.extensions import db
from referral.matching import MatchIndex, Origin, Query, Whereabouts, search
from referral.models import Program, Provider, changed, utc_now
from tests.conftest import make_app

HERE = (38.25, -85.76)
DETOX = Query(Origin(*HERE, state="KY"), ("detox",))


def make_provider(number: int, **changes: Any) -> Provider:
    values: dict[str, Any] = {
        "name": f"Place {number:04}",
        "state": "KY",
        "latitude": HERE[0] + number * 1e-4,
        "longitude": HERE[1],
        "precision": "exact",
        "source": "test",
        "source_key": str(number),
        "programs": [Program(level="detox")],
    }
    return Provider(**values | changes)


def found(index: MatchIndex, query: Query = DETOX) -> list[int]:
    return [match.provider_id for match in search(index, query, per_page=100).matches]


@pytest.fixture
def other_worker(app: Flask, database_url: str) -> Iterator[Flask]:
    """A second application on the same database, with an engine and an index of its own."""
    other = make_app(database_url)
    with other.app_context():
        engine = db.engine
    yield other
    engine.dispose()


def seen_by(worker: Flask, is_as_wanted: Any) -> float:
    """Seconds until a search by this worker looks as wanted; fails after one second, which is the contract."""
    started = time.monotonic()
    with worker.app_context():
        while not is_as_wanted(catalog.current()):
            assert time.monotonic() - started <= 1.0, "an edit was not seen within a second"
    return time.monotonic() - started


def test_what_this_process_commits_is_found_by_its_next_search(app: Flask) -> None:
    assert found(catalog.current()) == []
    provider = make_provider(1)
    db.session.add(provider)
    db.session.commit()
    assert found(catalog.current()) == [provider.id]
    provider.programs[0].level = "outpatient"
    db.session.commit()
    assert found(catalog.current()) == []
    provider.programs[0].level = "detox_hospital"
    provider.status = "temporarily_closed"
    db.session.commit()
    assert found(catalog.current()) == []
    provider.status = "active"
    db.session.commit()
    assert found(catalog.current()) == [provider.id]
    db.session.delete(provider)
    db.session.commit()
    assert found(catalog.current()) == []


def test_an_edit_is_seen_by_another_worker_within_a_second(app: Flask, other_worker: Flask) -> None:
    seen_by(other_worker, lambda index: found(index) == [])
    providers = [make_provider(number) for number in range(1, 4)]
    db.session.add_all(providers)
    db.session.commit()
    ids = [provider.id for provider in providers]
    seen_by(other_worker, lambda index: found(index) == ids)
    providers[0].facts = {"takes_medicaid": False}
    providers[1].status = "inactive"
    db.session.commit()
    seen_by(other_worker, lambda index: found(index) == [ids[0], ids[2]])
    db.session.delete(providers[0])
    db.session.commit()
    seen_by(other_worker, lambda index: found(index) == [ids[2]])


def test_a_rolled_back_edit_is_never_seen(app: Flask, other_worker: Flask) -> None:
    db.session.add(make_provider(1))
    db.session.commit()
    with other_worker.app_context():
        before = found(catalog.current())
    db.session.add(make_provider(2))
    db.session.flush()
    db.session.rollback()
    assert found(catalog.current()) == before
    with other_worker.app_context():
        assert found(catalog.current()) == before


def test_only_changed_providers_are_read_again(app: Flask) -> None:
    db.session.add_all(make_provider(number) for number in range(50))
    db.session.commit()
    catalog.current()
    provider = db.session.get_one(Provider, 7)
    provider.name = "Renamed"
    db.session.commit()
    read: list[int] = []

    @event.listens_for(db.engine, "after_cursor_execute")
    def count_rows(_connection: Any, cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM provider" in statement and "provider.facts" in statement:
            assert "provider.change >" in statement
            read.append(1)

    index = catalog.current()
    assert read == [1]
    assert index.n_providers == 50
    assert "Renamed" in index.providers.names


def test_without_a_change_nothing_is_read(app: Flask) -> None:
    db.session.add(make_provider(1))
    db.session.commit()
    index = catalog.current()
    assert catalog.current() is index


def test_a_large_change_is_followed_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "MAX_CHANGED", 10)
    db.session.add(make_provider(0))
    db.session.commit()
    catalog.current()
    db.session.add_all(make_provider(number) for number in range(1, 31))
    db.session.commit()
    assert len(found(catalog.current())) == 31


def test_a_tail_that_runs_over_is_followed_too(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("referral.matching.index.TAIL_ROWS", 4)
    db.session.add_all(make_provider(number) for number in range(10))
    db.session.commit()
    catalog.current()
    for number in range(10, 30):
        db.session.add(make_provider(number))
        db.session.commit()
        assert len(found(catalog.current())) == number + 1


def test_statements_around_the_session_are_followed_when_they_advance_the_counter(
    app: Flask, other_worker: Flask
) -> None:
    db.session.add_all(make_provider(number) for number in range(5))
    db.session.commit()
    seen_by(other_worker, lambda index: len(found(index)) == 5)
    with db.engine.begin() as connection:
        connection.execute(sa.delete(Provider).where(Provider.source_key < "3"))
        changed(connection, is_reload=True)
    seen_by(other_worker, lambda index: len(found(index)) == 2)


def test_closed_programs_do_not_answer_and_whereabouts_are_kept_apart(app: Flask) -> None:
    away = {"latitude": None, "longitude": None, "precision": None}
    db.session.add_all(
        [
            make_provider(
                1, programs=[Program(level="detox", status="temporarily_closed"), Program(level="outpatient")]
            ),
            make_provider(2, **away),
            make_provider(3, address_kind="confidential", **away),
            make_provider(4, address_kind="telehealth", **away),
            make_provider(5, source="demo"),
        ]
    )
    db.session.commit()
    index = catalog.current()
    results = search(index, DETOX)
    assert [match.provider_id for match in results.matches] == [5]
    assert {group.whereabouts: [m.provider_id for m in group.matches] for group in results.unlocated} == {
        Whereabouts.NO_MAP_POINT: [2],
        Whereabouts.CONFIDENTIAL: [3],
        Whereabouts.TELEHEALTH: [4],
    }
    assert index.n_demo == 1


def test_a_provider_closed_until_a_day_comes_back_on_that_day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    today = utc_now().date()
    for number, days in enumerate((0, 1, 2, None)):
        until = None if days is None else today + timedelta(days=days)
        db.session.add(make_provider(number, status="temporarily_closed", closed_until=until))
    db.session.add(make_provider(9))
    db.session.commit()
    assert found(catalog.current()) == [1, 5]
    monkeypatch.setattr(following, "utc_now", lambda: utc_now() + timedelta(days=1))
    assert found(in_time(lambda index: len(found(index)) > 2)) == [1, 2, 5]
    closed = db.session.get_one(Provider, 5)
    closed.status = "temporarily_closed"
    db.session.commit()
    assert found(in_time(lambda index: 5 not in found(index))) == [1, 2], "closed without a day"


def in_time(is_as_wanted: Callable[[MatchIndex], bool]) -> MatchIndex:
    """The index once it looks as wanted; fails after a second."""
    started = time.monotonic()
    while not is_as_wanted(index := catalog.current()):
        assert time.monotonic() - started <= 1.0
    return index
