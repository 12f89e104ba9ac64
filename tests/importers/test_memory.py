"""Memory does not grow with the rows of a file; other writers wait for one short transaction (THREATS 9, 10)."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import event

from config import ROOT
from referral.extensions import db
from tests.conftest import make_app
from tests.importers.loading import import_file
from tests.importers.made_files import row, rows_named, write_csv

IMPORT_AND_MEASURE = """
import sys
from pathlib import Path
from referral.extensions import db
from tests.conftest import make_app
from tests.importers.loading import import_file

with make_app(sys.argv[1]).app_context():
    for path in sys.argv[2:]:
        import_file(db.engine, Path(path))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) * 1024)
"""
"""VmHWM and not ru_maxrss, in which the size of the process that started it lives on."""
MAX_GROWTH = 12_000_000
"""Bytes by which the peak may grow from 1,000 to 12,000 rows."""


def peak_bytes(database_url: str, *paths: Path) -> int:
    arguments = [sys.executable, "-c", IMPORT_AND_MEASURE, database_url, *map(str, paths)]
    return int(subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


def test_memory_is_flat_in_the_number_of_rows(sqlite_url: str, tmp_path: Path) -> None:
    small = write_csv(tmp_path / "small.csv", rows_named(*(f"Place {n}" for n in range(1000))))
    large = write_csv(tmp_path / "large.csv", rows_named(*(f"Place {n}" for n in range(12_000))))
    changed = write_csv(tmp_path / "changed.csv", [row(name1=f"Place {n}", phone="") for n in range(12_000)])
    assert peak_bytes(sqlite_url, large, changed) - peak_bytes(sqlite_url, small) < MAX_GROWTH


def test_other_writers_wait_only_for_the_last_short_transaction(sqlite_url: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", rows_named(*(f"Place {n}" for n in range(12_000))))
    with make_app(sqlite_url).app_context():
        held: list[float] = []

        @event.listens_for(db.engine, "before_cursor_execute")
        def on_statement(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            if "directory_change SET" in statement:
                held.append(time.monotonic())

        @event.listens_for(db.engine, "commit")
        def on_commit(_connection: object) -> None:
            held.append(time.monotonic())

        started = time.monotonic()
        import_file(db.engine, path)
        took = time.monotonic() - started
        db.engine.dispose()
    assert held[-1] - held[-2] < took / 3
