"""The database itself refuses what must never be in it, on SQLite and on PostgreSQL."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask
from sqlalchemy.exc import IntegrityError, StatementError

from referral.cli.schema import alembic_config
from referral.extensions import db
from referral.models import DirectoryChange, Program, Provider
from referral.vocabulary import FACTS, LEVELS


def make_provider(**changes: Any) -> Provider:
    values: dict[str, Any] = {"name": "Blue Door", "source": "test", "source_key": "1"}
    return Provider(**values | changes)


def latest_change() -> int:
    return db.session.execute(sa.select(DirectoryChange.latest)).scalar_one()


@pytest.mark.parametrize(
    "values",
    [
        {"name": ""},
        {"status": "open"},
        {"address_kind": "somewhere"},
        {"latitude": 38.0},
        {"latitude": 38.0, "longitude": -85.0},
        {"latitude": 38.0, "longitude": -85.0, "precision": "roughly"},
        {"latitude": 91.0, "longitude": -85.0, "precision": "exact"},
        {"latitude": 38.0, "longitude": -181.0, "precision": "exact"},
        {"latitude": 0.0, "longitude": 0.0, "precision": "exact"},
        {"address_kind": "confidential", "latitude": 38.0, "longitude": -85.0, "precision": "exact"},
        {"website": "javascript:alert(1)"},
    ],
)
def test_database_refuses_a_broken_provider(app: Flask, values: dict[str, Any]) -> None:
    db.session.add(make_provider(**values))
    with pytest.raises(IntegrityError):
        db.session.commit()


@pytest.mark.parametrize("values", [{"level": "spa"}, {"level": "detox", "max_stay_days": 0}])
def test_database_refuses_a_broken_program(app: Flask, values: dict[str, Any]) -> None:
    db.session.add(make_provider(programs=[Program(**values)]))
    with pytest.raises(IntegrityError):
        db.session.commit()


def test_database_refuses_the_same_listing_of_a_source_twice(app: Flask) -> None:
    db.session.add_all([make_provider(), make_provider(name="Other")])
    with pytest.raises(IntegrityError):
        db.session.commit()


@pytest.mark.parametrize("facts", [{"takes_bitcoin": True}, {"spanish": "yes"}, {"spanish": None}, {"spanish": 1}])
def test_only_facts_of_the_vocabulary_are_stored_as_yes_or_no(app: Flask, facts: dict[str, Any]) -> None:
    db.session.add(make_provider(facts=facts))
    with pytest.raises(StatementError):
        db.session.commit()


def test_facts_come_back_as_they_were_stored(app: Flask) -> None:
    facts = {code: index % 2 == 0 for index, code in enumerate(FACTS)}
    db.session.add(make_provider(facts=facts, programs=[Program(level=level) for level in LEVELS]))
    db.session.commit()
    db.session.expire_all()
    stored = db.session.scalars(sa.select(Provider)).one()
    assert stored.facts == facts
    assert [program.level for program in stored.programs] == list(LEVELS)


def test_each_change_through_a_session_advances_the_counter_and_marks_its_provider(app: Flask) -> None:
    provider = make_provider(programs=[Program(level="detox")])
    db.session.add(provider)
    db.session.commit()
    first = latest_change()
    assert first > 0
    assert provider.change == first
    provider.programs[0].max_stay_days = 5
    db.session.commit()
    assert provider.change == latest_change() > first
    second = latest_change()
    provider.programs.append(Program(level="outpatient"))
    db.session.commit()
    assert provider.change == latest_change() > second
    db.session.delete(provider)
    db.session.commit()
    change = db.session.execute(sa.select(DirectoryChange)).scalar_one()
    assert change.reloaded == change.latest


def test_a_provider_number_is_never_given_twice(app: Flask) -> None:
    provider = make_provider()
    db.session.add(provider)
    db.session.commit()
    old = provider.id
    db.session.delete(provider)
    db.session.commit()
    db.session.add(make_provider())
    db.session.commit()
    assert db.session.scalars(sa.select(Provider.id)).one() > old


def test_migrations_equal_models(app: Flask) -> None:
    settings = alembic_config()
    with db.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.check(settings)


def test_migrations_go_down_and_up_again(app: Flask) -> None:
    settings = alembic_config()
    with db.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.downgrade(settings, "base")
        assert set(sa.inspect(connection).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
        command.upgrade(settings, "head")
        command.check(settings)
