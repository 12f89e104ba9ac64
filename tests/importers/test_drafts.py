"""An import on its way: kept in pieces, compared, shown, applied; and stopped at any moment."""

from __future__ import annotations

import gzip
import io
import os
import random
import signal
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.history import act
from referral.importers.drafts import kept
from referral.importers.drafts.tasks import CHANGED_MEANWHILE, run
from referral.importers.drafts.work import AtWork, SupersededError
from referral.importers.reading.files import UnreadableFileError
from referral.models import (
    Act,
    Correction,
    ImportDraft,
    ImportDraftChunk,
    ImportDraftRow,
    ImportRun,
    Provider,
    utc_now,
)
from tests.conftest import make_app
from tests.importers.drafting import begun, draft_of, make_dead, rows_of, sent, work
from tests.importers.loading import everything, import_file, providers
from tests.importers.made_files import NATIONAL, row, rows_named, sheet_of, write_csv, write_xlsx
from tests.importers.test_all_or_nothing import ended, stopping


@pytest.fixture
def engine(app: Flask) -> sa.Engine:
    return db.engine


def corrected(name: str, **values: Any) -> None:
    """Somebody corrects a listing."""
    with act(db.session, "edit", why="They said so."):
        provider = db.session.scalars(sa.select(Provider).where(Provider.name == name)).one()
        for field, value in values.items():
            setattr(provider, field, value)
        db.session.commit()


def newer_file(folder: Path) -> Path:
    """One listing comes, one changes, one is corrected by staff and said otherwise, one stays, one is gone."""
    import_file(db.engine, write_csv(folder / "older.csv", rows_named("Gone", "Changed", "Corrected", "Same")))
    corrected("Corrected", phone="502-555-0177")
    newer = [
        row(name1="Changed", phone="502-555-0199", service_code_info="OP OIT OD MC"),
        row(name1="Corrected", phone="502-555-0188"),
        *rows_named("Same", "New"),
        row(name1=""),
    ]
    return write_csv(folder / "newer.csv", newer)


def n_chunks(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(ImportDraftChunk)).scalar_one()


def test_a_file_comes_out_of_the_pieces_as_it_went_in(engine: sa.Engine) -> None:
    content = random.Random(1).randbytes(2_500_000)
    number = kept.store(engine, io.BytesIO(content), "C:\\lists\\my\x07 list.csv", user_id=None, options={})
    assert n_chunks(engine) == 3
    with kept.opened(engine, number) as source:
        assert source.stream.read() == content
        assert source.name == "my list.csv"


def test_a_packed_file_is_read_unpacked(engine: sa.Engine, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row()])
    number = kept.store(engine, io.BytesIO(gzip.compress(path.read_bytes())), "a.csv.gz", user_id=None, options={})
    assert work(engine, number).counts["added"] == 1


@pytest.mark.parametrize(("size", "reason"), [(0, "empty"), (kept.MAX_UPLOAD_BYTES + 1, "larger than 50 MB")])
def test_a_file_that_is_empty_or_too_large_is_not_kept(sqlite_url: str, size: int, reason: str) -> None:
    engine = sa.create_engine(sqlite_url, poolclass=sa.NullPool)
    with pytest.raises(UnreadableFileError, match=reason):
        kept.store(engine, io.BytesIO(bytes(size)), "a.csv", user_id=None, options={})
    assert n_chunks(engine) == 0


def test_a_file_that_lost_a_piece_is_found_out(engine: sa.Engine) -> None:
    number = kept.store(engine, io.BytesIO(b"x" * 1_500_000), "a.csv", user_id=None, options={})
    with kept.writing(engine) as connection:
        connection.execute(sa.delete(ImportDraftChunk).where(ImportDraftChunk.number == 1))
    draft = work(engine, number)
    assert (draft.status, "did not arrive whole" in draft.message) == ("failed", True)


