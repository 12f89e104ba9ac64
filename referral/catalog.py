"""From the database to the match index: the one bridge between the two.

Every worker keeps one index and follows the directory: see referral.following. On a new day (UTC) providers that were
closed until that day come back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import chain
from typing import Any

import sqlalchemy as sa

from referral.following import MAX_CHANGED, Follower, Seen, followed
from referral.matching import MatchIndex, ProgramEntry, ProviderEntry, TailFullError, Whereabouts
from referral.models import Program, Provider
from referral.models.provider import is_published

_PROVIDERS = sa.select(
    Provider.id,
    Provider.name,
    Provider.state,
    Provider.latitude,
    Provider.longitude,
    Provider.precision,
    Provider.address_kind,
    Provider.facts,
    Provider.source,
    Provider.status,
).order_by(Provider.id)
_PROGRAMS = (
    sa.select(Program.provider_id, Program.id, Program.level, Program.max_stay_days, Program.facts)
    .where(Program.status == "active")
    .order_by(Program.provider_id, Program.id)
)
_WHEREABOUTS = {"confidential": Whereabouts.CONFIDENTIAL, "telehealth": Whereabouts.TELEHEALTH}


def _build(connection: sa.Connection, day: date) -> MatchIndex:
    return MatchIndex.build(_entries(connection, day))


def _update(connection: sa.Connection, index: MatchIndex, seen: Seen, day: date) -> MatchIndex | None:
    is_changed = Provider.change > seen.change
    if day != seen.day:
        is_changed |= (Provider.status == "temporarily_closed") & Provider.closed_until.between(
            min(day, seen.day), max(day, seen.day)
        )
    n_changed = connection.execute(sa.select(sa.func.count()).where(is_changed)).scalar_one()
    if n_changed > MAX_CHANGED:
        return None
    entries = list(_entries(connection, day, is_changed))
    hidden = sa.select(Provider.id).where(is_changed, ~is_published(day))
    try:
        return index.updated(entries, connection.execute(hidden).scalars().all())
    except TailFullError:
        return None


def _entries(
    connection: sa.Connection, day: date, where: sa.ColumnElement[bool] | None = None
) -> Iterator[ProviderEntry]:
    """Published providers with their published programs, streamed in the order of their ids."""
    providers = _PROVIDERS.where(is_published(day))
    programs = _PROGRAMS
    if where is not None:
        providers = providers.where(where)
        programs = programs.where(Program.provider_id.in_(sa.select(Provider.id).where(where)))
    streaming = connection.execution_options(yield_per=1000)
    program_rows = iter(streaming.execute(programs))
    ahead = next(program_rows, None)
    for row in streaming.execute(providers):
        own = []
        while ahead is not None and ahead.provider_id <= row.id:
            if ahead.provider_id == row.id:
                own.append(ProgramEntry(ahead.id, ahead.level, ahead.max_stay_days, ahead.facts))
            ahead = next(program_rows, None)
        yield entry_of(row, tuple(own))
    for _ in chain([ahead], program_rows):
        pass


def entry_of(row: Any, programs: tuple[ProgramEntry, ...]) -> ProviderEntry:
    """What the matcher knows of a provider: a row of its columns, or a Provider, with its published programs."""
    whereabouts = _WHEREABOUTS.get(
        row.address_kind, Whereabouts.NO_MAP_POINT if row.latitude is None else Whereabouts.LOCATED
    )
    return ProviderEntry(
        id=row.id,
        name=row.name,
        state=row.state,
        latitude=row.latitude,
        longitude=row.longitude,
        is_approximate=row.precision in ("zip", "city"),
        whereabouts=whereabouts,
        facts=row.facts,
        programs=programs,
        is_demo=row.source == "demo",
    )


def current() -> MatchIndex:
    """The index of the directory as it stands now, for the application at work."""
    follower: Follower[MatchIndex] = followed("catalog", lambda engine: Follower(engine, _build, _update))
    return follower.current()
