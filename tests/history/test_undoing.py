"""A whole import is taken back exactly, as long as nothing was built on it; what was built on it is listed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.history import act
from referral.history.undoing import CannotUndoError, Plan, undo_import
from referral.models import Act, Change, Correction, ImportRun, Program, Provider, Report
from tests.importers.loading import import_file
from tests.importers.made_files import row, rows_named, write_csv

PASSING = {"change", "version", "updated_at"}
"""Columns that grow with each act, also with one that takes another back."""


def directory() -> dict[str, list[dict[str, Any]]]:
    """All that is known of listings, but for counters."""
    with db.engine.connect() as connection:
        return {
            table.name: [
                {name: value for name, value in found._mapping.items() if name not in PASSING}
                for found in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in (Provider.__table__, Program.__table__, Correction.__table__)
            if isinstance(table, sa.Table)
        }


def undo(run_id: int, *, even_partly: bool = False) -> Plan:
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        return undo_import(connection, run_id, user_id=None, why="Wrong file.", even_partly=even_partly)


def two_imports(folder: Path) -> tuple[dict[str, Any], int]:
    """The directory between two imports, and the number of the second, which adds, changes and moves programs."""
    import_file(db.engine, write_csv(folder / "a.csv", rows_named("First", "Second", "Third")))
    with act(db.session, "edit"):
        second = db.session.scalars(sa.select(Provider).where(Provider.name == "Second")).one()
        second.phone = "502-555-0177"
        second.programs[0].max_stay_days = 90
        second.programs[0].facts = {"hiv": True}
        db.session.commit()
    before = directory()
    newer = [
        row(name1="First", latitude="38.5", service_code_info="DT OP OD OIT MC MD"),
        row(name1="Second", phone="502-555-0177", service_code_info="OP CO"),
        row(name1="Fourth"),
    ]
    report = import_file(db.engine, write_csv(folder / "b.csv", newer))
    assert report.run_id is not None
    assert directory() != before
    return before, report.run_id


def test_an_import_is_taken_back_to_the_last_value(app: Flask, tmp_path: Path) -> None:
    before, run_id = two_imports(tmp_path)
    plan = undo(run_id)
    assert plan.built_on == []
    assert directory() == before
    assert db.session.get_one(ImportRun, run_id).undone_at is not None


def test_the_same_file_can_be_imported_again_after_it_was_taken_back(app: Flask, tmp_path: Path) -> None:
    _, run_id = two_imports(tmp_path)
    after = directory()
    undo(run_id)
    again = import_file(db.engine, tmp_path / "b.csv")
    assert (again.added, again.changed) == (1, 2)

    def told(known: dict[str, Any]) -> list[Any]:
        names = ("name", "phone", "facts", "latitude", "city")
        return sorted([str([one[name] for name in names]) for one in known["provider"]])

    assert told(directory()) == told(after)


def test_nothing_is_taken_back_while_something_was_built_on_it(app: Flask, tmp_path: Path) -> None:
    _, run_id = two_imports(tmp_path)
    first, fourth = (
        db.session.scalars(sa.select(Provider).where(Provider.name == name)).one() for name in ("First", "Fourth")
    )
    with act(db.session, "edit"):
        first.facts = {**first.facts, "takes_medicaid": False, "takes_medicare": False}
        db.session.commit()
    db.session.add(Report(provider=fourth, kind="wrong_phone", code="A", nonce="A"))
    db.session.commit()
    as_it_was = directory()
    plan = undo(run_id)
    assert {(one.name, one.field) for one in plan.built_on} == {
        ("First", "facts.takes_medicare"),
        ("Fourth", "listing"),
    }
    assert directory() == as_it_was
    assert db.session.scalar(sa.select(sa.func.count()).where(Act.kind == "undo")) == 0


def test_the_rest_is_taken_back_where_that_is_wanted(app: Flask, tmp_path: Path) -> None:
    before, run_id = two_imports(tmp_path)
    first = db.session.scalars(sa.select(Provider).where(Provider.name == "First")).one()
    with act(db.session, "edit"):
        first.facts = {**first.facts, "takes_medicare": False}
        db.session.commit()
    undo(run_id, even_partly=True)
    known = {one["name"]: one for one in directory()["provider"]}
    was = {one["name"]: one for one in before["provider"]}
    assert known["Second"] == was["Second"]
    assert "Fourth" not in known
    assert known["First"]["latitude"] == was["First"]["latitude"]
    assert known["First"]["facts"]["takes_medicare"] is False


def test_an_import_is_taken_back_once(app: Flask, tmp_path: Path) -> None:
    _, run_id = two_imports(tmp_path)
    undo(run_id)
    for number in (run_id, 999):
        with pytest.raises(CannotUndoError):
            undo(number)


def test_taking_back_stands_in_history(app: Flask, tmp_path: Path) -> None:
    _, run_id = two_imports(tmp_path)
    undo(run_id)
    done = db.session.scalars(sa.select(Act).where(Act.kind == "undo")).one()
    undone = db.session.get_one(Act, done.undoes_id)
    assert (done.why, undone.kind, undone.import_run_id) == ("Wrong file.", "import", run_id)

    def values(number: int) -> list[tuple[Any, ...]]:
        found = db.session.scalars(sa.select(Change).where(Change.act_id == number)).all()
        return sorted([(c.provider_id, c.program_id or 0, c.field, str(c.old), str(c.new)) for c in found])

    swapped = sorted([(*known[:3], known[4], known[3]) for known in values(undone.id)])
    assert values(done.id) == swapped


def test_an_open_difference_of_an_earlier_import_stands_again(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    with act(db.session, "edit"):
        db.session.scalars(sa.select(Provider)).one().phone = "502-555-0177"
        db.session.commit()
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(phone="502-555-0188")]))
    before = directory()
    for phone in ("502-555-0199", "502-555-0100", "502-555-0177"):
        report = import_file(db.engine, write_csv(tmp_path / "c.csv", [row(phone=phone)]))
        assert report.run_id is not None
        assert directory() != before
        undo(report.run_id)
        assert directory() == before, phone


def test_an_earlier_import_is_taken_back_without_the_words_of_a_later_one(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    first = import_file(db.engine, write_csv(tmp_path / "b.csv", [row(phone="502-555-0188")])).run_id
    newest = write_csv(tmp_path / "c.csv", [row(phone="502-555-0188", intake1="502-555-0101")])
    import_file(db.engine, newest)
    assert first is not None
    undo(first, even_partly=True)
    provider = db.session.scalars(sa.select(Provider)).one()
    assert provider.phone == "502-555-0100"
    db.session.rollback()
    import_file(db.engine, newest)
    assert db.session.scalars(sa.select(Provider)).one().phone == "502-555-0188", "the newest file is heard again"


def test_an_offer_of_a_later_import_outlives_taking_back_an_earlier_one(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    with act(db.session, "edit"):
        db.session.scalars(sa.select(Provider)).one().phone = "502-555-0177"
        db.session.commit()
    runs = [
        import_file(db.engine, write_csv(tmp_path / "b.csv", [row(phone=f"502-555-01{n}")])).run_id
        for n in (88, 89, 90)
    ]
    assert runs[1] is not None
    undo(runs[1], even_partly=True)
    assert db.session.scalars(sa.select(Correction.offered_value)).one() == "502-555-0190"


def test_a_program_that_came_again_since_is_not_doubled(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    run_id = import_file(db.engine, write_csv(tmp_path / "b.csv", [row(service_code_info="SA OP")])).run_id
    provider = db.session.scalars(sa.select(Provider)).one()
    with act(db.session, "edit"):
        provider.programs.append(Program(level="residential_long", name="Women only"))
        db.session.commit()
    assert run_id is not None
    plan = undo(run_id, even_partly=True)
    assert "program" in {one.field for one in plan.built_on}
    levels = [program.level for program in db.session.scalars(sa.select(Program))]
    assert levels.count("residential_long") == 1


def test_taking_back_a_file_of_our_own_takes_its_corrections_back(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    before = directory()
    path = tmp_path / "own.csv"
    path.write_text("onward_id,phone,program_1_level\n1,502-555-0177,detox_outpatient\n", encoding="utf-8")
    run_id = import_file(db.engine, path).run_id
    assert directory() != before
    assert run_id is not None
    undo(run_id)
    assert directory() == before


def test_an_address_that_was_hidden_since_gets_no_point_again(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    path = tmp_path / "own.csv"
    path.write_text("onward_id,address_kind,latitude,longitude\n1,confidential,,\n", encoding="utf-8")
    run_id = import_file(db.engine, path).run_id
    with act(db.session, "edit"):
        db.session.scalars(sa.select(Provider)).one().address_kind = "telehealth"
        db.session.commit()
    assert run_id is not None
    plan = undo(run_id, even_partly=True)
    assert {one.field for one in plan.built_on} == {"address_kind", "point"}
    assert db.session.scalars(sa.select(Provider)).one().latitude is None
