"""The real directories, read from ../shared/data: nothing is lost, and every figure is the counted one."""

from __future__ import annotations

import csv
import gzip
import hashlib
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.importers.records import ProviderRecord, Rejected, Skipped
from referral.importers.report import Gone
from referral.models import ImportRun, Program, Provider
from tests.conftest import make_app
from tests.importers.loading import import_file, latest_change
from tests.importers.made_files import read, records

pytestmark = pytest.mark.shared

N_FACILITIES = 12_744
LEVELS = {
    "detox_hospital": 615,
    "detox_residential": 1169,
    "detox_outpatient": 1443,
    "detox": 100,
    "hospital_inpatient": 705,
    "residential_long": 2273,
    "residential_short": 2090,
    "residential": 23,
    "partial_hospitalization": 1874,
    "intensive_outpatient": 5736,
    "outpatient": 10_236,
    "recovery_residence": 1176,
}


@pytest.fixture(scope="session")
def national_csv(shared_data: Path) -> Path:
    return shared_data / "samhsa" / "samhsa_su_directory_2023_with_coords.csv.gz"


@pytest.fixture(scope="session")
def national_xlsx(shared_data: Path) -> Path:
    return shared_data / "samhsa" / "samhsa_su_directory_2023_official.xlsx"


@pytest.fixture(scope="session")
def national(national_csv: Path) -> list[ProviderRecord]:
    return records(national_csv)


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def content(engine: sa.Engine) -> str:
    """A digest of what an import could have written."""
    columns = (Provider.id, Provider.change, Provider.updated_at, Provider.latitude, Provider.import_run_id)
    with engine.connect() as connection:
        both = sa.select(*columns, Program.id).join(Program, isouter=True).order_by(Provider.id, Program.id)
        rows = connection.execute(both)
        return hashlib.sha256(repr(rows.all()).encode()).hexdigest()


def n_rows(engine: sa.Engine, model: type[Provider | Program | ImportRun]) -> int:
    with engine.connect() as connection:
        return int(connection.execute(sa.select(sa.func.count()).select_from(model)).scalar_one())


def test_the_national_directory_is_imported_whole_and_only_once(app: Flask, national_csv: Path) -> None:
    report = import_file(db.engine, national_csv)
    assert report.counts() == {
        **dict.fromkeys(report.counts(), 0),
        "read": N_FACILITIES,
        "added": N_FACILITIES,
    }
    assert report.programs == LEVELS
    assert report.programs.total() == 27_440
    assert (report.without_point, report.without_program) == (14, 140)
    assert report.unknown_codes == {}
    assert report.notes == {}
    assert (n_rows(db.engine, Provider), n_rows(db.engine, Program)) == (N_FACILITIES, 27_440)
    before, change = content(db.engine), latest_change(db.engine)
    again = import_file(db.engine, national_csv)
    assert (again.read, again.unchanged) == (N_FACILITIES, N_FACILITIES)
    assert latest_change(db.engine) == change
    assert content(db.engine) == before
    assert n_rows(db.engine, ImportRun) == 1


