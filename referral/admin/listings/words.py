"""How the list says what a listing is, in the language of the request. What repeats is made once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from babel.dates import format_date

from referral.finding import Known, Order, Point
from referral.finding.filters import NO_LEVEL
from referral.matching.columns import LEVEL_NUMBER
from referral.pages.text import _, ngettext
from referral.phrases import level_label
from referral.vocabulary.words import N_

STATUS_WORDS = {
    "active": N_("Open"),
    "temporarily_closed": N_("Closed for now"),
    "inactive": N_("Taken off the list"),
}
SOURCE_WORDS = {
    "demo": N_("Made-up listings"),
    "staff": N_("Added by staff"),
    "samhsa_national_directory": N_("SAMHSA National Directory"),
    "locator_export": N_("FindTreatment.gov export"),
    "locator_json": N_("FindTreatment.gov JSON"),
}
KNOWN_WORDS = {Known.YES: N_("yes"), Known.NO: N_("no"), Known.UNKNOWN: N_("not known")}
POINT_WORDS = {
    Point.EXACT: N_("Exact point"),
    Point.APPROXIMATE: N_("Approximate point"),
    Point.NONE: N_("No map point"),
    Point.CONFIDENTIAL: N_("Address is told by phone"),
    Point.TELEHEALTH: N_("Only by phone or video"),
}
ORDER_WORDS = {
    Order.BEST: N_("Best match"),
    Order.NAME: N_("Name"),
    Order.PLACE: N_("State and city"),
    Order.CONFIRMED: N_("Confirmed longest ago"),
    Order.UPDATED: N_("Changed last"),
}

_MONTH = 30.4
_YEAR = 365.25


def status_word(code: str) -> str:
    return _(STATUS_WORDS.get(code, code))


def source_word(code: str, lists: Mapping[str, str] | None = None) -> str:
    """`lists`: what the sources are called that mappings fill."""
    return (lists or {}).get(code) or _(SOURCE_WORDS.get(code, code))


def level_word(code: str) -> str:
    return _("No kind of care") if code == NO_LEVEL else level_label(code)


@lru_cache(maxsize=4096)
def levels_text(mask: int, _language: str) -> str:
    """The kinds of care of a mask of the index, in the order of the vocabulary."""
    return ", ".join(level_label(code) for code, number in LEVEL_NUMBER.items() if mask >> number & 1)


@lru_cache(maxsize=4096)
def day_text(day: date, language: str) -> str:
    return format_date(day, format="medium", locale=language)


@lru_cache(maxsize=4096)
def age_text(day: date, today: date, _language: str) -> str:
    """How long ago a day was, roughly."""
    days = (today - day).days
    if days < 1:
        return _("today")
    if days < 60:
        return ngettext("%(n)s day ago", "%(n)s days ago", days)
    if days < 2 * _YEAR:
        return ngettext("%(n)s month ago", "%(n)s months ago", int(days / _MONTH))
    return ngettext("%(n)s year ago", "%(n)s years ago", int(days / _YEAR))
