"""Reports as the inbox lists them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.admin.shared.assigning import can_be_assigned
from referral.models import Provider, Report, User

WHOSE = ("all", "mine", "nobody")
STATES = ("open", "closed")

MAX_OTHERS = 20
"""Other reports on the same listing that a page shows."""


class Choice(NamedTuple):
    """Which reports are asked for."""

    state: str = "open"
    whose: str = "all"
    user_id: int = 0
    """Who asks."""
    kind: str = ""
    provider_id: int | None = None

    def holds(self) -> list[sa.ColumnElement[bool]]:
        conditions = [Report.status == self.state]
        if self.whose == "mine":
            conditions.append(Report.assigned_to_id == self.user_id)
        elif self.whose == "nobody":
            conditions.append(sa.or_(Report.assigned_to_id.is_(None), Report.assigned_to_id.not_in(can_be_assigned)))
        if self.kind:
            conditions.append(Report.kind == self.kind)
        if self.provider_id is not None:
            conditions.append(Report.provider_id == self.provider_id)
        return conditions


_COLUMNS = (
    sa.select(
        Report.id,
        Report.kind,
        Report.created_on,
        Report.closed_on,
        Report.outcome,
        Provider.id.label("provider_id"),
        Provider.name,
        Provider.city,
        Provider.state,
        User.name.label("user_name"),
    )
    .join(Provider, Provider.id == Report.provider_id)
    .outerjoin(User, User.id == Report.assigned_to_id)
)


def count(session: Session, choice: Choice) -> int:
    return session.execute(sa.select(sa.func.count()).select_from(Report).where(*choice.holds())).scalar_one()


def rows(session: Session, choice: Choice, offset: int, size: int) -> Sequence[Any]:
    """One page: open reports the oldest first, closed ones the last closed first. Never what was written."""
    order = (Report.created_on, Report.id) if choice.state == "open" else (Report.closed_on.desc(), Report.id.desc())
    return session.execute(_COLUMNS.where(*choice.holds()).order_by(*order).offset(offset).limit(size)).all()


def with_code(session: Session, code: str) -> int | None:
    """Number of the report that has this code."""
    return session.scalar(sa.select(Report.id).where(Report.code == code))


def others_on(session: Session, report: Report) -> Sequence[Any]:
    """The other reports on the same listing, the last first."""
    others = _COLUMNS.where(Report.provider_id == report.provider_id, Report.id != report.id)
    return session.execute(others.order_by(Report.id.desc()).limit(MAX_OTHERS)).all()
