"""One page of the list, ready to print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from referral.admin.listings.links import export_url, list_url
from referral.admin.listings.parts import part_text
from referral.admin.listings.rows import ListRow, list_rows
from referral.admin.listings.words import ORDER_WORDS
from referral.admin.shared.listing_filters import Asked
from referral.finding import Filters, Found, Order, Point, StaffIndex
from referral.pages.text import _, ngettext
from referral.pages.wording import today

PER_PAGE = 25

READY_VIEWS: dict[str, Filters] = {
    "confirmed": Filters(never_confirmed=True),
    "reports": Filters(has_reports=True),
    "offers": Filters(has_offers=True),
    "license": Filters(is_license_expired=True),
    "point": Filters(point=Point.NONE),
}
"""What staff look for again and again, each by the name of its only part."""


class Choice(NamedTuple):
    label: str
    url: str
    n: str = ""
    is_here: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    text: str
    """Which of how many are shown."""
    page_text: str
    """Empty where there is only one page."""
    first: str
    previous: str
    next: str
    last: str


@dataclass(frozen=True, slots=True)
class ListPage:
    count: str
    is_close: bool
    parts: list[Choice]
    """What is asked for, each with the address of the list without it."""
    all_url: str
    """Without any filter, in the same order."""
    views: list[Choice]
    orders: list[Choice]
    rows: list[ListRow]
    pager: Pager
    drops: list[Choice]
    """Where nothing is found: what to leave out, and how many there are then."""
    export_url: str


def list_page(found: Asked, index: StaffIndex) -> ListPage:
    result = index.search(found.filters, found.order, page=found.page, per_page=PER_PAGE, today=today())
    parts = found.filters.parts()
    return ListPage(
        count=ngettext("%(n)s listing", "%(n)s listings", result.n_found),
        is_close=result.is_close,
        parts=[Choice(part_text(found, part), list_url(found, without=part)) for part in parts],
        all_url=list_url(Asked(order=found.order)),
        views=_views(found, index),
        orders=_orders(found),
        rows=list_rows(index, result.rows, result.ids),
        pager=_pager(found, result),
        drops=[] if result.n_found else _drops(found, index, parts),
        export_url=export_url(found),
    )


def _views(found: Asked, index: StaffIndex) -> list[Choice]:
    """With how many listings each has. One of none at all is left out."""
    views = []
    for part, n in _view_counts(index, today()).items():
        filters = READY_VIEWS[part]
        view = Asked(filters)
        views.append(Choice(part_text(view, part), list_url(view), f"{n:,}", found.filters == filters))
    return views


@lru_cache(maxsize=1)
def _view_counts(index: StaffIndex, day: date) -> dict[str, int]:
    counts = {part: index.count(filters, today=day) for part, filters in READY_VIEWS.items()}
    return {part: n for part, n in counts.items() if n}


def _orders(found: Asked) -> list[Choice]:
    """Without words there is no best match, and names come first."""
    has_words = bool(found.filters.terms)
    here = Order.NAME if found.order is Order.BEST and not has_words else found.order
    return [
        Choice(_(label), list_url(replace(found, order=_in_address(order, has_words))), "", order is here)
        for order, label in ORDER_WORDS.items()
        if has_words or order is not Order.BEST
    ]


def _in_address(order: Order, has_words: bool) -> Order:
    """The order that comes by itself is not written into the address."""
    return Order.BEST if order is Order.NAME and not has_words else order


def _pager(found: Asked, result: Found) -> Pager:
    first, last = (result.page - 1) * PER_PAGE + 1, min(result.page * PER_PAGE, result.n_found)
    values = {"first": f"{min(first, last):,}", "last": f"{last:,}", "total": f"{result.n_found:,}"}
    pages = {"number": f"{result.page:,}", "n": f"{result.n_pages:,}"}
    is_first, is_last = result.page == 1, result.page == result.n_pages
    return Pager(
        text=_("%(first)s to %(last)s of %(total)s", **values),
        page_text=_("Page %(number)s of %(n)s", **pages) if result.n_pages > 1 else "",
        first="" if is_first else list_url(found),
        previous="" if is_first else list_url(found, page=result.page - 1),
        next="" if is_last else list_url(found, page=result.page + 1),
        last="" if is_last else list_url(found, page=result.n_pages),
    )


def _drops(found: Asked, index: StaffIndex, parts: list[str]) -> list[Choice]:
    """Each part without which something is found, the most helpful first."""
    counts = {part: index.count(found.filters.without(part), today=today()) for part in parts}
    helpful = sorted((part for part in parts if counts[part]), key=lambda part: -counts[part])
    return [
        Choice(
            _("Without %(part)s", part=part_text(found, part)),
            list_url(found, without=part),
            ngettext("%(n)s listing", "%(n)s listings", counts[part]),
        )
        for part in helpful
    ]
