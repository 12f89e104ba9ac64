"""What a results page says of its numbers, in sentences."""

from __future__ import annotations

from referral.matching import Query, Whereabouts
from referral.matching.results import Totals, UnlocatedGroup
from referral.pages.text import _, ngettext
from referral.pages.wording import radius_text
from referral.vocabulary.words import N_

UNLOCATED_WORDS = {
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
"""Heading and explanation of each group of places without a map point."""


def heading_of(group: UnlocatedGroup) -> str:
    return f"{_(UNLOCATED_WORDS[group.whereabouts][0])}: {ngettext('%(n)s place', '%(n)s places', group.n_matches)}"


def off_map_sentence(n: int) -> str:
    """Of n places without a map point in the state of who asks."""
    return ngettext(
        "%(n)s place in the same state is not on the map. See it below.",
        "%(n)s places in the same state are not on the map. See them below.",
        n,
    )


def totals_sentences(query: Query, totals: Totals) -> tuple[str, ...]:
    """How many places are in each tier, a sentence each."""
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
