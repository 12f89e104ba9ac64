"""Report: a problem that somebody saw with a listing, and what became of it. Nothing in it tells who sent it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from referral.models.base import Base, one_of
from referral.vocabulary.words import N_

if TYPE_CHECKING:
    from referral.models.provider import Provider


class Kind(NamedTuple):
    label: str
    """What the sender says."""
    checked: str
    """What is being checked: the listing says so while the report is open."""


KINDS = {
    "wrong_phone": Kind(N_("The phone number is wrong"), N_("the phone number")),
    "closed_or_moved": Kind(N_("It has closed or moved"), N_("whether it is still there")),
    "not_as_listed": Kind(N_("It is not what is listed"), N_("what it offers")),
    "not_treated_well": Kind(N_("Someone was not treated well"), N_("how people are treated")),
    "something_else": Kind(N_("Something else"), N_("something else")),
}

OUTCOMES = {
    "corrected": N_("We corrected the listing."),
    "confirmed": N_("We checked, and the listing is right."),
    "removed": N_("The place has closed. We took it off the list."),
    "passed_on": N_("We passed it on to people who can act on it."),
    "could_not_check": N_("We could not check it."),
}
"""What became of a closed report, as its sender reads it."""

MAX_TEXT = 1000
"""Characters of what the sender writes, and of the answer."""

MAX_OPEN = 20
"""Open reports that one listing can have: more say nothing new, and would let a flood hide the rest."""

TEXT_KEPT_DAYS = 90
"""Days for which what the sender wrote is kept after the report was closed."""


def today() -> date:
    """The day, in UTC. Reports know nothing finer: a time of day could tell who sent one."""
    return datetime.now(UTC).date()


class Report(Base):
    __tablename__ = "report"
    __table_args__ = (
        sa.Index("ix_report_provider_id", "provider_id", "status"),
        sa.CheckConstraint(one_of("kind", tuple(KINDS)), "kind_known"),
        sa.CheckConstraint(one_of("status", ("open", "closed")), "status_known"),
        sa.CheckConstraint(one_of("outcome", tuple(OUTCOMES)), "outcome_known"),
        sa.CheckConstraint(
            "(status = 'open') = (outcome IS NULL) AND (outcome IS NULL) = (closed_on IS NULL)", "closed_whole"
        ),
        sa.CheckConstraint(f"length(text) <= {MAX_TEXT} AND length(answer) <= {MAX_TEXT}", "text_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id", ondelete="CASCADE"))
    kind: Mapped[str]
    text: Mapped[str] = mapped_column(default="")
    """What the sender wrote, for staff only. Deleted TEXT_KEPT_DAYS after closing."""
    code: Mapped[str] = mapped_column(unique=True)
    """Shows what became of the report to anyone who has it."""
    nonce: Mapped[str] = mapped_column(unique=True)
    """Names the form that was sent: sent again, it is the same report."""
    created_on: Mapped[date] = mapped_column(default=today)
    status: Mapped[str] = mapped_column(default="open")
    outcome: Mapped[str | None]
    answer: Mapped[str] = mapped_column(default="")
    """What staff say about it, for anyone who has the code."""
    closed_on: Mapped[date | None]
    assigned_to_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    """Who looks into it."""
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    """Who closed it; nobody where a command did."""

    provider: Mapped[Provider] = relationship()

    def is_contradicted(self, outcome: str) -> bool:
        """Whether the listing shows that this outcome would not be true for whoever reads it."""
        return outcome == "removed" and self.provider.status == "active"

    def close(self, outcome: str, answer: str, user_id: int | None = None) -> None:
        self.status, self.outcome, self.answer, self.closed_on = "closed", outcome, answer, today()
        self.closed_by_id = user_id

    def reopen(self) -> None:
        self.status, self.outcome, self.answer, self.closed_on = "open", None, "", None
        self.closed_by_id = None


def code_by_nonce(connection: sa.Connection, nonce: str) -> str | None:
    """The code of the report that came of this form, if it was sent before."""
    return connection.execute(sa.select(Report.code).where(Report.nonce == nonce)).scalar()


def report_by_code(session: Session, code: str) -> Report | None:
    return session.scalars(sa.select(Report).where(Report.code == code)).one_or_none()


def reports_for_staff(session: Session, *, is_closed_too: bool) -> Sequence[Report]:
    """Open reports, the oldest first; then, where asked for, closed ones."""
    reports = sa.select(Report).options(sa.orm.joinedload(Report.provider))
    if not is_closed_too:
        reports = reports.where(Report.status == "open")
    return session.scalars(reports.order_by(Report.status.desc(), Report.id)).all()


def has_enough_open(session: Session, provider_id: int) -> bool:
    """Whether a listing has as many open reports as it can have."""
    is_open = (Report.provider_id == provider_id, Report.status == "open")
    return session.execute(sa.select(sa.func.count()).where(*is_open)).scalar_one() >= MAX_OPEN


def delete_old_texts(session: Session) -> int:
    """Delete what senders wrote in reports that were closed TEXT_KEPT_DAYS ago. Gives the number of reports."""
    last = today() - timedelta(days=TEXT_KEPT_DAYS)
    statement = sa.update(Report).where(Report.closed_on <= last, Report.text != "").values(text="")
    return session.connection().execute(statement).rowcount
