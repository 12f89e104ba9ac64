"""What the staff list must show, said as plainly as possible: listing by listing, term by term."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rapidfuzz.distance import OSA

from referral.finding import FactFilter, Filters, Known, ListingEntry, Order, Point, Term
from referral.finding.numbers import digits_of
from referral.finding.terms import Kind
from referral.finding.words import words
from referral.matching import Whereabouts


def answer(entries: Sequence[ListingEntry], filters: Filters, order: Order, today: date) -> tuple[list[int], bool]:
    """The ids in order, and whether they only come close to what was typed."""
    fitting = [entry for entry in entries if fits(entry, filters, today)]
    scores, is_close = {entry.id: 0 for entry in fitting}, False
    if filters.terms:
        for is_close in (False, True):
            scores = {e.id: n for e in fitting if (n := score(e, filters.terms, is_close=is_close))}
            if scores:
                break
        fitting = [entry for entry in fitting if entry.id in scores]
    ordered = sorted(fitting, key=lambda entry: sort_key(entry, order, scores[entry.id] if filters.terms else None))
    return [entry.id for entry in ordered], is_close and bool(fitting)


def fits(entry: ListingEntry, filters: Filters, today: date) -> bool:
    """All filters but the words."""
    day = entry.confirmed_on
    is_in_days = day is not None and not (
        (filters.confirmed_since and day < filters.confirmed_since)
        or (filters.confirmed_before and day >= filters.confirmed_before)
    )
    has_days = bool(filters.confirmed_since or filters.confirmed_before)
    asked_and_true = (
        (filters.state, entry.state == filters.state),
        (filters.status, entry.status == filters.status),
        (filters.source, entry.source == filters.source),
        (filters.level, filters.level in entry.levels or (filters.level == "none" and not entry.levels)),
        (has_days or filters.never_confirmed, (has_days and is_in_days) or (filters.never_confirmed and day is None)),
        (filters.point, filters.point and point_of(entry) == filters.point),
        (filters.has_reports, entry.n_open_reports > 0),
        (filters.has_corrections, entry.has_corrections),
        (filters.has_offers, entry.has_offers),
        (filters.is_license_expired, entry.license_expires_on is not None and entry.license_expires_on < today),
    )
    return all(is_true for is_asked, is_true in asked_and_true if is_asked) and all(
        is_known_so(entry, wanted) for wanted in filters.facts
    )


def is_known_so(entry: ListingEntry, wanted: FactFilter) -> bool:
    known = {True: Known.YES, False: Known.NO, None: Known.UNKNOWN}[entry.facts.get(wanted.fact)]
    return known is wanted.known


def point_of(entry: ListingEntry) -> Point:
    if entry.whereabouts is Whereabouts.LOCATED:
        return Point.APPROXIMATE if entry.is_approximate else Point.EXACT
    return {
        Whereabouts.NO_MAP_POINT: Point.NONE,
        Whereabouts.CONFIDENTIAL: Point.CONFIDENTIAL,
        Whereabouts.TELEHEALTH: Point.TELEHEALTH,
    }[entry.whereabouts]


def score(entry: ListingEntry, terms: Sequence[Term], *, is_close: bool) -> int:
    """0 unless every term is answered."""
    each = [term_score(entry, term, is_close=is_close) for term in terms]
    return sum(each) if all(each) else 0


def term_score(entry: ListingEntry, term: Term, *, is_close: bool) -> int:
    text, best = term.text, 0
    phones, zip_code = [digits_of(phone) for phone in entry.phones], digits_of(entry.postal_code[:5])
    if term.kind is Kind.ZIP:
        return 7 if zip_code.startswith(text) else 0
    if term.kind is Kind.PHONE:
        if any(phone.endswith(text) for phone in phones):
            return 7
        has_area = any(phone.startswith(text[:3]) for phone in phones)
        return 5 if len(text) == 7 and has_area and any(phone.endswith(text[-4:]) for phone in phones) else 0
    if term.kind is Kind.ID or not text.startswith("0"):
        best = 9 if text.isascii() and text.isdigit() and int(text) == entry.id else 0
    if term.kind is Kind.ID:
        return best
    if term.kind is Kind.NUMBER:
        is_part = (
            zip_code.startswith(text)
            or (len(text) >= 3 and any(phone.startswith(text) for phone in phones))
            or (len(text) >= 4 and any(phone.endswith(text) for phone in phones))
        )
        best = max(best, 5 if is_part else 0)
    for found, more in ((words(entry.name), 1), (words(entry.organization) + words(entry.city), 0)):
        for word in found:
            plain = word_score(word, text, is_close=is_close and term.kind is Kind.WORD)
            best = max(best, plain + more if plain else 0)
    return best


def word_score(word: str, asked: str, *, is_close: bool) -> int:
    if word == asked:
        return 7
    if len(asked) > 1 and word.startswith(asked):
        return 5
    if is_close and not word.isdigit():
        allowed = 0 if len(asked) < 4 else 1 if len(asked) < 8 else 2
        mistakes = OSA.distance(word, asked)
        return {1: 3, 2: 1}.get(mistakes, 0) if mistakes <= allowed else 0
    return 0


def sort_key(entry: ListingEntry, order: Order, points: int | None) -> tuple[object, ...]:
    name = " ".join(words(entry.name))
    last = (name, entry.id)
    if order is Order.BEST:
        return last if points is None else (-points, min(len(words(entry.name)), 15), *last)
    if order is Order.PLACE:
        return (entry.state, " ".join(words(entry.city)), *last)
    if order is Order.CONFIRMED:
        return (entry.confirmed_on or date.min, *last)
    if order is Order.UPDATED:
        return (-entry.updated_at.timestamp(), *last)
    return last
