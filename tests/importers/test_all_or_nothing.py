"""An import that is stopped anywhere leaves the directory as it was (THREATS 1, 4, 5)."""

from __future__ import annotations

import os
import random
import select
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from referral.importers.report import Report
from tests.conftest import make_app
from tests.importers.loading import everything, import_file, levels, providers
from tests.importers.made_files import row, rows_named, write_csv
from tests.rounds import IS_TORTURE

N_KILLS = 1000 if IS_TORTURE else 5
STOPS = ("before_cursor_execute", "commit")


class StoppedError(Exception):
    pass


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    app = make_app(database_url)
    with app.app_context():
        from referral.extensions import db

        yield db.engine
        db.engine.dispose()


@contextmanager
def stopping(engine: sa.Engine, at: int, stop: Any) -> Iterator[list[int]]:
    """Call `stop` at the n-th statement or commit of this engine, counted from 1."""
    seen = [0]

    def count(*_arguments: Any) -> None:
        seen[0] += 1
        if seen[0] == at:
            stop()

    for name in STOPS:
        event.listen(engine, name, count)
    try:
        yield seen
    finally:
        for name in STOPS:
            event.remove(engine, name, count)


def newer_file(tmp_path: Path) -> tuple[Path, Path]:
    """A file, and a newer one with one listing added, one changed, one merged and one gone."""
    older = write_csv(tmp_path / "older.csv", rows_named("First", "Second", "Third"))
    changed = row(name1="Second", phone="502-555-0199", service_code_info="OP OIT MC")
    return older, write_csv(tmp_path / "newer.csv", [row(name1="First"), changed, *rows_named("Fourth", "Fourth")])


PROGRAMS_OF_NEWER_FILE = {
    **{name: {"detox_outpatient", "residential_long"} for name in ("First", "Third", "Fourth")},
    "Second": {"intensive_outpatient"},
}


def programs(engine: sa.Engine) -> dict[str, set[str]]:
    """The levels of each provider."""
    return {name: set(levels(engine, name)) for name in providers(engine)}


def stop_by_error() -> None:
    raise StoppedError


def test_an_error_at_any_statement_leaves_everything_as_it_was(engine: sa.Engine, tmp_path: Path) -> None:
    older, newer = newer_file(tmp_path)
    import_file(engine, older)
    before = everything(engine)
    for number in range(1, 200):
        with stopping(engine, number, stop_by_error) as seen:
            try:
                report: Report | None = import_file(engine, newer)
            except StoppedError:
                report = None
        if seen[0] < number:
            break
        assert report is None
        assert everything(engine) == before, f"half an import after statement {number}"
    assert number > 15
    assert programs(engine) == PROGRAMS_OF_NEWER_FILE
    assert [run[-2]["added"] for run in everything(engine)["import_run"]] == [3, 1]


def test_a_killed_import_leaves_everything_as_it_was(database_url: str, engine: sa.Engine, tmp_path: Path) -> None:
    older, newer = newer_file(tmp_path)
    import_file(engine, older)
    before = everything(engine)
    engine.dispose()
    for number in range(1, 200):
        status = ended(start_import(database_url, newer, number))
        assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
        after = everything(engine)
        is_done = after != before
        engine.dispose()
        if is_done:
            break
    assert number > 15
    assert programs(engine) == PROGRAMS_OF_NEWER_FILE
    assert os.WIFEXITED(status)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def start_import(database_url: str, path: Path, kill_at: int = 0) -> int:
    """Import in a forked process, which kills itself at the n-th statement; give its number."""
    child = os.fork()
    if not child:
        try:
            import_and_die(database_url, path, kill_at)
        finally:
            os._exit(1)
    return child


def ended(child: int) -> int:
    return os.waitpid(child, 0)[1]


def import_and_die(database_url: str, path: Path, number: int) -> None:
    app = make_app(database_url)
    with app.app_context():
        from referral.extensions import db

        with stopping(db.engine, number, lambda: os.kill(os.getpid(), signal.SIGKILL)):
            import_file(db.engine, path)
    os._exit(0)


def test_an_import_killed_at_any_moment_is_whole_or_not_there(sqlite_url: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", rows_named(*(f"Place {n}" for n in range(500))))
    engine = sa.create_engine(sqlite_url, poolclass=sa.NullPool)
    started = time.monotonic()
    assert ended(start_import(sqlite_url, path)) == 0
    took = time.monotonic() - started
    moments = random.Random(7)  # the same moments each time, as far as the machine allows
    for number in range(N_KILLS):
        write_csv(path, rows_named(*(f"Place {n}" for n in range(500)), phone=f"502-555-01{number % 100:02}"))
        n_runs = len(everything(engine)["import_run"])
        child = start_import(sqlite_url, path)
        select.select([], [], [], moments.uniform(0, took))
        os.kill(child, signal.SIGKILL)
        ended(child)
        after = everything(engine)
        assert len({(provider.change, provider.phone) for provider in providers(engine).values()}) == 1
        assert len(after["import_run"]) - n_runs in (0, 1)
        assert (len(after["provider"]), len(after["program"])) == (500, 1000)


def test_a_full_disk_leaves_everything_as_it_was_and_the_site_goes_on(sqlite_url: str, tmp_path: Path) -> None:
    with make_app(sqlite_url).app_context():
        from referral.extensions import db

        import_file(db.engine, write_csv(tmp_path / "a.csv", [row()]))
        before = everything(db.engine)
        many = write_csv(tmp_path / "b.csv", rows_named(*(f"Place {n}" for n in range(3000))))

        def limit_pages(connection: Any, _record: Any, _proxy: Any) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages + 20}")

        event.listen(db.engine, "checkout", limit_pages)
        with pytest.raises(OperationalError, match="full"):
            import_file(db.engine, many)
        event.remove(db.engine, "checkout", limit_pages)
        db.engine.dispose()
        assert everything(db.engine) == before
        assert import_file(db.engine, many).added == 3000
        db.engine.dispose()


def test_two_imports_at_once_add_each_listing_once(engine: sa.Engine, database_url: str, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", rows_named("First", "Second"))
    engine.dispose()
    child = start_import(database_url, path)
    import_file(engine, path)
    assert ended(child) == 0
    assert sorted(provider[1] for provider in everything(engine)["provider"]) == ["First", "Second"]
    assert [run[-2]["added"] for run in everything(engine)["import_run"]] == [2]
