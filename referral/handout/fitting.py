"""How a provider's answer to a question stands on the script of a call: what to ask, what fits, what does not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from referral.handout.known import Facts, Known, no_words, shown_programs
from referral.handout.questions import STAY_LEVELS, asked_about, open_questions
from referral.matching import Basis, OneAnswer, Query, Reason
from referral.models import Provider
from referral.pages.text import _, ngettext
from referral.phrases import fact_label, need_label
from referral.vocabulary import ASKS, FACTS, Verdict

CONTINUED = frozenset({"methadone", "buprenorphine", "accepts_on_medication"})
"""Medication that a person may be on. A place that refuses it is never shown as if it fitted (DESIGN 4, rule 5)."""


@dataclass(frozen=True, slots=True)
class Fitting:
    questions: list[str]
    """Made from what is not listed of what was asked."""
    asked_facts: frozenset[str]
    """Facts that these questions are about."""
    yes: list[str]
    """What fits beside the kinds of care, which are listed themselves, and finer."""
    no: list[str]
    """What does not fit, each in a whole line."""
    is_medication_refused: bool
    needs: tuple[str, ...] = ()
    """Needs to name in this call: those that were asked, without kinds of care that are not found here."""
    yes_facts: frozenset[str] = frozenset()
    """Facts that `yes` speaks of."""


def for_nobody(provider: Provider, facts: Facts) -> Fitting:
    """Where nothing was asked: key facts that are not known."""
    return Fitting(
        questions=open_questions(facts, shown_programs(provider)),
        asked_facts=frozenset({"accepts_on_medication"}),
        yes=[],
        no=[],
        is_medication_refused=False,
    )


def fitting(provider: Provider, facts: Facts, query: Query, answer: OneAnswer | None) -> Fitting:
    """`answer`: of the matcher; None where the place is not in its index, as one that is closed for now."""
    if answer is None or not any(program.status == "active" for program in provider.programs):
        return _without_answer(facts, query)
    asks, missing, met = (answer.reasons_of(verdict) for verdict in (Verdict.ASK, Verdict.NO, Verdict.YES))
    said = {code for reason in missing for code in reason.facts}
    refused = [code for code in _refused(facts, query) if code not in said]
    return Fitting(
        questions=[asked_about(r.facts) if r.facts else _(ASKS[r.item].ask) for r in asks],
        asked_facts=frozenset(code for reason in asks for code in reason.facts),
        yes=[_yes_line(reason) for reason in met if reason.basis is not Basis.LEVEL],
        no=[*(_missing(reason, provider) for reason in missing), *map(_no_line, refused)],
        is_medication_refused=any(r.item == "medication" and CONTINUED & set(r.facts) for r in missing),
        needs=_needs_here(query, {reason.item for reason in missing}),
        yes_facts=frozenset(code for reason in met for code in reason.facts),
    )


def _needs_here(query: Query, missing: set[str]) -> tuple[str, ...]:
    """All of them where no kind of care that was asked is found: then it is for the place to say what it can do."""
    elsewhere = missing.intersection(query.level_needs)
    if len(elsewhere) == len(query.level_needs):
        return query.needs
    return tuple(need for need in query.needs if need not in elsewhere)


def _without_answer(facts: Facts, query: Query) -> Fitting:
    """Of a place whose kinds of care are not listed, or are closed for now: everything is asked that is not known."""
    needs = [_(ASKS[code].ask) for code in query.level_needs]
    unknown = [
        tuple(code for code in wanted if code not in facts)
        for _item, wanted in query.wanted_facts
        if not any(facts.get(code, Known.NO) is not Known.NO for code in wanted)
    ]
    refused = _refused(facts, query)
    return Fitting(
        questions=[*needs, *(asked_about(codes) for codes in unknown if codes)],
        asked_facts=frozenset(code for codes in unknown for code in codes),
        yes=[],
        no=[_no_line(code) for code in refused],
        is_medication_refused="accepts_on_medication" in refused,
        needs=query.needs,
    )


def _refused(facts: Facts, query: Query) -> list[str]:
    """Wanted medication that the place says no to, also where another that was wanted is enough to fit."""
    wanted = [code for item in query.requirements for code in item.facts if code in CONTINUED]
    return [code for code in wanted if facts.get(code) is Known.NO]


def _yes_line(reason: Reason) -> str:
    return need_label(reason.item) if reason.basis is not Basis.FACT else _labels(reason.facts)


def _missing(reason: Reason, provider: Provider) -> str:
    if reason.basis is Basis.FACT:
        return f"{no_words(FACTS[reason.facts[0]].family)} {_labels(reason.facts)}"
    text = _("Not found here: %(what)s", what=need_label(reason.item))
    stays = [program.max_stay_days or 0 for program in shown_programs(provider) if program.level in STAY_LEVELS]
    if reason.basis is Basis.STAY and any(stays):
        text += ". " + ngettext("Longest stay: %(n)s day", "Longest stay: %(n)s days", max(stays))
    return text


def _no_line(code: str) -> str:
    return f"{no_words(FACTS[code].family)} {fact_label(code)}"


def _labels(codes: Iterable[str]) -> str:
    return ", ".join(map(fact_label, codes))
