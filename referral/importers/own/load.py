"""Records of our own format into the directory: each row names its listing, so a file may hold those of any source.

What a row says is the word of whoever sends the file: it is compared with the listing itself, not with what a source
said before, and where it then differs from its source that is kept as a correction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from referral.history import act, act_number
from referral.importers.loading.keeping import Corrected
from referral.importers.loading.load import MAX_COMPARISONS, TOO_BUSY
from referral.importers.loading.staging import STAGED, Staging
from referral.importers.messages import say
from referral.importers.own.compare import CHUNK, compare, compare_again
from referral.importers.own.copies import (
    analyze,
    at_copies,
    at_directory,
    copied,
    copy,
    create_copies,
    forget,
    has_new_listings,
    moved_since,
    take_over,
    with_new_numbers,
)
from referral.importers.own.numbers import Numbers, last_given, program_ids, raise_sequences
from referral.importers.own.wanted import from_plain, wanted_columns, wanted_differences, wanted_programs
from referral.importers.reading.files import UnreadableFileError
from referral.importers.records import OwnRecord, Rejected, Skipped
from referral.importers.report import Gone, Report
from referral.models import Act, Change, DirectoryChange, ImportRun, Program, Provider, changed
from referral.models.correcting import correction_changes, corrections_of, keep_corrections_of
from referral.models.recording import POINT, PROGRAM, PROVIDER, Difference, program_values
from referral.models.tracking import write_changes
from referral.vocabulary.words import N_


def load_own(
    engine: sa.Engine,
    source: str,
    items: Iterable[OwnRecord | Rejected],
    *,
    file_name: str = "",
    file_sha256: str = "",
    user_id: int | None = None,
    why: str = "",
    is_dry_run: bool = False,
    tell: Callable[[Rejected | Skipped | Gone], None] = lambda _: None,
    look: Callable[[sa.Connection, Report, Corrected], None] = lambda *_: None,
) -> Report:
    """Bring listings to what a file of our own says; give the counts. Like importers.loading.load in all else.

    A listing keeps its number where this directory never gave it to another. No listing is gone because a file does
    not have it. Raises UnreadableFileError when no row could be used, or when somebody changed one of the listings
    while the file was compared.
    """
    report = Report(source)
    run = {"source": source, "file_name": file_name, "file_sha256": file_sha256}
    author = {"user_id": user_id, "why": why}
    with engine.connect() as connection, engine.connect() as copies:
        try:
            Staging(connection, report).create()
            create_copies(copies)
            seen = _counter(connection)
            compare(connection, items, report, tell)
            if report.read == report.rejected:
                what = N_("No row of the file could be used.") if report.read else N_("The file has no rows.")
                raise UnreadableFileError(say(what))
            for moved in _attempts(connection, copies, report, run, author, seen, look, is_dry_run=is_dry_run):
                forget(copies, moved.ids)
                compare_again(connection, moved.ids, report, tell, with_new=moved.has_new)
            return report
        finally:
            # The temporary tables go with their connections.
            connection.invalidate()
            copies.invalidate()


def _attempts(
    connection: sa.Connection,
    copies: sa.Connection,
    report: Report,
    run: dict[str, str],
    author: dict[str, Any],
    seen: int,
    look: Callable[[sa.Connection, Report, Corrected], None],
    *,
    is_dry_run: bool,
) -> Iterator[_Moved]:
    """Write what was compared. While that is out of date, give what has to be compared again before the next attempt.

    Raises UnreadableFileError when others never stop changing the directory.
    """
    numbers: Numbers | None = None
    for _ in range(MAX_COMPARISONS):
        report.check()
        look(connection, report, Corrected())
        if report.is_without_effect:
            return
        numbers = numbers or _numbers(connection)
        _prepare(connection, copies, numbers, author)
        moved = _take_over(copies, report, run, author, numbers, seen, is_dry_run=is_dry_run)
        if moved is None:
            return
        seen = moved.seen
        numbers = None if moved.has_new else numbers
        yield moved
    raise UnreadableFileError(TOO_BUSY)


def _counter(connection: sa.Connection) -> int:
    with connection.begin():
        return connection.execute(sa.select(DirectoryChange.latest)).scalar_one()


def _numbers(connection: sa.Connection) -> Numbers:
    with connection.begin():
        last = last_given(connection)
    return Numbers(_records(connection, "added"), last)


def _staged(connection: sa.Connection, outcome: str) -> Iterator[list[tuple[int, OwnRecord]]]:
    """(number of the listing, record) of the rows with this outcome, in the order of the file."""
    last = 0
    while True:
        select = sa.select(STAGED.c.id, STAGED.c.provider_id, STAGED.c.record)
        select = select.where(STAGED.c.outcome == outcome, STAGED.c.id > last).order_by(STAGED.c.id).limit(CHUNK)
        with connection.begin():
            rows = connection.execute(select).all()
        if not rows:
            return
        last = rows[-1].id
        yield [(row.provider_id or 0, from_plain(json.loads(row.record))) for row in rows]


def _records(connection: sa.Connection, outcome: str) -> Iterator[list[OwnRecord]]:
    for found in _staged(connection, outcome):
        yield [record for _, record in found]


def _prepare(connection: sa.Connection, copies: sa.Connection, numbers: Numbers, author: dict[str, Any]) -> None:
    """Change copies of the listings as the staged rows say, where that was not done yet."""
    for found in _staged(connection, "changed"):
        done = copied(copies, [number for number, _ in found])
        records = [one for one in found if one[0] not in done]
        if records:
            copy(copies, [number for number, _ in records])
            with _writing(copies, author) as session:
                _change(session, records, numbers, author["user_id"])
    if has_new_listings(copies, numbers.last):
        return
    for added in _records(connection, "added"):
        with _writing(copies, author) as session:
            _add(session, added, numbers)


@contextmanager
def _writing(copies: sa.Connection, author: dict[str, Any]) -> Iterator[Session]:
    """A session that changes the copies, as a part of the import."""
    with Session(at_copies(copies)) as session, act(session, "import", **author):
        yield session
        session.commit()


class _Moved(NamedTuple):
    """What somebody else changed before the copies could be taken over: those of listings that are to be made anew.

    `has_new`: new listings too, because numbers were given or listings deleted. `seen`: where the counter stands now.
    """

    ids: Collection[int]
    has_new: bool
    seen: int


def _take_over(
    copies: sa.Connection,
    report: Report,
    run: dict[str, str],
    author: dict[str, Any],
    numbers: Numbers,
    seen: int,
    *,
    is_dry_run: bool,
) -> _Moved | None:
    """Write what was prepared in one transaction; a dry run takes it all back. Where that is out of date, nothing is
    written: gives what is. A dry run has told of all already, and gives nothing.
    """
    analyze(copies)
    at_directory(copies).execution_options(is_write=True)
    try:
        with copies.begin() as transaction:
            # The counter comes first: whoever else changes listings waits.
            change = changed(copies)
            moved = None if change == seen + 1 else _moved(copies, numbers, seen, change - 1)
            if moved is not None:
                transaction.rollback()
                return None if is_dry_run else moved
            write = sa.insert(ImportRun).values(**run, counts=report.counts())
            run_id = copies.execute(write.returning(ImportRun.id)).scalar_one()
            about = author | {"kind": "import", "import_run_id": run_id}
            act_id = copies.execute(sa.insert(Act).values(about).returning(Act.id)).scalar_one()
            take_over(copies, numbers.last, run_id, act_id, change)
            if is_dry_run:
                transaction.rollback()
                return None
            raise_sequences(copies)
        report.run_id = run_id
    finally:
        copies.execution_options(is_write=False)
    return None


def _moved(copies: sa.Connection, numbers: Numbers, seen: int, now: int) -> _Moved | None:
    reloaded = copies.execute(sa.select(DirectoryChange.reloaded)).scalar_one()
    ids = moved_since(copies, seen, numbers.last[0], is_reloaded=reloaded > seen)
    has_new = reloaded > seen
    if has_new or last_given(copies) != numbers.last:
        new = with_new_numbers(copies, numbers.last)
        ids |= new
        has_new = has_new or bool(new)
    return _Moved(ids, has_new, now) if ids or has_new else None


def _change(
    session: Session, records: Sequence[tuple[int, OwnRecord]], numbers: Numbers, user_id: int | None
) -> None:
    select = sa.select(Provider).where(Provider.id.in_([number for number, _ in records]))
    providers = {one.id: one for one in session.scalars(select.options(selectinload(Provider.programs)))}
    before = {p.id: (p.provider_id, program_values(p)) for one in providers.values() for p in one.programs}
    sources = {number: provider.source for number, provider in providers.items()}
    found: list[Difference] = []
    for number, record in records:
        provider = providers.get(number)
        if provider is None:
            what = N_("Row %(n)s: its listing is no longer there. Import the file again.")
            raise UnreadableFileError(say(what, n=record.row))
        found += wanted_differences(record, provider, provider.programs)
        _apply(record, provider, numbers)
    session.flush()
    connection = session.connection()
    kept = corrections_of(connection, providers)
    keep_corrections_of(connection, found, sources, before, user_id)
    versions = {number: provider.version for number, provider in providers.items()}
    marks = list(correction_changes(kept, corrections_of(connection, providers)))
    write_changes(connection, act_number(session), marks, versions)


def _apply(record: OwnRecord, provider: Provider, numbers: Numbers) -> None:
    for name, value in wanted_columns(record, provider).items():
        if getattr(provider, name) != value:
            setattr(provider, name, value)
    wanted, gone = wanted_programs(record, provider.programs)
    for program in gone:
        provider.programs.remove(program)
    for one in wanted:
        if one.program is None:
            provider.programs.append(Program(id=numbers.next_program(), **one.values))
            continue
        for name, value in one.values.items():
            if getattr(one.program, name) != value:
                setattr(one.program, name, value)


def _add(session: Session, records: Sequence[OwnRecord], numbers: Numbers) -> None:
    """Add listings around the session, which would take ten times as long. Their history is as of other imports."""
    # Numbers of programs that rows before them have got: a copied row says them twice.
    ids = [number for record in records for number in program_ids(record)]
    taken = set(session.scalars(sa.select(Program.id).where(Program.id.in_(ids))))
    providers, programs = [], []
    for record in records:
        source, source_key = record.key
        number = numbers.provider(record.id)
        own = {"id": number, "source": source, "source_key": source_key}
        providers.append(_DEFAULTS | wanted_columns(record, None) | own)
        programs += [
            {**one.values, "id": numbers.program(one.id, taken), "provider_id": number}
            for one in wanted_programs(record, [])[0]
        ]
    session.execute(sa.insert(PROVIDER), providers)
    if programs:
        session.execute(sa.insert(PROGRAM), programs)
    act_id = act_number(session)
    came = [
        {"act_id": act_id, "provider_id": row["id"], "field": "listing", "new": {"name": row["name"]}, "version": 1}
        for row in providers
    ]
    session.execute(sa.insert(Change), came)


_DEFAULTS: dict[str, Any] = {
    **dict.fromkeys(("organization", "street", "unit", "city", "state", "postal_code"), ""),
    **dict.fromkeys(("phone", "phone_extension", "website", "license_number", "staff_note"), ""),
    **dict.fromkeys((*POINT, "closed_until", "confirmed_on", "license_expires_on", "licensed_beds"), None),
    "other_phones": [],
}
"""Of a new listing, for columns that a file does not have."""
