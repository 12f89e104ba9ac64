"""One page of results, ready to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from markupsafe import Markup

from referral.intake.cards import CardMaker
from referral.intake.filters import Filters, filters
from referral.intake.keep_links import KeepLinks, keep_links
from referral.intake.listings import kept, read_rows
from referral.intake.result_words import UNLOCATED_WORDS, heading_of, off_map_sentence, totals_sentences
from referral.intake.ways_on import WaysOn, ways_on
from referral.matching import MatchIndex, Order, Query, Results, search
from referral.matching.results import UnlocatedGroup
from referral.pages.asked import AskedWords, asked_words, place_label
from referral.pages.links import link
from referral.pages.locator import LocatorPage, locator_page, points_of
from referral.pages.question import RESULTS_PER_PAGE as PER_PAGE
from referral.pages.text import _
from referral.pages.warnings import WarningWords, warnings_for_asked
from referral.pages.wording import distance_note
from referral.sealing import Asked


@dataclass(frozen=True, slots=True)
class Address:
    """Of the pages of one search. The order says nothing of the person, so it may be read; the rest is sealed."""

    url: str
    order: Order
    sealed_order: Order
    sealed: str

    def params(self, page: int) -> str:
        parts = (
            f"order={self.order}" if self.order is not self.sealed_order else "",
            f"page={page}" if page > 1 else "",
        )
        return "&".join(filter(None, parts))

    def of(self, page: int, more: str = "") -> str:
        params = "&".join(filter(None, (self.params(page), more)))
        return f"{self.url}?{params}" if params else self.url


@dataclass(frozen=True, slots=True)
class Unlocated:
    """Places without a map point, of one kind."""

    heading: str
    explanation: str
    cut: str
    """How many are shown, where not all are."""
    near: Markup
    """In the same state."""
    others: Markup
    others_label: str


@dataclass(frozen=True, slots=True)
class Ways:
    """Where one can go from here. Empty where there is nowhere."""

    change: str
    filters: str
    plan: str
    other_order: str
    previous: str
    next: str
    last: str
    """The last page, where it holds places without a map point."""


@dataclass(frozen=True, slots=True)
class ResultsPage:
    place: str
    asked: AskedWords
    warnings: list[WarningWords]
    totals: tuple[str, ...]
    off_map: str
    """Says that there are places close by further down the page; empty where enough stands above them, or none is."""
    is_empty: bool
    map: LocatorPage | None
    """None where no place of this page has a point."""
    cards: Markup
    first_anchor: str
    """Of the first card, where the totals lead; empty without one."""
    first_number: int
    """Number of the first card in the whole list, from 1."""
    page: int
    n_pages: int
    is_by_distance: bool
    distance_note: str
    urls: Ways
    filters: Filters | None
    """None while they are not open."""
    kept: tuple[int, ...]
    ways_on: WaysOn
    has_ways_on: bool
    unlocated: list[Unlocated]

    @property
    def first_near(self) -> Unlocated | None:
        """Where `off_map` leads."""
        return next((group for group in self.unlocated if group.near), None)


def results_page(
    index: MatchIndex, asked: Asked, text: str, page: int, *, order: Order | None, has_filters: bool
) -> ResultsPage:
    """The page of this number, or the last one where there are fewer.

    text: the sealed question. order: what the address asks for; None: as it was sealed.
    """
    address = Address(link("intake.results", text), order or asked.query.order, asked.query.order, text)
    if order:
        asked = replace(asked, query=replace(asked.query, order=order))
    results = _page_of(index, query := asked.query, page)
    # They come after all others: looked for only where they are shown.
    groups = results.unlocated if results.page == results.n_pages else ()
    keep = keep_links(address.params(results.page))
    listed = chain(results.matches, *(group.matches for group in groups))
    maker = CardMaker(index, read_rows(index, (match.provider_id for match in listed)), query, keep)
    first_number = (results.page - 1) * PER_PAGE + 1
    ways = ways_on(index, asked, results, keep)
    return ResultsPage(
        place=place_label(query),
        asked=asked_words(query),
        warnings=warnings_for_asked(asked),
        totals=totals_sentences(query, results.totals),
        off_map=_off_map(results, groups),
        is_empty=not results.totals.n_matches,
        map=_map(query, results, maker, first_number),
        cards=maker.cards(results.matches, first_number=first_number),
        first_anchor=next((f"p{match.provider_id}" for match in results.matches), ""),
        first_number=first_number,
        page=results.page,
        n_pages=results.n_pages,
        is_by_distance=query.order is Order.DISTANCE,
        distance_note=distance_note(query.origin.precision),
        urls=_urls(address, results, keep, has_unlocated=_has_unlocated(index, query, results)),
        filters=filters(index, asked, link("intake.refine", text)) if has_filters else None,
        kept=keep.kept,
        ways_on=ways,
        has_ways_on=not results.totals.n_matches or bool(ways.wider or ways.relaxed or ways.others),
        unlocated=[_unlocated(group, maker) for group in groups],
    )


def _off_map(results: Results, groups: Iterable[UnlocatedGroup]) -> str:
    n = 0 if results.totals.n_fitting else sum(group.n_same_state for group in groups)
    return off_map_sentence(n) if n else ""


def _map(query: Query, results: Results, maker: CardMaker, first_number: int) -> LocatorPage | None:
    points = points_of(results.matches, maker.rows, maker.distances(results.matches), first_number)
    return locator_page(query.origin, points, query.radius_miles) if points else None


def _page_of(index: MatchIndex, query: Query, page: int) -> Results:
    """This page, or the last one."""
    memo = kept(index).memo
    results = search(index, query, page=page, per_page=PER_PAGE, memo=memo)
    if page <= results.n_pages:
        return results
    return search(index, query, page=results.n_pages, per_page=PER_PAGE, memo=memo)


def _has_unlocated(index: MatchIndex, query: Query, results: Results) -> bool:
    key, known = (query.level_needs, query.wanted_facts), kept(index).has_unlocated
    if key not in known:
        known[key] = results.has_unlocated
    return known[key]


def _urls(address: Address, results: Results, keep: KeepLinks, *, has_unlocated: bool) -> Ways:
    page, is_last = results.page, results.page == results.n_pages
    other = Order.BEST if address.order is Order.DISTANCE else Order.DISTANCE
    return Ways(
        change=keep.carry(link("intake.change", address.sealed)),
        filters=keep.carry(address.of(1, "filters=1")),
        plan=keep.carry(link("intake.plan", address.sealed)) if results.has_plan else "",
        other_order=keep.carry(replace(address, order=other).of(1)),
        previous=keep.carry(address.of(page - 1)) if page > 1 else "",
        next="" if is_last else keep.carry(address.of(page + 1)),
        last="" if is_last or not has_unlocated else keep.carry(address.of(results.n_pages)),
    )


def _unlocated(group: UnlocatedGroup, maker: CardMaker) -> Unlocated:
    # The group is sorted with the same state first.
    n_near = min(group.n_same_state, len(group.matches))
    return Unlocated(
        heading=heading_of(group),
        explanation=_(UNLOCATED_WORDS[group.whereabouts][1]),
        cut=_("The first %(n)s are shown.", n=len(group.matches)) if len(group.matches) < group.n_matches else "",
        near=maker.cards(group.matches[:n_near]),
        others=maker.cards(group.matches[n_near:]),
        others_label=_("Show places in other states") if maker.query.origin.state else _("Show these places"),
    )
