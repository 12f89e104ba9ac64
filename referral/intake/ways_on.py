"""Where to go from a result: farther, with less asked, other kinds of care, and what comes after detox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from referral.intake.keep_links import KeepLinks
from referral.intake.listings import read_rows
from referral.matching import MatchIndex, Order, Query, Requirement, Results, for_alternative, match_of
from referral.pages.asked import place_label, results_url
from referral.pages.phones import PhoneLink
from referral.pages.reaching import to_call
from referral.pages.text import _, ngettext
from referral.pages.wording import distance_text, radius_text
from referral.phrases import fact_label, family_label, need_label
from referral.sealing import Asked


class Way(NamedTuple):
    text: str
    places: str
    """How many places this leads to, in words."""
    url: str
    """Empty where it leads nowhere."""


class Nearest(NamedTuple):
    name: str
    text: str
    """Which it is, and how far."""
    limits: str
    """Whom it takes only, where it does not take everyone."""
    phone: PhoneLink | None
    url: str
    """Of results that show it."""


@dataclass(frozen=True, slots=True)
class WaysOn:
    nearest: Nearest | None
    """The nearest fitting place, when there is none inside."""
    wider: tuple[Way, ...]
    relaxed: tuple[Way, ...]
    others: tuple[Way, ...]
    """Shorter and hospital stays, for a search for 90 days."""
    after_detox: tuple[Way, ...]


def ways_on(index: MatchIndex, asked: Asked, results: Results, keep: KeepLinks) -> WaysOn:
    """All that a result offers next; empty parts where there is nothing to offer."""
    query = asked.query
    n_fitting = results.totals.n_fitting
    return WaysOn(
        nearest=_nearest(index, asked, results, keep),
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


def _nearest(index: MatchIndex, asked: Asked, results: Results, keep: KeepLinks) -> Nearest | None:
    identity, miles = results.nearest_id, results.nearest_miles
    if results.totals.n_fitting or identity is None or miles is None:
        return None
    row = read_rows(index, [identity]).get(identity)
    answer = match_of(index, asked.query, identity)
    if row is None or answer is None:
        return None
    text = _(
        "The nearest place that may have everything is %(name)s, %(distance)s from %(place)s.",
        name=row.name,
        distance=distance_text(miles, asked.query.origin.precision, is_approximate=answer.is_approximate),
        place=place_label(asked.query),
    )
    radius = next(farther.radius_miles for farther in results.wider if farther.n_matches)
    # With one kind of care all fit who match. With several those that fit come first only in the order of fit.
    order = Order.BEST if len(asked.query.level_needs) > 1 else Order.DISTANCE
    url = keep.carry(results_url(asked, radius_miles=radius, order=order))
    limits = ". ".join(map(fact_label, answer.limits))
    return Nearest(row.name, text, limits, to_call(row).link, f"{url}#p{identity}")


def _places(n: int) -> str:
    return ngettext("%(n)s place", "%(n)s places", n) if n else _("none")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
