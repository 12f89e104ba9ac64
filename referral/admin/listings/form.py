"""The form of the list. Long choices are rendered once for each language, and the chosen one is marked in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

from referral.admin.listings.links import list_url
from referral.admin.listings.words import KNOWN_WORDS, POINT_WORDS, STATUS_WORDS, level_word, source_word
from referral.admin.shared.listing_filters import MAX_FACTS, Asked
from referral.extensions import db
from referral.finding import Filters, StaffIndex
from referral.finding.filters import NO_LEVEL
from referral.importers.sources import names_of
from referral.language import current_language
from referral.pages.text import _
from referral.phrases import fact_label, family_label
from referral.places.states import STATES
from referral.vocabulary import FACTS_BY_FAMILY, LEVELS


@dataclass(frozen=True, slots=True)
class FactRow:
    number: int
    facts: Markup
    known: Markup


@dataclass(frozen=True, slots=True)
class FindForm:
    url: str
    q: str
    filters: Filters
    order: str
    since: str
    before: str
    states: Markup
    levels: Markup
    statuses: Markup
    sources: Markup
    points: Markup
    fact_rows: list[FactRow]
    """Those in use, and one more."""
    is_open: bool
    """Something in the folded part is in use."""


def find_form(found: Asked, index: StaffIndex) -> FindForm:
    filters, language = found.filters, current_language()
    known = [("", ""), *((wanted.fact, str(wanted.known)) for wanted in filters.facts)]
    rows = [*known[1:], known[0]][:MAX_FACTS]
    codes = index.columns.sources.words
    lists = tuple(names_of(db.session, codes).items())
    folded = {*filters.parts(), *found.problems} - {"q", "state", "level", "status", "order"}
    return FindForm(
        url=list_url(Asked()),
        q=found.q,
        filters=filters,
        order="" if found.order == "best" else str(found.order),
        since=filters.confirmed_since.isoformat() if filters.confirmed_since else "",
        before=filters.confirmed_before.isoformat() if filters.confirmed_before else "",
        states=chosen(_states(language), filters.state),
        levels=chosen(_levels(language), filters.level),
        statuses=chosen(_statuses(language), filters.status),
        sources=chosen(_sources(language, codes, lists), filters.source),
        points=chosen(_points(language), filters.point or ""),
        fact_rows=[
            FactRow(number, chosen(_facts(language), fact), chosen(_known(language), value))
            for number, (fact, value) in enumerate(rows, 1)
        ],
        is_open=bool(folded),
    )


def chosen(choices: Markup, value: str) -> Markup:
    """The choices with one of them chosen. Without a value the first, which is empty, is chosen by itself."""
    if not value:
        return choices
    mark = f'<option value="{escape(value)}"'
    return Markup(str(choices).replace(f"{mark}>", f"{mark} selected>", 1))  # noqa: S704 - escaped when it was made


def _choices(pairs: Iterable[tuple[str, str]], empty: str = "") -> Markup:
    options = [Markup('<option value="">{}</option>').format(empty)] if empty else []
    options += [Markup('<option value="{}">{}</option>').format(value, text) for value, text in pairs]
    return Markup("").join(options)


@lru_cache(maxsize=8)
def _states(_language: str) -> Markup:
    return _choices(sorted(STATES.items(), key=lambda pair: pair[1]), _("Any state"))


@lru_cache(maxsize=8)
def _levels(_language: str) -> Markup:
    return _choices([(code, level_word(code)) for code in (*LEVELS, NO_LEVEL)], _("Any kind"))


@lru_cache(maxsize=8)
def _statuses(_language: str) -> Markup:
    return _choices([(code, _(word)) for code, word in STATUS_WORDS.items()], _("Any status"))


@lru_cache(maxsize=16)
def _sources(_language: str, codes: tuple[str, ...], lists: tuple[tuple[str, str], ...]) -> Markup:
    return _choices(sorted((code, source_word(code, dict(lists))) for code in codes), _("Any source"))


@lru_cache(maxsize=8)
def _points(_language: str) -> Markup:
    return _choices([(str(code), _(word)) for code, word in POINT_WORDS.items()], _("Any"))


@lru_cache(maxsize=8)
def _known(_language: str) -> Markup:
    return _choices([(str(code), _(word)) for code, word in KNOWN_WORDS.items()])


@lru_cache(maxsize=8)
def _facts(_language: str) -> Markup:
    groups = [
        Markup('<optgroup label="{}">{}</optgroup>').format(
            family_label(family), _choices([(fact.code, fact_label(fact.code)) for fact in facts])
        )
        for family, facts in FACTS_BY_FAMILY.items()
        if facts
    ]
    return Markup('<option value="">{}</option>').format(_("Any fact")) + Markup("").join(groups)
