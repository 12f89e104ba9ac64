"""What staff did stays against a file in places where it was once lost: points, hidden addresses, programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.history import act
from referral.importers.formats import open_items
from referral.importers.loading.load import load
from referral.importers.reading.files import open_source
from referral.importers.records import ProviderRecord
from referral.models import Correction, Program, Provider
from tests.exporters.worlds import take, write
from tests.importers.loading import everything, import_file, levels, providers
from tests.importers.made_files import row, write_csv
from tests.importers.own_files import table
from tests.importers.test_corrections import correct, corrections, imported


def test_a_source_that_moves_only_a_point_that_staff_set_is_offered(app: Flask, tmp_path: Path) -> None:
    correct(imported(tmp_path), latitude=38.3, longitude=-85.8, precision="exact")
    newer = write_csv(tmp_path / "b.csv", [row(latitude="38.4")])
    assert import_file(db.engine, newer).kept == 1
    assert corrections()["point"][1:] == (True, [38.4, -85.75, "exact"])
    assert providers(db.engine)["Blue Door"].latitude == 38.3
    assert import_file(db.engine, newer).is_without_effect, "the same question is not asked twice"
    import_file(db.engine, write_csv(tmp_path / "c.csv", [row(latitude="38.3", longitude="-85.8")]))
    assert corrections() == {}, "the source agrees"


def test_the_street_of_a_hidden_address_is_offered_and_not_forgotten(app: Flask) -> None:
    there = ProviderRecord(row=2, key="a", name="Blue Door", street="1 Main Street")
    load(db.engine, "list:county", [there])
    correct(db.session.scalars(sa.select(Provider)).one(), address_kind="confidential")
    load(db.engine, "list:county", [replace(there, street="2 Oak Street")])
    stored = providers(db.engine)["Blue Door"]
    assert (stored.street, stored.address_kind) == ("1 Main Street", "confidential")
    assert corrections()["street"][1:] == (True, "2 Oak Street")


def test_a_program_that_staff_worked_on_outlives_a_source_that_lists_it_for_a_year(
    app: Flask, tmp_path: Path
) -> None:
    provider = imported(tmp_path)
    with act(db.session, "edit"):
        provider.programs.append(Program(level="outpatient", name="Women only"))
        db.session.commit()
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(service_code_info="DT OP OD RL ORT MD")]))
    assert corrections()["level.outpatient"] == (True, False, None)
    report = import_file(db.engine, write_csv(tmp_path / "c.csv", [row(intake1="502-555-0101")]))
    assert "outpatient" in levels(db.engine, "Blue Door")
    assert report.kept == 1


def test_a_second_program_of_a_level_from_a_file_of_our_own_is_kept(app: Flask, tmp_path: Path) -> None:
    imported(tmp_path)
    two = {"onward_id": 1, "program_1_level": "detox_outpatient", "program_2_level": "detox_outpatient"}
    two |= {"program_3_level": "residential_long"}
    take(db.engine, table(tmp_path / "own.csv", two))
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(service_code_info="DT OP RL MD")]))
    db.session.rollback()
    found = db.session.scalars(sa.select(Program.level)).all()
    assert found.count("detox_outpatient") == 2


def test_a_listing_that_came_back_from_an_export_is_not_overwritten_by_its_source(app: Flask, tmp_path: Path) -> None:
    correct(imported(tmp_path), phone="502-555-0177")
    copy = write(db.engine, "csv", tmp_path / "export.csv")
    db.session.rollback()
    with act(db.session, "command"):
        db.session.delete(db.session.scalars(sa.select(Provider)).one())
        db.session.commit()
    take(db.engine, copy)
    assert corrections() == {}, "an export does not tell what was corrected"
    import_file(db.engine, tmp_path / "first.csv")
    assert providers(db.engine)["Blue Door"].phone == "502-555-0177"
    assert corrections()["phone"][1:] == (True, "502-555-0100")


def test_what_changes_between_the_last_look_and_the_writing_is_looked_at_again(app: Flask, tmp_path: Path) -> None:
    number = imported(tmp_path).id
    db.session.rollback()
    seen: list[int] = []

    def edit_once(_connection: object, report: object, corrected: object) -> None:
        seen.append(len(corrected.kept))  # type: ignore[attr-defined]
        if len(seen) == 1:
            correct(db.session.get_one(Provider, number), phone="502-555-0177")

    with open_source(write_csv(tmp_path / "b.csv", [row(phone="502-555-0188")])) as source:
        name, items = open_items(source)
        load(db.engine, name, items, look=edit_once)
    assert seen == [0, 1]
    assert providers(db.engine)["Blue Door"].phone == "502-555-0177"


def test_nothing_is_written_that_whoever_looks_again_refuses(app: Flask, tmp_path: Path) -> None:
    number = imported(tmp_path).id
    db.session.rollback()
    before: list[object] = []

    class ChangedError(Exception):
        pass

    def edit_then_refuse(*_: object) -> None:
        if before:
            raise ChangedError
        correct(db.session.get_one(Provider, number), website="https://blue.example/")
        before.append(everything(db.engine))

    with open_source(write_csv(tmp_path / "b.csv", [row(phone="502-555-0188")])) as source:
        name, items = open_items(source)
        try:
            load(db.engine, name, items, look=edit_then_refuse)
        except ChangedError:
            assert everything(db.engine) == before[0]
        else:
            raise AssertionError("it was written though it was not looked at")


def test_the_capacity_of_a_program_that_staff_added_is_theirs(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    with act(db.session, "edit"):
        provider.programs.append(Program(level="outpatient", capacity=7))
        db.session.commit()
    assert corrections()["capacity.outpatient"] == (None, False, None)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Correction)) == 2
