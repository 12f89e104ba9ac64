"""What the rules suggest to someone who gave these answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from referral.guide.rules import RULES
from referral.guide.words import Answers, Rule
from referral.vocabulary import CONCERNS, FACTS, NEEDS


@dataclass(frozen=True)
class Suggestion:
    code: str
    """Of a need, a fact or a concern."""
    rules: tuple[Rule, ...]
    """Those that suggest it: at least one."""


@dataclass(frozen=True)
class Advice:
    """Each in the order of the vocabulary. There is always a need."""

    needs: tuple[Suggestion, ...]
    facts: tuple[Suggestion, ...]
    concerns: tuple[Suggestion, ...]

    @property
    def suggestions(self) -> tuple[Suggestion, ...]:
        """All of them."""
        return (*self.needs, *self.facts, *self.concerns)


def advise(answers: Answers) -> Advice:
    """What to look for first. Any answers will do; a question without one is as if it was not known."""
    holding = [rule for rule in RULES if rule.holds(answers)]
    suggested = {need for rule in holding if not rule.without for need in rule.needs}
    rules = [rule for rule in holding if not rule.without & suggested]
    return Advice(
        needs=_suggestions(NEEDS, ((rule, rule.needs) for rule in rules)),
        facts=_suggestions(FACTS, ((rule, rule.facts) for rule in rules)),
        concerns=_suggestions(CONCERNS, ((rule, rule.concerns) for rule in rules)),
    )


def _suggestions(
    known: Mapping[str, object], suggesting: Iterable[tuple[Rule, frozenset[str]]]
) -> tuple[Suggestion, ...]:
    pairs = list(suggesting)
    found = ((code, tuple(rule for rule, suggested in pairs if code in suggested)) for code in known)
    return tuple(Suggestion(code, rules) for code, rules in found if rules)
