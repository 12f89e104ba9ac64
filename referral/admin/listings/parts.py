"""What is asked for, part by part, in words."""

from __future__ import annotations

from referral.admin.listings.words import KNOWN_WORDS, POINT_WORDS, day_text, level_word, source_word, status_word
from referral.admin.shared.listing_filters import Asked
from referral.extensions import db
from referral.finding import Filters
from referral.importers.sources import names_of
from referral.language import current_language
from referral.pages.text import _
from referral.phrases import fact_label
from referral.places.states import STATES


def part_text(found: Asked, part: str) -> str:
    """One part (a name of Filters.parts) in words."""
    filters = found.filters
    if part.startswith("fact-"):
        wanted = filters.facts[int(part.removeprefix("fact-"))]
        return f"{fact_label(wanted.fact)}: {_(KNOWN_WORDS[wanted.known])}"
    if part == "confirmed":
        return _confirmed_text(filters)
    if part in _PLAIN:
        return _PLAIN[part]()
    values = {
        "q": lambda: f"“{found.q}”",
        "state": lambda: STATES[filters.state],
        "level": lambda: level_word(filters.level),
        "status": lambda: status_word(filters.status),
        "source": lambda: _("Source: %(source)s", source=_source_text(filters.source)),
        "point": lambda: _(POINT_WORDS[filters.point]) if filters.point else "",
    }
    return values[part]()


_PLAIN = {
    "reports": lambda: _("Has open reports"),
    "corrections": lambda: _("Corrected by staff"),
    "offers": lambda: _("Source says otherwise"),
    "license": lambda: _("License expired"),
}


def _source_text(source: str) -> str:
    return source_word(source, names_of(db.session, [source]))


def _confirmed_text(filters: Filters) -> str:
    language, texts = current_language(), []
    since, before = filters.confirmed_since, filters.confirmed_before
    if since and before:
        days = {"since": day_text(since, language), "before": day_text(before, language)}
        texts.append(_("Confirmed from %(since)s until before %(before)s", **days))
    elif since:
        texts.append(_("Confirmed on %(day)s or later", day=day_text(since, language)))
    elif before:
        texts.append(_("Confirmed before %(day)s", day=day_text(before, language)))
    if filters.never_confirmed:
        texts.append(_("Never confirmed"))
    return f" {_('or')} ".join(texts)
