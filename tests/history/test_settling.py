"""A difference between staff and the source of a listing is settled: ours is kept, or theirs is taken."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from referral.database import start_writing
from referral.extensions import db
from referral.history import act
from referral.history.putting_back import put_back
from referral.history.settling import OURS, THEIRS, CannotSettleError, digest, offered, settle, settle_many
from referral.models import Act, Change, Correction, Program, Provider
from tests.importers.loading import import_file, levels, providers
from tests.importers.made_files import row, rows_named, write_csv

NAME = "Blue Door"


def provider(name: str = NAME) -> Provider:
    return db.session.scalars(sa.select(Provider).where(Provider.name == name)).one()


def disputed(folder: Path, correct: Callable[[Provider], None], **says: str) -> Any:
    """A listing that staff corrected and of which the source says something new since; gives the offered row."""
    import_file(db.engine, write_csv(folder / "a.csv", [row()]))
    with act(db.session, "edit"):
        correct(provider())
        db.session.commit()
    import_file(db.engine, write_csv(folder / "b.csv", [row(**says)]))
    db.session.rollback()
    (one,) = offered(db.session)
    db.session.rollback()
    return one


def decide(one: Any, choice: str, expected: Any = ...) -> None:
    db.session.rollback()
    start_writing(db.session)
    with act(db.session, "settle", why="We called."):
        settle(db.session, one.provider_id, one.field, choice, one.offered_value if expected is ... else expected)
        db.session.commit()


def set_phone(listing: Provider) -> None:
    listing.phone = "502-555-0177"


def corrections() -> dict[str, tuple[Any, bool]]:
    db.session.rollback()
    return {one.field: (one.source_value, one.is_offered) for one in db.session.scalars(sa.select(Correction))}


def settled_changes() -> list[tuple[str, Any, Any]]:
    select = sa.select(Change.field, Change.old, Change.new).join(Act).where(Act.kind == "settle")
    return [(row.field, row.old, row.new) for row in db.session.execute(select.order_by(Change.id))]


def test_keeping_ours_ends_the_question_until_the_source_says_something_new(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, set_phone, phone="502-555-0188")
    decide(one, OURS)
    assert providers(db.engine)[NAME].phone == "502-555-0177"
    assert corrections() == {"phone": ("502-555-0188", False)}
    assert import_file(db.engine, write_csv(tmp_path / "c.csv", [row(phone="502-555-0188")])).kept == 0
    assert import_file(db.engine, write_csv(tmp_path / "d.csv", [row(phone="502-555-0189")])).kept == 1


def test_taking_theirs_writes_the_value_with_its_history_and_ends_the_correction(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, set_phone, phone="502-555-0188")
    decide(one, THEIRS)
    assert providers(db.engine)[NAME].phone == "502-555-0188"
    assert corrections() == {}
    assert settled_changes() == [("phone", "502-555-0177", "502-555-0188")]
    report = import_file(db.engine, write_csv(tmp_path / "c.csv", [row(phone="502-555-0188")]))
    assert report.is_without_effect


def deny_medicaid(listing: Provider) -> None:
    listing.facts = {**listing.facts, "accepts_women": False}


def test_a_fact_that_the_source_no_longer_knows_becomes_not_known(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, deny_medicaid, service_code_info="SA DT * OP RES OD RL * MD SF")
    assert (one.field, one.offered_value) == ("facts.accepts_women", None)
    decide(one, THEIRS)
    assert "accepts_women" not in providers(db.engine)[NAME].facts
    assert corrections() == {}


def move(listing: Provider) -> None:
    listing.latitude, listing.longitude, listing.precision = 38.26, -85.76, "exact"


def test_a_point_is_taken_as_a_whole(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, move, latitude="38.3", longitude="-85.8", phone="502-555-0102")
    decide(one, THEIRS)
    found = providers(db.engine)[NAME]
    assert (found.latitude, found.longitude, found.precision) == (38.3, -85.8, "exact")
    assert corrections() == {}


def test_no_point_is_taken_for_an_address_that_is_not_shown(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, move, latitude="38.3", longitude="-85.8", phone="502-555-0102")
    with act(db.session, "edit"):
        listing = provider()
        listing.address_kind = "confidential"
        listing.latitude = listing.longitude = listing.precision = None
        db.session.commit()
    with pytest.raises(CannotSettleError, match="hidden"):
        decide(one, THEIRS)
    db.session.rollback()
    assert corrections()["point"][1]
    decide(one, OURS)
    assert not corrections()["point"][1]


def offered_level(level: str, *, is_there: bool) -> Any:
    """The source says of a level what staff do not."""
    values = {"source_value": not is_there, "is_offered": True, "offered_value": is_there}
    db.session.add(Correction(provider_id=provider().id, field=f"level.{level}", **values))
    db.session.commit()
    (one,) = offered(db.session)
    db.session.rollback()
    return one


def test_a_program_of_a_level_comes_or_goes_as_the_source_says(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row(service_code_info="SA OP ORT OIT")]))
    number = levels(db.engine, NAME)["outpatient"]
    decide(offered_level("residential_long", is_there=True), THEIRS)
    assert set(levels(db.engine, NAME)) == {"outpatient", "intensive_outpatient", "residential_long"}
    decide(offered_level("intensive_outpatient", is_there=False), THEIRS)
    assert set(levels(db.engine, NAME)) == {"outpatient", "residential_long"}
    assert levels(db.engine, NAME)["outpatient"] == number
    assert corrections() == {}
    assert [field for field, _old, _new in settled_changes()] == ["program", "program"]


def test_a_capacity_that_a_file_states_is_taken_for_programs_of_its_level(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row(service_code_info="SA OP ORT OIT")]))
    with act(db.session, "edit"):
        listing = provider()
        listing.programs[0].capacity = 20
        listing.programs[1].capacity = 7
        db.session.commit()
    field = f"capacity.{provider().programs[0].level}"
    correction = db.session.get_one(Correction, (provider().id, field))
    correction.is_offered, correction.offered_value = True, 30
    db.session.commit()
    (one,) = offered(db.session)
    db.session.rollback()
    decide(one, THEIRS)
    assert [program.capacity for program in provider().programs] == [30, 7]
    assert field not in corrections()


def test_what_the_person_did_not_see_is_not_taken(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, set_phone, phone="502-555-0188")
    import_file(db.engine, write_csv(tmp_path / "c.csv", [row(phone="502-555-0189")]))
    with pytest.raises(CannotSettleError, match="other"):
        decide(one, THEIRS)
    db.session.rollback()
    assert providers(db.engine)[NAME].phone == "502-555-0177"


def test_what_is_settled_cannot_be_settled_again(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, set_phone, phone="502-555-0188")
    decide(one, OURS)
    with pytest.raises(CannotSettleError, match="gone"):
        decide(one, THEIRS)
    db.session.rollback()
    assert providers(db.engine)[NAME].phone == "502-555-0177"


def test_of_two_people_at_once_one_settles_and_the_other_is_told(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, set_phone, phone="502-555-0188")
    engine, told = db.engine, list[str]()
    both_are_ready = threading.Barrier(2)

    def go(choice: str) -> None:
        with Session(engine) as session:
            both_are_ready.wait(10)
            start_writing(session)
            try:
                with act(session, "settle"):
                    settle(session, one.provider_id, one.field, choice, one.offered_value)
                    session.commit()
                told.append(choice)
            except CannotSettleError as error:
                told.append(error.reason)

    people = [threading.Thread(target=go, args=(choice,)) for choice in (OURS, THEIRS)]
    for person in people:
        person.start()
    for person in people:
        person.join(20)
    assert "gone" in told
    winner = next(word for word in told if word != "gone")
    assert providers(engine)[NAME].phone == {OURS: "502-555-0177", THEIRS: "502-555-0188"}[winner]


def test_all_of_a_kind_are_settled_in_one_act_but_those_that_changed(app: Flask, tmp_path: Path) -> None:
    names = ("First", "Second", "Third")
    import_file(db.engine, write_csv(tmp_path / "a.csv", rows_named(*names)))
    with act(db.session, "edit"):
        for name in names:
            set_phone(provider(name))
        db.session.commit()
    import_file(db.engine, write_csv(tmp_path / "b.csv", rows_named(*names, phone="502-555-0188")))
    db.session.rollback()
    rows = offered(db.session)
    seen = digest(rows)
    parts = [(one.provider_id, one.field, one.offered_value) for one in rows]
    parts[1] = (*parts[1][:2], "502-555-0189")
    db.session.rollback()
    start_writing(db.session)
    with act(db.session, "settle"):
        n_settled, refused = settle_many(db.session, THEIRS, parts)
        db.session.commit()
    assert (n_settled, refused) == (2, [(parts[1][0], "phone", "other")])
    assert {name: one.phone[-1] for name, one in providers(db.engine).items()} == {
        "First": "8",
        "Second": "7",
        "Third": "8",
    }
    assert digest(offered(db.session)) != seen
    acts = db.session.execute(sa.select(sa.func.count()).select_from(Act).where(Act.kind == "settle")).scalar_one()
    assert acts == 1


def test_what_a_source_says_of_a_level_is_taken_for_its_first_program_only(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    with act(db.session, "edit"):
        listing = provider()
        first = next(program for program in listing.programs if program.level == "detox_outpatient")
        first.capacity = 15
        listing.programs.append(Program(level="detox_outpatient", capacity=40))
        db.session.commit()
    which = (Correction.field == "capacity.detox_outpatient",)
    db.session.execute(sa.update(Correction).where(*which).values(is_offered=True, offered_value=12))
    db.session.commit()
    (one,) = offered(db.session)
    decide(one, THEIRS)
    rooms = sa.select(Program.capacity).where(Program.level == "detox_outpatient").order_by(Program.id)
    assert db.session.scalars(rooms).all() == [12, 40]


def test_keeping_ours_stands_in_history_with_the_question_it_answered(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, set_phone, phone="502-555-0188")
    decide(one, OURS)
    told = db.session.scalars(sa.select(Change).join(Act).where(Act.kind == "settle")).one()
    assert (told.act.why, told.provider_id, told.field) == ("We called.", one.provider_id, "kept.phone")
    assert told.old == {"theirs": "502-555-0188", "before": "502-555-0100", "run": 2}
    assert told.new == {"ours": "502-555-0177"}


def test_a_decision_to_keep_ours_can_be_put_back(app: Flask, tmp_path: Path) -> None:
    one = disputed(tmp_path, set_phone, phone="502-555-0188")
    decide(one, OURS)
    for is_asked in (True, False):
        last = db.session.scalars(sa.select(Change).order_by(Change.id.desc()).limit(1)).one()
        with act(db.session, "put_back", undoes_id=last.act_id):
            put_back(db.session, last)
            db.session.commit()
        assert corrections()["phone"] == ("502-555-0100" if is_asked else "502-555-0188", is_asked)
    assert providers(db.engine)[NAME].phone == "502-555-0177"
