"""Concerns: what a person may say for their safety. They add warnings and never change which programs match."""

from dataclasses import dataclass

from referral.vocabulary.words import N_


@dataclass(frozen=True)
class Concern:
    code: str
    label: str
    explanation: str


_CONCERNS = (
    Concern(
        "benzodiazepines",
        N_("Takes benzodiazepines"),
        N_("Such as Xanax, Valium, Klonopin or Ativan, from a doctor or not."),
    ),
    Concern(
        "hard_withdrawal",
        N_("Gets very ill when stopping"),
        N_("Seizures, confusion, or seeing or hearing things that are not there, now or in the past."),
    ),
)

CONCERNS: dict[str, Concern] = {concern.code: concern for concern in _CONCERNS}
