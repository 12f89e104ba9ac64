"""The plan for several kinds of care, step by step, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from referral.intake.asked import AskedWords, asked_words, place_label
from referral.intake.cards import Card, make_cards, read_rows
from referral.matching import MatchIndex, Query, search
from referral.matching.results import Plan, PlanStep
from referral.pages.links import link
from referral.pages.text import _
from referral.pages.wording import distance_note, miles_text, radius_text
from referral.phrases import need_label
from referral.sealing import Asked
from referral.vocabulary import ASKS


@dataclass(frozen=True, slots=True)
class StepPart:
    number: int
    label: str
    explanation: str
    cards: list[Card]
    beyond: str
    """Said when nobody inside the distance does this step; else empty."""
    leg: str
    """How far the first stop is from that of the step before; else empty."""


@dataclass(frozen=True, slots=True)
class PlanPage:
    place: str
    asked: AskedWords
    results_url: str
    change_url: str
    together: list[Card]
    steps: list[StepPart]
    distance_note: str


def plan_page(index: MatchIndex, asked: Asked, text: str) -> PlanPage | None:
    """The plan, or None when fewer than two steps are asked. `text` is the sealed question."""
    query = asked.query
    plan = search(index, query, per_page=1).plan
    if plan is None:
        return None
    stops = [*plan.together, *(stop for step in plan.steps for stop in step.stops)]
    rows = read_rows(index, {stop.provider_id for stop in stops})
    return PlanPage(
        place=place_label(query),
        asked=asked_words(query),
        results_url=link("intake.results", text),
        change_url=link("intake.change", text),
        together=make_cards(index, plan.together, rows, query),
        steps=_steps(index, plan, rows, query),
        distance_note=distance_note(query.origin.precision),
    )


def _steps(index: MatchIndex, plan: Plan, rows: dict[int, Any], query: Query) -> list[StepPart]:
    return [
        StepPart(
            number=number,
            label=need_label(step.need),
            explanation=_(ASKS[step.need].explanation),
            cards=make_cards(index, step.stops, rows, query),
            beyond=_beyond(step, query),
            leg=_leg(plan, number - 1),
        )
        for number, step in enumerate(plan.steps, 1)
    ]


def _beyond(step: PlanStep, query: Query) -> str:
    if not step.is_beyond_radius:
        return ""
    return _(
        "We know of no place %(radius)s that offers this. These are the nearest.",
        radius=radius_text(query.radius_miles),
    )


def _leg(plan: Plan, position: int) -> str:
    """How far the first stop of the step at this position is from the step before."""
    miles = plan.legs_miles[position - 1] if position else None
    if miles is None:
        return ""
    if plan.steps[position].stops[0].provider_id == plan.steps[position - 1].stops[0].provider_id:
        return _("The first place here is also the first place of the step before.")
    return _(
        "The first place here is %(distance)s from the first place of the step before.",
        distance=miles_text(miles, is_about=True),
    )
