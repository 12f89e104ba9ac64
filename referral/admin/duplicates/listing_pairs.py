"""Pairs that wait for a decision or were dismissed, as the list of staff shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from referral.duplicates.reasons import words_of
from referral.models import DuplicatePair, Provider
from referral.pages.text import _
from referral.vocabulary.words import N_

FIRST, SECOND = aliased(Provider), aliased(Provider)

DISMISSALS = {
    "programs": N_("Different programs at one address"),
    "branches": N_("Branches of one organization"),
    "unrelated": N_("They have nothing to do with each other"),
    "other": N_("Something else"),
}
"""Why a pair is none, as codes; with "other" what was typed is kept instead."""


def dismissal_text(why: str) -> str:
    return _(DISMISSALS[why]) if why in DISMISSALS else why


def _both_listed(columns: Any, status: str, state: str) -> Any:
    """A pair of which one was taken off the list waits for nothing."""
    pairs = columns.join(FIRST, FIRST.id == DuplicatePair.first_id).join(SECOND, SECOND.id == DuplicatePair.second_id)
    listed = (DuplicatePair.status == status, FIRST.status != "inactive", SECOND.status != "inactive")
    return pairs.where(*listed, sa.or_(FIRST.state == state, SECOND.state == state) if state else sa.true())


def n_pairs(session: Session, status: str, state: str = "") -> int:
    count = sa.select(sa.func.count()).select_from(DuplicatePair)
    return int(session.execute(_both_listed(count, status, state)).scalar_one())


def pairs_page(session: Session, status: str, state: str, offset: int, size: int) -> Sequence[Any]:
    """Rows of (pair, first, second), the likeliest first."""
    rows = _both_listed(sa.select(DuplicatePair, FIRST, SECOND).select_from(DuplicatePair), status, state)
    order = DuplicatePair.score.desc(), DuplicatePair.id
    found: Sequence[Any] = session.execute(rows.order_by(*order).offset(offset).limit(size)).all()
    return found


def states_of(session: Session) -> list[str]:
    return [
        state for state in session.scalars(sa.select(Provider.state).distinct().order_by(Provider.state)) if state
    ]


def reason_texts(reasons: Sequence[str]) -> tuple[list[str], list[str]]:
    """What speaks for it, and what against it."""
    sides: tuple[list[str], list[str]] = [], []
    for reason in reasons:
        words, number = words_of(reason)
        text = _(words.text, n=number) if number else _(words.text)
        sides[0 if words.speaks_for else 1].append(text)
    return sides
