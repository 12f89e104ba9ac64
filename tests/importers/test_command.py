"""`flask directory import` and `show`: what is printed, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner

from referral.extensions import db
from referral.models import DirectoryChange
from tests.conftest import make_app
from tests.importers.loading import providers
from tests.importers.made_files import NATIONAL, locator_header, locator_row, row, rows_named, write_csv


@pytest.fixture
def runner(sqlite_url: str) -> FlaskCliRunner:
    return make_app(sqlite_url).test_cli_runner()


def run(runner: FlaskCliRunner, *arguments: str | Path, code: int = 0) -> str:
    result = runner.invoke(args=["directory", *map(str, arguments)])
    assert result.exit_code == code, result.output
    assert "Traceback" not in result.output
    return result.output


def words(text: str) -> str:
    return " ".join(text.split())


def test_import_says_what_it_did(runner: FlaskCliRunner, tmp_path: Path) -> None:
    rows = [
        *rows_named("First", "Second"),
        row(name1="Third", service_code_info="NMOA BU QQQ", latitude="0", longitude="0"),
    ]
    output = words(run(runner, "import", write_csv(tmp_path / "a.csv", rows)))
    for expected in (
        "SAMHSA National Directory",
        "Rows read: 3",
        "3 added:",
        "0 rejected:",
        "1 QQQ",
        "Listings that say yes and no to the same thing, taken as not known: 1",
        "1 Buprenorphine (buprenorphine)",
        "1 point not usable, as in row 4",
        "Programs: 4",
        "2 Live-in treatment, over 30 days",
        "Listings in the file without a point on the map: 1",
        "Listings in the file that name no level of care: 1",
        "Done: 3 added, 0 changed.",
    ):
        assert expected in output


def test_a_second_import_says_that_nothing_changed(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row()])
    run(runner, "import", path)
    output = run(runner, "import", path)
    assert "Nothing differs from the directory: nothing was changed." in output
    assert "1 unchanged" in words(output)


def test_a_dry_run_says_so_and_changes_nothing(runner: FlaskCliRunner, tmp_path: Path) -> None:
    output = run(runner, "import", "--dry-run", write_csv(tmp_path / "a.csv", [row()]))
    assert "This was a dry run: nothing was changed." in output
    assert "1 added" in words(output)
    assert "Listings: 0" in run(runner, "show")


def test_a_dry_run_shows_each_value_that_would_change(runner: FlaskCliRunner, tmp_path: Path) -> None:
    names = [f"Place {n:02}" for n in range(51)]
    before, after = write_csv(tmp_path / "a.csv", rows_named(*names)), tmp_path / "b.csv"
    run(runner, "import", before)
    after.write_text(before.read_text("utf-8").replace("502-555-0100", "502-555-0111"), "utf-8")
    output = run(runner, "import", "--dry-run", after)
    assert "Place 00, Louisville, KY\n      Phone: 502-555-0100 -> 502-555-0111\n" in output
    assert "Place 50" not in output
    assert "and 1 more (--all lists them)" in output
    assert "Place 50, Louisville, KY" in run(runner, "import", "--dry-run", "--all", after)
    assert "Would change" not in run(runner, "import", after)


def test_an_import_tells_its_number_and_the_list_marks_one_that_was_taken_back(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    output = run(runner, "import", write_csv(tmp_path / "a.csv", [row()]))
    number = output.split("This is import ")[1].split(".")[0]
    assert f"flask directory undo-import {number}" in output
    assert "1 added" in run(runner, "show").splitlines()[-1]
    assert "Done: took 1 listing back." in run(runner, "undo-import", number)
    last = run(runner, "show").splitlines()[-1]
    assert last.split()[0] == number
    assert last.rstrip().endswith("taken back")


def test_each_rejected_row_is_named_with_its_reason(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row(), row(name1="")])
    path.write_text(path.read_text(encoding="utf-8") + "a,b\n", encoding="utf-8")
    output = run(runner, "import", path)
    assert "Row 3 was rejected: has no name." in output
    assert "Row 4 was rejected: has 2 cells where the header has 16." in output
    assert "2 rejected" in words(output)


def test_listings_that_are_gone_are_listed_the_first_fifty_or_all(runner: FlaskCliRunner, tmp_path: Path) -> None:
    run(runner, "import", write_csv(tmp_path / "a.csv", rows_named(*(f"Place {n:02}" for n in range(60)))))
    path = write_csv(tmp_path / "b.csv", [row()])
    output = run(runner, "import", "--dry-run", path)
    assert "Place 49, Louisville, KY" in output
    assert "Place 50" not in output
    assert "and 10 more" in output
    assert "Listings of this source that are not in the file: 60. None was deleted." in output
    assert "Place 59" in run(runner, "import", "--all", path)


def test_skipped_rows_are_counted_by_reason_and_taken_when_asked_for(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [locator_row("MH", "op")], locator_header("op"))
    output = run(runner, "import", path)
    assert "1 mental health only (no addiction treatment)" in words(output)
    assert "1 added" in words(run(runner, "import", "--include-mental-health", path))


def test_a_file_that_cannot_be_read_ends_with_a_reason(runner: FlaskCliRunner, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id,name\n1,x\n", encoding="utf-8")
    output = run(runner, "import", path, code=1)
    assert "none of the formats that are known" in output
    assert "Nothing was changed." in output
    output = run(runner, "import", write_csv(tmp_path / "b.csv", [], NATIONAL), code=1)
    assert "The file has no rows." in output
    run(runner, "import", tmp_path / "not there.csv", code=2)
    run(runner, "import", "--format", "word", path, code=2)


def test_an_unmigrated_database_ends_with_a_reason(tmp_path: Path) -> None:
    runner = make_app(f"sqlite:///{tmp_path / 'new.db'}").test_cli_runner()
    assert "flask setup" in run(runner, "import", write_csv(tmp_path / "a.csv", [row()]), code=1)
    assert "flask setup" in run(runner, "show", code=1)


def test_terminal_codes_in_a_file_do_not_reach_the_terminal(runner: FlaskCliRunner, tmp_path: Path) -> None:
    rows = [row(name1="\x1b[2JFirst [bold]x[/bold]\r\nForged", service_code_info="\x1b[31mQQ [red]")]
    run(runner, "import", write_csv(tmp_path / "a.csv", rows))
    output = run(runner, "import", write_csv(tmp_path / "b\x1b[31m.csv", [row(service_code_info="\x1b[31mQQ [red]")]))
    assert "\x1b" not in output
    assert "First [bold]x[/bold] Forged, Louisville, KY" in output
    assert "[RED]" in output


def test_show_counts_listings_programs_and_imports(runner: FlaskCliRunner, tmp_path: Path) -> None:
    run(runner, "import", write_csv(tmp_path / "a.csv", rows_named("First", "Second")))
    output = words(run(runner, "show"))
    assert "Listings: 2" in output
    assert "2 samhsa_national_directory: 2 with a point on the map" in output
    assert "Programs: 4" in output
    assert "samhsa_national_directory a.csv 2 read, 2 added" in output


def test_a_refusal_of_the_database_ends_with_a_reason(app: Flask, tmp_path: Path) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.update(DirectoryChange).values(latest=2**31 - 1))
        if db.engine.name == "sqlite":
            connection.exec_driver_sql("DROP TABLE import_run")
    output = run(app.test_cli_runner(), "import", write_csv(tmp_path / "a.csv", [row()]), code=1)
    assert "The database did not take the import" in output
    assert providers(db.engine) == {}
