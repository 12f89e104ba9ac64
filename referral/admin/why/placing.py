"""Where a listing stands in the list that a seeker sees, in either order."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from referral.admin.why.words import APART_WORDS
from referral.matching import MatchIndex, Order, Query, Whereabouts
from referral.matching.search import MAX_UNLOCATED
from referral.matching.why import Place, place_of
from referral.pages.question import RESULTS_PER_PAGE
from referral.pages.text import _
from referral.vocabulary.words import N_

ORDER_WORDS = {Order.BEST: N_("Best fit first"), Order.DISTANCE: N_("Nearest first")}


class OrderLine(NamedTuple):
    order: str
    place: str


class Standing(NamedTuple):
    lines: list[OrderLine]
    """Empty where it is not shown."""
    apart: str
    """Why it stands apart from the list; empty where it does not."""
    if_confirmed: str
    """Where it would come; empty where open questions change nothing."""


def standing_of(index: MatchIndex, query: Query, provider_id: int, whereabouts: Whereabouts) -> Standing:
    places = {order: place_of(index, replace(query, order=order), provider_id) for order in Order}
    best = places[Order.BEST]
    apart = _(APART_WORDS[whereabouts]) if whereabouts in APART_WORDS else ""
    if best is None:
        return Standing([], apart, "")
    if apart:
        lines = [OrderLine(_("Apart, after the whole list"), _apart_text(best))]
    else:
        lines = [OrderLine(_(ORDER_WORDS[order]), _place_text(place)) for order, place in places.items() if place]
    return Standing(lines, apart, _if_confirmed(best))


def _place_text(place: Place) -> str:
    page = (place.number - 1) // RESULTS_PER_PAGE + 1
    return _(
        "Number %(number)s of %(all)s, on page %(page)s",
        number=f"{place.number:,}",
        all=f"{place.n_listed:,}",
        page=f"{page:,}",
    )


def _apart_text(place: Place) -> str:
    text = _("Number %(number)s of %(all)s of its kind", number=f"{place.number:,}", all=f"{place.n_listed:,}")
    if place.number > MAX_UNLOCATED:
        return _("%(text)s: only the first %(n)s are named", text=text, n=MAX_UNLOCATED)
    return text


def _if_confirmed(place: Place) -> str:
    if place.number_if_confirmed is None or place.number == 1:
        return ""
    if place.number_if_confirmed == place.number:
        return _("Even if the answers are all yes, it stays where it is: others are nearer.")
    return _(
        "If the answers are all yes, it comes to number %(number)s of %(all)s.",
        number=f"{place.number_if_confirmed:,}",
        all=f"{place.n_listed:,}",
    )
