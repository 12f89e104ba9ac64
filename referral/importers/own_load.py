"""Records of our own format into the directory: each row names its listing, so a file may hold those of any source.

What a row says is the word of whoever sends the file: it is compared with the listing itself, not with what a source
said before, and where it then differs from its source that is kept as a correction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from referral.database import start_writing
from referral.history import act, act_number
from referral.importers.files import UnreadableFileError
from referral.importers.keeping import Corrected
from referral.importers.own_compare import CHUNK, EDITED_SINCE, compare
from referral.importers.own_format import OwnRecord
from referral.importers.own_wanted import from_plain, wanted_columns, wanted_differences, wanted_programs
from referral.importers.records import Rejected, Skipped
from referral.importers.report import Gone, Report
from referral.importers.staging import STAGED, Staging
from referral.models import Change, ImportRun, Program, Provider, changed
from referral.models.correcting import keep_corrections_of
from referral.models.recording import POINT, PROGRAM, PROVIDER, Difference, program_values

MAX_KEPT_ID = 1_000_000_000
"""Numbers up to here are taken over into a directory that never gave them; as many stay free for new listings."""


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
    """Bring listings to what a file of our own says; give the counts. Like importers.load.load in all else.

    A listing keeps its number where this directory never gave it to another. No listing is gone because a file does
    not have it. Raises UnreadableFileError when no row could be used, or when somebody changed one of the listings
    while the file was compared.
    """
    report = Report(source)
    with engine.connect() as connection:
        Staging(connection, report).create()
        try:
            compare(connection, items, report, tell)
            if report.read == report.rejected:
                what = "No row of the file could be used." if report.read else "The file has no rows."
                raise UnreadableFileError(what)
            report.check()
            look(connection, report, Corrected())
            if not report.is_without_effect:
                run = ImportRun(source=source, file_name=file_name, file_sha256=file_sha256, counts=report.counts())
                run_id = _write_all(connection, run, user_id, why, is_dry_run=is_dry_run)
                report.run_id = None if is_dry_run else run_id
        finally:
            # The temporary tables go with the connection.
            connection.invalidate()
    return report


def _write_all(connection: sa.Connection, run: ImportRun, user_id: int | None, why: str, *, is_dry_run: bool) -> int:
    """Write in one transaction; give the number of the import run. A dry run takes it all back."""
    with Session(connection.engine) as session:
        start_writing(session)
        run_id = _write(session, connection, run, user_id, why)
        if is_dry_run:
            session.rollback()
        else:
            _raise_sequences(session)
            session.commit()
    return run_id


def _write(session: Session, connection: sa.Connection, run: ImportRun, user_id: int | None, why: str) -> int:
    """Write all that is staged, inside the transaction of the session; give the number of the import run."""
    # The counter comes first: whoever else changes listings waits.
    change = changed(session)
    numbers = _Numbers(session, connection)
    session.add(run)
    session.flush()
    run_id = run.id
    with act(session, "import", user_id=user_id, why=why, import_run_id=run_id):
        for records in _staged(connection, "changed"):
            _change(session, records, numbers, user_id)
        for records in _staged(connection, "added"):
            _add(session, [record for _, record in records], numbers, {"import_run_id": run_id, "change": change})
    return run_id


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


def _change(
    session: Session, records: Sequence[tuple[int, OwnRecord]], numbers: _Numbers, user_id: int | None
) -> None:
    select = sa.select(Provider).where(Provider.id.in_([number for number, _ in records]))
    providers = {one.id: one for one in session.scalars(select.options(selectinload(Provider.programs)))}
    before = {p.id: (p.provider_id, program_values(p)) for one in providers.values() for p in one.programs}
    sources = {number: provider.source for number, provider in providers.items()}
    found: list[Difference] = []
    for number, record in records:
        provider = providers.get(number)
        if provider is None:
            raise UnreadableFileError(f"Row {record.row}: its listing is no longer there. Import the file again.")
        changes = list(wanted_differences(record, provider, provider.programs))
        if changes and record.version and provider.version > record.version:
            raise UnreadableFileError(f"Row {record.row} {EDITED_SINCE}.")
        found += changes
        _apply(record, provider, numbers)
    session.flush()
    keep_corrections_of(session.connection(), found, sources, before, user_id)
    session.expunge_all()


def _apply(record: OwnRecord, provider: Provider, numbers: _Numbers) -> None:
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


def _add(session: Session, records: Sequence[OwnRecord], numbers: _Numbers, marks: dict[str, int]) -> None:
    """Add listings around the session, which would take ten times as long. Their history is as of other imports."""
    taken = numbers.programs_taken(records)
    providers, programs = [], []
    for record in records:
        source, source_key = record.key
        number = numbers.provider(record.id)
        own = {"id": number, "source": source, "source_key": source_key}
        providers.append(_DEFAULTS | wanted_columns(record, None) | own | marks)
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


class _Numbers:
    """Numbers for new listings and programs: those of the file where they were never given here, else the next ones.

    A number once given is never given again, so that an old link never shows another place.
    """

    def __init__(self, session: Session, connection: sa.Connection) -> None:
        self._session = session
        self._last_provider, self._last_program = (_last_given(session, name) for name in ("provider", "program"))
        providers, programs = [self._last_provider], [self._last_program]
        for records in _staged(connection, "added"):
            providers += [record.id for _, record in records if record.id and record.id <= MAX_KEPT_ID]
            programs += [id_ for _, record in records for id_ in _program_ids(record) if id_ <= MAX_KEPT_ID]
            providers, programs = [max(providers)], [max(programs)]
        self._next_provider, self._next_program = providers[0] + 1, programs[0] + 1

    def provider(self, wanted: int | None) -> int:
        if wanted and self._last_provider < wanted <= MAX_KEPT_ID:
            return wanted
        self._next_provider += 1
        return self._next_provider - 1

    def program(self, wanted: int | None, taken: set[int]) -> int:
        if wanted and self._last_program < wanted <= MAX_KEPT_ID and wanted not in taken:
            taken.add(wanted)
            return wanted
        return self.next_program()

    def next_program(self) -> int:
        self._next_program += 1
        return self._next_program - 1

    def programs_taken(self, records: Sequence[OwnRecord]) -> set[int]:
        """Numbers of programs in these records that rows before them have got: a copied row says them twice."""
        ids = [id_ for record in records for id_ in _program_ids(record)]
        return set(self._session.scalars(sa.select(Program.id).where(Program.id.in_(ids))))


def _program_ids(record: OwnRecord) -> list[int]:
    return [said["id"] for said in record.programs or () if said.get("id")]


def _last_given(session: Session, table: str) -> int:
    """The highest number that a table ever gave."""
    if session.get_bind().dialect.name == "postgresql":
        select = "SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass)"
    else:
        select = "SELECT seq FROM sqlite_sequence WHERE name = :name"
    return session.execute(sa.text(select), {"name": table}).scalar() or 0


def _raise_sequences(session: Session) -> None:
    """PostgreSQL does not see numbers that were not its own choice; SQLite does."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for model in (Provider, Program):
        name = model.__tablename__
        last = session.scalar(sa.select(sa.func.max(model.id)))
        if last is not None and last > _last_given(session, name):
            session.execute(
                sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"), {"name": name, "last": last}
            )
