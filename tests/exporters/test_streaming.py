"""An export is sent while it is read: memory does not grow with the directory, and half a file is never whole."""

from __future__ import annotations

import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import IO

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from referral.exporters import FORMATS, Choice, open_export
from tests.exporters.worlds import engine_of, fill, listing, program

FACTS = dict.fromkeys(("takes_medicaid", "takes_medicare", "spanish", "telehealth", "accepts_men"), True)


def peak_of(engine: sa.Engine, kind: str) -> int:
    """Bytes that an export holds at most, with nothing kept of what it gives."""
    tracemalloc.start()
    with open_export(engine, Choice()) as export:
        for _block in FORMATS[kind].write(export):
            pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def write_all(engine: sa.Engine, kind: str, file: IO[bytes]) -> None:
    with open_export(engine, Choice()) as export:
        for block in FORMATS[kind].write(export):
            file.write(block)


@pytest.mark.parametrize("kind", FORMATS)
def test_memory_is_flat_in_the_number_of_listings(sqlite_template: Path, tmp_path: Path, kind: str) -> None:
    with engine_of(sqlite_template, tmp_path) as engine:
        fill(engine, [listing(f"{n}", facts=FACTS, programs=[program()]) for n in range(1200)])
        peak_of(engine, kind)  # what is made once is made now
        small = peak_of(engine, kind)
        fill(engine, [listing(f"{n}", facts=FACTS, programs=[program()]) for n in range(1200, 3600)])
        assert peak_of(engine, kind) < small + 2_000_000


@pytest.mark.parametrize("kind", FORMATS)
def test_the_first_block_is_there_before_most_of_the_directory_is_read(
    sqlite_template: Path, tmp_path: Path, kind: str
) -> None:
    statements: list[str] = []
    with engine_of(sqlite_template, tmp_path) as engine:
        fill(engine, [listing(f"{n}") for n in range(3000)])

        @event.listens_for(engine, "before_cursor_execute")
        def on_statement(_c: object, _cursor: object, statement: str, *_rest: object) -> None:
            statements.append(statement)

        with open_export(engine, Choice()) as export:
            blocks = FORMATS[kind].write(export)
            next(blocks)
            n_first = len(statements)
            assert sum(len(block) > 0 for block in blocks) > 2
    assert n_first < 7 < len(statements)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_that_breaks_off_cannot_be_taken_for_a_whole_one(
    sqlite_template: Path, tmp_path: Path, kind: str
) -> None:
    """Facts that are no JSON in the last listing make the reading fail in the middle."""
    path = tmp_path / f"a.{kind}"
    with engine_of(sqlite_template, tmp_path) as engine:
        fill(engine, [listing(f"{n}") for n in range(1500)])
        with engine.connect().execution_options(is_write=True) as connection, connection.begin():
            connection.exec_driver_sql("UPDATE provider SET facts = '{' WHERE id = 1500")
        with path.open("wb") as file, pytest.raises(json.JSONDecodeError):
            write_all(engine, kind, file)
        assert engine.pool.checkedin() == 1, "the connection is given back"  # type: ignore[attr-defined]
    assert path.stat().st_size > 1000
    if kind == "json":
        with pytest.raises(json.JSONDecodeError):
            json.loads(path.read_text(encoding="utf-8"))
    elif kind == "xlsx":
        with pytest.raises(zipfile.BadZipFile):
            zipfile.ZipFile(path)
