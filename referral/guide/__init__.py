"""Not sure what is needed? Six plain questions, and rules that suggest what to look for. It diagnoses nobody.

Questions and rules are data; to change one, change its words and its source together, and set `reviewed`. A clinician
can read what the rules do in tests/guide/scenarios. May import nothing but the vocabulary.
"""

from referral.guide.advice import Advice, Suggestion, advise
from referral.guide.progress import Progress
from referral.guide.questions import QUESTIONS
from referral.guide.rules import RULES
from referral.guide.words import Answer, Answers, Condition, Danger, Question, Rule, Source

__all__ = [
    "QUESTIONS",
    "RULES",
    "Advice",
    "Answer",
    "Answers",
    "Condition",
    "Danger",
    "Progress",
    "Question",
    "Rule",
    "Source",
    "Suggestion",
    "advise",
]
