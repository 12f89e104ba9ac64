"""How pages say a distance, an address, and when a listing was last checked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any, NamedTuple

from babel.dates import format_date

from referral.matching import Precision
from referral.pages.text import _, ngettext

SAME_POINT_MILES = 0.05
"""Nearer than this, two middles of a ZIP code or city are one."""


def distance_text(miles: float, start: Precision, *, is_approximate: bool) -> str:
    """A distance in words, to a tenth of a mile, and no finer than its ends can tell.

    start: what the point at one end stands on. is_approximate: the other is the middle of a ZIP code or city.
    """
    if start is Precision.EXACT and not is_approximate:
        return _("%(n)s miles", n=f"{miles:,.1f}") if miles >= SAME_POINT_MILES else _("less than 0.1 miles")
    if is_approximate and miles < SAME_POINT_MILES and start is Precision.ZIP:
        return _("in the same ZIP code")
    if is_approximate and miles < SAME_POINT_MILES and start is Precision.CITY:
        return _("in the same city or county")
    return _("about %(n)s miles", n=f"{miles:,.1f}") if miles >= 1 else _("within about a mile")


def radius_text(radius_miles: float | None) -> str:
    if radius_miles is None:
        return _("at any distance")
    return _("within %(n)s miles", n=f"{radius_miles:,g}")


def distance_note(precision: Precision) -> str:
    """What the distances from an origin stand on, at both ends."""
    notes = {
        Precision.ZIP: _("Distances are in a straight line. “About”: from the middle of the ZIP code."),
        Precision.CITY: _("Distances are in a straight line. “About”: from the middle of the city or county."),
        Precision.ROUNDED: _("Distances are in a straight line. “About”: your location was rounded to about a mile."),
        Precision.EXACT: _("Distances are in a straight line. “About”: to the middle of the ZIP code or city."),
    }
    if precision is Precision.EXACT:
        return notes[precision]
    return " ".join((notes[precision], _("Of some places, too, we know only the ZIP code or city.")))


def address_text(row: Any) -> str:
    """The address of a listing in one line, or how to learn it. `row` has the columns of a listing."""
    if row.address_kind == "telehealth":
        return _("Care by phone or video")
    state = f"{row.state} {row.postal_code}" if row.postal_code else row.state
    town = f"{row.city}, {state}" if row.city and state else row.city or state
    if row.address_kind == "confidential":
        place = ", ".join(filter(None, (row.city, row.state)))
        return _("Call for the address (%(place)s)", place=place) if place else _("Call for the address")
    return ", ".join(filter(None, (row.street, row.unit, town)))


def organization_text(row: Any) -> str:
    """The parent organization of a listing, where its name does not say it already."""
    return "" if row.name.startswith(row.organization) else row.organization


class Confirmed(NamedTuple):
    text: str
    is_old: bool
    """Over a year ago, or not known."""


def today() -> date:
    """The day by which listings age, in UTC."""
    return datetime.now(UTC).date()


def confirmed_text(confirmed_on: date | None, language: str) -> Confirmed:
    """When somebody last checked the listing with the program, in the language of the request."""
    return _confirmed_text(confirmed_on, today(), language)


@lru_cache(maxsize=4096)
def _confirmed_text(confirmed_on: date | None, today: date, language: str) -> Confirmed:
    if confirmed_on is None:
        return Confirmed(_("Not known when this was last checked"), is_old=True)
    day = format_date(confirmed_on, format="long", locale=language)
    birthday_passed = (today.month, today.day) >= (confirmed_on.month, confirmed_on.day)
    years = today.year - confirmed_on.year - (0 if birthday_passed else 1)
    if years < 1:
        return Confirmed(_("Last confirmed on %(day)s", day=day), is_old=False)
    age = ngettext("over a year ago", "over %(n)s years ago", years)
    return Confirmed(_("Last confirmed on %(day)s, %(age)s", day=day, age=age), is_old=True)
