"""What is known of a provider as a whole: its own facts and those of its programs, put together."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from referral.models import Program, Provider
from referral.pages.text import _
from referral.phrases import fact_label
from referral.vocabulary import FACTS, FACTS_LISTED_IN_FULL, LEVELS


class Known(StrEnum):
    YES = "yes"
    SOME = "some"
    """Yes in some of its programs only."""
    NO = "no"


Facts = Mapping[str, Known]


def shown_programs(provider: Provider) -> list[Program]:
    """Programs that are listed, those closed for now too, in the vocabulary's order of levels."""
    listed = [program for program in provider.programs if program.status != "inactive"]
    return [program for level in LEVELS for program in listed if program.level == level]


def known_facts(provider: Provider) -> dict[str, Known]:
    """Facts that are known, in the vocabulary's order. A program's own fact overrides its provider's (DESIGN 2).

    What one program says no to, and another does not say, is not known of the place.
    """
    programs = [provider.facts | program.facts for program in shown_programs(provider)] or [provider.facts]
    known = {}
    for code in FACTS:
        said = [facts.get(code) for facts in programs]
        if any(said):
            known[code] = Known.YES if all(said) else Known.SOME
        elif None not in said:
            known[code] = Known.NO
    return known


def yes_words(code: str, known: Known) -> str:
    return fact_label(code) if known is Known.YES else _("%(what)s (some programs)", what=fact_label(code))


def no_words(family: str) -> str:
    """What stands before facts of this family that are no. Missing from a list is not a refusal (DESIGN 3)."""
    return _("Not on its list:") if family in FACTS_LISTED_IN_FULL else _("Not here:")
