"""How far someone has come: the answers so far, and which question is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from referral.guide.questions import QUESTIONS
from referral.guide.words import Answers, Question

_ORDER = tuple(QUESTIONS)


@dataclass(frozen=True)
class Progress:
    """Going back changes the step and keeps every answer. Raises ValueError where it cannot be."""

    answers: Answers = field(default_factory=dict)
    step: int = 0
    """Index of the question to ask; the number of questions at the end. Every question before it has its answer."""

    def __post_init__(self) -> None:
        if not 0 <= self.step <= len(_ORDER):
            raise ValueError("no such step")
        if set(_ORDER[: self.step]) - set(self.answers):
            raise ValueError("a question was left out")
        if any(not is_answer(QUESTIONS[code], chosen) for code, chosen in self.answers.items()):
            raise ValueError("not an answer to this question")

    @property
    def question(self) -> Question | None:
        """The one to ask; None at the end."""
        return QUESTIONS[_ORDER[self.step]] if self.step < len(_ORDER) else None

    def at(self, step: int) -> Progress:
        return replace(self, step=step)

    def answered(self, chosen: Iterable[str]) -> Progress:
        """With these answers to the question that is asked, at the next one. Raises ValueError."""
        if self.question is None:
            raise ValueError("every question has its answer")
        return Progress({**self.answers, self.question.code: frozenset(chosen)}, self.step + 1)


def is_answer(question: Question, chosen: frozenset[str]) -> bool:
    """Whether these answers may be given together."""
    known = {answer.code: answer for answer in question.answers}
    if not chosen or not chosen <= set(known):
        return False
    return len(chosen) == 1 or (question.takes_several and not any(known[code].stands_alone for code in chosen))
