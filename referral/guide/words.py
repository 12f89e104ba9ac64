"""The shapes of questions and rules. Their texts are English message ids, translated where they are shown."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from referral.vocabulary.words import codes

REVIEWED = date(2026, 11, 20)


class Danger(enum.Enum):
    """What an answer calls for at once."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"


@dataclass(frozen=True)
class Answer:
    code: str
    label: str
    explanation: str = ""
    """May hold %(emergency)s and %(crisis)s: the numbers of the settings."""
    stands_alone: bool = False
    """Contradicts every other answer to its question."""
    danger: Danger | None = None


@dataclass(frozen=True)
class Question:
    code: str
    text: str
    answers: tuple[Answer, ...]
    hint: str = ""
    takes_several: bool = False


Condition = tuple[tuple[str, frozenset[str]], ...]
"""Pairs of a question and answers: it holds where each of the questions has at least one of its answers."""


def answered(**chosen: str) -> Condition:
    """A condition, from the codes of answers parted by blanks. The sum of two holds where both do."""
    return tuple((question, codes(text)) for question, text in chosen.items())


Answers = Mapping[str, frozenset[str]]
"""The codes of the answers that were given, by question."""


@dataclass(frozen=True)
class Source:
    publisher: str
    title: str
    url: str


@dataclass(frozen=True)
class Rule:
    """Suggests its needs, facts and concerns where one of `when` holds and none of `unless`."""

    code: str
    why: str
    source: Source
    when: tuple[Condition, ...] = ()
    """Empty: always."""
    unless: tuple[Condition, ...] = ()
    without: frozenset[str] = frozenset()
    """Only where the rules without this have suggested none of these needs."""
    needs: frozenset[str] = frozenset()
    facts: frozenset[str] = frozenset()
    concerns: frozenset[str] = frozenset()
    reviewed: date = REVIEWED

    def holds(self, answers: Answers) -> bool:
        """Whether it applies to these answers; leaves `without` aside."""
        is_met = not self.when or any(_is_met(condition, answers) for condition in self.when)
        return is_met and not any(_is_met(condition, answers) for condition in self.unless)


def _is_met(condition: Condition, answers: Answers) -> bool:
    return all(wanted & answers.get(question, frozenset()) for question, wanted in condition)
