"""Words for what the matcher says in codes, in the language of the request. Used by pages and the API alike."""

from __future__ import annotations

from referral.language import current_language, translations
from referral.matching import Basis, Reason
from referral.vocabulary import ASKS, FACTS, FAMILIES, LEVELS, Verdict


def _(message: str) -> str:
    return translations(current_language()).gettext(message)


def need_label(code: str) -> str:
    return _(ASKS[code].label)


def level_label(code: str) -> str:
    return _(LEVELS[code].label)


def fact_label(code: str) -> str:
    return _(FACTS[code].label)


def family_label(code: str) -> str:
    return _(FAMILIES[code].label)


def fact_question(code: str) -> str:
    """The question for the phone call about a fact that is not known."""
    fact = FACTS[code]
    return _(fact.ask) if fact.ask else _("Do you offer this: %(what)s?") % {"what": _(fact.label)}


def reason_label(reason: Reason) -> str:
    """Why it fits, what to ask, or what is missing, in one line."""
    if reason.verdict is Verdict.YES:
        if reason.basis is Basis.FACT:
            return ", ".join(fact_label(code) for code in reason.facts)
        return need_label(reason.item) if reason.basis is Basis.STAY else level_label(reason.level)
    if reason.verdict is Verdict.ASK:
        if reason.basis is Basis.FACT:
            return " ".join(fact_question(code) for code in reason.facts)
        return _(ASKS[reason.item].ask)
    return _("Not found here: %(what)s") % {"what": need_label(reason.item)}
