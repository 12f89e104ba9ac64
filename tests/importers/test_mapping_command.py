"""`flask directory mappings` and `flask directory import --mapping` as somebody at a terminal sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from referral.extensions import db
from tests.conftest import make_app
from tests.importers.loading import providers

FILES = Path(__file__).parent / "files"
COUNTY = FILES / "county_list.csv"


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


def test_a_list_comes_in_by_a_suggestion_that_is_checked_and_kept(runner: FlaskCliRunner, tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    assert "no mappings" in run(runner, "mappings", "list")
    output = run(runner, "mappings", "suggest", COUNTY, rules)
    assert "Not mapped: loc: Inpatient, 1 times" in output
    checked = json.loads(rules.read_text(encoding="utf-8"))
    checked["constants"] = {"state": "KY"}
    checked["columns"]["loc"]["values"]["inpatient"] = {"levels": ["hospital_inpatient"]}
    rules.write_text(json.dumps(checked), encoding="utf-8")
    run(runner, "mappings", "import-json", "Marigold County", rules)
    assert "Marigold County  (list:marigold-county)" in run(runner, "mappings", "list")
    shown = run(runner, "mappings", "show", "Marigold County")
    assert "When loc is residential and max days is > 30" in shown
    assert "In every row state is KY" in shown
    assert json.loads(run(runner, "mappings", "export-json", "Marigold County")) == checked
    output = run(runner, "import", COUNTY, "--mapping", "Marigold County", "--dry-run")
    assert "list:marigold-county" in output
    assert "Row 11 was rejected: has a name and nothing else." in output
    assert providers(db.engine) == {}
    run(runner, "import", COUNTY, "--mapping", "Marigold County")
    stored = providers(db.engine)["Bluff Center"]
    assert (stored.source, stored.state) == ("list:marigold-county", "KY")
    assert "Nothing differs" in run(runner, "import", COUNTY, "--mapping", "Marigold County")


def test_what_cannot_be_used_is_told_and_changes_nothing(runner: FlaskCliRunner, tmp_path: Path) -> None:
    rules = tmp_path / "rules.json"
    for text, message in (
        ("{", "Nothing was changed."),
        ('{"columns": {}}', "No column is the name."),
        ("[" * 9999, ""),
    ):
        rules.write_text(text, encoding="utf-8")
        assert message in run(runner, "mappings", "import-json", "x", rules, code=1)
    assert "There is no mapping x." in run(runner, "import", COUNTY, "--mapping", "x", code=1)
    assert "There is no mapping x." in run(runner, "mappings", "show", "x", code=1)
    rules.write_text("{}", encoding="utf-8")
    assert "no table" in run(runner, "mappings", "suggest", rules, code=1)


def test_an_unmigrated_database_ends_with_a_reason(tmp_path: Path) -> None:
    runner = make_app(f"sqlite:///{tmp_path / 'new.db'}").test_cli_runner()
    assert "flask setup" in run(runner, "mappings", "list", code=1)
    assert "flask setup" in run(runner, "import", COUNTY, "--mapping", "x", code=1)
