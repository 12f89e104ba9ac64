"""The script of the call to one place: whom to ask for, what to say, what to ask, and what to do if they say no."""

from __future__ import annotations

from dataclasses import dataclass

from referral.handout.fitting import Fitting, fitting, for_nobody
from referral.handout.known import Facts, Known, known_facts, no_words, shown_programs, yes_words
from referral.handout.listed import level_lines, limits_text
from referral.handout.print_size import script_class
from referral.handout.questions import about_the_language, standard_questions
from referral.handout.spoken import OTHER_LANGUAGES, OtherLanguage, opening
from referral.language import current_language
from referral.matching import MatchIndex, match_of
from referral.models import Provider
from referral.pages.links import link
from referral.pages.reaching import ToCall, to_call
from referral.pages.warnings import WarningWords, warnings_for
from referral.pages.wording import organization_text
from referral.phrases import fact_label
from referral.sealing import Asked
from referral.vocabulary import FACTS

SHOWN_FACTS = (
    "free_care",
    "accepts_on_medication",
    "smoke_free",
    "smoking_area",
    "clients_children_welcome",
    "transportation",
)
"""What the listing says to a question that is therefore not asked."""

ADVICE_BEFORE = frozenset({"pregnancy", "on_medication"})
"""Warnings about what to say; the others are for the time until there is a place."""

N_PRINTED_HEADINGS = 7

LINES_IF_REFUSED = 7
"""Lines that the advice for a no takes on paper, beside the warnings."""


@dataclass(frozen=True, slots=True)
class CallPage:
    name: str
    organization: str
    provider_url: str
    is_closed: bool
    is_reported: bool
    limits: str
    to_call: ToCall
    sentences: tuple[str, str]
    """For oneself, for another person."""
    in_english: str
    """What to say when the phone is answered in English; empty on an English page."""
    fit: Fitting
    is_for_asked: bool
    """Whether somebody asked, and the first questions are about that."""
    questions: list[str]
    """That every call needs."""
    levels: list[tuple[str, str]]
    listed_yes: list[str]
    listed_no: list[str]
    advice: list[WarningWords]
    safety: list[WarningWords]
    back_url: str
    """Of this place in the results, so that the next one is in sight; empty without a sealed question."""

    @property
    def print_class(self) -> str:
        """How large to print it, so that it stays on one sheet."""
        reach = [other.label + other.link.text for other in self.to_call.others]
        listing = [*(level + stay for level, stay in self.levels), *self.listed_yes, *self.listed_no]
        paragraphs = [
            *[self.name] * 2,
            *filter(None, (self.organization, self.limits)),
            *["-"] * (self.is_closed + self.is_reported + self.fit.is_medication_refused + bool(self.fit.no)),
            *self.fit.no,
            *["-"] * 5,
            " ".join(reach),
            *(f"For someone else: {sentence}" for sentence in self.sentences),
            *filter(None, (self.in_english * 2, self.in_english * 5)),
            *(f"{item.title} {item.text} {item.source} {item.reviewed}" for item in (*self.advice, *self.safety)),
            "    ".join(listing),
            *["-"] * LINES_IF_REFUSED,
        ]
        return script_class(paragraphs, [*self.fit.questions, *self.questions], N_PRINTED_HEADINGS)


def call_page(index: MatchIndex, provider: Provider, asked: Asked | None, sealed: str) -> CallPage:
    """`sealed` is the sealed question of `asked`; both empty where the script is for nobody in particular."""
    facts, programs = known_facts(provider), shown_programs(provider)
    if asked is None:
        fit = for_nobody(provider, facts)
    else:
        fit = fitting(provider, facts, asked.query, match_of(index, asked.query, provider.id))
    language = OTHER_LANGUAGES.get(current_language())
    levels = level_lines(programs)
    yes, no = _what_the_listing_says(facts, fit, {level for level, _stay in levels}, language)
    warnings = _warnings(asked)
    return CallPage(
        name=provider.name,
        organization=organization_text(provider),
        provider_url=link("directory.provider", provider.id),
        is_closed=provider.is_closed_for_now,
        is_reported=bool(provider.open_reports),
        limits=limits_text(facts),
        to_call=to_call(provider),
        sentences=opening(fit.needs),
        in_english=language.words if language else "",
        fit=fit,
        is_for_asked=asked is not None,
        questions=_questions(provider, facts, fit.asked_facts, is_on_medication=_is_on_medication(asked)),
        levels=levels,
        listed_yes=yes,
        listed_no=no,
        advice=[warning for warning in warnings if warning.code in ADVICE_BEFORE],
        safety=[warning for warning in warnings if warning.code not in ADVICE_BEFORE],
        back_url=f"{link('intake.results', sealed)}#p{provider.id}" if sealed else "",
    )


def _questions(provider: Provider, facts: Facts, asked: frozenset[str], *, is_on_medication: bool) -> list[str]:
    standard = standard_questions(
        facts,
        shown_programs(provider),
        asked=asked,
        is_remote=provider.address_kind == "telehealth",
        is_on_medication=is_on_medication,
    )
    return [*about_the_language(facts, asked), *standard]


def _is_on_medication(asked: Asked | None) -> bool:
    return asked is not None and any("accepts_on_medication" in item.facts for item in asked.query.requirements)


def _warnings(asked: Asked | None) -> list[WarningWords]:
    """Those of what was asked, and for everyone those of a withdrawal that goes badly while they wait."""
    if asked is None:
        return warnings_for((), (), ("hard_withdrawal",))
    facts = (code for item in asked.query.requirements for code in item.facts)
    return warnings_for(asked.query.needs, facts, (*asked.concerns, "hard_withdrawal"))


def _what_the_listing_says(
    facts: Facts, fit: Fitting, levels: set[str], language: OtherLanguage | None
) -> tuple[list[str], list[str]]:
    """What fits beside `levels`, and answers to questions that are therefore not asked; then what they say no to."""
    shown = (*SHOWN_FACTS, language.fact) if language else SHOWN_FACTS
    known = [code for code in shown if code in facts and code not in fit.yes_facts]
    yes = [*fit.yes, *(yes_words(code, facts[code]) for code in known if facts[code] is not Known.NO)]
    no = [f"{no_words(FACTS[code].family)} {fact_label(code)}" for code in known if facts[code] is Known.NO]
    return [line for line in dict.fromkeys(yes) if line not in levels], [line for line in no if line not in fit.no]
