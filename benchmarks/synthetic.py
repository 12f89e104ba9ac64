"""A made-up directory of any size, and questions asked where people live. The same on every run."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

import numpy as np

from config import ROOT
from referral import geo
from referral.matching import MatchIndex, Origin, ProgramEntry, ProviderEntry, Query, Requirement, Whereabouts
from referral.matching.columns import LEVEL_CODES, Columns, Providers, Rows
from referral.matching.entries import FACT_BIT, N_WORDS, packed_answers

PROGRAMS_PER_PROVIDER = 2.15
"""As in the National Directory of 2023: 27,440 programs of 12,744 facilities."""

LEVEL_SHARES = {
    "detox_hospital": 615,
    "detox_residential": 1169,
    "detox_outpatient": 1443,
    "detox": 100,
    "hospital_inpatient": 700,
    "residential_long": 2273,
    "residential_short": 2090,
    "residential": 150,
    "partial_hospitalization": 1874,
    "intensive_outpatient": 5736,
    "outpatient": 10100,
    "recovery_residence": 1176,
}
FACT_SHARES = {
    "co_occurring": (0.76, 0.0),
    "takes_medicaid": (0.745, 0.2),
    "sliding_fee": (0.38, 0.57),
    "free_care": (0.017, 0.93),
    "spanish": (0.22, 0.0),
    "accepts_women": (0.93, 0.05),
    "accepts_on_medication": (0.58, 0.05),
}
"""Yes and no; the rest is not known. National Directory 2023, rounded."""


def cities() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Latitude, longitude (degrees) and share of people of the cities of the United States."""
    with (ROOT / "referral" / "places" / "data" / "us_cities.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    people = np.array([float(row["population"]) for row in rows])
    return (
        np.array([float(row["latitude"]) for row in rows]),
        np.array([float(row["longitude"]) for row in rows]),
        people / people.sum(),
    )


def directory(n_programs: int, seed: int = 1) -> MatchIndex:
    """An index of about so many programs, near where people live."""
    chance = np.random.default_rng(seed)
    n = round(n_programs / PROGRAMS_PER_PROVIDER)
    latitude, longitude, share = cities()
    city = chance.choice(len(latitude), n, p=share)
    points = latitude[city] + chance.normal(0, 0.1, n), longitude[city] + chance.normal(0, 0.1, n)
    provider = np.sort(chance.integers(0, n, n_programs)).astype(np.int32)
    shares = np.array(list(LEVEL_SHARES.values()), dtype=float)
    level = chance.choice(len(shares), n_programs, p=shares / shares.sum()).astype(np.uint8)
    yes, no = np.zeros((2, N_WORDS, n_programs), dtype=np.uint64)
    for code, (share_yes, share_no) in FACT_SHARES.items():
        draw = chance.random(n)[provider]
        word, bit = divmod(FACT_BIT[code], 64)
        yes[word, draw < share_yes] |= np.uint64(1 << bit)
        no[word, draw > 1 - share_no] |= np.uint64(1 << bit)
    x, y, z = geo.earth_centred(points[0][provider], np.clip(points[1][provider], -180, 180))
    answers = np.array([packed_answers(code, None) for code in LEVEL_CODES], dtype=np.uint16)[level]
    rows = Rows(points[0][provider], x, y, z, answers, yes, no, provider, np.arange(n_programs), level)
    nothing = np.zeros(n, dtype=np.bool_)
    providers = Providers(
        ids=np.arange(1, n + 1),
        names=[f"Place {number}" for number in range(1, n + 1)],
        states=np.full(n, "KY"),
        whereabouts=np.zeros(n, dtype=np.uint8),
        is_approximate=nothing,
        is_demo=nothing,
    )
    return MatchIndex.from_columns(Columns(rows, providers))


def entries(n_programs: int, seed: int = 1) -> Iterator[ProviderEntry]:
    """The same kind of directory, provider by provider, as the catalog reads one."""
    chance = np.random.default_rng(seed)
    latitude, longitude, share = cities()
    shares = np.array(list(LEVEL_SHARES.values()), dtype=float)
    levels = list(LEVEL_SHARES)
    number = 0
    while number < n_programs:
        size = 1000
        city = chance.choice(len(latitude), size, p=share)
        shift = chance.normal(0, 0.1, (2, size))
        level = chance.choice(len(shares), (size, 4), p=shares / shares.sum())
        for i in range(size):
            n = 1 + number % 3 + (number % 7 == 0)
            programs = tuple(ProgramEntry(number + k, levels[level[i, k]]) for k in range(n))
            number += n
            yield ProviderEntry(
                number,
                f"A place of care number {number}",
                "KY",
                float(latitude[city[i]] + shift[0, i]),
                float(longitude[city[i]] + shift[1, i]),
                is_approximate=False,
                whereabouts=Whereabouts.LOCATED,
                facts={"takes_medicaid": True, "co_occurring": True, "spanish": False},
                programs=programs,
            )


NEEDS = [
    ("detox",),
    ("residential_90",),
    ("outpatient",),
    ("outpatient", "dual_diagnosis"),
    ("sober_living",),
    ("detox", "residential_90"),
    ("detox", "residential_90", "sober_living"),
]
REQUIREMENTS = [
    (),
    (Requirement("payment", ("takes_medicaid", "sliding_fee")),),
    (Requirement("payment", ("free_care",)),),
    (Requirement("payment", ("takes_medicaid",)), Requirement("language", ("spanish",))),
    (Requirement("gender", ("accepts_women",)), Requirement("medication", ("accepts_on_medication",))),
]
RADII: tuple[float | None, ...] = (*[25.0] * 16, 5.0, 10.0, 50.0, 100.0)


def questions(n: int, seed: int = 2, radii: Sequence[float | None] = RADII) -> list[Query]:
    """Questions from where people live; most at 25 miles."""
    chance = np.random.default_rng(seed)
    latitude, longitude, share = cities()
    return [
        Query(
            Origin(float(latitude[number]), float(longitude[number]), state="KY"),
            NEEDS[chance.integers(len(NEEDS))],
            REQUIREMENTS[chance.integers(len(REQUIREMENTS))],
            radii[int(chance.integers(len(radii)))],
        )
        for number in chance.choice(len(latitude), n, p=share).tolist()
    ]
