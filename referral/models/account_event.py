"""Account event: one thing that was done to the account of somebody of staff. Triggers guard it like history."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referral.models.base import Base, one_of, utc_now
from referral.models.user import User
from referral.vocabulary.words import N_

ACCOUNT_EVENTS = {
    "first_admin": N_("Made as the first account"),
    "invited": N_("Invited"),
    "role": N_("Role changed"),
    "disabled": N_("Disabled"),
    "enabled": N_("Enabled"),
    "link": N_("Link for a new password made"),
    "link_second_step": N_("Link made that also removes the second step"),
    "signed_out": N_("Signed out everywhere"),
    "password": N_("New password chosen"),
    "second_step_set": N_("Second step set up"),
    "second_step_removed": N_("Second step removed"),
}
"""What can be done to an account, as admins read it."""


class AccountEvent(Base):
    __tablename__ = "account_event"
    __table_args__ = (
        sa.CheckConstraint(one_of("what", tuple(ACCOUNT_EVENTS)), "what_known"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("user.id"), index=True)
    """Whose account."""
    by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("user.id"))
    """Who did it; none: a command of the operator."""
    what: Mapped[str]
    old_role: Mapped[str] = mapped_column(default="")
    new_role: Mapped[str] = mapped_column(default="")
    """With an invitation and a change of role."""

    user: Mapped[User] = relationship(foreign_keys=user_id)
    by: Mapped[User | None] = relationship(foreign_keys=by_id)
