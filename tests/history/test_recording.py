"""Every change through a session stands in history, with who, why, and the values before and after."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from referral.extensions import db
from referral.history import act
from referral.history.putting_back import put_back, values_at
from referral.models import Act, Change, Correction, Program, Provider, Report, User


def add_listing(**changes: Any) -> Provider:
    values: dict[str, Any] = {"name": "Blue Door", "source": "county", "source_key": "1", "phone": "502-555-0100"}
    facts = {"spanish": True, "veterans": False}
    provider = Provider(**values | changes, facts=facts, programs=[Program(level="outpatient")])
    db.session.add(provider)
    db.session.commit()
    return provider


def person() -> User:
    user = User(email="pat@example.org", name="Pat", role="editor")
    db.session.add(user)
    db.session.commit()
    return user


def changes_of(kind: str) -> list[tuple[str, Any, Any]]:
    found = db.session.execute(
        sa.select(Change.field, Change.old, Change.new).join(Act).where(Act.kind == kind).order_by(Change.id)
    )
    return [(field, old, new) for field, old, new in found]


def test_an_edit_is_recorded_with_who_why_and_both_values(app: Flask) -> None:
    provider, user = add_listing(), person()
    with act(db.session, "edit", user_id=user.id, why="They called."):
        provider.phone = "502-555-0101"
        provider.facts = {"spanish": False, "hiv": True}
        provider.latitude, provider.longitude, provider.precision = 38.25, -85.75, "exact"
        provider.programs[0].max_stay_days = 90
        db.session.commit()
    done = db.session.scalars(sa.select(Act).where(Act.kind == "edit")).one()
    assert (done.user_id, done.why) == (user.id, "They called.")
    assert sorted(changes_of("edit"), key=str) == sorted(
        [
            ("phone", "502-555-0100", "502-555-0101"),
            ("point", None, [38.25, -85.75, "exact"]),
            ("facts.spanish", True, False),
            ("facts.veterans", False, None),
            ("facts.hiv", None, True),
            ("max_stay_days", None, 90),
        ],
        key=str,
    )


def test_a_change_that_nobody_announced_is_recorded_too(app: Flask) -> None:
    provider = add_listing()
    provider.name = "Green Door"
    db.session.commit()
    assert changes_of("command")[-1] == ("name", "Blue Door", "Green Door")


def test_values_that_were_not_read_before_are_recorded_as_the_database_had_them(app: Flask) -> None:
    provider = add_listing()
    db.session.expire_all()
    provider.website = "https://door.example"
    db.session.commit()
    assert changes_of("command")[-1] == ("website", "", "https://door.example")


def test_each_save_makes_one_version_and_a_report_makes_none(app: Flask) -> None:
    provider = add_listing()
    assert provider.version == 1
    provider.name = "Green Door"
    provider.programs.append(Program(level="detox"))
    db.session.commit()
    assert provider.version == 2
    db.session.add(Report(provider=provider, kind="wrong_phone", code="A", nonce="A"))
    db.session.commit()
    assert provider.version == 2


def test_programs_that_come_and_go_are_recorded_whole(app: Flask) -> None:
    provider = add_listing()
    provider.programs.append(Program(level="detox", facts={"hiv": True}))
    db.session.commit()
    provider.programs.remove(provider.programs[0])
    db.session.commit()
    (came, went) = changes_of("command")[-2:]
    assert came[1] is None
    assert (came[2]["level"], came[2]["facts.hiv"]) == ("detox", True)
    assert (went[1]["level"], went[2]) == ("outpatient", None)


def test_a_save_that_is_rolled_back_leaves_no_history(app: Flask) -> None:
    provider = add_listing()
    with act(db.session, "edit"):
        provider.name = "Green Door"
        db.session.flush()
        db.session.rollback()
        assert changes_of("edit") == []
        provider.name = "Red Door"
        db.session.commit()
    assert changes_of("edit") == [("name", "Blue Door", "Red Door")]


@pytest.mark.parametrize("table", ["history_act", "history_change"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id + 1000", "DELETE FROM {}"])
def test_the_database_refuses_to_alter_history(app: Flask, table: str, statement: str) -> None:
    add_listing()
    count = sa.select(sa.func.count()).select_from(Change)
    before = db.session.scalar(count)
    db.session.rollback()
    with pytest.raises(DBAPIError, match="history cannot be changed"):
        db.session.execute(sa.text(statement.format(table)))
    db.session.rollback()
    assert before
    assert db.session.scalar(count) == before


FORGED = {
    "history_act": "(id, kind, at, why) SELECT id, kind, at, 'forged' FROM history_act",
    "history_change": (
        "(id, act_id, provider_id, field, version) "
        "SELECT id, act_id, provider_id, 'forged', version FROM history_change"
    ),
}
"""Every row of the table once more, under the number that it has, and with something else in it."""


@pytest.mark.parametrize("table", list(FORGED))
def test_the_database_refuses_to_replace_history(app: Flask, table: str) -> None:
    add_listing()
    if db.engine.dialect.name == "sqlite":
        statement = f"REPLACE INTO {table} {FORGED[table]}"
    else:
        forged = f"{'why' if table == 'history_act' else 'field'} = 'forged'"
        statement = f"INSERT INTO {table} {FORGED[table]} ON CONFLICT (id) DO UPDATE SET {forged}"
    with pytest.raises(DBAPIError, match="history cannot be changed"):
        db.session.execute(sa.text(statement))
    db.session.rollback()
    assert "forged" not in [*db.session.scalars(sa.select(Act.why)), *db.session.scalars(sa.select(Change.field))]


def test_each_change_can_be_put_back_one_by_one(app: Flask) -> None:
    provider = add_listing()
    before = values_at(db.session, provider, provider.version)
    number = provider.programs[0].id
    provider.name, provider.phone = "Green Door", ""
    provider.facts = {"hiv": False}
    provider.programs.remove(provider.programs[0])
    provider.programs.append(Program(level="detox"))
    db.session.commit()
    last = db.session.scalar(sa.select(sa.func.max(Change.act_id)))
    for change in db.session.scalars(sa.select(Change).where(Change.act_id == last)).all():
        put_back(db.session, change)
    db.session.commit()
    assert values_at(db.session, provider, provider.version) == before
    assert [program.id for program in provider.programs] == [number]


def known(values: dict[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in values.items() if value is not None}


def test_earlier_values_are_told_from_history(app: Flask) -> None:
    provider = add_listing()
    first = values_at(db.session, provider, 1)
    for name in ("Green Door", "Red Door"):
        provider.name = name
        provider.facts = {**provider.facts, "hiv": name == "Red Door"}
        provider.programs[0].capacity = len(name)
        db.session.commit()
    provider.programs.append(Program(level="detox"))
    db.session.commit()
    own, programs = values_at(db.session, provider, 1)
    assert known(own) == known(first[0])
    assert [values for values in programs.values() if values] == list(first[1].values())
    assert values_at(db.session, provider, 2)[0]["name"] == "Green Door"


def corrections() -> dict[str, Any]:
    db.session.expire_all()
    return {row.field: row.source_value for row in db.session.scalars(sa.select(Correction))}


def test_what_staff_set_otherwise_than_the_source_is_a_correction(app: Flask) -> None:
    provider, user = add_listing(), person()
    with act(db.session, "edit", user_id=user.id):
        provider.phone, provider.staff_note = "502-555-0101", "Ask for Pat."
        provider.facts = {"spanish": True, "veterans": False, "hiv": True}
        provider.programs.append(Program(level="detox", max_stay_days=5))
        db.session.commit()
    assert corrections() == {
        "phone": "502-555-0100",
        "facts.hiv": None,
        "level.detox": False,
        "max_stay_days.detox": None,
    }
    with act(db.session, "edit", user_id=user.id):
        provider.phone = "502-555-0102"
        provider.programs.remove(provider.programs[0])
        provider.programs[0].capacity = 12
        db.session.commit()
    found = corrections()
    assert (found["phone"], found["level.outpatient"], found["capacity.detox"]) == ("502-555-0100", True, None)
    with act(db.session, "edit", user_id=user.id):
        provider.phone = "502-555-0100"
        provider.programs.append(Program(level="outpatient"))
        db.session.commit()
    assert set(corrections()) == {"facts.hiv", "level.detox", "capacity.detox", "max_stay_days.detox"}


def test_commands_and_listings_of_our_own_make_no_corrections(app: Flask) -> None:
    provider = add_listing(source="staff")
    with act(db.session, "edit"):
        provider.phone = ""
        db.session.commit()
    other = add_listing(source_key="2")
    other.phone = ""
    db.session.commit()
    assert corrections() == {}
