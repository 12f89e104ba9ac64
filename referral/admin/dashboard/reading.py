"""What the overview reads from the database: reports, pairs, imports and checks. Three statements."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import pairwise
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from referral.models import Check, DuplicatePair, ImportRun, Provider, Report, User
from referral.models.duplicate import DuplicateSearch

N_IMPORTS = 5


class Waiting(NamedTuple):
    n_reports: int
    oldest_report_on: date | None
    n_pairs: int
    has_searched: bool
    """Somebody has looked for pairs: without that, no pair says nothing."""


def waiting(session: Session) -> Waiting:
    """Open reports, and pairs of listings that may be one and that nobody has decided about."""
    first, second = aliased(Provider), aliased(Provider)
    pairs = (
        sa.select(sa.func.count())
        .select_from(DuplicatePair)
        .join(first, first.id == DuplicatePair.first_id)
        .join(second, second.id == DuplicatePair.second_id)
        .where(DuplicatePair.status == "open", first.status != "inactive", second.status != "inactive")
    )
    has_searched = sa.exists().where(DuplicateSearch.finished_at.is_not(None))
    reports = sa.select(sa.func.count(), sa.func.min(Report.created_on), pairs.scalar_subquery(), has_searched)
    row = session.execute(reports.select_from(Report).where(Report.status == "open")).one()
    return Waiting(*row)


def last_imports(session: Session) -> Sequence[Any]:
    columns = (ImportRun.id, ImportRun.source, ImportRun.finished_at, ImportRun.counts, ImportRun.undone_at)
    return session.execute(sa.select(*columns).order_by(ImportRun.id.desc()).limit(N_IMPORTS)).all()


def _confirmed_between(first: date, end: date) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Check.outcome == "confirmed",
        Check.at >= datetime.combine(first, time.min),
        Check.at < datetime.combine(end, time.min),
    )


def checks_by_month(session: Session, first_days: Sequence[date]) -> dict[date, int]:
    """Checks that confirmed a listing or a part of it, by the first day of their month (UTC).

    first_days: of the months, and of the one after the last.
    """
    months = list(pairwise(first_days))
    # A range of the index each: to ask every row for its month takes three times as long.
    counts = [sa.select(sa.func.count()).where(*_confirmed_between(*days)).scalar_subquery() for days in months]
    row = session.execute(sa.select(*counts)).one()
    return {first: n for (first, _end), n in zip(months, row, strict=True)}


def count_checks(session: Session, first: date, end: date) -> int:
    return session.execute(sa.select(sa.func.count()).where(*_confirmed_between(first, end))).scalar_one()


def checks_page(session: Session, first: date, end: date, offset: int, size: int) -> Sequence[Any]:
    """Rows of confirming checks from the first day on and before the end, the latest first."""
    select = (
        sa.select(Check.at, Check.how, Check.parts, Provider.id, Provider.name, User.name.label("user_name"))
        .join(Provider, Provider.id == Check.provider_id)
        .outerjoin(User, User.id == Check.user_id)
        .where(*_confirmed_between(first, end))
    )
    return session.execute(select.order_by(Check.at.desc(), Check.id.desc()).offset(offset).limit(size)).all()
