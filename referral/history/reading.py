"""Reading history: acts newest first with what they changed, of the whole directory or of one listing.

Pages go on from the number of an act or change, so that the last page of a million changes costs what the first does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.models import Act, Change, Merge, Program, Provider, User

NOBODY = 0
"""Stands for the person of acts that no person did: commands."""

is_shown = sa.and_(
    Change.field.not_in(("source_content", "import_run_id")),
    sa.not_(Change.field.startswith("correction.", autoescape=True)),
)
"""Changes of the listing itself, without the marks that imports keep in order to be taken back."""

_ACT = sa.select(
    Act.id,
    Act.kind,
    Act.at,
    Act.why,
    Act.import_run_id,
    Act.report_id,
    Act.undoes_id,
    Act.user_id,
    User.name.label("user_name"),
).outerjoin(User, User.id == Act.user_id)

_CHANGE = (Change.id, Change.act_id, Change.provider_id, Change.program_id, Change.field, Change.old, Change.new)


@dataclass(frozen=True)
class Wanted:
    """What history is asked for. Empty, None: whatever it is."""

    provider_ids: tuple[int, ...] = ()
    """Of one of these listings."""
    user_id: int | None = None
    """Who did it, or NOBODY."""
    kind: str = ""
    field: str = ""
    since: date | None = None
    until: date | None = None
    """The last day (UTC)."""


def acts(session: Session, wanted: Wanted, *, before: int | None, limit: int) -> Sequence[Any]:
    """Rows of the newest acts that are wanted and have a smaller number than `before`."""
    select = _ACT.order_by(Act.id.desc()).limit(limit)
    if before is not None:
        select = select.where(Act.id < before)
    if wanted.user_id is not None:
        select = select.where(Act.user_id.is_(None) if wanted.user_id == NOBODY else Act.user_id == wanted.user_id)
    if wanted.kind:
        select = select.where(Act.kind == wanted.kind)
    if wanted.since:
        select = select.where(Act.at >= datetime.combine(wanted.since, time.min))
    if wanted.until and wanted.until < date.max:
        select = select.where(Act.at < datetime.combine(wanted.until + timedelta(days=1), time.min))
    if wanted.provider_ids:
        select = select.where(Act.id.in_(sa.select(Change.act_id).where(*_of_changes(wanted))))
    elif wanted.field:
        select = select.where(sa.exists().where(Change.act_id == Act.id, *_of_changes(wanted)))
    return session.execute(select).all()


def act_by_id(session: Session, act_id: int) -> Any:
    """The row of one act, or None."""
    return session.execute(_ACT.where(Act.id == act_id)).one_or_none()


def _of_changes(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [is_shown]
    if wanted.provider_ids:
        conditions.append(Change.provider_id.in_(wanted.provider_ids))
    if wanted.field:
        conditions.append(Change.field == wanted.field)
    return conditions


def with_merged(session: Session, provider_id: int) -> tuple[int, ...]:
    """The number of a listing, and those of all listings that went up in it, one after the other."""
    ids = sa.select(sa.literal(provider_id).label("id")).cte("merged", recursive=True)
    ids = ids.union(sa.select(Merge.loser_id).join(ids, Merge.winner_id == ids.c.id).where(Merge.undone_at.is_(None)))
    return tuple(session.execute(sa.select(ids.c.id)).scalars())


def first_changes(session: Session, act_ids: Sequence[int], wanted: Wanted, *, limit: int) -> dict[int, list[Any]]:
    """The first changes of each of these acts, at most `limit` of each, in one statement."""
    found: dict[int, list[Any]] = defaultdict(list)
    if act_ids:
        parts = [changes_of(act_id, wanted).limit(limit).subquery() for act_id in act_ids]
        every = sa.union_all(*(sa.select(part) for part in parts)) if len(parts) > 1 else sa.select(parts[0])
        for row in session.execute(every):
            found[row.act_id].append(row)
    for rows in found.values():
        rows.sort(key=lambda row: row.id)
    return found


def changes_of(act_id: int, wanted: Wanted, *, after: int = 0) -> sa.Select[Any]:
    """Selects the changes of an act that are wanted, behind this one, in their order."""
    return (
        sa.select(*_CHANGE)
        .where(Change.act_id == act_id, Change.id > after, *_of_changes(wanted))
        .order_by(Change.id)
    )


def count_changes(session: Session, act_id: int, wanted: Wanted) -> int:
    select = sa.select(sa.func.count()).where(Change.act_id == act_id, *_of_changes(wanted))
    return session.execute(select).scalar_one()


def names_of(session: Session, provider_ids: Iterable[int]) -> dict[int, tuple[str, bool]]:
    """The name of each listing, and whether it is still in the directory. Gone ones are named as history has them."""
    ids = set(provider_ids)
    rows = session.execute(sa.select(Provider.id, Provider.name).where(Provider.id.in_(ids)))
    names = {row.id: (row.name, True) for row in rows}
    if gone := ids - names.keys():
        select = sa.select(Change.provider_id, Change.field, Change.old, Change.new).where(
            Change.provider_id.in_(gone), Change.field.in_(("listing", "name"))
        )
        for row in session.execute(select.order_by(Change.id)):
            for value in (row.old, row.new):
                name = value.get("name") if isinstance(value, dict) else value if row.field == "name" else None
                if name:
                    names[row.provider_id] = (str(name), False)
    return names


def levels_of(session: Session, changes: Iterable[Any]) -> dict[int, str]:
    """The level of each program that these changes are about; of one that is gone, as history has it."""
    providers = {row.program_id: row.provider_id for row in changes if row.program_id is not None}
    if not providers:
        return {}
    select = sa.select(Program.id, Program.level).where(Program.id.in_(providers))
    levels = {row.id: row.level for row in session.execute(select)}
    if gone := providers.keys() - levels.keys():
        told = sa.select(Change.program_id, Change.old, Change.new).where(
            Change.provider_id.in_({providers[number] for number in gone}),
            Change.program_id.in_(gone),
            Change.field == "program",
        )
        for row in session.execute(told.order_by(Change.id)):
            value = row.old or row.new
            if isinstance(value, dict) and value.get("level"):
                levels[row.program_id] = value["level"]
    return levels


def people(session: Session) -> Sequence[Any]:
    """Number and name of everybody who may stand in history, by name."""
    return session.execute(sa.select(User.id, User.name).order_by(sa.func.lower(User.name), User.id)).all()
