"""`flask directory export` as somebody at a terminal sees it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from referral.extensions import db
from tests.conftest import make_app
from tests.exporters.worlds import content, fill, listing


@pytest.fixture
def runner(sqlite_url: str) -> Iterator[FlaskCliRunner]:
    app = make_app(sqlite_url)
    with app.app_context():
        yield app.test_cli_runner()
        db.engine.dispose()


def run(runner: FlaskCliRunner, *arguments: object, code: int = 0) -> str:
    result = runner.invoke(args=["directory", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def test_an_export_is_written_and_imported_back(runner: FlaskCliRunner, tmp_path: Path) -> None:
    fill(db.engine, [listing("One", state="KY"), listing("Two", state="OH")])
    before = content(db.engine)
    for name in ("a.csv", "a.xlsx", "a.json"):
        assert f"Wrote 2 listings to {tmp_path / name}." in run(runner, "export", tmp_path / name)
        output = run(runner, "import", tmp_path / name)
        assert "Onward's own format" in output
        assert "Nothing differs from the directory: nothing was changed." in output
    assert content(db.engine) == before


def test_the_kind_a_state_and_no_notes_can_be_asked_for(runner: FlaskCliRunner, tmp_path: Path) -> None:
    fill(db.engine, [listing("One", state="KY", staff_note="x"), listing("Two", state="OH")])
    path = tmp_path / "directory"
    assert "--format" in run(runner, "export", path, code=1)
    run(runner, "export", path, "--format", "json", "--state", "ky", "--without-staff-notes")
    (one,) = json.loads(path.read_text(encoding="utf-8"))["listings"]
    assert one["name"] == "One"
    assert "staff_note" not in one
    run(runner, "export", path, "--format", "json", "--state", "XX", code=2)


def test_a_failure_leaves_the_file_that_was_there_and_nothing_beside_it(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    (tmp_path / "out").mkdir()
    path = tmp_path / "out" / "a.json"
    path.write_text("what was there", encoding="utf-8")
    fill(db.engine, [listing(f"{n}") for n in range(800)])
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE provider SET facts = '{' WHERE id = 800")
    assert runner.invoke(args=["directory", "export", str(path)]).exit_code != 0
    assert path.read_text(encoding="utf-8") == "what was there"
    assert list(path.parent.iterdir()) == [path]
    assert "No such file" in run(runner, "export", tmp_path / "nowhere" / "a.csv", code=1)


def test_an_unmigrated_database_ends_with_a_reason(tmp_path: Path) -> None:
    runner = make_app(f"sqlite:///{tmp_path / 'new.db'}").test_cli_runner()
    assert "flask setup" in run(runner, "export", tmp_path / "a.csv", code=1)
