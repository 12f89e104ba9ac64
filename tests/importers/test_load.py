"""What an import does to the directory: adds, updates by key, keeps what it does not know about, counts each row."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.importers.messages import say
from referral.importers.reading.files import UnreadableFileError
from referral.importers.records import Rejected, Skipped
from referral.importers.report import CountsDisagreeError, Gone, Report
from referral.models import ImportRun, Place, Program, Provider
from tests.importers.loading import everything, import_file, latest_change, levels, providers
from tests.importers.made_files import (
    NATIONAL,
    csv_text,
    locator_header,
    locator_row,
    row,
    rows_named,
    sheet_of,
    write_csv,
    write_xlsx,
)


def counts(report: Report) -> dict[str, int]:
    return {name: count for name, count in report.counts().items() if count}


def test_a_first_import_adds_every_row_with_its_programs(app: Flask, tmp_path: Path) -> None:
    changes = {"name2": "Elm Clinic", "street2": "Suite 5", "intake1": "502-555-0101 x9"}
    report = import_file(db.engine, write_csv(tmp_path / "a.csv", [row(**changes), row(name1="Second")]))
    assert counts(report) == {"read": 2, "added": 2}
    stored = providers(db.engine)["Blue Door: Elm Clinic"]
    assert (stored.organization, stored.street, stored.unit) == ("Blue Door", "1 Main Street", "Suite 5")
    assert (stored.latitude, stored.longitude, stored.precision) == (38.25, -85.75, "exact")
    assert (stored.source, stored.status, stored.address_kind) == ("samhsa_national_directory", "active", "street")
    assert stored.other_phones == [{"kind": "intake", "number": "502-555-0101", "extension": "9"}]
    assert stored.facts["takes_medicaid"] is True
    assert stored.facts["takes_medicare"] is False
    assert stored.change == latest_change(db.engine) == 1
    assert list(levels(db.engine, "Second")) == ["detox_outpatient", "residential_long"]


def test_an_import_keeps_what_it_came_from(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    run = db.session.scalars(sa.select(ImportRun)).one()
    assert (run.source, run.file_name, len(run.file_sha256)) == ("samhsa_national_directory", "a.csv", 64)
    assert run.counts["added"] == 1
    assert db.session.scalars(sa.select(Provider.import_run_id)).one() == run.id


def test_the_same_file_again_writes_nothing(app: Flask, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", rows_named("First", "Second"))
    import_file(db.engine, path)
    before = everything(db.engine)
    report = import_file(db.engine, path)
    assert counts(report) == {"read": 2, "unchanged": 2}
    assert report.is_without_effect
    assert everything(db.engine) == before


def test_a_dry_run_reports_and_keeps_nothing(app: Flask, tmp_path: Path) -> None:
    before = everything(db.engine)
    report = import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]), is_dry_run=True)
    assert counts(report) == {"read": 1, "added": 1}
    assert everything(db.engine) == before


def test_a_newer_file_changes_only_what_differs(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", rows_named("First", "Second", "Third")))
    before, old_levels = providers(db.engine), levels(db.engine, "Second")
    newer = [row(name1="First"), row(name1="Second", phone="502-555-0199", service_code_info="DT OP OD OIT MC")]
    told: list[Rejected | Skipped | Gone] = []
    report = import_file(db.engine, write_csv(tmp_path / "b.csv", [*newer, row(name1="Fourth")]), tell=told.append)
    assert counts(report) == {"read": 3, "added": 1, "changed": 1, "unchanged": 1, "gone": 1}
    after, new_levels = providers(db.engine), levels(db.engine, "Second")
    assert after["First"] == before["First"]
    assert after["Third"] == before["Third"]
    assert after["Second"].id == before["Second"].id
    assert after["Second"].phone == "502-555-0199"
    assert after["Second"].facts["takes_medicaid"] is False
    assert after["Second"].change == after["Fourth"].change == latest_change(db.engine) == 2
    assert set(new_levels) == {"detox_outpatient", "intensive_outpatient"}
    assert new_levels["detox_outpatient"] == old_levels["detox_outpatient"]
    assert told == [Gone(before["Third"].id, "Third", "Louisville", "KY")]


def test_what_staff_added_to_a_program_stays_while_its_level_stays(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    program = db.session.scalars(sa.select(Program).where(Program.level == "residential_long")).one()
    program.max_stay_days = 90
    db.session.commit()
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(phone="502-555-0101")]))
    db.session.expire_all()
    assert program.max_stay_days == 90


def test_a_change_made_while_a_file_is_compared_is_not_overlooked(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", rows_named("First", "Second", "Third")))

    def edit_meanwhile(_found: Rejected | Skipped | Gone) -> None:
        hidden = {
            "address_kind": "confidential",
            "street": "",
            "latitude": None,
            "longitude": None,
            "precision": None,
        }
        db.session.execute(sa.update(Provider).where(Provider.name == "First").values(**hidden))
        db.session.delete(db.session.scalars(sa.select(Provider).where(Provider.name == "Second")).one())
        db.session.commit()

    newer = write_csv(tmp_path / "b.csv", rows_named("First", "Second", phone="502-555-0199", latitude="38.5"))
    report = import_file(db.engine, newer, tell=edit_meanwhile)
    assert counts(report) == {"read": 2, "added": 1, "changed": 1, "gone": 1}
    stored = providers(db.engine)
    assert (stored["First"].street, stored["First"].latitude, stored["First"].phone) == ("", None, "502-555-0199")
    assert stored["Second"].latitude == 38.5
    assert set(levels(db.engine, "Second")) == {"detox_outpatient", "residential_long"}


def test_a_hidden_address_stays_hidden(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    provider = db.session.scalars(sa.select(Provider)).one()
    provider.address_kind, provider.street = "confidential", ""
    provider.latitude = provider.longitude = provider.precision = None
    db.session.commit()
    report = import_file(db.engine, write_csv(tmp_path / "b.csv", [row(phone="502-555-0101")]))
    assert report.changed == 1
    db.session.expire_all()
    assert (provider.phone, provider.address_kind, provider.street) == ("502-555-0101", "confidential", "")
    assert provider.latitude is None


def test_listings_of_other_sources_are_neither_touched_nor_gone(app: Flask, tmp_path: Path) -> None:
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    report = import_file(db.engine, write_csv(tmp_path / "b.csv", [locator_row("SU", "op")], locator_header("op")))
    assert counts(report) == {"read": 1, "added": 1}
    with db.engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(Provider)).scalar_one() == 2


def test_two_listings_with_one_key_stay_two_and_are_found_again(app: Flask, tmp_path: Path) -> None:
    twins = [row(service_code_info="HH"), row(service_code_info="OP ORT", phone="502-555-0101")]
    path = write_csv(tmp_path / "a.csv", twins)
    assert counts(import_file(db.engine, path)) == {"read": 2, "added": 2}
    assert counts(import_file(db.engine, path)) == {"read": 2, "unchanged": 2}
    assert sorted(
        level
        for model in everything(db.engine)["program"]
        for level in model
        if level in ("outpatient", "recovery_residence")
    ) == ["outpatient", "recovery_residence"]


def test_a_row_that_stands_twice_word_for_word_is_one_listing(app: Flask, tmp_path: Path) -> None:
    report = import_file(db.engine, write_csv(tmp_path / "a.csv", [row(), row()]))
    assert counts(report) == {"read": 2, "added": 1, "merged": 1}


@pytest.mark.parametrize("n_between", [0, 1500])
def test_a_facility_on_two_lists_of_one_export_is_one_listing(app: Flask, tmp_path: Path, n_between: int) -> None:
    between = [locator_row("SU", "op", name1=f"Place {n}") for n in range(n_between)]
    rows = [
        locator_row("MH", "sa", "phdt", "idd", "md", phone="502-555-0109", website="http://example.org"),
        *between,
        locator_row("SU", "op", "ort", "sf", "nmoa"),
        locator_row("OTP"),
    ]
    header = locator_header("sa", "phdt", "idd", "md", "op", "ort", "sf", "nmoa")
    path = write_csv(tmp_path / "a.csv", rows, header)
    report = import_file(db.engine, path)
    assert counts(report) == {"read": 3 + n_between, "added": 1 + n_between, "merged": 2}
    assert +report.contradictions == {"methadone": 1}
    stored = providers(db.engine)["Blue Door"]
    assert set(levels(db.engine, "Blue Door")) == {"partial_hospitalization", "outpatient"}
    assert (stored.phone, stored.website) == ("502-555-0100", "http://example.org")
    assert stored.facts["takes_medicaid"] is stored.facts["takes_self_pay"] is stored.facts["co_occurring"] is True
    assert stored.facts["takes_medicare"] is stored.facts["buprenorphine"] is False
    assert "methadone" not in stored.facts
    assert counts(import_file(db.engine, path)) == {"read": 3 + n_between, "unchanged": 1 + n_between, "merged": 2}


def test_different_programs_at_one_address_are_not_merged(app: Flask, tmp_path: Path) -> None:
    rows = [locator_row("SU", "op", name2="Men"), locator_row("MH", "sa", "op", name2="Women")]
    report = import_file(db.engine, write_csv(tmp_path / "a.csv", rows, locator_header("op", "sa")))
    assert counts(report) == {"read": 2, "added": 2}


def add_zip(zip_code: str, latitude: float, longitude: float) -> None:
    place = {"kind": "zip", "key": zip_code, "label": zip_code, "state": "KY", "zip_kind": "standard"}
    db.session.execute(sa.insert(Place).values(**place, latitude=latitude, longitude=longitude))
    db.session.commit()


def point(name: str = "Blue Door") -> tuple[float | None, float | None, str | None]:
    stored = providers(db.engine)[name]
    return stored.latitude, stored.longitude, stored.precision


def test_a_file_without_points_gives_the_middle_of_the_zip(app: Flask, tmp_path: Path) -> None:
    add_zip("40202", 38.2, -85.7)
    rows = [row(zip="40202-1234"), row(name1="Elsewhere", zip="40999")]
    report = import_file(db.engine, write_csv(tmp_path / "a.csv", rows, NATIONAL))
    assert point() == (38.2, -85.7, "zip")
    assert point("Elsewhere") == (None, None, None)
    assert report.without_point == 1


def test_a_file_without_points_keeps_the_points_that_are_there(app: Flask, tmp_path: Path) -> None:
    add_zip("40202", 38.2, -85.7)
    import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
    path = write_xlsx(tmp_path / "a.xlsx", {"Facilities List": sheet_of([row()])})
    assert counts(import_file(db.engine, path)) == {"read": 1, "unchanged": 1}
    path = write_xlsx(tmp_path / "b.xlsx", {"Facilities List": sheet_of([row(phone="502-555-0101")])})
    assert counts(import_file(db.engine, path)) == {"read": 1, "changed": 1}
    assert point() == (38.25, -85.75, "exact")


def test_a_point_is_replaced_only_by_one_that_is_as_good(app: Flask, tmp_path: Path) -> None:
    add_zip("40202", 38.2, -85.7)
    without = write_csv(tmp_path / "without.csv", [row()], NATIONAL)
    middle = write_csv(tmp_path / "middle.csv", [row(latitude="38.21", coord_source="zcta_centroid")])
    exact = write_csv(tmp_path / "exact.csv", [row()])
    blank = write_csv(tmp_path / "blank.csv", [row(latitude="", longitude="")])
    steps = [
        (blank, "added", (None, None, None)),
        (without, "changed", (38.2, -85.7, "zip")),
        (blank, "unchanged", (38.2, -85.7, "zip")),
        (middle, "changed", (38.21, -85.75, "zip")),
        (without, "unchanged", (38.21, -85.75, "zip")),
        (exact, "changed", (38.25, -85.75, "exact")),
        (middle, "unchanged", (38.25, -85.75, "exact")),
        (blank, "unchanged", (38.25, -85.75, "exact")),
    ]
    for path, outcome, expected in steps:
        assert counts(import_file(db.engine, path)) == {"read": 1, outcome: 1}
        assert point() == expected


def test_report_counts_what_is_left_out(app: Flask, tmp_path: Path) -> None:
    rows = [
        row(name1="First", service_code_info="NMOA BU QQQ", latitude="0", longitude="0", zip="x"),
        row(name1="Second", service_code_info="NMOA BU NU ZZZ QQQ", latitude="99", phone="none"),
    ]
    report = import_file(db.engine, write_csv(tmp_path / "a.csv", rows))
    assert report.unknown_codes == {"QQQ": 2, "ZZZ": 1}
    assert report.contradictions == {"buprenorphine": 2, "naltrexone": 1}
    assert report.contradicting == 2
    found = {text: (note.count, note.rows) for text, note in report.notes.items()}
    assert found == {
        "point not usable": (2, [2, 3]),
        "ZIP not understood": (1, [2]),
        "phone not understood": (1, [3]),
    }
    assert (report.without_point, report.without_program) == (2, 2)


def test_rejected_and_skipped_rows_are_counted_and_told(app: Flask, tmp_path: Path) -> None:
    text = csv_text(
        locator_header("op", "sa"), [locator_row("SU", "op"), locator_row("MH", "op"), locator_row("X", "op")]
    )
    path = tmp_path / "a.csv"
    path.write_text(text + "too,short\n", encoding="utf-8")
    told: list[Rejected | Skipped | Gone] = []
    report = import_file(db.engine, path, tell=told.append)
    assert counts(report) == {"read": 4, "added": 1, "skipped": 2, "rejected": 1}
    assert told[2:] == [Rejected(5, say("has 2 cells where the header has 19"))]
    assert [(one.row, type(one)) for one in told[:2] if not isinstance(one, Gone)] == [(3, Skipped), (4, Skipped)]


@pytest.mark.parametrize("text", ["", "too,short\n", "a,b\nc,d\n"])
def test_a_file_without_one_good_row_is_an_error(app: Flask, tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_text(NATIONAL, []) + text, encoding="utf-8")
    before = everything(db.engine)
    with pytest.raises(UnreadableFileError, match="No row" if text else "no rows"):
        import_file(db.engine, path)
    assert everything(db.engine) == before


def test_counts_that_do_not_add_up_are_an_error() -> None:
    with pytest.raises(CountsDisagreeError):
        Report("test", read=3, added=1, merged=1).check()


def test_temporary_tables_are_gone_after_an_import(app: Flask, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row()])
    import_file(db.engine, path)
    with pytest.raises(UnreadableFileError):
        import_file(db.engine, write_csv(tmp_path / "b.csv", []))
    with db.engine.connect() as connection, pytest.raises(sa.exc.DBAPIError):
        connection.exec_driver_sql("SELECT * FROM onward_staged")


def test_markup_and_formulas_are_stored_as_they_stand(app: Flask, tmp_path: Path) -> None:
    names = ["<script>alert(1)</script>", "=1+1", "'; DROP TABLE provider; --", "{{ 7*7 }}", "\u202eevil"]
    import_file(
        db.engine, write_csv(tmp_path / "a.csv", [row(name1=n, website="javascript:alert(1)") for n in names])
    )
    stored = providers(db.engine)
    assert set(stored) == {*names[:-1], "evil"}
    assert {provider.website for provider in stored.values()} == {""}
