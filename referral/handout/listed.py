"""One place as a list shows it: the same rows for every place, and nothing about the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from referral.handout.known import Facts, Known, known_facts, no_words, shown_programs, yes_words
from referral.handout.questions import BED_NOW, STAY_LEVELS, about_the_language, open_questions
from referral.language import current_language
from referral.models import Program, Provider
from referral.pages.links import link
from referral.pages.reaching import ToCall, to_call
from referral.pages.text import _, ngettext
from referral.pages.wording import Confirmed, address_text, confirmed_text, organization_text
from referral.phrases import fact_label, family_label, level_label, need_label
from referral.vocabulary import FACTS_BY_FAMILY, FACTS_LISTED_IN_FULL

FOR_WHOM = ("substance", "age", "gender", "population")
MINOR_FAMILIES = ("language", "accessibility", "setting")


class Denied(NamedTuple):
    """Facts that are no, and what stands before them."""

    words: str
    facts: str
    is_refusal: bool
    """An explicit no; else it is only missing from a list that is complete."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One row of a card. Every card has the same rows in the same order, so that places can be compared."""

    heading: str
    yes: list[str]
    no: list[Denied]
    is_minor: bool = False
    """Left out of a large print of several places."""


@dataclass(frozen=True, slots=True)
class ListedProvider:
    id: int
    name: str
    organization: str
    url: str
    call_url: str
    remove_url: str
    """The list without this place."""
    is_closed: bool
    is_reported: bool
    limits: str
    address: str
    to_call: ToCall
    website: str
    website_name: str
    levels: list[tuple[str, str]]
    """(level of care, the longest stay or that it is closed for now; may be empty)."""
    rows: list[FactRow]
    questions: list[str]
    confirmed: Confirmed


def listed(provider: Provider, remove_url: str) -> ListedProvider:
    facts, programs = known_facts(provider), shown_programs(provider)
    website = provider.website if urlsplit(provider.website).scheme in ("http", "https") else ""
    return ListedProvider(
        id=provider.id,
        name=provider.name,
        organization=organization_text(provider),
        url=link("directory.provider", provider.id),
        call_url=link("handout.call", provider.id),
        remove_url=remove_url,
        is_closed=provider.is_closed_for_now,
        is_reported=bool(provider.open_reports),
        limits=limits_text(facts),
        address=address_text(provider),
        to_call=to_call(provider),
        website=website,
        website_name=urlsplit(website).netloc.removeprefix("www."),
        levels=level_lines(programs),
        rows=_rows(facts),
        questions=[_(BED_NOW), *about_the_language(facts), *open_questions(facts, programs)],
        confirmed=confirmed_text(provider.confirmed_on, current_language()),
    )


def limits_text(facts: Facts) -> str:
    """Whom a place takes only; empty where it does not say."""
    limits = (fact.code for fact in FACTS_BY_FAMILY["limits"])
    return ". ".join(yes_words(code, facts[code]) for code in limits if facts.get(code, Known.NO) is not Known.NO)


def level_lines(programs: list[Program]) -> list[tuple[str, str]]:
    """Levels of care with what is said of each program, every line once."""
    return list(dict.fromkeys((level_label(program.level), _stay(program)) for program in programs))


def _stay(program: Program) -> str:
    if program.status == "temporarily_closed":
        return _("Closed for now.")
    if program.max_stay_days:
        return ngettext("Longest stay: %(n)s day", "Longest stay: %(n)s days", program.max_stay_days)
    return _("Longest stay: not listed. Ask.") if program.level in STAY_LEVELS else ""


def _rows(facts: Facts) -> list[FactRow]:
    return [
        _family_row(family_label("payment"), ("payment",), facts),
        _family_row(family_label("medication"), ("medication",), facts),
        _mental_health(facts),
        _family_row(_("For whom"), FOR_WHOM, facts, is_minor=True),
        *(_family_row(family_label(code), (code,), facts, is_minor=True) for code in MINOR_FAMILIES),
    ]


def _mental_health(facts: Facts) -> FactRow:
    code = "co_occurring"
    known = facts.get(code)
    return FactRow(
        heading=need_label("dual_diagnosis"),
        yes=[yes_words(code, known)] if known in (Known.YES, Known.SOME) else [],
        no=[_denied("care", [code])] if known is Known.NO else [],
    )


def _family_row(heading: str, families: Sequence[str], facts: Facts, *, is_minor: bool = False) -> FactRow:
    known = [fact for family in families for fact in FACTS_BY_FAMILY[family] if fact.code in facts]
    denied = [fact for fact in known if facts[fact.code] is Known.NO]
    # Families of which the same is said stand behind the same words.
    families_by_words = {no_words(fact.family): fact.family for fact in denied}
    return FactRow(
        heading=heading,
        yes=[yes_words(fact.code, facts[fact.code]) for fact in known if facts[fact.code] is not Known.NO],
        no=[
            _denied(family, [fact.code for fact in denied if no_words(fact.family) == words])
            for words, family in families_by_words.items()
        ],
        is_minor=is_minor,
    )


def _denied(family: str, codes: Sequence[str]) -> Denied:
    return Denied(no_words(family), ", ".join(map(fact_label, codes)), family not in FACTS_LISTED_IN_FULL)
