"""The box about confirming: on the staff page of a listing, and on the page that staff call from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from babel.dates import format_date

from referral.admin.confirming import parts, script
from referral.admin.confirming.blueprint import confirming
from referral.admin.confirming.forms import CallForm, ConfirmForm
from referral.admin.confirming.script import Line
from referral.admin.shared.addresses import edit_url
from referral.admin.shared.assigning import Person, people
from referral.extensions import db
from referral.language import current_language
from referral.models import Assignment, Check, Provider, User
from referral.models.check import CHECK_OUTCOMES, WAYS
from referral.pages.text import _
from referral.pages.wording import Confirmed, confirmed_text, today

MAX_LOGGED = 20
"""Attempts that the box shows, the last first."""


class PartRow(NamedTuple):
    line: Line
    state: str
    is_confirmed: bool


class LogRow(NamedTuple):
    day: str
    who: str
    how: str
    outcome: str
    parts: str
    note: list[str]


@dataclass(frozen=True, slots=True)
class Box:
    provider: Provider
    confirmed: Confirmed
    parts: list[PartRow]
    n_confirmed: int
    log: list[LogRow]
    n_more: int
    """Attempts that are not shown."""
    assigned: Person | None
    people: list[Person]
    edit_url: str
    then: str
    """Where its forms lead: "queue" to the next of one's own, else back to the listing."""
    is_folded: bool
    """Only the one tap is open to see: the page shows the listing itself."""
    confirm_form: ConfirmForm
    call_form: CallForm

    @property
    def is_listed(self) -> bool:
        return self.provider.status != "inactive"

    @property
    def percent(self) -> int:
        return round(100 * self.n_confirmed / len(self.parts))


@confirming.app_template_global("confirming_box")
def box_of(
    provider: Provider,
    then: str = "listing",
    *,
    is_folded: bool = True,
    confirm_form: ConfirmForm | None = None,
    call_form: CallForm | None = None,
) -> Box:
    """Everything that the box shows. `then`: where its forms lead. Four statements."""
    day, checks = today(), parts.checks_of(db.session, provider.id)
    changes = parts.changes_by_sources(db.session, provider.id)
    codes = parts.parts_of(provider)
    states = parts.states(codes, checks, changes)
    seen = {"version": str(provider.version), "after": str(max((check.id for check in checks), default=0))}
    return Box(
        provider=provider,
        confirmed=confirmed_text(provider.confirmed_on, current_language()),
        parts=[
            PartRow(line, _state_text(state), state.is_confirmed(day, parts.COMPLETE_DAYS))
            for line, state in zip(script.lines(provider), states, strict=True)
        ],
        n_confirmed=parts.n_confirmed(states, day),
        log=[_log_row(check) for check in checks[:MAX_LOGGED]],
        n_more=max(0, len(checks) - MAX_LOGGED),
        assigned=assigned_to(provider.id),
        people=people(db.session),
        edit_url=edit_url(provider.id),
        then=then,
        is_folded=is_folded,
        confirm_form=confirm_form or ConfirmForm(formdata=None, **seen),
        call_form=call_form or CallForm(formdata=None, **seen),
    )


def assigned_to(provider_id: int) -> Person | None:
    """Who is to check the listing."""
    named = sa.select(User.id, User.name).join(Assignment, Assignment.user_id == User.id)
    row = db.session.execute(named.where(Assignment.provider_id == provider_id)).first()
    return Person(row.id, row.name) if row else None


def day_text(day: date) -> str:
    return str(format_date(day, format="medium", locale=current_language()))


def _state_text(state: parts.PartState) -> str:
    check = state.check
    if check is None:
        return _("Not confirmed yet")
    day, name = day_text(check.at), check.user.name if check.user else ""
    text = _("Confirmed on %(day)s by %(name)s", day=day, name=name) if name else _("Confirmed on %(day)s", day=day)
    return _("%(confirmed)s, but changed by an import since", confirmed=text) if state.is_changed else text


def _log_row(check: Check) -> LogRow:
    return LogRow(
        day=day_text(check.at),
        who=check.user.name if check.user else "",
        how=_(WAYS[check.how]),
        outcome=_("Parts of it right as listed") if check.parts else _(CHECK_OUTCOMES[check.outcome]),
        parts=", ".join(script.part_label(part) for part in check.parts),
        note=[line for line in check.note.splitlines() if line],
    )
