"""Records into the directory: staged first, then compared and written in one short transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from referral.importers.files import UnreadableFileError
from referral.importers.records import Item, ProviderRecord, Rejected
from referral.importers.report import Gone, Report
from referral.importers.staging import STAGED, STAGED_LEVEL, Staging
from referral.models import DirectoryChange, ImportRun, Program, Provider, changed, utc_now

PROVIDER: sa.Table = Provider.__table__  # type: ignore[assignment]
PROGRAM: sa.Table = Program.__table__  # type: ignore[assignment]

SAID = (
    *("name", "organization", "city", "state", "postal_code"),
    *("phone", "phone_extension", "other_phones", "website", "facts"),
)
"""Columns of a provider that a file fills, besides these two groups."""
ADDRESS = ("street", "unit")
POINT = ("latitude", "longitude", "precision")

IS_BETTER_POINT = (
    STAGED.c.latitude.is_not(None)
    & (PROVIDER.c.address_kind == "street")
    & sa.or_(
        PROVIDER.c.latitude.is_(None),
        STAGED.c.precision == "exact",
        STAGED.c.is_file_point & (PROVIDER.c.precision != "exact"),
    )
)
"""Whether the point in the file replaces the one that is there. The same key is the same address, so a point of
the address is never lost to a blank or to the middle of a ZIP."""


def load(
    engine: sa.Engine,
    source: str,
    items: Iterable[Item],
    *,
    file_name: str = "",
    file_sha256: str = "",
    is_dry_run: bool = False,
    tell: Callable[[Rejected | Gone], None] = lambda _: None,
) -> Report:
    """Bring the listings of one source up to what its file says; give the counts.

    Adds and updates by stable key; deletes nothing. `tell` hears of each rejected row and of each listing that is
    no longer in the file. Writes nothing when nothing differs, nor in a dry run, which does all else.
    Memory does not grow with the number of rows; other writers wait for the last transaction only.
    Raises UnreadableFileError when no row could be used, whatever `items` raises, and SQLAlchemyError; then
    nothing has changed.
    """
    report = Report(source)
    with engine.connect() as connection:
        staging = Staging(connection, report)
        staging.create()
        try:
            for item in items:
                report.take(item)
                if isinstance(item, ProviderRecord):
                    staging.add(item)
                elif isinstance(item, Rejected):
                    tell(item)
            staging.finish()
            if report.read == report.rejected:
                what = "No row of the file could be read." if report.read else "The file has no rows."
                raise UnreadableFileError(what)
            run = {"source": source, "file_name": file_name, "file_sha256": file_sha256}
            _bring_up_to_date(connection, report, run, is_dry_run=is_dry_run, tell=tell)
        finally:
            # The temporary tables go with the connection: nothing is left to do that could fail after the commit.
            connection.invalidate()
    return report


def _bring_up_to_date(
    connection: sa.Connection,
    report: Report,
    run: dict[str, str],
    *,
    is_dry_run: bool,
    tell: Callable[[Rejected | Gone], None],
) -> None:
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE onward_staged (id, source_key), onward_staged_level")
        seen = connection.execute(sa.select(DirectoryChange.latest)).scalar_one()
        _compare(connection, report)
        _count(connection, report, tell)
    report.check()
    if report.is_without_effect:
        return
    connection.execution_options(is_write=True)
    with connection.begin() as transaction:
        # The counter comes first: it makes two imports wait for each other.
        change = changed(connection)
        if change != seen + 1:
            _compare(connection, report)
            report.check()
        if not report.is_without_effect:
            run_id = connection.execute(
                sa.insert(ImportRun).values(**run, counts=report.counts()).returning(ImportRun.id)
            ).scalar_one()
            _write(connection, report.source, run_id, change)
        if is_dry_run or report.is_without_effect:
            transaction.rollback()


def _compare(connection: sa.Connection, report: Report) -> None:
    """Say of each staged record whether it is new, changed or unchanged."""
    key = (PROVIDER.c.source == report.source) & (PROVIDER.c.source_key == STAGED.c.source_key)
    found = sa.select(PROVIDER.c.id).where(key).scalar_subquery()
    connection.execute(sa.update(STAGED).values(provider_id=found))
    connection.execute(sa.update(STAGED).where(STAGED.c.provider_id.is_(None)).values(outcome="added"))
    is_moved = IS_BETTER_POINT & sa.or_(*(STAGED.c[name].is_distinct_from(PROVIDER.c[name]) for name in POINT))
    is_changed = sa.or_(STAGED.c.content != PROVIDER.c.source_content, is_moved)
    connection.execute(
        sa.update(STAGED)
        .where(STAGED.c.provider_id == PROVIDER.c.id)
        .values(outcome=sa.case((is_changed, "changed"), else_="unchanged"))
    )
    outcomes = connection.execute(sa.select(STAGED.c.outcome, sa.func.count()).group_by(STAGED.c.outcome))
    counts: dict[str, int] = dict(outcomes.all())
    report.added, report.changed, report.unchanged = (counts.get(o, 0) for o in ("added", "changed", "unchanged"))


def _count(connection: sa.Connection, report: Report, tell: Callable[[Rejected | Gone], None]) -> None:
    level = STAGED_LEVEL.c.level
    for code, count in connection.execute(sa.select(level, sa.func.count()).group_by(level)):
        report.programs[code] = count
    has_program = sa.exists().where(STAGED_LEVEL.c.staged_id == STAGED.c.id)
    n_rows = sa.select(sa.func.count()).select_from(STAGED)
    has_point = sa.exists().where(PROVIDER.c.id == STAGED.c.provider_id, PROVIDER.c.latitude.is_not(None))
    report.without_point = connection.execute(n_rows.where(STAGED.c.latitude.is_(None), ~has_point)).scalar_one()
    report.without_program = connection.execute(n_rows.where(~has_program)).scalar_one()
    gone = (
        sa.select(Provider.id, Provider.name, Provider.city, Provider.state)
        .where(Provider.source == report.source, Provider.status != "inactive")
        .where(~sa.exists().where(STAGED.c.source_key == Provider.source_key))
        .order_by(Provider.state, Provider.city, Provider.name, Provider.id)
        .execution_options(yield_per=500)
    )
    for row in connection.execute(gone):
        report.gone += 1
        tell(Gone(*row))


def _write(connection: sa.Connection, source: str, run_id: int, change: int) -> None:
    columns = (*SAID, *ADDRESS, *POINT)
    now = utc_now()
    marks = {"source_content": STAGED.c.content, "import_run_id": run_id, "change": change, "updated_at": now}
    fixed = marks | {
        "source": source,
        "source_key": STAGED.c.source_key,
        "status": "active",
        "address_kind": "street",
        "created_at": now,
    }
    values: list[sa.ColumnElement[Any]] = [STAGED.c[name] for name in columns]
    values += [value if isinstance(value, sa.Column) else sa.literal(value) for value in fixed.values()]
    new = sa.select(*values).where(STAGED.c.outcome == "added").order_by(STAGED.c.id)
    connection.execute(sa.insert(PROVIDER).from_select([*columns, *fixed], new, include_defaults=False))
    # A listing whose address staff have hidden keeps it hidden.
    is_shown = PROVIDER.c.address_kind == "street"
    where = {name: sa.case((is_shown, STAGED.c[name]), else_=PROVIDER.c[name]) for name in ADDRESS}
    where |= {name: sa.case((IS_BETTER_POINT, STAGED.c[name]), else_=PROVIDER.c[name]) for name in POINT}
    connection.execute(
        sa.update(PROVIDER)
        .where(PROVIDER.c.id == STAGED.c.provider_id, STAGED.c.outcome == "changed")
        .values({name: STAGED.c[name] for name in SAID} | where | marks)
    )
    _write_programs(connection, source, run_id)


def _write_programs(connection: sa.Connection, source: str, run_id: int) -> None:
    """Programs of the providers that this run added or changed: those of a level that stays keep their number."""
    staged = (PROVIDER.c.source == source) & (PROVIDER.c.source_key == STAGED.c.source_key)
    staged &= PROVIDER.c.import_run_id == run_id
    stays = sa.exists().where(
        STAGED.c.provider_id == PROGRAM.c.provider_id,
        STAGED_LEVEL.c.staged_id == STAGED.c.id,
        STAGED_LEVEL.c.level == PROGRAM.c.level,
    )
    touched = sa.select(STAGED.c.provider_id).where(STAGED.c.outcome == "changed")
    connection.execute(sa.delete(PROGRAM).where(PROGRAM.c.provider_id.in_(touched), ~stays))
    is_there = sa.exists().where(PROGRAM.c.provider_id == PROVIDER.c.id, PROGRAM.c.level == STAGED_LEVEL.c.level)
    new = (
        sa.select(
            PROVIDER.c.id,
            STAGED_LEVEL.c.level,
            sa.literal(""),
            sa.literal({}, PROGRAM.c.facts.type),
            sa.literal("active"),
        )
        .select_from(STAGED.join(PROVIDER, staged).join(STAGED_LEVEL, STAGED_LEVEL.c.staged_id == STAGED.c.id))
        .where(~is_there)
        .order_by(STAGED.c.id, STAGED_LEVEL.c.position)
    )
    names = ["provider_id", "level", "name", "facts", "status"]
    connection.execute(sa.insert(PROGRAM).from_select(names, new, include_defaults=False))
