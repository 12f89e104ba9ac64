"""From the database to the columns of `urgency`. Each worker keeps them, and reads again only what changed.

Attempts and assignments change no listing: they are read anew for each page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from referral.admin.confirming.urgency import OUTCOMES, Standing
from referral.admin.shared.assigning import can_be_assigned
from referral.extensions import db
from referral.following import MAX_CHANGED, Follower, Seen, followed
from referral.models import Act, Assignment, Change, Check, ImportRun, Provider, Report
from referral.models.check import CHECK_OUTCOMES

_NUMBERS = {outcome: number for number, outcome in enumerate(OUTCOMES)}

FAILED_DAYS = 90
"""Attempts before that are forgotten."""

_REPORTS = (
    sa.select(Report.provider_id, sa.func.count().label("n"))
    .where(Report.status == "open")
    .group_by(Report.provider_id)
    .subquery()
)
_IMPORTS = (
    sa.select(Act.id)
    .outerjoin(ImportRun, ImportRun.id == Act.import_run_id)
    .where(Act.kind == "import", ImportRun.undone_at.is_(None))
)
_ROWS = sa.select(
    Provider.id,
    Provider.status,
    Provider.state,
    Provider.confirmed_on,
    Provider.license_expires_on,
    sa.case((Provider.status == "temporarily_closed", Provider.closed_until)),
    sa.func.coalesce(_REPORTS.c.n, 0),
).outerjoin(_REPORTS, _REPORTS.c.provider_id == Provider.id)

ROW = np.dtype(
    [
        ("id", np.int64),
        ("state", "U2"),
        ("confirmed", np.int32),
        ("imported", np.int32),
        ("license_expires", np.int32),
        ("closed_until", np.int32),
        ("n_reports", np.int32),
    ]
)
"""A listing that is on the list, closed for now or not."""

Rows = npt.NDArray[np.void]


class Candidates(NamedTuple):
    """All listings that can be checked, in the order of their ids, with what is known about each now."""

    ids: npt.NDArray[np.int64]
    states: npt.NDArray[np.str_]
    standing: Standing
    user_ids: npt.NDArray[np.int64]
    """Who is to check it; 0: nobody."""


def follow(engine: sa.Engine) -> Follower[Rows]:
    """The rows of this database, for one process."""
    return Follower(engine, _build, _update)


def _build(connection: sa.Connection, _day: date) -> Rows:
    return _made(connection.execute(_ROWS.order_by(Provider.id)), _imported(connection))


def _update(connection: sa.Connection, rows: Rows, seen: Seen, _day: date) -> Rows | None:
    changed = connection.execute(_ROWS.where(Provider.change > seen.change).limit(MAX_CHANGED + 1)).all()
    if len(changed) > MAX_CHANGED:
        return None
    ids = [row[0] for row in changed]
    stays = ~np.isin(rows["id"], ids)
    both = np.concatenate([rows[stays], _made(changed, _imported_of(connection, ids))])
    return both[np.argsort(both["id"])]


def _imported(connection: sa.Connection) -> dict[int, datetime]:
    """When an import last changed each listing; new listings are not changed ones."""
    at = sa.select(Change.provider_id, sa.func.max(Act.at)).join(Act, Act.id == Change.act_id)
    at = at.where(Change.act_id.in_(_IMPORTS), Change.field != "listing").group_by(Change.provider_id)
    return {row[0]: row[1] for row in connection.execute(at)}


def _imported_of(connection: sa.Connection, ids: list[int]) -> dict[int, datetime]:
    """The same for a few. Two statements, for in one a database may go through all that an import changed."""
    made = sa.select(Change.provider_id, Change.act_id).where(Change.provider_id.in_(ids), Change.field != "listing")
    pairs = connection.execute(made.distinct()).all()
    acts = sa.select(Act.id, Act.at).where(Act.id.in_({pair.act_id for pair in pairs}), Act.id.in_(_IMPORTS))
    days = {row.id: row.at for row in connection.execute(acts)}
    found: dict[int, datetime] = {}
    for number, act_id in pairs:
        if act_id in days:
            found[number] = max(days[act_id], found.get(number, days[act_id]))
    return found


def _made(rows: Iterable[Any], imported: Mapping[int, datetime]) -> Rows:
    return np.array(
        [
            (number, state, _day(confirmed), _day(imported.get(number)), _day(expires), _day(opens), n_reports)
            for number, status, state, confirmed, expires, opens, n_reports in rows
            if status != "inactive"
        ],
        ROW,
    )


def _day(day: date | datetime | None) -> int:
    return 0 if day is None else day.toordinal()


def current_rows() -> Rows:
    """The rows as the directory stands now, for the application at work."""
    follower: Follower[Rows] = followed("to_confirm", follow)
    return follower.current()


def candidates(today: date) -> Candidates:
    """Every listing that can be checked, as it stands now. Three statements, and four more after a change."""
    rows = current_rows()
    with db.engine.connect() as connection:
        checked, outcome = _attempts(connection, rows["id"], today)
        user_ids = _assigned(connection, rows["id"])
    days = {name: rows[name] for name in ("confirmed", "imported", "license_expires", "closed_until", "n_reports")}
    return Candidates(rows["id"], rows["state"], Standing(**days, checked=checked, outcome=outcome), user_ids)


def _attempts(connection: sa.Connection, ids: Any, today: date) -> tuple[Any, Any]:
    """The day and the outcome of the last attempt on each listing."""
    checked, outcome = np.zeros(len(ids), np.int32), np.zeros(len(ids), np.int8)
    since = datetime.combine(today, time.min) - timedelta(days=FAILED_DAYS)
    # Naming all outcomes makes the index of outcomes and times find them. The last of each is taken here: to have the
    # database do it took ten times as long.
    lately = sa.select(Check.provider_id, Check.at, Check.outcome).order_by(Check.id)
    lately = lately.where(Check.outcome.in_(CHECK_OUTCOMES), Check.at >= since)
    found = connection.execute(lately).all()
    places, is_there = _places(ids, [number for number, _at, _outcome in found])
    # The last one stays where a place stands several times.
    checked[places] = np.array([at.toordinal() for _number, at, _outcome in found], np.int32)[is_there]
    outcome[places] = np.array([_NUMBERS[code] for _number, _at, code in found], np.int8)[is_there]
    return checked, outcome


def _assigned(connection: sa.Connection, ids: Any) -> Any:
    """Whose each listing is to check. What a person who left was to check is nobody's."""
    user_ids = np.zeros(len(ids), np.int64)
    statement = sa.select(Assignment.provider_id, Assignment.user_id).where(Assignment.user_id.in_(can_be_assigned))
    found = connection.execute(statement).all()
    places, is_there = _places(ids, [row.provider_id for row in found])
    user_ids[places] = np.array([row.user_id for row in found], np.int64)[is_there]
    return user_ids


def _places(ids: Any, wanted: list[int]) -> tuple[Any, Any]:
    """Where the wanted ids stand in `ids`, which ascend, and which of the wanted are there at all."""
    sought = np.array(wanted, np.int64)
    places = np.searchsorted(ids, sought)
    is_there = places < len(ids)
    is_there[is_there] = ids[places[is_there]] == sought[is_there]
    return places[is_there], is_there
