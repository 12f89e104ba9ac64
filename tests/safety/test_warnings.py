"""Which warnings stand above the results (DESIGN 4.2)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from referral.safety import WARNINGS, warnings_that_apply
from referral.vocabulary import CONCERNS, FACTS, NEEDS

CASES = [
    ("someone who drinks", "", "treats_alcohol_use", "", "withdrawal"),
    ("medicine for alcohol use", "outpatient", "alcohol_medication", "", "withdrawal"),
    ("benzodiazepines, whatever is looked for", "outpatient", "", "benzodiazepines", "withdrawal"),
    ("seizures when stopping", "detox", "treats_alcohol_use", "hard_withdrawal", "danger_now withdrawal"),
    ("opioids", "residential_90", "treats_opioid_use", "", "opioids"),
    ("looking for methadone", "outpatient", "methadone", "", "opioids"),
    ("pregnant and using opioids", "", "treats_opioid_use pregnant_postpartum", "", "opioids pregnancy"),
    ("pregnant", "outpatient", "pregnant_postpartum", "", "pregnancy"),
    ("on buprenorphine now", "residential_90", "accepts_on_medication", "", "opioids on_medication"),
    ("detox, and nothing said of what is used", "detox", "", "", "withdrawal opioids"),
    ("detox from alcohol", "detox", "treats_alcohol_use", "", "withdrawal"),
    ("detox from opioids", "detox", "treats_opioid_use", "", "opioids"),
    ("detox from both", "detox", "treats_opioid_use treats_alcohol_use", "", "withdrawal opioids"),
    ("detox from opioids and benzodiazepines", "detox", "treats_opioid_use", "benzodiazepines", "withdrawal opioids"),
    ("nothing that calls for a warning", "outpatient sober_living", "takes_medicaid spanish", "", ""),
    ("everything", "detox", "treats_opioid_use treats_alcohol_use pregnant_postpartum accepts_on_medication",
     "benzodiazepines hard_withdrawal", "danger_now withdrawal opioids pregnancy on_medication"),
]  # fmt: skip


@pytest.mark.parametrize(("case", "needs", "facts", "concerns", "expected"), CASES, ids=[case[0] for case in CASES])
def test_each_answer_calls_for_its_warnings(case: str, needs: str, facts: str, concerns: str, expected: str) -> None:
    found = warnings_that_apply(needs.split(), facts.split(), concerns.split())
    assert [warning.code for warning in found] == expected.split()


def test_every_warning_speaks_of_codes_that_exist() -> None:
    for warning in WARNINGS:
        assert warning.facts | warning.unless_facts <= set(FACTS)
        assert warning.concerns <= set(CONCERNS)
        assert warning.needs <= set(NEEDS)


def test_every_warning_has_a_source_and_was_reviewed_within_two_years() -> None:
    today = datetime.now(UTC).date()
    for warning in WARNINGS:
        assert warning.source
        assert warning.source_url.startswith("https://")
        assert today - timedelta(days=730) <= warning.reviewed <= today, f"review the warning {warning.code}"


def test_a_warning_is_one_or_two_sentences() -> None:
    for warning in WARNINGS:
        assert len(warning.text) <= 190, warning.code
        assert warning.text.count(". ") + warning.text.count("? ") <= 2, warning.code


def test_who_had_seizures_is_told_what_detox_to_ask_for_and_who_leaves_jail_that_a_dose_can_kill() -> None:
    text = {warning.code: warning.text for warning in WARNINGS}
    assert "If it happened before, ask for detox with nurses day and night." in text["danger_now"]
    assert "After detox or jail the body can take less: a dose that was normal before can kill." in text["opioids"]


def test_every_concern_calls_for_a_warning() -> None:
    for concern in CONCERNS:
        assert warnings_that_apply([], [], [concern])