def test_a_comparison_lists_what_would_happen_and_changes_nothing(engine: sa.Engine, tmp_path: Path) -> None:
    path = newer_file(tmp_path)
    before = everything(engine)
    number = sent(engine, path)
    draft = work(engine, number)
    assert (draft.status, draft.source) == ("compared", "samhsa_national_directory")
    counts = {name: draft.counts[name] for name in ("added", "changed", "unchanged", "gone", "kept", "rejected")}
    assert counts == {"added": 1, "changed": 2, "unchanged": 1, "gone": 1, "kept": 1, "rejected": 1}
    assert [one.label for one in rows_of(engine, number, "added")] == ["New, Louisville, KY"]
    assert [one.label for one in rows_of(engine, number, "gone")] == ["Gone, Louisville, KY"]
    changed, kept_only = rows_of(engine, number, "changed")
    assert changed.label == "Changed, Louisville, KY"
    assert ["phone", "502-555-0100", "502-555-0199"] in changed.detail
    assert ["facts.takes_medicare", False, True] in changed.detail
    assert ["program", None, {"level": "intensive_outpatient"}] in changed.detail
    assert {change[0] for change in changed.detail} >= {"phone", "program"}
    assert not {change[0] for change in changed.detail} & {"source_content", "import_run_id"}
    assert (kept_only.label, kept_only.detail) == ("Corrected, Louisville, KY", [])
    (kept,) = rows_of(engine, number, "kept")
    assert kept.detail == [["phone", "502-555-0177", "502-555-0188"]]
    (rejected,) = rows_of(engine, number, "rejected")
    assert (rejected.row, rejected.detail) == (6, "has no name")
    assert draft.counts["fields"]["phone"] == 1
    assert everything(engine) == before


def test_comparing_again_lists_everything_once(engine: sa.Engine, tmp_path: Path) -> None:
    number = sent(engine, newer_file(tmp_path))
    first = work(engine, number).counts
    assert work(engine, number).counts == first
    assert len(rows_of(engine, number, "changed")) == 2


def test_applying_does_what_was_shown_and_lets_the_file_go(engine: sa.Engine, tmp_path: Path) -> None:
    number = sent(engine, newer_file(tmp_path))
    work(engine, number)
    draft = work(engine, number, "apply")
    assert draft.status == "applied"
    found = providers(engine)
    assert (found["Changed"].phone, found["Corrected"].phone, "New" in found) == (
        "502-555-0199",
        "502-555-0177",
        True,
    )
    with engine.connect() as connection:
        select = sa.select(Act.why, ImportRun.counts).join(ImportRun, ImportRun.id == Act.import_run_id)
        why, counts = connection.execute(select.where(ImportRun.id == draft.import_run_id)).one()
    assert (why, counts["added"], counts["changed"]) == ("It is time.", 1, 2)
    assert n_chunks(engine) == 0
    assert len(rows_of(engine, number, "gone")) == 1


def test_a_directory_that_changed_meanwhile_is_compared_again_before_anything_is_applied(
    engine: sa.Engine, tmp_path: Path
) -> None:
    number = sent(engine, newer_file(tmp_path))
    work(engine, number)
    corrected("Changed", phone="502-555-0166")
    before = everything(engine)
    draft = work(engine, number, "apply")
    assert (draft.status, draft.message) == ("compared", CHANGED_MEANWHILE)
    assert everything(engine) == before
    assert len(rows_of(engine, number, "kept")) == 2
    assert work(engine, number, "apply").status == "applied"
    assert providers(engine)["Changed"].phone == "502-555-0166"


def test_a_change_elsewhere_does_not_hold_an_import_up(engine: sa.Engine, tmp_path: Path) -> None:
    number = sent(engine, newer_file(tmp_path))
    work(engine, number)
    corrected("Same", staff_note="Called.")
    assert work(engine, number, "apply").status == "applied"


def test_a_file_that_changes_nothing_is_applied_without_a_run(engine: sa.Engine, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "a.csv", [row()])
    import_file(engine, path)
    number = sent(engine, path)
    assert work(engine, number).counts["unchanged"] == 1
    draft = work(engine, number, "apply")
    assert (draft.status, draft.import_run_id) == ("applied", None)


