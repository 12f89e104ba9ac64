"""The plan for several kinds of care, step by step, ready to print."""

from __future__ import annotations

from dataclasses import dataclass

from referral.intake.asked import AskedWords, asked_words, place_label
from referral.intake.cards import read_rows
from referral.language import current_language
from referral.matching import MatchIndex, Precision, Query, search
from referral.matching.results import Plan, PlanStep, PlanStop
from referral.pages.links import link
from referral.pages.phones import PhoneLink, phone_link
from referral.pages.text import _
from referral.pages.wording import address_text, distance_note, miles_text, radius_text
from referral.phrases import need_label
from referral.sealing import Asked
from referral.vocabulary import ASKS, Verdict


@dataclass(frozen=True, slots=True)
class StopLine:
    url: str
    name: str
    address: str
    phone: PhoneLink | None
    distance: str
    question: str
    """What to ask when it is not certain; else empty."""


@dataclass(frozen=True, slots=True)
class StepPart:
    number: int
    label: str
    explanation: str
    stops: list[StopLine]
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
    together: list[StopLine]
    steps: list[StepPart]
    distance_note: str


def plan_page(index: MatchIndex, asked: Asked, text: str) -> PlanPage | None:
    """The plan, or None when fewer than two steps are asked. `text` is the sealed question."""
    query = asked.query
    plan = search(index, query, per_page=1).plan
    if plan is None:
        return None
    return PlanPage(
        place=place_label(query),
        asked=asked_words(query),
        results_url=link("intake.results", text),
        change_url=link("intake.change", text),
        distance_note=distance_note(query.origin.precision),
        **_parts(index, plan, query),
    )


def _parts(index: MatchIndex, plan: Plan, query: Query) -> dict[str, list]:  # type: ignore[type-arg]
    stops = [*plan.together, *(stop for step in plan.steps for stop in step.stops)]
    rows = read_rows(index, {stop.provider_id for stop in stops})
    language = current_language()
    is_about = query.origin.precision is not Precision.EXACT

    def line(stop: PlanStop, needs: tuple[str, ...]) -> StopLine:
        row = rows[stop.provider_id]
        questions = [_(ASKS[code].ask) for code in needs if stop.verdict is Verdict.ASK]
        return StopLine(
            url=link("directory.provider", row.id),
            name=row.name,
            address=address_text(row),
            phone=phone_link(row.phone, row.phone_extension, language),
            distance=miles_text(stop.distance_miles, is_about=is_about or row.precision != "exact"),
            question=" ".join(questions),
        )

    def known(stops: tuple[PlanStop, ...], needs: tuple[str, ...]) -> list[StopLine]:
        return [line(stop, needs) for stop in stops if stop.provider_id in rows]

    uncertain = tuple(step.need for step in plan.steps if ASKS[step.need].min_stay_days) + query.fact_needs
    return {
        "together": known(plan.together, uncertain),
        "steps": [
            StepPart(
                number=number,
                label=need_label(step.need),
                explanation=_(ASKS[step.need].explanation),
                stops=known(
                    step.stops, (step.need, *query.fact_needs) if step.need in uncertain else query.fact_needs
                ),
                beyond=_beyond(step, query),
                leg=_leg(plan, number - 1),
            )
            for number, step in enumerate(plan.steps, 1)
        ],
    }


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
