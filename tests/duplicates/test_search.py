"""A search through the database: what it keeps, what it leaves alone, and the command."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.duplicates.search import begin, run
from referral.extensions import db
from referral.models import DuplicatePair, Provider
from referral.models.duplicate import DuplicateSearch, is_running, latest_search


def add(*names: str, **values: Any) -> list[Provider]:
    made = [
        Provider(
            **{
                "name": name,
                "street": "12 Main Street",
                "city": "Louisville",
                "state": "KY",
                "postal_code": "40202",
                "phone": "502-555-0100",
                "source": f"source{number}",
                "source_key": name,
                **values,
            }
        )
        for number, name in enumerate(names)
    ]
    db.session.add_all(made)
    db.session.commit()
    return made


def search() -> DuplicateSearch:
    db.session.rollback()
    with db.engine.execution_options(is_write=True).begin() as connection:
        number = begin(connection, None)
    return run(db.engine, number)


def pairs() -> list[tuple[int, int, str]]:
    db.session.rollback()
    found = db.session.scalars(sa.select(DuplicatePair).order_by(DuplicatePair.id))
    return [(pair.first_id, pair.second_id, pair.status) for pair in found]


def test_a_search_keeps_the_pairs_that_are_worth_a_look(app: Flask) -> None:
    one, other, _far = add("Blue Door", "Blue Door Inc", "Riverside Counseling")
    done = search()
    assert pairs() == [(one.id, other.id, "open")]
    assert (done.n_listings, done.n_open, done.n_new, done.percent) == (3, 1, 1, 100)
    assert search().n_new == 0
    latest = latest_search(db.session)
    assert latest is not None
    assert not is_running(latest)


def test_what_was_decided_stays(app: Flask) -> None:
    add("Blue Door", "Blue Door Inc")
    search()
    pair = db.session.scalars(sa.select(DuplicatePair)).one()
    pair.status, pair.why = "dismissed", "branches"
    db.session.commit()
    db.session.scalars(sa.select(Provider)).first().unit = "Suite 3"  # type: ignore[union-attr]
    db.session.commit()
    search()
    assert [status for _a, _b, status in pairs()] == ["dismissed"]


@pytest.mark.parametrize("change", [{"name": "Quite Another Place", "phone": ""}, {"status": "inactive"}])
def test_a_pair_that_is_none_any_more_is_gone_unless_it_was_decided(app: Flask, change: dict[str, str]) -> None:
    add("Blue Door", "Blue Door Inc")
    search()
    for name, value in change.items():
        setattr(db.session.get_one(Provider, 1), name, value)
    db.session.commit()
    search()
    assert pairs() == []


def test_a_score_follows_the_listings(app: Flask) -> None:
    one, _other = add("Blue Door", "Blue Door Inc")
    search()
    before = db.session.scalars(sa.select(DuplicatePair.score)).one()
    db.session.get_one(Provider, one.id).phone = "502-555-0177"
    db.session.commit()
    search()
    assert db.session.scalars(sa.select(DuplicatePair.score)).one() < before


def test_a_search_that_breaks_off_says_so_and_keeps_what_was_there(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("Blue Door", "Blue Door Inc")
    search()

    def broken(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("referral.duplicates.search.find", broken)
    with pytest.raises(MemoryError):
        search()
    latest = latest_search(db.session)
    assert latest is not None
    assert (latest.has_failed, is_running(latest), len(pairs())) == (True, False, 1)


def test_the_command_says_what_it_found(app: Flask) -> None:
    add("Blue Door", "Blue Door Inc")
    result = app.test_cli_runner().invoke(args=["directory", "find-duplicates"])
    assert result.exit_code == 0, result.output
    assert "Compared 2 listings." in result.output
    assert "Pairs that wait for staff: 1, of them new: 1." in result.output
