"""Comparing only what shares something finds what comparing everything finds, in any order."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.duplicates.blocking import candidates, shared_by_many
from referral.duplicates.listing import Listing
from referral.duplicates.scoring import COMMON, THRESHOLD, Scored, score
from referral.duplicates.search import Found, find
from tests.duplicates.made_up import listing, listings
from tests.rounds import rounds


def by_comparing_all(world: list[Listing]) -> Found:
    shared = shared_by_many(world)
    found: dict[tuple[int, int], Scored] = {}
    for a, b in combinations(sorted(world, key=lambda one: one.id), 2):
        scored = score(a, b, shared)
        if scored.score >= THRESHOLD:
            found[a.id, b.id] = scored
    return found


@pytest.mark.parametrize("seed", range(4))
def test_nothing_is_lost_by_comparing_only_some(seed: int) -> None:
    world = listings(300, seed)
    everything = by_comparing_all(world)
    assert len(everything) > 20
    assert find(world) == everything


@settings(max_examples=rounds(40), deadline=None)
@given(st.integers(2, 60), st.integers(1000, 10**6))
def test_small_worlds_lose_nothing_either(n: int, seed: int) -> None:
    world = listings(n, seed)
    assert find(world) == by_comparing_all(world)


def test_the_order_of_listings_changes_nothing() -> None:
    world = listings(200, 5)
    mixed = list(world)
    Random(7).shuffle(mixed)
    assert find(mixed) == find(world)


def test_pairs_come_once_and_never_with_themselves() -> None:
    world = listings(200, 6)
    pairs = [tuple(pair) for pair in candidates(world, shared_by_many(world)).tolist()]
    assert len(pairs) == len(set(pairs))
    assert all(first < second for first, second in pairs)


@pytest.mark.parametrize(("latitude", "longitude"), [(0.0, 180.0), (89.9999, 20.0), (38.25, -85.75)])
def test_points_150_meters_apart_are_compared_everywhere(latitude: float, longitude: float) -> None:
    a = listing(1, "Blue Door", latitude=latitude, longitude=longitude, precision="exact", postal_code="", city="A")
    step = 0.0012 if latitude < 80 else 0.0004
    b = listing(
        2, "Green Gate", latitude=latitude - step, longitude=longitude, precision="exact", postal_code="", city="B"
    )
    across = listing(
        3, "Red Roof", latitude=latitude, longitude=-179.999, precision="exact", postal_code="", city="C"
    )
    found = {tuple(pair) for pair in candidates([a, b, across], shared_by_many([])).tolist()}
    assert (0, 1) in found
    assert ((0, 2) in found) is (latitude > 80 or longitude == 180.0)


def test_no_listing_and_one_listing_are_no_pair() -> None:
    assert find([]) == find(listings(1, 1)) == {}


def test_a_phone_that_many_share_makes_no_pairs_of_all() -> None:
    world = [
        listing(
            number,
            f"{chr(96 + number)}lpha House",
            phone="502-555-0100",
            postal_code=f"402{number:02}",
            city=f"T{number}",
        )
        for number in range(1, COMMON + 3)
    ]
    assert len(candidates(world, shared_by_many(world))) == 0


def test_the_number_of_comparisons_grows_with_the_listings_and_not_with_their_square() -> None:
    def n_compared(n: int) -> int:
        world = [
            listing(
                number,
                f"Place {number} House",
                phone=f"502-{number // 10000:03}-{number % 10000:04}",
                street=f"{number} Main Street",
                postal_code=f"{number % 9000 + 10000}",
                city=f"Town {number % 9000}",
            )
            for number in range(n)
        ]
        return len(candidates(world, shared_by_many(world)))

    assert n_compared(8000) <= 2.5 * max(n_compared(4000), 4000)
