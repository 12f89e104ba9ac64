"""Files of our own format in the directory: which listing a row is, what it changes, and that nothing is lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.history import act
from referral.history.undoing import undo_import
from referral.importers.formats import open_items
from referral.importers.own.load import load_own
from referral.importers.reading.files import open_source
from referral.models import Act, Change, Correction, Program, Provider
from tests.exporters.worlds import content, fill, listing, program, take, write
from tests.importers.own_files import levels, stored, table


def test_a_new_row_adds_a_listing_of_staff_once_however_often_the_file_is_imported(
    app: Flask, tmp_path: Path
) -> None:
    path = table(
        tmp_path / "a.csv",
        {"name": "Blue Door", "street": "1 Main Street", "city": "Louisville", "program_1_level": "outpatient"},
    )
    assert take(db.engine, path)[0].added == 1
    assert take(db.engine, path)[0].unchanged == 1
    provider = stored()
    assert (provider.source, provider.status, [*levels(provider)]) == ("staff", "active", ["outpatient"])


def test_a_file_of_two_columns_changes_one_value_and_nothing_else(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing(city="Louisville", facts={"spanish": True}, programs=[program("detox")])])
    report, told = take(db.engine, table(tmp_path / "a.csv", {"onward_id": 1, "phone": "502-555-0177"}))
    assert (report.changed, told) == (1, [])
    provider = stored()
    assert (provider.phone, provider.city, provider.facts) == ("502-555-0177", "Louisville", {"spanish": True})
    assert len(provider.programs) == 1


def test_an_empty_cell_empties_the_value(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing(phone="502-555-0100", facts={"spanish": True, "hiv": False}, licensed_beds=5)])
    row = {"onward_id": 1, "phone": "", "spanish": "", "licensed_beds": ""}
    take(db.engine, table(tmp_path / "a.csv", row))
    provider = stored()
    assert (provider.phone, provider.facts, provider.licensed_beds) == ("", {"hiv": False}, None)


def test_a_row_goes_to_the_listing_of_its_source_and_key(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing(source="list:county", source_key="k1"), listing("Other", source_key="k2")])
    row = {"onward_id": 99, "source": "list:county", "source_key": "k1", "name": "Blue Door", "city": "Paris"}
    assert take(db.engine, table(tmp_path / "a.csv", row))[0].changed == 1, "the number is from another site"
    assert stored().city == "Paris"


def test_numbers_and_keys_that_disagree_are_rejected(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing(source_key="k1"), listing("Other", source_key="k2")])
    rows = [
        {"onward_id": 1, "source": "staff", "source_key": "k2", "name": "Mixed up"},
        {"onward_id": 2, "source": "staff", "source_key": "k3", "name": "New one with an old number"},
        {"onward_id": 77, "name": "No such number"},
    ]
    report, told = take(db.engine, table(tmp_path / "a.csv", *rows, {"name": "A good one"}))
    assert (report.rejected, report.added, report.changed) == (3, 1, 0)
    assert "onward_id: 1 is not the listing here, as source_key says" in told[0]
    assert "leave onward_id empty to add this one" in told[1]
    assert "no listing has the number 77" in told[2]


def test_two_rows_about_one_listing_are_not_both_taken(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing()])
    rows: list[dict[str, Any]] = [{"onward_id": 1, "name": name} for name in ("One", "Two")]
    rows += [{"name": "New", "street": "1 Main"}, {"name": "NEW", "street": "1 main"}]
    report, told = take(db.engine, table(tmp_path / "a.csv", *rows))
    assert (report.changed, report.added, report.rejected) == (1, 1, 2)
    assert told[0] == "is the same listing as row 2"
    assert "give the programs of one place in one row" in told[1]


def test_a_listing_that_was_changed_after_the_export_is_not_written_over(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing(source_key="1"), listing("Second")])
    path = write(db.engine, "csv", tmp_path / "a.csv")
    with act(db.session, "edit"):
        db.session.get_one(Provider, 1).city = "Edited"
        db.session.commit()
    path.write_text(path.read_text(encoding="utf-8").replace("Blue Door", "Blue Gate"), encoding="utf-8")
    report, told = take(db.engine, path)
    assert (report.rejected, report.unchanged) == (1, 1)
    assert told == ["was changed here after the export: export it again, and change it there"]
    assert stored().city == "Edited"


def test_programs_keep_their_numbers_when_they_change_and_when_others_come_and_go(app: Flask, tmp_path: Path) -> None:
    fill(
        db.engine,
        [listing(programs=[program("detox"), program("outpatient"), program("outpatient", name="Evening")])],
    )
    before = [one.id for one in stored().programs]
    row = {
        "onward_id": 1,
        "program_1_id": before[2],
        "program_1_level": "outpatient",
        "program_1_name": "Night",
        "program_2_level": "detox",
        "program_2_capacity": "7",
        "program_3_level": "residential_long",
        "program_3_longest_stay_days": "90",
    }
    take(db.engine, table(tmp_path / "a.csv", row))
    found = {one.id: (one.level, one.name, one.capacity, one.max_stay_days) for one in stored().programs}
    new = max(found)
    assert found == {
        before[0]: ("detox", "", 7, None),
        before[2]: ("outpatient", "Night", None, None),
        new: ("residential_long", "", None, 90),
    }
    assert new > before[2]


def test_a_file_with_fewer_columns_than_programs_deletes_none(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing(programs=[program("detox"), program("outpatient")])])
    take(db.engine, table(tmp_path / "a.csv", {"onward_id": 1, "program_1_level": "outpatient"}))
    assert levels(stored()).keys() == {"detox", "outpatient"}
    row = {"onward_id": 1, "program_1_level": "outpatient", "program_2_level": ""}
    take(db.engine, table(tmp_path / "a.csv", row))
    assert levels(stored()).keys() == {"outpatient"}


def test_listings_come_into_an_empty_directory_with_their_numbers_and_new_ones_follow(
    app: Flask, tmp_path: Path
) -> None:
    rows: list[dict[str, Any]] = [
        {"name": "No number", "program_1_level": "detox", "program_1_id": ""},
        {"onward_id": 40, "source": "staff", "source_key": "a", "name": "Forty", "program_1_level": "detox"},
        {"onward_id": 41, "source": "staff", "source_key": "b", "name": "Copied", "program_1_level": "detox"},
    ]
    rows[1]["program_1_id"] = rows[2]["program_1_id"] = 70
    take(db.engine, table(tmp_path / "a.csv", *rows))
    assert (stored("Forty").id, stored("Copied").id, stored("No number").id) == (40, 41, 42)
    assert levels(stored("Forty")) == {"detox": 70}
    assert levels(stored("Copied")) == {"detox": 72}
    db.session.add(Provider(name="Next", source="staff", source_key="n", programs=[Program(level="detox")]))
    db.session.commit()
    assert (stored("Next").id, levels(stored("Next"))) == (43, {"detox": 73})


def test_a_number_that_was_given_once_is_not_given_again(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing("Old", source_key="old")])
    db.session.delete(db.session.get_one(Provider, 1))
    db.session.commit()
    row = {"onward_id": 1, "source": "staff", "source_key": "other", "name": "Another"}
    take(db.engine, table(tmp_path / "a.csv", row))
    assert stored("Another").id == 2
    huge = {"onward_id": 2_147_483_647, "source": "staff", "source_key": "huge", "name": "Huge"}
    huge |= {"program_1_id": 2_147_483_647, "program_1_level": "detox"}
    take(db.engine, table(tmp_path / "b.csv", huge))
    assert (stored("Huge").id, levels(stored("Huge"))) == (3, {"detox": 1}), "or no number would be left"


def test_what_a_file_changes_is_history_and_a_correction_that_imports_keep(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing(source="samhsa_national_directory", phone="502-555-0100", facts={"hiv": True})])
    row = {"onward_id": 1, "phone": "502-555-0177", "hiv": "no", "program_1_level": "detox"}
    report, _ = take(db.engine, table(tmp_path / "a.csv", row), user_id=None, why="Spreadsheet of May")
    changes = {
        change.field: (change.old, change.new)
        for change in db.session.scalars(sa.select(Change).join(Act).where(Act.import_run_id == report.run_id))
    }
    assert changes["phone"] == ("502-555-0100", "502-555-0177")
    assert changes["facts.hiv"] == (True, False)
    assert changes["program"][0] is None
    assert db.session.scalars(sa.select(Act.why)).all() == ["Spreadsheet of May"]
    kept = {one.field: one.source_value for one in db.session.scalars(sa.select(Correction))}
    assert kept == {"phone": "502-555-0100", "facts.hiv": True, "level.detox": False}


def test_an_import_can_be_taken_back_as_a_whole(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing(city="Here", confirmed_on=date(2026, 1, 2), programs=[program("detox", capacity=3)])])
    before = content(db.engine)
    row = {
        "onward_id": 1,
        "name": "Blue Gate",
        "confirmed_on": "2026-02-03",
        "spanish": "yes",
        "program_1_level": "detox",
        "program_1_capacity": "4",
        "program_2_level": "outpatient",
    }
    report, _ = take(db.engine, table(tmp_path / "a.csv", row, {"name": "New", "program_1_level": "detox"}))
    assert (report.changed, report.added) == (1, 1)
    assert report.run_id is not None
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        plan = undo_import(connection, report.run_id, user_id=None, why="", even_partly=False)
    assert plan.built_on == []
    assert content(db.engine) == before


def test_a_dry_run_counts_the_same_and_writes_nothing(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing(city="Here")])
    rows: list[dict[str, Any]] = [{"onward_id": 1, "name": "Gate"}, {"name": "New"}, {"city": "x"}]
    path = table(tmp_path / "a.csv", *rows)
    before = content(db.engine)
    report, _told = take(db.engine, path, is_dry_run=True)
    assert (report.changed, report.added, report.rejected, report.run_id) == (1, 1, 1, None)
    assert content(db.engine) == before
    assert db.session.scalars(sa.select(Act)).all() == []
    again, _ = take(db.engine, path)
    assert again.counts() == report.counts()
    assert stored("New").id == 2


def test_a_dry_run_shows_each_change_once_while_others_go_on(app: Flask, tmp_path: Path) -> None:
    fill(db.engine, [listing()])
    looked: list[int] = []

    def edit_meanwhile(*_: object) -> None:
        looked.append(stored().version)
        with act(db.session, "edit"):
            stored().phone = f"502-555-017{len(looked)}"
            db.session.commit()

    with open_source(table(tmp_path / "a.csv", {"onward_id": 1, "organization": "Gate"})) as source:
        name, items = open_items(source)
        report = load_own(db.engine, name, items, look=edit_meanwhile, is_dry_run=True)
    assert (looked, report.changed) == ([1], 1)
    assert stored().organization == ""
