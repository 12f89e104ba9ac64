"""From the database to the staff index: the one bridge between the two, as referral.catalog is to the match index.

Each process makes one index when it is first asked for, and follows the directory: see referral.following. Reports,
corrections and imports count as changes of their provider.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import Any

import sqlalchemy as sa

from referral.finding import ListingEntry, StaffIndex, TooManyChangesError
from referral.following import MAX_CHANGED, Follower, Seen, followed
from referral.matching import Whereabouts
from referral.models import Correction, Program, Provider, Report

_LISTINGS = sa.select(
    Provider.id,
    Provider.name,
    Provider.organization,
    Provider.city,
    Provider.state,
    Provider.postal_code,
    Provider.phone,
    Provider.other_phones,
    Provider.status,
    Provider.source,
    Provider.address_kind,
    Provider.latitude,
    Provider.precision,
    Provider.facts,
    Provider.confirmed_on,
    Provider.license_expires_on,
    Provider.updated_at,
    sa.select(sa.func.count(Report.status))
    .where(Report.provider_id == Provider.id, Report.status == "open")
    .scalar_subquery()
    .label("n_open_reports"),
    sa.select(sa.func.max(sa.case((Correction.is_offered, 1), else_=0)))
    .where(Correction.provider_id == Provider.id)
    .scalar_subquery()
    .label("offered"),  # none: no correction; 1: the source says otherwise
).order_by(Provider.id)
_LEVELS = (
    sa.select(Program.provider_id, Program.level)
    .where(Program.status == "active")
    .order_by(Program.provider_id, Program.id)
)
_WHEREABOUTS = {"confidential": Whereabouts.CONFIDENTIAL, "telehealth": Whereabouts.TELEHEALTH}


def follow(engine: sa.Engine) -> Follower[StaffIndex]:
    """The index of all listings of this database, for one process."""
    return Follower(engine, _build, _update)


def _build(connection: sa.Connection, _day: date) -> StaffIndex:
    return StaffIndex.build(_entries(connection))


def _update(connection: sa.Connection, index: StaffIndex, seen: Seen, _day: date) -> StaffIndex | None:
    is_changed = Provider.change > seen.change
    rows = connection.execute(_LISTINGS.where(is_changed).limit(MAX_CHANGED + 1)).all()
    if len(rows) > MAX_CHANGED:
        return None
    is_theirs = Program.provider_id.in_(sa.select(Provider.id).where(is_changed))
    try:
        return index.updated(list(_joined(rows, connection.execute(_LEVELS.where(is_theirs)))))
    except TooManyChangesError:
        return None


def _entries(connection: sa.Connection) -> Iterator[ListingEntry]:
    """All providers, streamed in the order of their ids."""
    streaming = connection.execution_options(yield_per=1000)
    yield from _joined(streaming.execute(_LISTINGS), streaming.execute(_LEVELS))


def _joined(rows: Iterable[Any], level_rows: Iterable[Any]) -> Iterator[ListingEntry]:
    """Providers with the levels of their published programs. Both come in the order of the providers' ids."""
    levels = iter(level_rows)
    ahead = next(levels, None)
    for row in rows:
        own = []
        while ahead is not None and ahead.provider_id <= row.id:
            if ahead.provider_id == row.id:
                own.append(ahead.level)
            ahead = next(levels, None)
        yield _entry(row, tuple(own))
    for _ in chain([ahead], levels):
        pass


def _entry(row: Any, levels: tuple[str, ...]) -> ListingEntry:
    return ListingEntry(
        id=row.id,
        name=row.name,
        organization=row.organization,
        city=row.city,
        state=row.state,
        postal_code=row.postal_code,
        phones=(row.phone, *(other["number"] for other in row.other_phones)),
        status=row.status,
        source=row.source,
        whereabouts=_WHEREABOUTS.get(
            row.address_kind, Whereabouts.NO_MAP_POINT if row.latitude is None else Whereabouts.LOCATED
        ),
        is_approximate=row.precision in ("zip", "city"),
        levels=levels,
        facts=row.facts,
        confirmed_on=row.confirmed_on,
        license_expires_on=row.license_expires_on,
        updated_at=row.updated_at,
        n_open_reports=row.n_open_reports,
        has_corrections=row.offered is not None,
        has_offers=bool(row.offered),
    )


def current_staff_index() -> StaffIndex:
    """The index of all listings as they stand now, for the application at work.

    Its `columns` (referral.finding.columns.Columns) have a documented array for each thing that can be counted.
    """
    follower: Follower[StaffIndex] = followed("staff_index", follow)
    return follower.current()
