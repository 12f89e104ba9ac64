"""The pages of the guide: one question, and the end with what may help, filled into the intake form."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from babel.dates import format_date
from flask import current_app, url_for

from config import Config
from referral.guide import QUESTIONS, RULES, Advice, Danger, Progress, Question, Rule, Suggestion, advise
from referral.intake.forms import IntakeForm
from referral.language import current_language
from referral.pages.links import link
from referral.pages.phones import phone_href
from referral.pages.text import _
from referral.pages.warnings import WarningWords, warnings_for
from referral.phrases import fact_label, family_label
from referral.sealing import Seal
from referral.vocabulary import CONCERNS, FACTS


class Urgent(NamedTuple):
    text: str
    calls: tuple[tuple[str, str], ...]
    """(address, what the link says)."""


class Choice(NamedTuple):
    code: str
    label: str
    explanation: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class QuestionPage:
    number: int
    total: int
    text: str
    hint: str
    takes_several: bool
    choices: tuple[Choice, ...]
    problem: str
    """What is wrong with the answer that was sent; else empty."""
    action_url: str
    back_url: str
    """Empty at the first question."""
    urgent: tuple[Urgent, ...]


class Reason(NamedTuple):
    text: str
    publisher: str
    title: str
    url: str


class Box(NamedTuple):
    """A check box; one that is suggested starts checked."""

    name: str
    code: str
    group: str
    """What kind of fact it is, in words; empty for a concern."""
    label: str


@dataclass(frozen=True, slots=True)
class Boxes:
    """Check boxes that are suggested for the same reasons."""

    id: str
    boxes: tuple[Box, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class EndPage:
    form: IntakeForm
    reasons: dict[str, tuple[Reason, ...]]
    """Of each need that is suggested."""
    facts: tuple[Boxes, ...]
    under_18: Box
    """Offered unchecked: no question asks for the age."""
    concerns: tuple[Boxes, ...]
    warnings: list[WarningWords]
    urgent: tuple[Urgent, ...]
    reviewed: str
    change_url: str
    back_url: str


def sealed_progress(progress: Progress) -> str:
    seal: Seal = current_app.extensions["seal"]
    return seal.seal_progress(progress)


def opened_progress(text: str) -> Progress:
    """Raises SealError."""
    seal: Seal = current_app.extensions["seal"]
    return seal.unseal_progress(text)


def step_url(progress: Progress) -> str:
    return link("intake.guide_step", sealed_progress(progress))


def problem_with(question: Question, chosen: frozenset[str]) -> str:
    """Why this is no answer, in words; empty where it is one."""
    known = {answer.code: answer for answer in question.answers}
    if not chosen:
        return _("Choose an answer. “I do not know” is one too.")
    if not chosen <= set(known):
        return _("Choose only from this list.")
    if len(chosen) > 1 and not question.takes_several:
        return _("Choose only one answer.")
    if len(chosen) > 1 and any(known[code].stands_alone for code in chosen):
        return _("“None of these” or “I do not know” cannot go with another answer. Take one of them out.")
    return ""


def question_page(
    progress: Progress, question: Question, sealed: str, sent: frozenset[str] | None = None
) -> QuestionPage:
    """The page of a question; `sent` is an answer that has a problem."""
    chosen = progress.answers.get(question.code, frozenset()) if sent is None else sent
    numbers = _numbers()
    return QuestionPage(
        number=progress.step + 1,
        total=len(QUESTIONS),
        text=_(question.text),
        hint=_(question.hint) if question.hint else "",
        takes_several=question.takes_several,
        choices=tuple(
            Choice(
                answer.code,
                _(answer.label),
                _(answer.explanation, **numbers) if answer.explanation else "",
                answer.code in chosen,
            )
            for answer in question.answers
        ),
        problem="" if sent is None else problem_with(question, sent),
        action_url=url_for("intake.answer", sealed=sealed or None),
        back_url=step_url(progress.at(progress.step - 1)) if progress.step else "",
        urgent=_urgent(progress, set(Danger)),
    )


def end_page(progress: Progress) -> EndPage:
    """What may help someone with these answers."""
    advice = advise(progress.answers)
    codes = [[suggestion.code for suggestion in part] for part in (advice.needs, advice.facts, advice.concerns)]
    return EndPage(
        form=_filled_form(advice),
        reasons={suggestion.code: _reasons(suggestion.rules) for suggestion in advice.needs},
        facts=_boxes("fact", advice.facts),
        under_18=_under_18(),
        concerns=_boxes("concern", advice.concerns),
        warnings=warnings_for(*codes),
        # The warnings speak of the other danger.
        urgent=_urgent(progress, {Danger.CRISIS}),
        reviewed=format_date(min(rule.reviewed for rule in RULES), format="long", locale=current_language()),
        change_url=step_url(progress.at(0)),
        back_url=step_url(progress.at(progress.step - 1)),
    )


def _filled_form(advice: Advice) -> IntakeForm:
    form = IntakeForm()
    form.need.data = [suggestion.code for suggestion in advice.needs]
    return form


def _boxes(part: str, suggestions: tuple[Suggestion, ...]) -> tuple[Boxes, ...]:
    """Check boxes, with those together that have the same reasons."""
    same = groupby(suggestions, key=lambda suggestion: suggestion.rules)
    return tuple(
        Boxes(f"{part}-{number}", tuple(_box(suggestion.code) for suggestion in members), _reasons(rules))
        for number, (rules, members) in enumerate(same)
    )


def _under_18() -> Box:
    fact = FACTS["adolescents"]
    return Box(fact.family, fact.code, _("Shows places that take teens, or may."), _("The person is under 18"))


def _box(code: str) -> Box:
    if code in FACTS:
        return Box(FACTS[code].family, code, family_label(FACTS[code].family), fact_label(code))
    return Box("concern", code, "", _(CONCERNS[code].label))


def _reasons(rules: tuple[Rule, ...]) -> tuple[Reason, ...]:
    return tuple(Reason(_(rule.why), rule.source.publisher, rule.source.title, rule.source.url) for rule in rules)


def _numbers() -> dict[str, str]:
    config: Config = current_app.config["ONWARD"]
    return {"emergency": config.emergency_phone, "crisis": config.crisis_phone}


def _urgent(progress: Progress, dangers: set[Danger]) -> tuple[Urgent, ...]:
    """Whom to call at once, by what was answered so far."""
    said = {
        answer.danger
        for code, chosen in progress.answers.items()
        for answer in QUESTIONS[code].answers
        if answer.danger in dangers and answer.code in chosen
    }
    emergency, crisis = _numbers().values()
    notices = {
        Danger.EMERGENCY: Urgent(
            _("A seizure, or confusion, or seeing things that are not there: if it is now, call for help."),
            ((phone_href(emergency), _("Call %(phone)s", phone=emergency)),),
        ),
        Danger.CRISIS: Urgent(
            _("For thoughts of suicide there is help now: free, day and night."),
            (
                (phone_href(crisis), _("Call %(phone)s", phone=crisis)),
                (f"sms:{crisis}", _("or text %(phone)s", phone=crisis)),
            ),
        ),
    }
    return tuple(notice for danger, notice in notices.items() if danger in said)
