"""Numbers of the directory, counted on the columns of the staff index. Only open listings, unless said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from referral.finding import Columns
from referral.finding.filters import NO_LEVEL
from referral.matching import Whereabouts
from referral.matching.columns import LEVEL_NUMBER
from referral.matching.entries import mask_words, masks
from referral.vocabulary import FACTS_BY_FAMILY

WITHIN_DAYS = (90, 180, 365)
N_MONTHS = 12

OPEN = "active"

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Counts:
    by_status: dict[str, int]
    """All listings."""
    n_open: int
    by_level: dict[str, int]
    """With an open program of this level; NO_LEVEL: without any."""
    by_state: dict[str, int]
    within: dict[int, int]
    """Confirmed within so many days."""
    n_longer_ago: int
    n_never: int
    by_month: dict[date, int]
    """Last confirmed in the month that begins on this day, the oldest month first."""
    known_by_family: dict[str, float]
    """Share of the facts of a family that are known, 0 to 1."""
    n_expired: int
    n_without_point: int
    n_with_reports: int
    """Of all listings, as are those with offers."""
    n_with_offers: int


def counts(columns: Columns, today: date) -> Counts:
    is_open = columns.statuses.equal(OPEN)
    n_open = int(np.count_nonzero(is_open))
    confirmed = columns.confirmed[is_open]
    days = np.array([today.toordinal() - n for n in WITHIN_DAYS])
    within = {n: int(np.count_nonzero(confirmed >= day)) for n, day in zip(WITHIN_DAYS, days.tolist(), strict=True)}
    n_never = int(np.count_nonzero(confirmed == 0))
    return Counts(
        by_status=columns.statuses.counts(),
        n_open=n_open,
        by_level=_by_level(columns.levels[is_open]),
        by_state=_by_state(columns, is_open),
        within=within,
        n_longer_ago=n_open - n_never - within[WITHIN_DAYS[-1]],
        n_never=n_never,
        by_month=_by_month(confirmed, today),
        known_by_family=_known_by_family(columns, is_open),
        n_expired=int(np.count_nonzero(columns.is_license_expired(today) & is_open)),
        n_without_point=int(np.count_nonzero((columns.whereabouts == Whereabouts.NO_MAP_POINT) & is_open)),
        n_with_reports=int(np.count_nonzero(columns.n_open_reports)),
        n_with_offers=int(np.count_nonzero(columns.has_offers)),
    )


def months(today: date) -> list[date]:
    """First days of the last N_MONTHS months, and of the one to come."""
    last = today.year * 12 + today.month
    return [date(month // 12, month % 12 + 1, 1) for month in range(last - N_MONTHS, last + 1)]


def fact_counts(columns: Columns, code: str) -> tuple[int, int, int]:
    """Open listings for which a fact is yes, no, and not known."""
    is_open = columns.statuses.equal(OPEN)
    yes = int(np.count_nonzero(columns.fact(code, is_yes=True) & is_open))
    no = int(np.count_nonzero(columns.fact(code, is_yes=False) & is_open))
    return yes, no, int(np.count_nonzero(is_open)) - yes - no


def _by_level(levels: npt.NDArray[np.uint16]) -> dict[str, int]:
    by_level = {code: int(np.count_nonzero(levels & np.uint16(1 << bit))) for code, bit in LEVEL_NUMBER.items()}
    return by_level | {NO_LEVEL: int(np.count_nonzero(levels == 0))}


def _by_state(columns: Columns, is_open: Mask) -> dict[str, int]:
    """The state with most listings first."""
    numbers = np.bincount(columns.states.codes[is_open], minlength=len(columns.states.words)).tolist()
    found = [(n, state) for n, state in zip(numbers, columns.states.words, strict=True) if n]
    return {state: n for n, state in sorted(found, key=lambda pair: (-pair[0], pair[1]))}


def _by_month(confirmed: npt.NDArray[np.int32], today: date) -> dict[date, int]:
    first_days = months(today)
    edges = np.array([day.toordinal() for day in first_days])
    numbers, _edges = np.histogram(confirmed, bins=[*edges.tolist()[:-1], edges[-1] - 0.5])
    return dict(zip(first_days[:-1], numbers.tolist(), strict=True))


def _known_by_family(columns: Columns, is_open: Mask) -> dict[str, float]:
    known = (columns.yes | columns.no)[:, is_open]
    shares = {}
    for family, facts in FACTS_BY_FAMILY.items():
        words = mask_words(masks({fact.code: True for fact in facts})[0])
        n_known = sum(_bits(row, word) for row, word in zip(known, words, strict=True) if word)
        n_all = known.shape[1] * len(facts)
        if facts:
            shares[family] = n_known / n_all if n_all else 0.0
    return shares


def _bits(row: npt.NDArray[np.uint64], mask: int) -> int:
    return int(np.bitwise_count(row & np.uint64(mask)).sum(dtype=np.int64))


def day_of(today: date, days: int) -> date:
    """The first day that is within so many days."""
    return today - timedelta(days=days)
