"""Which questions a call needs: those that the listing leaves open, and those that every call needs.

Key facts are those that most often decide whether a person can come: how it is paid, mental health, medication for
opioid use, how long one can stay. The questions of every call are those that seekers named in a 2015 focus group in
Lexington, KY (cost up front, length of stay, smoking, family) and what a waiting list makes necessary.
A question that the listing answers is not asked.
"""

from __future__ import annotations

from referral.handout.known import Facts, Known
from referral.handout.spoken import OTHER_LANGUAGES
from referral.language import current_language
from referral.models import Program
from referral.pages.text import _
from referral.phrases import fact_label, fact_question
from referral.vocabulary import ALTERNATIVES, FACTS_BY_FAMILY
from referral.vocabulary.words import N_

BED_NOW = N_("Do you have a bed or a slot now?")

HOW_LONG = ALTERNATIVES["residential_shorter"]
"""The need that asks for how long a person can stay."""

LIVE_IN = frozenset(
    {
        "detox_hospital", "detox_residential", "hospital_inpatient",
        "residential_long", "residential_short", "residential", "recovery_residence",
    }
)  # fmt: skip
"""Levels of care at which a person sleeps. Plain `detox` does not say."""

STAY_LEVELS = frozenset({"residential_long", "residential"})

MAX_ASKED_APART = 3
"""Up to so many facts of one group are asked one by one; more are one question."""


def open_questions(facts: Facts, programs: list[Program]) -> list[str]:
    """Questions about key facts that are not known."""
    questions = []
    if not any(fact.code in facts for fact in FACTS_BY_FAMILY["payment"]):
        questions += [fact_question("takes_medicaid"), fact_question("sliding_fee")]
    questions += [fact_question(code) for code in ("co_occurring", "accepts_on_medication") if code not in facts]
    if any(program.level in STAY_LEVELS and program.max_stay_days is None for program in programs):
        questions.append(_(HOW_LONG.ask))
    return questions


def about_the_language(facts: Facts, asked: frozenset[str] = frozenset()) -> list[str]:
    """On a page that is not in English: whether its language is spoken there, unless that is listed or in `asked`."""
    other = OTHER_LANGUAGES.get(current_language())
    return [fact_question(other.fact)] if other and other.fact not in asked | facts.keys() else []


def asked_about(codes: tuple[str, ...]) -> str:
    """One question about facts of which any one is enough."""
    if len(codes) <= MAX_ASKED_APART:
        return " ".join(map(fact_question, codes))
    return _("Which of these do you take or offer: %(what)s?", what=", ".join(map(fact_label, codes)))


def standard_questions(
    facts: Facts,
    programs: list[Program],
    *,
    asked: frozenset[str] = frozenset(),
    is_remote: bool = False,
    is_on_medication: bool = False,
) -> list[str]:
    """What every call should settle, in the order of the call; without what is listed or in `asked` (fact codes).

    Who takes methadone or buprenorphine asks for it in each call, whatever is listed (DESIGN 4.2).
    """
    levels = {program.level for program in programs}
    may_live_in = not levels or bool(levels & LIVE_IN) or "detox" in levels
    settled = asked | facts.keys()
    wait = _("If not: how long is the wait, and where can I go until then?")
    questions = [f"{_(BED_NOW)} {wait}", _("Is there a waiting list? May I call each day?")]
    if facts.get("free_care") is not Known.YES:
        questions.append(_("What does it cost up front? How much does my insurance pay?"))
    if "accepts_on_medication" in (asked if is_on_medication else settled):
        questions.append(_("Can I keep taking all my other medicines?"))
    else:
        questions.append(_("Can I keep taking my medicines: methadone, buprenorphine, others?"))
    if may_live_in:
        questions += [
            _("What should I bring, and what must stay at home?"),
            _("Can family call or visit?"),
            _("May I keep my phone?"),
        ]
        if not settled & {"smoke_free", "smoking_area"}:
            questions.append(fact_question("smoke_free"))
    else:
        questions.append(_("What should I bring to the first visit?"))
    if "clients_children_welcome" not in settled:
        questions.append(fact_question("clients_children_welcome"))
    if not is_remote and facts.get("transportation", Known.NO) is Known.NO:
        questions.append(_("How do I get there? Can someone pick me up?"))
    questions.append(_("Who do I ask for next time?"))
    return questions
