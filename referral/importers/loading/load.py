"""Records into the directory: staged first, then compared and written in one short transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from referral.importers.loading.differing import stage_differences
from referral.importers.loading.keeping import (
    ADDRESS_FIELDS,
    Corrected,
    keep_corrections,
    mark_moved_points,
    take_overlay_back,
)
from referral.importers.loading.staging import STAGED, STAGED_LEVEL, Staging
from referral.importers.loading.writing import write
from referral.importers.messages import say
from referral.importers.reading.files import UnreadableFileError
from referral.importers.records import Item, ProviderRecord, Rejected, Skipped
from referral.importers.report import Gone, Report
from referral.models import Correction, DirectoryChange, Provider, changed
from referral.models.recording import POINT, PROVIDER
from referral.vocabulary.words import N_

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

MAX_COMPARISONS = 5
TOO_BUSY = say(
    N_(
        "Others went on changing the directory while the file was compared with it. Nothing was changed. "
        "Try again in a few minutes."
    )
)


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
    no longer in the file; `look` may read the temporary tables (STAGED, STAGED_CHANGE) once all is compared, and
    raise to stop here. All that changes goes into history, as an act of `user_id`.
    Where somebody else changes the directory between the comparison and the writing, all is compared, and looked
    through, once more: what is written is what `look` has seen last.
    Writes nothing when nothing differs, nor in a dry run, which does all else.
    Memory does not grow with the number of rows; other writers wait for the last transaction only.
    Raises UnreadableFileError when no row could be used or the directory never stood still, whatever `items` and
    `look` raise, and SQLAlchemyError; then nothing has changed.
    """
    report = Report(source)
    run = {"source": source, "file_name": file_name, "file_sha256": file_sha256}
    author = {"user_id": user_id, "why": why}
    with engine.connect() as connection:
        try:
            _stage(connection, items, report, tell)
            tell = _once(tell)
            tries = range(MAX_COMPARISONS)
            if not any(_take_in(connection, report, tell, look, run, author, is_dry_run=is_dry_run) for _ in tries):
                raise UnreadableFileError(TOO_BUSY)
        finally:
            # The temporary tables go with the connection: nothing is left to do that could fail after the commit.
            connection.invalidate()
    return report


def _take_in(
    connection: sa.Connection,
    report: Report,
    tell: Callable[[Rejected | Skipped | Gone], None],
    look: Callable[[sa.Connection, Report, Corrected], None],
    run: dict[str, str],
    author: dict[str, Any],
    *,
    is_dry_run: bool,
) -> bool:
    """Compare, and write what differs. Gives False where the directory has changed meanwhile: then nothing is."""
    corrected, seen = _look_through(connection, report, tell, look)
    if report.is_without_effect:
        return True
    if _bring_up_to_date(connection, report, corrected, seen, run, author, is_dry_run=is_dry_run):
        return True
    with connection.begin():
        take_overlay_back(connection, corrected)
    return False


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
        what = N_("No row of the file could be read.") if report.read else N_("The file has no rows.")
        raise UnreadableFileError(say(what))


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
) -> bool:
    """Write what was compared. Gives False, with nothing written, where the directory has changed since then."""
    connection.execution_options(is_write=True)
    try:
        with connection.begin() as transaction:
            # The counter comes first: it makes two imports wait for each other.
            change = changed(connection)
            is_as_seen = change == seen + 1
            if is_as_seen:
                report.run_id = write(connection, report, run, author, corrected, change, IS_BETTER_POINT)
            if is_dry_run or not is_as_seen:
                transaction.rollback()
                report.run_id = None
    finally:
        connection.execution_options(is_write=False)
    return is_as_seen or is_dry_run


def _once(tell: Callable[[Rejected | Skipped | Gone], None]) -> Callable[[Rejected | Skipped | Gone], None]:
    """Tells of each listing that is gone only once, however often the file is compared."""
    told: set[int] = set()

    def tell_new(found: Rejected | Skipped | Gone) -> None:
        if isinstance(found, Gone):
            if found.provider_id in told:
                return
            told.add(found.provider_id)
        tell(found)

    return tell_new


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
    mark_moved_points(connection)
    outcomes = connection.execute(sa.select(STAGED.c.outcome, sa.func.count()).group_by(STAGED.c.outcome))
    counts: dict[str, int] = dict(outcomes.all())
    report.added, report.changed, report.unchanged = (counts.get(o, 0) for o in ("added", "changed", "unchanged"))


def _count(connection: sa.Connection, report: Report, tell: Callable[[Rejected | Skipped | Gone], None]) -> None:
    level = STAGED_LEVEL.c.level
    for code, count in connection.execute(sa.select(level, sa.func.count()).group_by(level)):
        report.programs[code] = count
    has_program = sa.exists().where(STAGED_LEVEL.c.staged_id == STAGED.c.id)
    n_rows = sa.select(sa.func.count()).select_from(STAGED)
    report.gone = 0
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
