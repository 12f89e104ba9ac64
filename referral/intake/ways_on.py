"""Where to go from a result: farther, with less asked, other kinds of care, and what comes after detox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from referral.intake.keep_links import KeepLinks
from referral.matching import Precision, Query, Requirement, Results, for_alternative
from referral.pages.asked import place_label, results_url
from referral.pages.text import _, ngettext
from referral.pages.wording import distance_text, radius_text
from referral.phrases import family_label, need_label
from referral.sealing import Asked


class Way(NamedTuple):
    text: str
    places: str
    """How many places this leads to, in words."""
    url: str
    """Empty where it leads nowhere."""


@dataclass(frozen=True, slots=True)
class WaysOn:
    nearest: str
    """How far the nearest fitting place is, when there is none inside; else empty."""
    wider: tuple[Way, ...]
    relaxed: tuple[Way, ...]
    others: tuple[Way, ...]
    """Shorter and hospital stays, for a search for 90 days."""
    after_detox: tuple[Way, ...]


def ways_on(asked: Asked, results: Results, keep: KeepLinks) -> WaysOn:
    """All that a result offers next; empty parts where there is nothing to offer."""
    query = asked.query
    n_fitting = results.totals.n_fitting
    return WaysOn(
        nearest=_nearest(asked, results),
        wider=tuple(
            Way(_capital(radius_text(wider.radius_miles)), _places(wider.n_matches), url)
            for wider in results.wider
            if wider.n_matches > n_fitting
            for url in [keep.carry(results_url(asked, radius_miles=wider.radius_miles))]
        ),
        relaxed=tuple(
            Way(
                _("Without “%(group)s”", group=family_label(relaxation.group)),
                _places(relaxation.n_matches),
                keep.carry(results_url(asked, requirements=_without(query, relaxation.group))),
            )
            for relaxation in results.relaxations
            if relaxation.n_matches > n_fitting
        ),
        others=tuple(
            Way(
                need_label(other.need),
                _places(other.n_matches),
                keep.carry(results_url(asked, for_alternative(query, other.need))) if other.n_matches else "",
            )
            for other in results.alternatives
        ),
        after_detox=_after_detox(asked, keep),
    )


def _after_detox(asked: Asked, keep: KeepLinks) -> tuple[Way, ...]:
    """Detox alone is not treatment: a search for nothing else always shows what comes next (DESIGN 4)."""
    if asked.query.level_needs != ("detox",):
        return ()
    return tuple(
        Way(
            _("Detox, then %(next)s", next=need_label(after)),
            "",
            keep.carry(results_url(asked, needs=("detox", after, *asked.query.fact_needs))),
        )
        for after in ("residential_90", "outpatient")
    )


def _without(query: Query, group: str) -> tuple[Requirement, ...]:
    return tuple(item for item in query.requirements if item.group != group)


def _nearest(asked: Asked, results: Results) -> str:
    if results.totals.n_fitting or results.nearest_miles is None:
        return ""
    return _(
        "The nearest place that may have everything is %(distance)s from %(place)s.",
        distance=distance_text(results.nearest_miles, Precision.CITY, is_approximate=False),
        place=place_label(asked.query),
    )


def _places(n: int) -> str:
    return ngettext("%(n)s place", "%(n)s places", n) if n else _("none")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
