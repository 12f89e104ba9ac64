"""The cards of a results page and of a plan.

Most of a card is the same whoever asks: it is rendered once, with slots for what differs from one search to the
next, and kept as long as the index is current.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import current_app, request
from markupsafe import Markup

from referral.intake.keep_links import KeepLinks
from referral.intake.listings import kept
from referral.language import current_language
from referral.matching import Match, MatchIndex, Query, Reason
from referral.matching.results import PlanStop
from referral.pages.links import link
from referral.pages.reaching import to_call
from referral.pages.text import _
from referral.pages.wording import address_text, confirmed_text, distance_text, organization_text, today
from referral.phrases import fact_label, fact_question, level_label, need_label
from referral.vocabulary import ASKS, FACTS_BY_FAMILY, LEVELS, Verdict

Facts = Mapping[int, Mapping[str, bool]]

SLOTS = ("anchor", "number", "distance", "listed", "query", "pressed", "keep")
"""What differs between two searches that show the same card: all plain ASCII or escaped before it is filled in."""

_MARK = secrets.token_hex(8)
"""Stands around a slot while the card is rendered; nobody can write it into a listing."""


class ReasonLine(NamedTuple):
    mark: str
    """yes, ask or no."""
    text: str


@dataclass(frozen=True, slots=True)
class CardMaker:
    """Makes the cards of one page."""

    index: MatchIndex
    rows: dict[int, Any]
    query: Query
    keep: KeepLinks

    def distances(self, matches: Iterable[Match | PlanStop]) -> dict[int, str]:
        """How far each is, in words, by id; without those that have no point."""
        start = self.query.origin.precision
        return {
            match.provider_id: distance_text(match.distance_miles, start, is_approximate=match.is_approximate)
            for match in matches
            if match.distance_miles is not None
        }

    def cards(
        self,
        matches: Sequence[Match | PlanStop],
        *,
        prefix: str = "p",
        first_number: int | None = None,
        heading: str = "h3",
        facts: Facts | None = None,
    ) -> Markup:
        """Cards in the order of the matches or of a plan's stops; the id of each is `prefix` and the provider's id.

        first_number: of the first card, where they are numbered as on the map.
        facts: of the providers; where given, a card says what its provider does for the time after.
        """
        distances = self.distances(matches)
        language, root, known = current_language(), request.script_root, kept(self.index).cards
        day = today()  # a card says how old its listing is
        values = {"listed": self.keep.suffix}
        made = []
        for number, match in enumerate(matches, first_number or 0):
            identity = match.provider_id
            row = self.rows.get(identity)
            if row is None:
                continue
            levels = tuple([program.level for program in match.programs])
            reasons = tuple([(r.item, int(r.verdict), r.facts) for r in match.reasons])
            key = (day, root, language, heading, facts is None, identity, levels, reasons)
            skeleton = known.get(key)
            if skeleton is None:
                skeleton = known[key] = _skeleton(row, match, heading, facts)
            values["anchor"] = f"{prefix}{identity}"
            values["distance"] = distances.get(identity, "")
            values["number"] = f'<span class="number">{number}</span> ' if first_number else ""
            self.keep.fill(values, identity)
            made.append(skeleton % values)
        return Markup("".join(made))  # noqa: S704 - rendered by a template, slots as SLOTS says


def _skeleton(row: Any, match: Match | PlanStop, heading: str, facts: Facts | None) -> str:
    """The card as a format string with the names of SLOTS."""
    macro: Any = current_app.jinja_env.get_template("intake/_card.html").module
    html = str(
        macro.card(
            heading=heading,
            slot={name: f"{_MARK}{name}{_MARK}" for name in SLOTS},
            url=link("directory.provider", row.id),
            row=row,
            organization=organization_text(row),
            address=address_text(row),
            levels=_levels_text({program.level for program in match.programs}),
            limits=". ".join(map(fact_label, match.limits)),
            reasons=_reason_lines(match.reasons),
            onward=() if facts is None else _onward_lines(facts.get(row.id, {})),
            phone=to_call(row).link,
            confirmed=confirmed_text(row.confirmed_on, current_language()),
            has_distance=match.distance_miles is not None,
        )
    )
    html = html.replace("%", "%%")
    for name in SLOTS:
        html = html.replace(f"{_MARK}{name}{_MARK}", f"%({name})s")
    return html


def _levels_text(levels: set[str]) -> str:
    """Levels of care in the vocabulary's order."""
    return " · ".join(level_label(code) for code in LEVELS if code in levels)


def _reason_lines(reasons: Iterable[Reason]) -> list[ReasonLine]:
    """First what is known to fit, then what to ask, then what is missing."""
    return [_reason_line(reason) for reason in sorted(reasons, key=lambda reason: reason.verdict, reverse=True)]


def _reason_line(reason: Reason) -> ReasonLine:
    item, verdict, facts = reason.item, reason.verdict, reason.facts
    if verdict is Verdict.YES:
        return ReasonLine("yes", need_label(item) if item in ASKS else ", ".join(map(fact_label, facts)))
    if verdict is Verdict.ASK:
        questions = map(fact_question, facts) if facts else [_(ASKS[item].ask)]
        return ReasonLine("ask", _("Ask: %(question)s", question=" ".join(questions)))
    return ReasonLine("no", _("Not found here: %(what)s", what=need_label(item)))


def _onward_lines(facts: Mapping[str, bool]) -> list[ReasonLine]:
    """What a provider does for the time after treatment, and the question where that is not known."""
    lines = [
        ReasonLine("yes", fact_label(fact.code)) for fact in FACTS_BY_FAMILY["aftercare"] if facts.get(fact.code)
    ]
    if "onward_care" not in facts:
        lines.append(ReasonLine("ask", _("Ask: %(question)s", question=fact_question("onward_care"))))
    return lines
