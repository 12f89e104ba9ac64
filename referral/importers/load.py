"""Records into the directory: staged first, then compared and written in one short transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from referral.importers.differing import stage_differences
from referral.importers.files import UnreadableFileError
from referral.importers.keeping import ADDRESS_FIELDS, Corrected, keep_corrections, take_overlay_back
from referral.importers.records import Item, ProviderRecord, Rejected, Skipped
from referral.importers.report import Gone, Report
from referral.importers.staging import STAGED, STAGED_LEVEL, Staging
from referral.importers.writing import write
from referral.models import Correction, DirectoryChange, Provider, changed
from referral.models.recording import POINT, PROVIDER

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
    user_id: int | None = None,
    why: str = "",
    is_dry_run: bool = False,
    tell: Callable[[Rejected | Skipped | Gone], None] = lambda _: None,
    look: Callable[[sa.Connection, Report, Corrected], None] = lambda *_: None,
) -> Report:
    """Bring the listings of one source up to what its file says; give the counts.

    Adds and updates by stable key; deletes nothing. What staff corrected stays, and where the source has changed its
    mind the difference is offered. `tell` hears of each row that is rejected or skipped and of each listing that is
    no longer in the file; `look` may read the temporary tables (STAGED, STAGED_CHANGE) once all is compared. All that
    changes goes into history, as an act of `user_id`.
    Writes nothing when nothing differs, nor in a dry run, which does all else.
    Memory does not grow with the number of rows; other writers wait for the last transaction only.
    Raises UnreadableFileError when no row could be used, whatever `items` raises, and SQLAlchemyError; then
    nothing has changed.
    """
    report = Report(source)
    with engine.connect() as connection:
        try:
            _stage(connection, items, report, tell)
            corrected, seen = _look_through(connection, report, tell, look)
            if not report.is_without_effect:
                run = {"source": source, "file_name": file_name, "file_sha256": file_sha256}
                author = {"user_id": user_id, "why": why}
                _bring_up_to_date(connection, report, corrected, seen, run, author, is_dry_run=is_dry_run)
        finally:
            # The temporary tables go with the connection: nothing is left to do that could fail after the commit.
            connection.invalidate()
    return report


def _stage(
    connection: sa.Connection,
    items: Iterable[Item],
    report: Report,
    tell: Callable[[Rejected | Skipped | Gone], None],
) -> None:
    staging = Staging(connection, report)
    staging.create()
    for item in items:
        report.take(item)
        if isinstance(item, ProviderRecord):
            staging.add(item)
        else:
            tell(item)
    staging.finish()
    if report.read == report.rejected:
        what = "No row of the file could be read." if report.read else "The file has no rows."
        raise UnreadableFileError(what)


def _look_through(
    connection: sa.Connection,
    report: Report,
    tell: Callable[[Rejected | Skipped | Gone], None],
    look: Callable[[sa.Connection, Report, Corrected], None],
) -> tuple[Corrected, int]:
    """Compare the staged rows with the directory. Gives what became of corrections, and the counter's value then."""
    with connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE onward_staged (id, source_key), onward_staged_level")
        seen = connection.execute(sa.select(DirectoryChange.latest)).scalar_one()
        _compare(connection, report)
        corrected = keep_corrections(connection)
        report.kept = len(corrected.kept)
        stage_differences(connection, corrected, IS_BETTER_POINT)
        _count(connection, report, tell)
    report.check()
    look(connection, report, corrected)
    return corrected, seen


def _bring_up_to_date(
    connection: sa.Connection,
    report: Report,
    corrected: Corrected,
    seen: int,
    run: dict[str, str],
    author: dict[str, Any],
    *,
    is_dry_run: bool,
) -> None:
    connection.execution_options(is_write=True)
    with connection.begin() as transaction:
        # The counter comes first: it makes two imports wait for each other.
        change = changed(connection)
        if change != seen + 1:
            take_overlay_back(connection, corrected)
            _compare(connection, report)
            corrected = keep_corrections(connection)
            report.kept = len(corrected.kept)
            stage_differences(connection, corrected, IS_BETTER_POINT)
            report.check()
        if not report.is_without_effect:
            report.run_id = write(connection, report, run, author, corrected, change, IS_BETTER_POINT)
        if is_dry_run or report.is_without_effect:
            transaction.rollback()
            report.run_id = None


def _compare(connection: sa.Connection, report: Report) -> None:
    """Say of each staged record whether it is new, changed or unchanged."""
    key = (PROVIDER.c.source == report.source) & (PROVIDER.c.source_key == STAGED.c.source_key)
    found = sa.select(PROVIDER.c.id).where(key).scalar_subquery()
    connection.execute(sa.update(STAGED).values(provider_id=found))
    connection.execute(sa.update(STAGED).where(STAGED.c.provider_id.is_(None)).values(outcome="added"))
    is_set_by_staff = sa.exists().where(
        Correction.provider_id == PROVIDER.c.id, Correction.field.in_(("point", *ADDRESS_FIELDS))
    )
    is_moved = (
        IS_BETTER_POINT
        & ~is_set_by_staff
        & sa.or_(*(STAGED.c[name].is_distinct_from(PROVIDER.c[name]) for name in POINT))
    )
    is_changed = sa.or_(STAGED.c.content != PROVIDER.c.source_content, is_moved)
    connection.execute(
        sa.update(STAGED)
        .where(STAGED.c.provider_id == PROVIDER.c.id)
        .values(outcome=sa.case((is_changed, "changed"), else_="unchanged"))
    )
    outcomes = connection.execute(sa.select(STAGED.c.outcome, sa.func.count()).group_by(STAGED.c.outcome))
    counts: dict[str, int] = dict(outcomes.all())
    report.added, report.changed, report.unchanged = (counts.get(o, 0) for o in ("added", "changed", "unchanged"))


def _count(connection: sa.Connection, report: Report, tell: Callable[[Rejected | Skipped | Gone], None]) -> None:
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
