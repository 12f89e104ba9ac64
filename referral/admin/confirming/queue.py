"""The queue: which listings to check next, whose they are, and handing them out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.admin.confirming.standing import Candidates, candidates
from referral.admin.confirming.urgency import OUTCOMES, holding, in_order, urgency
from referral.admin.shared.assigning import can_be_assigned, people
from referral.models import Assignment, Provider, utc_now

WHOSE = ("all", "mine", "nobody")

N_TAKEN = 10
"""How many are handed out at a time."""

_LISTED = sa.select(
    Provider.id,
    Provider.name,
    Provider.address_kind,
    Provider.street,
    Provider.unit,
    Provider.city,
    Provider.state,
    Provider.postal_code,
    Provider.phone,
    Provider.phone_extension,
    Provider.confirmed_on,
)


class Queue(NamedTuple):
    """The listings of a choice, the most urgent first; those with nothing to ask today at the end."""

    found: Candidates
    scores: npt.NDArray[np.float64]
    rows: npt.NDArray[np.intp]
    """Rows of `found` that were chosen, in order."""
    today: date

    def ids(self, *, is_due: bool = False) -> list[int]:
        """Numbers of the listings; `is_due` leaves out those that rest today."""
        rows = self.rows[self.scores[self.rows] > 0] if is_due else self.rows
        return [int(number) for number in self.found.ids[rows]]

    def states(self) -> list[str]:
        """States of all listings that can be checked."""
        return [str(state) for state in np.unique(self.found.states) if state]


class QueueRow(NamedTuple):
    listing: Any
    """With the columns that an address and a phone are made from."""
    reasons: list[str]
    """Codes of urgency.REASONS."""
    n_reports: int
    last_outcome: str
    """Of the last attempt; empty where there was none lately."""
    last_day: date | None
    is_due: bool
    user_name: str


def queue(today: date, *, whose: str = "all", user_id: int = 0, state: str = "") -> Queue:
    """What to check: everyone's, those of this user, or nobody's; of one state or of all."""
    found = candidates(today)
    scores = urgency(found.standing, today.toordinal())
    is_chosen = np.ones(len(found.ids), np.bool_)
    if whose != "all":
        is_chosen &= found.user_ids == (user_id if whose == "mine" else 0)
    if state:
        is_chosen &= found.states == state
    chosen = np.flatnonzero(is_chosen)
    return Queue(found, scores, chosen[in_order(scores[chosen])], today)


def next_of(user_id: int, today: date, *, after: int = 0) -> int | None:
    """The most urgent listing of this user that does not rest, but for the one that they have just seen."""
    ids = queue(today, whose="mine", user_id=user_id).ids(is_due=True)
    return next((number for number in ids if number != after), None)


def shown(session: Session, chosen: Queue, offset: int, size: int) -> list[QueueRow]:
    """Rows of one page. Two statements."""
    rows = chosen.rows[offset : offset + size]
    ids = [int(number) for number in chosen.found.ids[rows]]
    listings = {row.id: row for row in session.execute(_LISTED.where(Provider.id.in_(ids)))}
    names = {person.id: person.name for person in people(session)}
    held = holding(chosen.found.standing, chosen.today.toordinal())
    standing, user_ids = chosen.found.standing, chosen.found.user_ids
    return [
        QueueRow(
            listing=listings[number],
            reasons=[reason for reason, holds in held.items() if holds[row]],
            n_reports=int(standing.n_reports[row]),
            last_outcome=OUTCOMES[standing.outcome[row]],
            last_day=date.fromordinal(int(standing.checked[row])) if standing.checked[row] else None,
            is_due=bool(chosen.scores[row] > 0),
            user_name=names.get(int(user_ids[row]), ""),
        )
        for number, row in zip(ids, rows, strict=True)
        if number in listings
    ]


def take(session: Session, ids: Sequence[int], user_id: int, n: int = N_TAKEN) -> int:
    """Assign the first n of these listings that are nobody's to this user; gives how many were left to take.

    Safe when several do it at once: each listing is locked before it is looked at, and one that somebody else has
    locked is left to them. Call `start_writing` first.
    """
    session.execute(sa.delete(Assignment).where(Assignment.user_id.not_in(can_be_assigned)))
    taken = 0
    for start in range(0, len(ids), 2 * n):
        if taken == n:
            break
        batch = list(ids[start : start + 2 * n])
        free = _locked_and_free(session, batch)
        mine = [number for number in batch if number in free][: n - taken]
        if mine:
            rows = [{"provider_id": number, "user_id": user_id, "assigned_at": utc_now()} for number in mine]
            session.execute(sa.insert(Assignment), rows)
        taken += len(mine)
    return taken


def _locked_and_free(session: Session, ids: list[int]) -> set[int]:
    locking = sa.select(Provider.id).where(Provider.id.in_(ids), Provider.status != "inactive").order_by(Provider.id)
    locked = session.scalars(locking.with_for_update(skip_locked=True)).all()
    assigned = sa.select(Assignment.provider_id).where(Assignment.provider_id.in_(locked))
    return set(locked) - set(session.scalars(assigned))
