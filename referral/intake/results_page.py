"""One page of results, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from referral.intake.asked import AskedWords, asked_words, place_label, results_url
from referral.intake.cards import Card, make_cards, read_rows
from referral.intake.ways_on import WaysOn, ways_on
from referral.matching import MatchIndex, Order, Results, Whereabouts, search
from referral.matching.results import UnlocatedGroup
from referral.pages.links import link
from referral.pages.text import _, ngettext
from referral.pages.wording import distance_note, radius_text
from referral.sealing import Asked
from referral.vocabulary.words import N_

PER_PAGE = 10


@dataclass(frozen=True, slots=True)
class Unlocated:
    """Places without a map point, of one kind."""

    heading: str
    explanation: str
    cut: str
    """How many are shown, where not all are."""
    near: list[Card]
    """In the same state."""
    others: list[Card]
    others_label: str


@dataclass(frozen=True, slots=True)
class ResultsPage:
    place: str
    asked: AskedWords
    totals: tuple[str, ...]
    is_empty: bool
    cards: list[Card]
    first_number: int
    """Number of the first card in the whole list, from 1."""
    page: int
    n_pages: int
    previous_url: str
    """Empty on the first page."""
    next_url: str
    """Empty on the last page."""
    change_url: str
    plan_url: str
    """Empty without a plan."""
    is_by_distance: bool
    other_order_url: str
    distance_note: str
    ways_on: WaysOn
    has_ways_on: bool
    unlocated: list[Unlocated]
    last_url: str
    """Of the last page; empty on the last page itself."""


def results_page(index: MatchIndex, asked: Asked, text: str, page: int) -> ResultsPage:
    """The page of this number, or the last one where there are fewer. `text` is the sealed question."""
    query = asked.query
    results = search(index, query, page=page, per_page=PER_PAGE)
    if page > results.n_pages:
        page = results.n_pages
        results = search(index, query, page=page, per_page=PER_PAGE)
    # They come after all others: looked for only where they are shown.
    groups = results.unlocated if page == results.n_pages else ()
    listed = [*results.matches, *(match for group in groups for match in group.matches)]
    rows = read_rows(index, (match.provider_id for match in listed))
    is_by_distance = query.order is Order.DISTANCE
    ways = ways_on(asked, results)
    url = link("intake.results", text)
    return ResultsPage(
        place=place_label(query),
        asked=asked_words(query),
        totals=_totals(asked, results),
        is_empty=not results.totals.n_matches,
        cards=make_cards(index, results.matches, rows, query),
        first_number=(page - 1) * PER_PAGE + 1,
        page=page,
        n_pages=results.n_pages,
        previous_url=_page_url(url, page - 1) if page > 1 else "",
        next_url=_page_url(url, page + 1) if page < results.n_pages and results.has_unlocated else "",
        change_url=link("intake.change", text),
        plan_url=link("intake.plan", text) if results.has_plan else "",
        is_by_distance=is_by_distance,
        other_order_url=results_url(asked, order=Order.BEST if is_by_distance else Order.DISTANCE),
        distance_note=distance_note(query.origin.precision),
        ways_on=ways,
        has_ways_on=not results.totals.n_matches or bool(ways.wider or ways.relaxed or ways.others),
        unlocated=[_unlocated(index, group, rows, asked) for group in groups],
        last_url=_page_url(url, results.n_pages) if page < results.n_pages and results.has_unlocated else "",
    )


def _page_url(url: str, page: int) -> str:
    """The address of a page, where `url` is that of the first."""
    return url if page == 1 else f"{url}?page={page}"


def _totals(asked: Asked, results: Results) -> tuple[str, ...]:
    """How many places are in each tier, a sentence each."""
    totals, query = results.totals, asked.query
    radius = radius_text(query.radius_miles)
    if not totals.n_matches:
        return (_("We know of no place %(radius)s that offers this.", radius=radius),)
    sentences = []
    if totals.meets_all:
        sentences.append(
            ngettext(
                "%(n)s place has everything you asked for.",
                "%(n)s places have everything you asked for.",
                totals.meets_all,
            )
        )
    else:
        sentences.append(_("No place %(radius)s is sure to have everything you asked for.", radius=radius))
    if totals.may_meet_all:
        sentences.append(
            ngettext(
                "%(n)s place may have it all: call and ask.",
                "%(n)s places may have it all: call and ask.",
                totals.may_meet_all,
            )
        )
    if totals.meets_some:
        sentences.append(ngettext("%(n)s place has part of it.", "%(n)s places have part of it.", totals.meets_some))
    return tuple(sentences)


_UNLOCATED = {
    Whereabouts.TELEHEALTH: (
        N_("Care by phone or video"),
        N_("There is no place to travel to. Ask whether they can treat people where you live."),
    ),
    Whereabouts.CONFIDENTIAL: (
        N_("Address kept private"),
        N_("They keep their address private for safety. Call and they will tell you where to go."),
    ),
    Whereabouts.NO_MAP_POINT: (
        N_("Not on the map"),
        N_("We could not find these addresses on the map, so we cannot say how far they are."),
    ),
}


def _heading(group: UnlocatedGroup) -> str:
    return f"{_(_UNLOCATED[group.whereabouts][0])}: {ngettext('%(n)s place', '%(n)s places', group.n_matches)}"


def _unlocated(index: MatchIndex, group: UnlocatedGroup, rows: dict[int, Any], asked: Asked) -> Unlocated:
    # The group is sorted with the same state first.
    n_near = min(group.n_same_state, len(group.matches))
    return Unlocated(
        heading=_heading(group),
        explanation=_(_UNLOCATED[group.whereabouts][1]),
        cut=_("The first %(n)s are shown.", n=len(group.matches)) if len(group.matches) < group.n_matches else "",
        near=make_cards(index, group.matches[:n_near], rows, asked.query),
        others=make_cards(index, group.matches[n_near:], rows, asked.query),
        others_label=_("Show places in other states") if asked.query.origin.state else _("Show these places"),
    )