@pytest.fixture(scope="session")
def imported(sqlite_template: Path, national_csv: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database that holds the national directory, to copy."""
    path = tmp_path_factory.mktemp("national") / "onward.db"
    shutil.copy(sqlite_template, path)
    with make_app(f"sqlite:///{path}").app_context():
        import_file(db.engine, national_csv)
        db.engine.dispose()
    return path


@pytest.fixture
def national_app(imported: Path, tmp_path: Path) -> Iterator[Flask]:
    """An application on a SQLite database that holds the national directory."""
    shutil.copy(imported, tmp_path / "onward.db")
    app = make_app(f"sqlite:///{tmp_path / 'onward.db'}")
    with app.app_context():
        yield app
        db.engine.dispose()


def test_the_workbook_after_the_csv_keeps_every_point(national_app: Flask, national_xlsx: Path) -> None:
    before = content(db.engine)
    report = import_file(db.engine, national_xlsx)
    assert (report.read, report.unchanged, report.changed, report.gone) == (N_FACILITIES, N_FACILITIES, 0, 0)
    assert content(db.engine) == before


def test_a_newer_national_file_updates_what_changed_and_lists_what_is_gone(
    national_app: Flask, national_csv: Path, tmp_path: Path
) -> None:
    rows = list(rows_of(national_csv))
    gone = [row.pop("name1") and row for row in rows[:7]]
    kept = rows[7:]
    for row in kept[:100]:
        row["phone"] = "502-555-0100"
    for row in kept[100:150]:
        row["service_code_info"] += " * HH" if " HH " not in row["service_code_info"] else ""
        row["name1"] = f" {row['name1'].upper()}  "
    newer = tmp_path / "newer.csv"
    with newer.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(kept[0]))
        writer.writeheader()
        writer.writerows(kept)
    told: list[Rejected | Skipped | Gone] = []
    report = import_file(db.engine, newer, tell=told.append)
    assert (report.added, report.changed, report.gone) == (0, 150, len(gone))
    assert report.unchanged == N_FACILITIES - 7 - 150
    assert len(told) == 7
    assert n_rows(db.engine, Provider) == N_FACILITIES


def test_workbook_and_csv_say_the_same(national: list[ProviderRecord], national_xlsx: Path) -> None:
    from_workbook = records(national_xlsx)
    assert [record.key for record in from_workbook] == [record.key for record in national]
    assert [record.fingerprint for record in from_workbook] == [record.fingerprint for record in national]
    assert [record.row for record in from_workbook] == [record.row for record in national]


def test_contradictions_are_not_known_and_counted(national: list[ProviderRecord]) -> None:
    counted = Counter(fact for record in national for fact in record.contradictions)
    assert counted == {
        "treats_opioid_use": 69,
        "naltrexone": 60,
        "buprenorphine": 51,
        "treats_alcohol_use": 32,
        "accepts_on_medication": 23,
        "alcohol_medication": 15,
        "vape_free": 14,
        "vaping_area": 14,
        "smoke_free": 7,
        "smoking_area": 7,
        "methadone": 2,
    }
    medicines = {"methadone", "buprenorphine", "naltrexone"}
    assert sum(bool(record.contradictions & medicines) for record in national) == 69
    assert not any(record.facts.keys() & record.contradictions for record in national)


def test_points_are_approximate_where_the_file_says_so(national: list[ProviderRecord]) -> None:
    assert Counter(record.precision for record in national) == {"exact": 10_791, "zip": 1939, None: 14}


def test_no_phone_zip_state_or_name_of_the_national_directory_is_lost(
    national: list[ProviderRecord], national_csv: Path
) -> None:
    rows = list(rows_of(national_csv))
    assert sum(not record.phone for record in national) == sum(not row["phone"] for row in rows) == 1
    assert all(record.postal_code == row["zip"] for record, row in zip(national, rows, strict=True))
    assert all(record.state == row["state"] for record, row in zip(national, rows, strict=True))
    extensions = sum(" x" in row["phone"] for row in rows)
    assert sum(bool(record.phone_extension) for record in national) == extensions
    for record, row in zip(national, rows, strict=True):
        words = f"{record.name} {record.organization}".split()
        assert set(row["name1"].split()) <= {word.rstrip(":") for word in words} | set(words), record


def test_the_two_pairs_with_one_key_differ_in_content(national: list[ProviderRecord]) -> None:
    keys = Counter(record.key for record in national)
    pairs = {key for key, count in keys.items() if count > 1}
    assert len(pairs) == 2
    assert len({record.fingerprint for record in national if record.key in pairs}) == 4


def test_real_hazard_rows_of_a_locator_export(shared_data: Path) -> None:
    name, items = read(shared_data / "fixtures" / "locator_export_hazard_rows_real.csv")
    assert name == "locator_export"
    by_row = {item.row: item for item in items}
    assert len(by_row) == 25
    assert {item.row for item in items if isinstance(item, Skipped)} == {8, 9}
    cenikor = by_row[2]
    assert isinstance(cenikor, ProviderRecord)
    assert (cenikor.phone, cenikor.phone_extension, cenikor.other_phones) == ("888-236-4567", "2800", ())
    for row in (4, 5):
        otp = by_row[row]
        assert isinstance(otp, ProviderRecord)
        assert (otp.levels, otp.facts) == (("outpatient",), {"methadone": True})
    for row in (6, 7):
        no_website = by_row[row]
        assert isinstance(no_website, ProviderRecord)
        assert no_website.website == ""


def test_the_original_export_holds_mental_health_only(shared_data: Path) -> None:
    path = shared_data / "fixtures" / "locator_export_original_csv_2022_CA_MH_eating_disorder.csv"
    assert len([item for item in read(path)[1] if isinstance(item, Skipped)]) == 22
    taken = records(path, include_mental_health=True)
    assert len(taken) == 22
    assert all(record.levels for record in taken)
    assert {record.unknown_codes for record in taken} == {()}


def test_the_locators_json_is_understood_word_for_word(shared_data: Path) -> None:
    name, items = read(shared_data / "samhsa" / "findtreatment_listing_2019.json")
    taken = [item for item in items if isinstance(item, ProviderRecord)]
    assert name == "locator_json"
    assert (len(items), len(taken)) == (30, 14)
    assert {record.unknown_codes for record in taken} == {()}
    assert Counter(level for record in taken for level in record.levels) == {
        "outpatient": 12,
        "intensive_outpatient": 5,
        "partial_hospitalization": 3,
        "residential_short": 1,
    }
