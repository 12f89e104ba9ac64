"""The order of the queue: the formula against a plain loop that says it listing by listing, and what it promises."""

from __future__ import annotations

import random
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
import pytest

from referral.admin.confirming.urgency import (
    MAX_AGE_DAYS,
    NEVER_DAYS,
    OUTCOMES,
    REASONS,
    REST_DAYS,
    START_DAYS,
    WEIGHTS,
    Standing,
    in_order,
    urgency,
)
from referral.models.check import CHECK_OUTCOMES

TODAY = 740_000


@dataclass
class One:
    """How one listing stands. Days are ordinals, 0 for none."""

    confirmed: int = TODAY - 100
    imported: int = 0
    license_expires: int = 0
    closed_until: int = 0
    n_reports: int = 0
    checked: int = 0
    outcome: str = ""


def scores(*listings: One) -> list[float]:
    columns = list(zip(*map(astuple, listings), strict=True))
    days: list[Any] = [np.array(column, np.int32) for column in columns[:-1]]
    days.append(np.array([OUTCOMES.index(code) for code in columns[-1]], np.int8))
    return [float(score) for score in urgency(Standing(*days), TODAY)]


def said(one: One) -> float:
    """The formula as its description says it."""
    if one.closed_until > TODAY:
        return 0.0
    weight = 1
    if one.n_reports:
        weight += WEIGHTS["reported"]
    if one.outcome in ("wrong_number", "closed", "moved") and one.checked >= one.confirmed:
        weight += WEIGHTS["found_wrong"]
    if one.closed_until:
        weight += WEIGHTS["reopens"]
    if one.license_expires and one.license_expires < TODAY:
        weight += WEIGHTS["license_expired"]
    if not one.confirmed:
        weight += WEIGHTS["never_confirmed"]
    if one.imported > one.confirmed:
        weight += WEIGHTS["import_changed"]
    age = min(TODAY - one.confirmed, MAX_AGE_DAYS) if one.confirmed else NEVER_DAYS
    rest = min(1.0, (TODAY - one.checked) / REST_DAYS[one.outcome]) if one.checked else 1.0
    return (age + START_DAYS) * weight * rest


def any_day(chance: random.Random) -> int:
    return chance.choice([0, TODAY - 2000, TODAY - 1, TODAY, TODAY - chance.randrange(1500)])


def test_it_is_what_a_plain_loop_says_listing_by_listing() -> None:
    chance = random.Random(5)
    listings = []
    for _ in range(3000):
        one = One(any_day(chance), any_day(chance), any_day(chance), any_day(chance), chance.choice([0, 0, 1, 7]))
        one.closed_until += chance.choice([0, 0, 1, 40]) if one.closed_until else 0
        one.license_expires += chance.choice([0, 1]) if one.license_expires else 0
        one.outcome = chance.choice(["", *CHECK_OUTCOMES])
        one.checked = TODAY - chance.randrange(12) if one.outcome else 0
        listings.append(one)
    found = scores(*listings)
    assert found == pytest.approx([said(one) for one in listings])
    assert len({round(score) for score in found}) > 500


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (One(confirmed=TODAY - 200), One(confirmed=TODAY - 100)),
        (One(confirmed=TODAY - 1, n_reports=1), One(confirmed=0)),
        (One(confirmed=TODAY - 1, n_reports=1), One(confirmed=0, imported=TODAY - 1)),
        (One(confirmed=0), One(confirmed=TODAY - 4000)),
        (One(imported=TODAY - 99), One(imported=TODAY - 101)),
        (One(license_expires=TODAY - 1), One(license_expires=TODAY)),
        (One(closed_until=TODAY), One()),
        (One(), One(closed_until=TODAY + 1, n_reports=3)),
        (One(), One(confirmed=0, checked=TODAY, outcome="no_answer")),
        (One(), One(confirmed=TODAY - 300, checked=TODAY - 1, outcome="no_answer")),
        (One(confirmed=TODAY - 300, checked=TODAY - 7, outcome="no_answer"), One()),
        (One(checked=TODAY - 3, outcome="no_answer"), One(checked=TODAY - 2, outcome="no_answer")),
        (One(checked=TODAY - 1, outcome="wrong_number"), One()),
        (One(), One(confirmed=0, checked=TODAY, outcome="wrong_number")),
        (One(confirmed=TODAY - 100), One(confirmed=TODAY - 50, checked=TODAY - 60, outcome="moved")),
    ],
    ids=str,
)
def test_the_first_comes_before_the_second(first: One, second: One) -> None:
    one, other = scores(first, second)
    assert one > other


def test_equals_stay_in_the_order_of_their_ids() -> None:
    assert in_order(np.array([1.0, 5.0, 1.0, 5.0, 0.0])).tolist() == [1, 3, 0, 2, 4]


def test_every_weight_has_words_and_every_outcome_a_rest() -> None:
    assert set(REASONS) == set(WEIGHTS)
    assert set(REST_DAYS) == set(CHECK_OUTCOMES)
