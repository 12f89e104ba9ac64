"""The warnings that stand above results, each with what calls for it, its source and when it was last reviewed.

A warning is one or two plain sentences. To change one, change its text and its source together, and set `reviewed`;
a test fails when a review is older than two years.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from referral.vocabulary.words import N_, codes

REVIEWED = date(2026, 11, 20)


@dataclass(frozen=True)
class SafetyWarning:
    """Applies where one of the `facts` is asked for or one of the `concerns` was said.

    Without, it applies to its `needs`, as long as none of the `unless_facts` says that another warning is meant.
    """

    code: str
    title: str
    text: str
    """May hold %(emergency)s: the emergency number of the settings."""
    source: str
    source_url: str
    reviewed: date = REVIEWED
    facts: frozenset[str] = frozenset()
    concerns: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    unless_facts: frozenset[str] = frozenset()

    def applies(self, needs: frozenset[str], facts: frozenset[str], concerns: frozenset[str]) -> bool:
        if self.facts & facts or self.concerns & concerns:
            return True
        return bool(self.needs & needs) and not self.unless_facts & facts


_OPIOIDS = codes("treats_opioid_use methadone buprenorphine accepts_on_medication")
_ALCOHOL = codes("treats_alcohol_use alcohol_medication")

WARNINGS: tuple[SafetyWarning, ...] = (
    SafetyWarning(
        "danger_now",
        N_("Danger now"),
        N_(
            "In withdrawal, seizures, confusion, or seeing or hearing what is not there can kill. "
            "If it happens now, call %(emergency)s. If it happened before, ask for detox with nurses day and night."
        ),
        "MedlinePlus, Delirium tremens",
        "https://medlineplus.gov/ency/article/000766.htm",
        reviewed=date(2026, 11, 30),
        concerns=codes("hard_withdrawal"),
    ),
    SafetyWarning(
        "withdrawal",
        N_("Alcohol or benzodiazepines"),
        N_(
            "Do not stop suddenly or alone. Withdrawal from alcohol or benzodiazepines, such as Xanax or Valium, "
            "can kill. A detox program makes it safer."
        ),
        "MedlinePlus, Alcohol withdrawal",
        "https://medlineplus.gov/ency/article/000764.htm",
        facts=_ALCOHOL,
        concerns=codes("benzodiazepines hard_withdrawal"),
        needs=codes("detox"),
        unless_facts=_OPIOIDS,
    ),
    SafetyWarning(
        "opioids",
        N_("Opioids"),
        N_(
            "Do not detox alone. After detox or jail the body can take less: a dose that was normal before can kill. "
            "Keep naloxone close."
        ),
        "SAMHSA, Overdose Prevention and Response Toolkit",
        "https://library.samhsa.gov/product/overdose-prevention-response-toolkit/pep23-03-00-001",
        reviewed=date(2026, 11, 30),
        facts=_OPIOIDS,
        needs=codes("detox"),
        unless_facts=_ALCOHOL,
    ),
    SafetyWarning(
        "pregnancy",
        N_("Pregnant"),
        N_(
            "Say that you are pregnant when you call: programs with public money must take you first. "
            "Do not stop opioids suddenly: medicine is safer for you and the baby."
        ),
        "45 CFR 96.131; SAMHSA, Clinical Guidance for Treating Pregnant and Parenting Women With Opioid Use Disorder",
        "https://www.ecfr.gov/current/title-45/subtitle-A/subchapter-A/part-96/subpart-L/section-96.131",
        facts=codes("pregnant_postpartum"),
    ),
    SafetyWarning(
        "on_medication",
        N_("On methadone or buprenorphine"),
        N_(
            "Ask each place to continue this medicine before you agree to go. "
            "Do not stop it to get in: that raises the risk of overdose."
        ),
        "SAMHSA, TIP 63: Medications for Opioid Use Disorder",
        "https://library.samhsa.gov/product/tip-63-medications-opioid-use-disorder/pep21-02-01-002",
        facts=codes("accepts_on_medication"),
    ),
)
"""In the order in which they are shown: the most urgent first."""


def warnings_that_apply(
    needs: Iterable[str], facts: Iterable[str], concerns: Iterable[str]
) -> tuple[SafetyWarning, ...]:
    """The warnings that these codes of needs, wanted facts and concerns call for (DESIGN 4.2)."""
    asked = frozenset(needs), frozenset(facts), frozenset(concerns)
    return tuple(warning for warning in WARNINGS if warning.applies(*asked))
