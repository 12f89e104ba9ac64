"""The cards of a results page and of a plan: plain values, so that the template has little left to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app, request

from referral.extensions import db
from referral.language import current_language
from referral.matching import Match, MatchIndex, Precision, Query
from referral.matching.results import PlanStop
from referral.models.provider import listings_by_id
from referral.pages.links import link
from referral.pages.phones import PhoneLink, phone_link
from referral.pages.text import _
from referral.pages.wording import address_text, confirmed_text, miles_text, organization_text
from referral.phrases import fact_label, fact_question, level_label, need_label
from referral.vocabulary import ASKS, LEVELS, Verdict


class ReasonLine(NamedTuple):
    mark: str
    """yes, ask or no."""
    text: str


class Card(NamedTuple):
    """What a card prints. A tuple, because the template unpacks it faster than it looks attributes up."""

    url: str
    name: str
    organization: str
    address: str
    levels: str
    distance: str
    limits: str
    """The only people whom it takes, or empty."""
    reasons: tuple[ReasonLine, ...]
    phone: PhoneLink | None
    confirmed: str


MAX_KEPT = 5000
"""Listings that a worker keeps between requests: about 7 MB."""


class Listing(NamedTuple):
    """What cards say of a listing whatever was asked, in one language."""

    url: str
    name: str
    organization: str
    address: str
    phone: PhoneLink | None
    confirmed_on: date | None


def read_rows(index: MatchIndex, ids: Iterable[int]) -> dict[int, Any]:
    """Listings by id, as plain rows. One deleted since the index was made is missing.

    Rows are kept for as long as the index is current, which is until the next change of the directory: the listings
    of a town are read once, and not for each person who asks there.
    """
    rows, wanted = _kept(index).rows, list(ids)
    missing = [identity for identity in wanted if identity not in rows]
    if missing:
        with db.engine.connect() as connection:
            rows.update(listings_by_id(connection, missing))
    return {identity: rows[identity] for identity in wanted if identity in rows}


@dataclass(frozen=True)
class _Kept:
    index: MatchIndex
    rows: dict[int, Any]
    listings: dict[tuple[str, str, int], Listing]


def _kept(index: MatchIndex) -> _Kept:
    kept: _Kept | None = current_app.extensions.get("kept_listings")
    if kept is None or kept.index is not index or len(kept.rows) > MAX_KEPT or len(kept.listings) > MAX_KEPT:
        kept = current_app.extensions["kept_listings"] = _Kept(index, {}, {})
    return kept


def _listing(row: Any, language: str) -> Listing:
    return Listing(
        link("directory.provider", row.id),
        row.name,
        organization_text(row),
        address_text(row),
        phone_link(row.phone, row.phone_extension, language),
        row.confirmed_on,
    )


def make_cards(
    index: MatchIndex, matches: Sequence[Match | PlanStop], rows: dict[int, Any], query: Query
) -> list[Card]:
    """Cards in the order of the matches or of a plan's stops."""
    language, root, listings = current_language(), request.script_root, _kept(index).listings
    is_about = query.origin.precision is not Precision.EXACT
    cards = []
    for match in matches:
        row = rows.get(match.provider_id)
        if row is None:
            continue
        key = (root, language, match.provider_id)
        listing = listings.get(key)
        if listing is None:
            listing = listings[key] = _listing(row, language)
        url, name, organization, address, phone, confirmed_on = listing
        miles = match.distance_miles
        cards.append(
            Card(
                url,
                name,
                organization,
                address,
                _levels_text(tuple([program.level for program in match.programs]), language),
                "" if miles is None else miles_text(miles, is_about=is_about or match.is_approximate),
                ". ".join(map(fact_label, match.limits)),
                _reason_lines(tuple([(r.item, int(r.verdict), r.facts) for r in match.reasons]), language),
                phone,
                confirmed_text(confirmed_on, language).text,
            )
        )
    return cards


@lru_cache(maxsize=4096)
def _levels_text(levels: tuple[str, ...], _language: str) -> str:
    """Levels of care in the vocabulary's order, each once."""
    return " · ".join(level_label(code) for code in LEVELS if code in levels)


# Keys of plain strings and numbers: hashing the reasons themselves would cost as much as making their words.
ReasonKey = tuple[str, int, tuple[str, ...]]


@lru_cache(maxsize=4096)
def _reason_lines(reasons: tuple[ReasonKey, ...], _language: str) -> tuple[ReasonLine, ...]:
    """First what is known to fit, then what to ask, then what is missing."""
    ordered = sorted(reasons, key=lambda reason: reason[1], reverse=True)
    return tuple(_reason_line(*reason) for reason in ordered)


def _reason_line(item: str, verdict: int, facts: tuple[str, ...]) -> ReasonLine:
    if verdict == Verdict.YES:
        return ReasonLine("yes", need_label(item) if item in ASKS else ", ".join(map(fact_label, facts)))
    if verdict == Verdict.ASK:
        questions = map(fact_question, facts) if facts else [_(ASKS[item].ask)]
        return ReasonLine("ask", _("Ask: %(question)s", question=" ".join(questions)))
    return ReasonLine("no", _("Not found here: %(what)s", what=need_label(item)))
