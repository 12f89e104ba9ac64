"""The cards of a results page: plain values, ready to print, so that the template has little left to do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from flask import current_app, url_for

from referral.extensions import db
from referral.language import current_language
from referral.matching import Match, MatchIndex, Precision, Query
from referral.models.provider import listings_by_id
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


def read_rows(index: MatchIndex, ids: Iterable[int]) -> dict[int, Any]:
    """Listings by id, as plain rows. One deleted since the index was made is missing.

    Rows are kept for as long as the index is current, which is until the next change of the directory: the listings
    of a town are read once, and not for each person who asks there.
    """
    kept: tuple[MatchIndex, dict[int, Any]] | None = current_app.extensions.get("kept_rows")
    if kept is None or kept[0] is not index or len(kept[1]) > MAX_KEPT:
        kept = current_app.extensions["kept_rows"] = (index, {})
    rows, wanted = kept[1], list(ids)
    missing = [identity for identity in wanted if identity not in rows]
    if missing:
        with db.engine.connect() as connection:
            rows.update(listings_by_id(connection, missing))
    return {identity: rows[identity] for identity in wanted if identity in rows}


def make_cards(matches: Sequence[Match], rows: dict[int, Any], query: Query) -> list[Card]:
    """Cards in the order of the matches."""
    language = current_language()
    # Building each address by itself costs more than the rest of its card.
    base = url_for("directory.provider", provider_id=0).removesuffix("0")
    is_about = query.origin.precision is not Precision.EXACT
    cards = []
    for match in matches:
        row = rows.get(match.provider_id)
        if row is None:
            continue
        miles = match.distance_miles
        cards.append(
            Card(
                f"{base}{row.id}",
                row.name,
                organization_text(row),
                address_text(row),
                _levels_text(tuple([program.level for program in match.programs]), language),
                "" if miles is None else miles_text(miles, is_about=is_about or match.is_approximate),
                ". ".join(map(fact_label, match.limits)),
                _reason_lines(tuple([(r.item, int(r.verdict), r.facts) for r in match.reasons]), language),
                phone_link(row.phone, row.phone_extension, language),
                confirmed_text(row.confirmed_on, language).text,
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
    if facts:
        return ReasonLine("no", _("Not on its list: %(what)s", what=", ".join(map(fact_label, facts))))
    return ReasonLine("no", _("Not found here: %(what)s", what=need_label(item)))