def dying(database_url: str, draft_id: int, claimed_at: Any, number: int) -> int:
    """Apply in a forked process that kills itself at the n-th statement; give its number."""
    child = os.fork()
    if child:
        return child
    try:
        with (
            make_app(database_url).app_context(),
            stopping(db.engine, number, lambda: os.kill(os.getpid(), signal.SIGKILL)),
        ):
            run(db.engine, draft_id, "apply", claimed_at)
        os._exit(0)
    finally:
        os._exit(1)


def test_an_import_killed_while_it_is_applied_is_whole_or_not_there_and_goes_on_once(
    database_url: str, tmp_path: Path
) -> None:
    with make_app(database_url).app_context():
        engine = db.engine
        number = sent(engine, newer_file(tmp_path))
        work(engine, number)
        before = everything(engine)
        asked = {"user_id": None, "why": "", "at": utc_now().isoformat()}
        at, n_killed = 0, 0
        while True:
            at += 5
            make_dead(engine, number)
            with kept.writing(engine) as connection:
                claimed_at = kept.claim(connection, number, "applying", options={"apply": asked})
            engine.dispose()
            status = ended(dying(database_url, number, claimed_at, at))
            if not os.WIFSIGNALED(status):
                break
            n_killed += 1
            after = everything(engine)
            if after != before:
                assert len(after["import_run"]) == len(before["import_run"]) + 1
                assert providers(engine)["Changed"].phone == "502-555-0199"
            else:
                assert draft_of(engine, number).status == "applying"
        assert os.WEXITSTATUS(status) == 0
        assert n_killed > 3
        draft = draft_of(engine, number)
        assert draft.status == "applied"
        assert [run[0] for run in everything(engine)["import_run"]][-1] == draft.import_run_id
        assert len(everything(engine)["import_run"]) == len(before["import_run"]) + 1
        engine.dispose()


def test_a_process_that_was_taken_for_dead_writes_nothing_more(engine: sa.Engine, tmp_path: Path) -> None:
    number = sent(engine, newer_file(tmp_path))
    with kept.writing(engine) as connection:
        first = kept.claim(connection, number, "comparing")
        assert kept.claim(connection, number, "comparing") is None, "one is at work"
    make_dead(engine, number)
    assert kept.is_interrupted(draft_of(engine, number), utc_now())
    with kept.writing(engine) as connection:
        second = kept.claim(connection, number, "comparing")
    assert first is not None
    assert second is not None
    run(engine, number, "compare", first)
    assert draft_of(engine, number).status == "comparing"
    assert rows_of(engine, number, "added") == []
    run(engine, number, "compare", second)
    assert draft_of(engine, number).status == "compared"


def test_a_draft_that_is_discarded_stops_its_process(engine: sa.Engine, tmp_path: Path) -> None:
    number = sent(engine, newer_file(tmp_path))
    with kept.writing(engine) as connection:
        claimed_at = kept.claim(connection, number, "comparing")
    assert claimed_at is not None
    at_work = AtWork(engine, number, claimed_at)
    at_work.write(n_rows_done=1)
    with kept.writing(engine) as connection:
        assert kept.discard(connection, number)
    with pytest.raises(SupersededError):
        at_work.write(n_rows_done=2)
    assert n_chunks(engine) == 0


def test_what_is_being_applied_or_was_applied_cannot_be_discarded(engine: sa.Engine, tmp_path: Path) -> None:
    number = sent(engine, newer_file(tmp_path))
    work(engine, number)
    with kept.writing(engine) as connection:
        kept.claim(connection, number, "applying")
        assert not kept.discard(connection, number)
    make_dead(engine, number)
    with kept.writing(engine) as connection:
        assert kept.claim(connection, number, "comparing") is None
    with kept.writing(engine) as connection:
        assert kept.discard(connection, number)


def test_drafts_go_after_a_month_with_all_that_belongs_to_them(engine: sa.Engine, tmp_path: Path) -> None:
    path = newer_file(tmp_path)
    old, young = sent(engine, path), sent(engine, path)
    for number in (old, young):
        work(engine, number)
    assert kept.delete_old(engine) == 0
    with kept.writing(engine) as connection:
        long_ago = utc_now() - timedelta(days=kept.KEPT_DAYS, minutes=1)
        connection.execute(sa.update(ImportDraft).where(ImportDraft.id == old).values(alive_at=long_ago))
    assert kept.delete_old(engine) == 1
    with engine.connect() as connection:
        for model in (ImportDraftChunk, ImportDraftRow):
            assert set(connection.execute(sa.select(model.draft_id)).scalars()) == {young}


