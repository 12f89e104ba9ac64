"""What staff corrected is never overwritten by an import: it stays, and a difference that is new is offered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.history import act
from referral.importers.formats import open_items
from referral.importers.loading.load import load
from referral.importers.reading.files import open_source
from referral.models import Act, Change, Correction, Program, Provider
from tests.importers.loading import everything, import_file, levels, providers
from tests.importers.made_files import row, write_csv


def imported(folder: Path) -> Provider:
    import_file(db.engine, write_csv(folder / "first.csv", [row()]))
    return db.session.scalars(sa.select(Provider)).one()


def correct(provider: Provider, **values: Any) -> None:
    with act(db.session, "edit", why="They said so."):
        for name, value in values.items():
            setattr(provider, name, value)
        db.session.commit()


def corrections() -> dict[str, tuple[Any, bool, Any]]:
    """By field: what the source said, whether a difference is offered, and which."""
    db.session.rollback()
    found = db.session.scalars(sa.select(Correction)).all()
    return {one.field: (one.source_value, one.is_offered, one.offered_value) for one in found}


def test_a_corrected_value_stays_while_the_rest_of_the_row_changes(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    old = provider.phone
    correct(provider, phone="502-555-0177")
    report = import_file(db.engine, write_csv(tmp_path / "b.csv", [row(intake1="502-555-0101")]))
    stored = providers(db.engine)["Blue Door"]
    assert (stored.phone, stored.other_phones[0]["number"]) == ("502-555-0177", "502-555-0101")
    assert report.kept == 0
    assert corrections() == {"phone": (old, False, None)}


def test_a_source_that_changes_its_mind_is_offered_and_not_written(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    old = provider.phone
    correct(provider, phone="502-555-0177")
    report = import_file(db.engine, write_csv(tmp_path / "b.csv", [row(phone="502-555-0188")]))
    assert providers(db.engine)["Blue Door"].phone == "502-555-0177"
    assert (report.changed, report.kept) == (1, 1)
    assert corrections() == {"phone": (old, True, "502-555-0188")}
    import_file(db.engine, write_csv(tmp_path / "c.csv", [row()]))
    assert corrections() == {"phone": (old, False, None)}, "the source took it back"


def test_a_source_that_comes_to_agree_ends_the_correction(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    correct(provider, phone="502-555-0177")
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(phone="502-555-0177")]))
    assert corrections() == {}
    import_file(db.engine, write_csv(tmp_path / "c.csv", [row(phone="502-555-0178")]))
    assert providers(db.engine)["Blue Door"].phone == "502-555-0178"


def test_corrected_facts_stay_one_by_one(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    others = {code: known for code, known in provider.facts.items() if code != "takes_medicaid"}
    assert provider.facts["takes_medicaid"] is True
    correct(provider, facts={**others, "takes_medicaid": False, "spanish": True})
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(service_code_info="DT OP OD RL MC MD CO")]))
    facts = providers(db.engine)["Blue Door"].facts
    assert (facts["takes_medicaid"], facts["spanish"]) == (False, True)
    assert facts["takes_medicare"] is True, "what nobody corrected follows the file"
    assert facts["co_occurring"] is True


def test_programs_that_staff_added_or_took_away_stay_so(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    with act(db.session, "edit"):
        gone = next(program for program in provider.programs if program.level == "residential_long")
        provider.programs.remove(gone)
        provider.programs.append(Program(level="recovery_residence"))
        db.session.commit()
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(intake1="502-555-0101")]))
    assert set(levels(db.engine, "Blue Door")) == {"detox_outpatient", "recovery_residence"}
    assert corrections() == {
        "level.residential_long": (True, False, None),
        "level.recovery_residence": (False, False, None),
    }
    report = import_file(db.engine, write_csv(tmp_path / "c.csv", [row(service_code_info="DT OD")]))
    assert set(levels(db.engine, "Blue Door")) == {"detox_outpatient", "recovery_residence"}
    assert report.kept == 0
    assert set(corrections()) == {"level.recovery_residence"}, "the source no longer lists it either"


def test_a_point_that_staff_set_stays_against_a_better_one(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    correct(provider, latitude=38.3, longitude=-85.8, precision="exact")
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(latitude="38.4", intake1="502-555-0101")]))
    stored = providers(db.engine)["Blue Door"]
    assert (stored.latitude, stored.longitude) == (38.3, -85.8)
    assert corrections()["point"][1:] == (True, [38.4, -85.75, "exact"])


def test_a_correction_made_while_a_file_is_compared_is_kept(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    number = provider.id
    db.session.rollback()

    def edit_meanwhile(*_: object) -> None:
        found = db.session.get_one(Provider, number)
        correct(found, phone="502-555-0177")

    newer = write_csv(tmp_path / "b.csv", [row(phone="502-555-0188"), row(name1="Gone?", phone="x")])
    with open_source(newer) as source:
        name, items = open_items(source)
        report = load(db.engine, name, items, look=edit_meanwhile)
    assert providers(db.engine)["Blue Door"].phone == "502-555-0177"
    assert report.kept == 1


def test_a_dry_run_leaves_corrections_alone(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    correct(provider, phone="502-555-0177", organization="Doors")
    before = everything(db.engine), corrections()
    newer = write_csv(tmp_path / "b.csv", [row(phone="502-555-0188")])
    report = import_file(db.engine, newer, is_dry_run=True)
    assert report.kept == 1
    assert (everything(db.engine), corrections()) == before


def test_history_says_what_an_import_changed(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    number, old = provider.id, provider.phone
    import_file(
        db.engine,
        write_csv(tmp_path / "b.csv", [row(phone="502-555-0188", service_code_info="DT OP OD OIT MC MD")]),
    )
    db.session.rollback()
    last = db.session.scalars(sa.select(Act).order_by(Act.id.desc()).limit(1)).one()
    assert (last.kind, last.import_run_id) == ("import", 2)
    told = {
        (change.field, _short(change.old), _short(change.new))
        for change in db.session.scalars(sa.select(Change).where(Change.act_id == last.id))
        if change.field not in ("source_content", "import_run_id")
    }
    assert {change for change in told if not change[0].startswith("facts.")} == {
        ("phone", old, "502-555-0188"),
        ("program", "residential_long", "None"),
        ("program", "None", "intensive_outpatient"),
    }
    assert ("facts.takes_medicare", "False", "True") in told
    first = db.session.scalars(sa.select(Change).where(Change.field == "listing")).one()
    assert (first.provider_id, first.new) == (number, {"name": "Blue Door"})


def _short(value: Any) -> str:
    return str(value["level"] if isinstance(value, dict) else value)


def test_a_program_that_staff_worked_on_does_not_go_with_its_level(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    with act(db.session, "edit"):
        long = next(program for program in provider.programs if program.level == "residential_long")
        long.name, long.status, long.facts = "Women only", "temporarily_closed", {"hiv": True}
        provider.programs.append(Program(level="detox_outpatient", name="Evenings"))
        db.session.commit()
    before = sorted((program.id, program.name, program.status) for program in provider.programs)
    db.session.rollback()
    report = import_file(db.engine, write_csv(tmp_path / "b.csv", [row(service_code_info="SA OP")]))
    db.session.rollback()
    listed = db.session.scalars(sa.select(Program).where(Program.level != "outpatient")).all()
    assert sorted((program.id, program.name, program.status) for program in listed) == before
    assert report.kept == 2
    assert {field for field, said in corrections().items() if said[1]} == {
        "level.residential_long",
        "level.detox_outpatient",
    }
    import_file(db.engine, write_csv(tmp_path / "c.csv", [row()]))
    assert not any(said[1] for said in corrections().values()), "the source lists both again"
    assert set(corrections()) == {"level.residential_long", "level.detox_outpatient"}


def test_a_corrected_address_does_not_get_the_point_of_the_old_one(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row(latitude="", longitude="")]))
    provider = db.session.scalars(sa.select(Provider)).one()
    correct(provider, street="999 Right Street")
    db.session.rollback()
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(intake1="502-555-0101")]))
    stored = providers(db.engine)["Blue Door"]
    assert (stored.street, stored.latitude, stored.longitude) == ("999 Right Street", None, None)


def test_the_correction_of_a_program_outlives_work_on_another_of_its_level(app: Flask, tmp_path: Path) -> None:
    provider = imported(tmp_path)
    first = next(program for program in provider.programs if program.level == "detox_outpatient")
    with act(db.session, "edit"):
        first.capacity = 15
        provider.programs.append(Program(level="detox_outpatient", capacity=20))
        db.session.commit()
    with act(db.session, "edit"):
        provider.programs[-1].capacity = None
        db.session.commit()
    assert "capacity.detox_outpatient" in corrections()
