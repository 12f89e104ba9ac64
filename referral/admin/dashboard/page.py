"""The overview, ready to print: every number with the address of the list behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from babel.dates import format_date
from flask import current_app, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from referral.admin.dashboard.counting import N_MONTHS, OPEN, WITHIN_DAYS, Counts, counts, day_of, months
from referral.admin.dashboard.plot import Month, plot, share_bar
from referral.admin.dashboard.reading import Waiting, checks_by_month, last_imports, waiting
from referral.admin.shared.staff_index import current_staff_index
from referral.finding.filters import NO_LEVEL
from referral.history.fields import STATUS_LABELS
from referral.importers.formats import label_of
from referral.importers.sources import names_of
from referral.language import current_language
from referral.pages.text import _, ngettext
from referral.pages.wording import today
from referral.phrases import family_label, level_label
from referral.places.states import STATES

LISTINGS = "admin.listings.index"


class Number(NamedTuple):
    label: str
    n: str
    url: str
    """Of the list behind it; empty where there is none."""
    note: str = ""
    bar: Markup = Markup()


class MonthRow(NamedTuple):
    label: str
    checks: Number
    listings: Number


class ImportRow(NamedTuple):
    source: str
    url: str
    day: str
    counts: str
    is_undone: bool


@dataclass(frozen=True, slots=True)
class Overview:
    statuses: list[Number]
    waiting: list[Number]
    confirmed: list[Number]
    plot: Markup
    months: list[MonthRow]
    levels: list[Number]
    states: list[list[Number]]
    """In parts of about the same length, which stand side by side."""
    families: list[Number]
    imports: list[ImportRow]


def overview(session: Session) -> Overview:
    day = today()
    found = counts(current_staff_index().columns, day)
    checks = checks_by_month(session, months(day))
    rows = _months(found, checks, day)
    runs = last_imports(session)
    lists = names_of(session, [run.source for run in runs])
    return Overview(
        statuses=_statuses(found),
        waiting=_waiting(found, waiting(session), day),
        confirmed=_confirmed(found, day),
        plot=_plot(found, checks),
        months=rows,
        levels=_levels(found),
        states=_states(found),
        families=_families(found),
        imports=[_import(run, lists) for run in runs],
    )


def listings_url(**values: Any) -> str:
    return url_for(LISTINGS, **values)


def number(label: str, n: int, url: str, *, of: int | None = None, note: str = "") -> Number:
    """With `of`: also the share that it is of that number, as a bar and in percent."""
    if of is None:
        return Number(label, f"{n:,}", url, note)
    share = n / of if of else 0.0
    return Number(label, f"{n:,}", url, note or percent(share), share_bar(share))


def percent(share: float) -> str:
    """In whole percent; what is not nothing and not all never reads as 0 or 100."""
    if 0 < share < 0.01:
        return "<1%"
    if 0.99 < share < 1:
        return ">99%"
    return f"{round(100 * share)}%"


def _statuses(found: Counts) -> list[Number]:
    labels = {code: _(label) for code, label in STATUS_LABELS.items()}
    return [number(label, found.by_status.get(code, 0), listings_url(status=code)) for code, label in labels.items()]


def _waiting(found: Counts, others: Waiting, day: date) -> list[Number]:
    oldest = ""
    if others.oldest_report_on:
        age = (day - others.oldest_report_on).days
        oldest = ngettext("the oldest %(n)s day old", "the oldest %(n)s days old", age) if age else _("from today")
    return [
        number(_("Open reports"), others.n_reports, url_for("admin.inbox.index"), note=oldest),
        number(_("Listings with open reports"), found.n_with_reports, listings_url(reports=1)),
        number(_("Listings whose source says otherwise than staff"), found.n_with_offers, listings_url(offers=1)),
        number(
            _("Pairs that may be one listing"),
            others.n_pairs,
            url_for("admin.duplicates.index"),
            note="" if others.has_searched or others.n_pairs else _("nobody has searched yet"),
        ),
        number(_("Licenses that have expired"), found.n_expired, listings_url(status=OPEN, license=1)),
        number(_("Listings without a map point"), found.n_without_point, listings_url(status=OPEN, point="none")),
    ]


def _confirmed(found: Counts, day: date) -> list[Number]:
    rows = [
        number(
            ngettext("Within the last %(n)s day", "Within the last %(n)s days", n),
            found.within[n],
            listings_url(status=OPEN, since=day_of(day, n).isoformat()),
            of=found.n_open,
        )
        for n in WITHIN_DAYS
    ]
    longest = day_of(day, WITHIN_DAYS[-1]).isoformat()
    return [
        *rows,
        number(_("Longer ago"), found.n_longer_ago, listings_url(status=OPEN, before=longest), of=found.n_open),
        number(_("Never"), found.n_never, listings_url(status=OPEN, never=1), of=found.n_open),
    ]


def _months(found: Counts, checks: dict[date, int], day: date) -> list[MonthRow]:
    rows = []
    for first, following in pairwise(months(day)):
        label = str(format_date(first, format="LLLL y", locale=current_language()))
        made = url_for("admin.dashboard.confirmations", month=f"{first:%Y-%m}")
        since, before = first.isoformat(), following.isoformat()
        last = listings_url(status=OPEN, since=since, before=before)
        rows.append(
            MonthRow(
                label,
                number(label, checks[first], made),
                number(label, found.by_month[first], last),
            )
        )
    return rows


def _plot(found: Counts, checks: dict[date, int]) -> Markup:
    language = current_language()
    bars = [
        Month(
            str(format_date(first, format="LLL", locale=language)).rstrip("."),
            # January says the year; so does the first month, where that leaves room for it.
            f"{first.year}" if first.month == 1 or (position == 0 and first.month < 11) else "",
            (checks[first], n),
        )
        for position, (first, n) in enumerate(found.by_month.items())
    ]
    about = _("Two bars for each of the last %(n)s months. The table below has the numbers.", n=N_MONTHS)
    return plot(bars, _("Confirmations by month"), about)


def _levels(found: Counts) -> list[Number]:
    return [
        number(
            _("No open program") if code == NO_LEVEL else level_label(code),
            n,
            listings_url(status=OPEN, level=code),
            of=found.n_open,
        )
        for code, n in found.by_level.items()
    ]


N_STATE_PARTS = 3


def _states(found: Counts) -> list[list[Number]]:
    most = max(found.by_state.values(), default=0)
    rows = [
        number(STATES.get(code, code) or _("No state"), n, _state_url(code), of=most, note=_share(n, found.n_open))
        for code, n in found.by_state.items()
    ]
    size = -(-len(rows) // N_STATE_PARTS) or 1
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _share(n: int, of: int) -> str:
    return percent(n / of if of else 0.0)


def _state_url(code: str) -> str:
    return listings_url(status=OPEN, state=code) if code in STATES else ""


def _families(found: Counts) -> list[Number]:
    return [
        Number(
            family_label(family),
            percent(share),
            url_for("admin.dashboard.facts", family=family),
            bar=share_bar(share),
        )
        for family, share in found.known_by_family.items()
    ]


def _import(row: Any, lists: dict[str, str]) -> ImportRow:
    n = {code: row.counts.get(code, 0) for code in ("added", "changed", "unchanged", "gone", "rejected")}
    told = (
        n["added"] and ngettext("%(n)s new", "%(n)s new", n["added"]),
        n["changed"] and ngettext("%(n)s changed", "%(n)s changed", n["changed"]),
        n["unchanged"] and ngettext("%(n)s unchanged", "%(n)s unchanged", n["unchanged"]),
        n["gone"] and ngettext("%(n)s gone from the source", "%(n)s gone from the source", n["gone"]),
        n["rejected"] and ngettext("%(n)s rejected", "%(n)s rejected", n["rejected"]),
    )
    has_page = "admin.imports.run" in current_app.view_functions
    return ImportRow(
        lists.get(row.source) or _(label_of(row.source)).partition(" (")[0],
        url_for("admin.imports.run", run_id=row.id) if has_page else "",
        str(format_date(row.finished_at, format="long", locale=current_language())),
        ", ".join(filter(None, told)) or _("nothing new"),
        row.undone_at is not None,
    )


def month_of(text: str) -> tuple[date, date] | None:
    """The first day of a month written as 2026-03, and of the next; None where it is none."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    if first.year >= date.max.year:
        return None
    return first, (first + timedelta(days=31)).replace(day=1)