def test_a_table_of_no_known_format_waits_for_its_columns_to_be_named(engine: sa.Engine, tmp_path: Path) -> None:
    path = tmp_path / "county.csv"
    path.write_text("Facility,Address,Zip,Type\nBlue Door,1 Main Street,40202,Outpatient\n", "utf-8")
    number = sent(engine, path)
    draft = work(engine, number)
    assert (draft.status, draft.message) == ("uploaded", "")
    assert [column["name"] for column in draft.options["sample"]["columns"]] == ["facility", "address", "zip", "type"]
    assert draft.options["suggested"]["columns"]["facility"]["role"] == "name"
    rules = {"rules": draft.options["suggested"], "mapping_source": "list:county"}
    with kept.writing(engine) as connection:
        connection.execute(sa.update(ImportDraft).values(options={**draft.options, **rules}))
    assert work(engine, number).counts["added"] == 1
    assert work(engine, number, "apply").status == "applied"
    assert providers(engine)["Blue Door"].source == "list:county"


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", bytes(60_000_000))
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0" + bytes(600)),
        ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(600)),
        ("paper.pdf", b"%PDF-1.7\n" + b"x" * 600),
        ("broken.xlsx", b"PK\x03\x04" + b"x" * 600),
        ("broken.csv.gz", b"\x1f\x8b" + b"x" * 600),
        ("nul.csv", b"\0" * 600),
        ("header.csv", b"name1,service_code_info\n"),
        ("truncated.csv.gz", gzip.compress(bytes(3_000_000))[:-9]),
        ("wide.csv", b",".join(b"c%d" % number for number in range(5000)) + b"\n"),
        ("line.csv", b"name1,service_code_info\n" + b"x" * 1_500_000 + b",OP\n"),
        ("twice.json", b'{"rows": [{"name1": "a", "name1": "b"}, {"x": 1e999}]}'),
        ("deep.json", b'{"rows": ' + b"[" * 200_000),
        ("numbers.json", b'{"rows": [{"name1": NaN}, {"name1": ' + b"9" * 5000 + b"}]}"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(sqlite_url: str, tmp_path: Path, name: str, content: bytes) -> None:
    with make_app(sqlite_url).app_context():
        (tmp_path / name).write_bytes(content)
        number = sent(db.engine, tmp_path / name)
        draft = work(db.engine, number)
        assert draft.status == "failed"
        assert len(draft.message) > 15
        db.engine.dispose()


def test_a_bomb_is_refused_by_what_it_says_of_itself(sqlite_url: str, tmp_path: Path) -> None:
    with make_app(sqlite_url).app_context():
        draft = work(db.engine, sent(db.engine, bomb(tmp_path / "bomb.xlsx")))
        assert (draft.status, "far too large" in draft.message) == ("failed", True)
        db.engine.dispose()


def test_a_workbook_is_recognised_by_what_stands_in_it(sqlite_url: str, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "county list.bin", {"Facilities": sheet_of([row()], NATIONAL)})
    with make_app(sqlite_url).app_context():
        draft = work(db.engine, sent(db.engine, path))
        assert (draft.status, draft.source) == ("compared", "samhsa_national_directory")
        db.engine.dispose()


def test_an_error_of_ours_is_written_into_the_draft(engine: sa.Engine, tmp_path: Path) -> None:
    number = sent(engine, newer_file(tmp_path))
    with kept.writing(engine) as connection:
        connection.execute(sa.update(ImportDraft).values(options={"rules": {"columns": {"name1": {"role": "name"}}}}))
    with pytest.raises(KeyError):
        begun(engine, number)
    draft = draft_of(engine, number)
    assert (draft.status, "not your fault" in draft.message) == ("failed", True)
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(Correction)).scalar_one() == 1
