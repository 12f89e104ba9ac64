"""The plan for several kinds of care, step by step, ready to print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from markupsafe import Markup

from referral.extensions import db
from referral.intake.arranging import to_arrange
from referral.intake.cards import CardMaker, Facts
from referral.intake.keep_links import keep_links
from referral.intake.listings import read_rows
from referral.matching import MatchIndex, Precision, Query, search
from referral.matching.results import Plan, PlanStep
from referral.models.provider import facts_by_id
from referral.pages.asked import AskedWords, asked_words, place_label
from referral.pages.links import link
from referral.pages.text import _
from referral.pages.warnings import WarningWords, warnings_for_asked
from referral.pages.wording import distance_note, distance_text, radius_text
from referral.phrases import need_label
from referral.sealing import Asked
from referral.vocabulary import ASKS


@dataclass(frozen=True, slots=True)
class StepPart:
    number: int
    label: str
    explanation: str
    cards: Markup
    arrange: list[str]
    """What to arrange before this step ends."""
    beyond: str
    """Said when nobody inside the distance does this step; else empty."""
    is_off_map: bool
    """Whether, when nobody inside the distance does it, somebody of the same state without a map point does."""
    leg: str
    """How far the first stop is from that of the step before; else empty."""


class PlanUrls(NamedTuple):
    results: str
    change: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    place: str
    asked: AskedWords
    warnings: list[WarningWords]
    urls: PlanUrls
    kept: tuple[int, ...]
    together: Markup
    apart: str
    """Said when no one place inside the distance does all steps; else empty."""
    steps: list[StepPart]
    distance_note: str


def plan_page(index: MatchIndex, asked: Asked, text: str) -> PlanPage | None:
    """The plan, or None when fewer than two steps are asked. `text` is the sealed question."""
    query = asked.query
    plan = search(index, query, per_page=1).plan
    if plan is None:
        return None
    stops = [*plan.together, *(stop for step in plan.steps for stop in step.stops)]
    ids = {stop.provider_id for stop in stops}
    keep = keep_links()
    maker = CardMaker(index, read_rows(index, ids), query, keep)
    with db.engine.connect() as connection:
        facts = facts_by_id(connection, ids)
    return PlanPage(
        place=place_label(query),
        asked=asked_words(query),
        warnings=warnings_for_asked(asked),
        urls=PlanUrls(keep.carry(link("intake.results", text)), keep.carry(link("intake.change", text))),
        kept=keep.kept,
        together=maker.cards(plan.together, prefix="all-", facts=facts),
        apart="" if plan.together else _apart(query),
        steps=_steps(plan, maker, facts),
        distance_note=distance_note(query.origin.precision),
    )


def _steps(plan: Plan, maker: CardMaker, facts: Facts) -> list[StepPart]:
    following = [*(step.need for step in plan.steps[1:]), None]
    return [
        StepPart(
            number=number,
            label=need_label(step.need),
            explanation=_(ASKS[step.need].explanation),
            cards=maker.cards(step.stops, prefix=f"step{number}-", heading="h4", facts=facts if after else None),
            arrange=[_(text) for text in to_arrange(step.need, after)],
            beyond=_beyond(step, maker.query),
            is_off_map=_is_off_map(step, maker),
            leg=_leg(plan, number - 1),
        )
        for number, (step, after) in enumerate(zip(plan.steps, following, strict=True), 1)
    ]


def _apart(query: Query) -> str:
    return _(
        "We know of no one place %(radius)s that does all of these steps. Here is who does each.",
        radius=radius_text(query.radius_miles),
    )


def _is_off_map(step: PlanStep, maker: CardMaker) -> bool:
    if step.stops and not step.is_beyond_radius:
        return False
    query = replace(maker.query, needs=(step.need, *maker.query.fact_needs))
    return any(group.n_same_state for group in search(maker.index, query, per_page=1).unlocated)


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
    there, before = plan.steps[position].stops[0], plan.steps[position - 1].stops[0]
    if there.provider_id == before.provider_id:
        return _("The first place here is also the first place of the step before.")
    return _(
        "Distance from the first place of the step before: %(distance)s.",
        distance=distance_text(
            miles, Precision.ZIP if before.is_approximate else Precision.EXACT, is_approximate=there.is_approximate
        ),
    )
