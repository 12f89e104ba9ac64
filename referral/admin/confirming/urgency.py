"""What to check next: how urgent it is to ask each listing whether it is still right. Pure, on whole columns.

urgency = (age + START_DAYS) × (1 + the WEIGHTS of what holds) × rest

age: days since the listing was confirmed, at most MAX_AGE_DAYS; NEVER_DAYS where it never was.
rest: 0 on the day of an attempt that left the listing unconfirmed, then rising evenly to 1 within REST_DAYS of its
outcome, so that nobody rings the same place every day. 0 while the listing is closed until a day still to come.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from referral.models.check import CHECK_OUTCOMES
from referral.vocabulary.words import N_

Days = npt.NDArray[np.int32]
"""Days as date.toordinal() counts them; 0: there is none."""

WEIGHTS = {
    "reported": 20,
    "found_wrong": 20,
    "reopens": 8,
    "license_expired": 4,
    "never_confirmed": 2,
    "import_changed": 1,
}
"""How many times more each of these makes a listing matter.

The numbers keep two promises: what was reported the day after it was confirmed comes before what was never confirmed,
and what was never confirmed comes before what was confirmed years ago.
"""

REASONS = {
    "reported": N_("Reported"),
    "found_wrong": N_("Found wrong"),
    "reopens": N_("Was to open again"),
    "license_expired": N_("License expired"),
    "never_confirmed": N_("Never confirmed"),
    "import_changed": N_("Changed by an import since"),
}

WRONG = ("wrong_number", "closed", "moved")
"""Outcomes of a check after which the listing is known to be wrong."""

REST_DAYS = {"no_answer": 7, "call_again": 3, "confirmed": 1, **dict.fromkeys(WRONG, 1)}
"""Days until an attempt with this outcome no longer lowers the urgency. "confirmed": only some parts."""

START_DAYS = 90
"""Added to every age, so that what matters counts on the day after a confirmation too."""

NEVER_DAYS = 365
MAX_AGE_DAYS = 3 * 365
"""An older confirmation says no less than this one."""

OUTCOMES = ("", *CHECK_OUTCOMES)
"""Outcome by its number in Standing.outcome; the first: there was no attempt."""


class Standing(NamedTuple):
    """Columns of equal length, one row a listing."""

    confirmed: Days
    imported: Days
    """When an import last changed it."""
    license_expires: Days
    """The last day on which the license is good."""
    closed_until: Days
    """The day on which it opens again, of those that are closed for now."""
    n_reports: npt.NDArray[np.int32]
    """Open ones."""
    checked: Days
    """The last attempt to check it."""
    outcome: npt.NDArray[np.int8]
    """What came of that: its number in OUTCOMES."""


def holding(standing: Standing, today: int) -> dict[str, npt.NDArray[np.bool_]]:
    """For each of WEIGHTS, which listings it holds for on this day."""
    found_wrong = np.isin(standing.outcome, [OUTCOMES.index(outcome) for outcome in WRONG])
    expires, opens = standing.license_expires, standing.closed_until
    return {
        "reported": standing.n_reports > 0,
        "found_wrong": found_wrong & (standing.checked >= standing.confirmed),
        "reopens": (opens > 0) & (opens <= today),
        "license_expired": (expires > 0) & (expires < today),
        "never_confirmed": standing.confirmed == 0,
        "import_changed": standing.imported > standing.confirmed,
    }


def urgency(standing: Standing, today: int) -> npt.NDArray[np.float64]:
    """Urgency of each listing on the day `today` (an ordinal), from 0: nothing to ask today."""
    known = standing.confirmed > 0
    age = np.where(known, np.clip(today - standing.confirmed, 0, MAX_AGE_DAYS), NEVER_DAYS)
    holds = holding(standing, today)
    weight = 1 + sum(WEIGHTS[reason] * holds[reason] for reason in WEIGHTS)
    rest_days = np.array([1, *(REST_DAYS[outcome] for outcome in CHECK_OUTCOMES)])[standing.outcome]
    rest = np.where(standing.checked > 0, np.clip((today - standing.checked) / rest_days, 0, 1), 1)
    rest[standing.closed_until > today] = 0
    return np.asarray((age + START_DAYS) * weight * rest, dtype=np.float64)


def in_order(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.intp]:
    """Rows with the most urgent first, equals in the order in which they stand."""
    return np.argsort(-scores, kind="stable")
