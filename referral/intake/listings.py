"""The listings of a page, as plain rows that a worker keeps for as long as its index is current."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from referral.extensions import db
from referral.matching import MatchIndex
from referral.matching.reasons import Memo
from referral.models.provider import listings_by_id

MAX_KEPT = 5000
"""Listings, and cards of them, that a worker keeps between requests."""


@dataclass(frozen=True)
class Kept:
    """What was read and rendered for this index. Nothing in it depends on who asked, or where they are."""

    index: MatchIndex
    rows: dict[int, Any] = field(default_factory=dict)
    cards: dict[Any, str] = field(default_factory=dict)
    memo: Memo = field(default_factory=dict)
    """Why providers fit."""
    has_unlocated: dict[Any, bool] = field(default_factory=dict)
    """Whether a question has answers without a map point."""

    @property
    def is_full(self) -> bool:
        return max(len(self.rows), len(self.cards), len(self.memo), len(self.has_unlocated)) > MAX_KEPT


def kept(index: MatchIndex) -> Kept:
    known: Kept | None = current_app.extensions.get("kept_listings")
    if known is None or known.index is not index or known.is_full:
        known = current_app.extensions["kept_listings"] = Kept(index)
    return known


def read_rows(index: MatchIndex, ids: Iterable[int]) -> dict[int, Any]:
    """Listings by id, as plain rows. One deleted since the index was made is missing.

    Rows are kept until the next change of the directory: the listings of a town are read once, and not for each
    person who asks there.
    """
    rows, wanted = kept(index).rows, list(ids)
    missing = [identity for identity in wanted if identity not in rows]
    if missing:
        with db.engine.connect() as connection:
            rows.update(listings_by_id(connection, missing))
    return {identity: rows[identity] for identity in wanted if identity in rows}
