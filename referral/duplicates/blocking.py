"""Which pairs are worth comparing: those that share something that few share. Far fewer than all pairs."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from referral.duplicates.listing import Listing
from referral.duplicates.scoring import COMMON, NEAR_METERS, Shared
from referral.geo import METERS_PER_MILE, earth_centred

Pairs = npt.NDArray[np.int64]
"""Shape (n, 2): positions of two listings, the smaller first, each pair once and in order."""

MAX_BLOCK = 120
"""Listings that share one thing and are still compared each with each."""

CELL_MILES = NEAR_METERS / METERS_PER_MILE * 1.001
_HALF_AROUND = [(x, y, z) for x in (-1, 0, 1) for y in (-1, 0, 1) for z in (-1, 0, 1) if (x, y, z) > (0, 0, 0)]
"""Half of the 26 cells around one: the other half look the other way."""


def shared_by_many(listings: Iterable[Listing]) -> Shared:
    listings = list(listings)
    phones = Counter(phone for listing in listings for phone in listing.phones)
    hosts = Counter(listing.host for listing in listings if listing.host)
    return Shared(
        frozenset(phone for phone, n in phones.items() if n > COMMON),
        frozenset(host for host, n in hosts.items() if n > COMMON),
    )


def candidates(listings: Sequence[Listing], shared: Shared) -> Pairs:
    """Pairs to compare, whatever the order of `listings`."""
    found = [_near(listings), *_of_blocks(listings, shared)]
    codes = np.unique(np.concatenate(found))
    first, second = codes // max(len(listings), 1), codes % max(len(listings), 1)
    pairs: Pairs = np.stack((first, second), axis=1)[first != second]
    return pairs


def _of_blocks(listings: Sequence[Listing], shared: Shared) -> Iterator[npt.NDArray[np.int64]]:
    """Pairs that have a key in common. Keys are told apart by their hash: two that clash cost a comparison."""
    hashes, positions = array("q"), array("q")
    for position, listing in enumerate(listings):
        for key in keys_of(listing, shared):
            hashes.append(hash(key))
            positions.append(position)
    by_key = np.lexsort((np.array(positions), np.array(hashes)))
    _keys, starts, counts = np.unique(np.array(hashes)[by_key], return_index=True, return_counts=True)
    members = np.array(positions)[by_key]
    for size in range(2, min(MAX_BLOCK, int(counts.max(initial=0))) + 1):
        blocks = members[starts[counts == size][:, None] + np.arange(size)]
        first, second = np.triu_indices(size, 1)
        yield (blocks[:, first] * len(listings) + blocks[:, second]).ravel()


def keys_of(listing: Listing, shared: Shared) -> Iterator[tuple[str, ...]]:
    """What it shares with a listing of the same place, each of them alone enough to compare the two."""
    for phone in listing.phones - shared.phones:
        yield "phone", phone
    if listing.host and listing.host not in shared.hosts:
        yield "host", listing.host
    if listing.license:
        yield "license", listing.license
    address = listing.address
    if address.street:
        door = address.number or address.street
        if listing.zip5:
            yield "door", door, listing.zip5
        if listing.city:
            yield "door", door, listing.city, listing.state
    words = " ".join(sorted(listing.name.words))
    yield "name", words, listing.city, listing.state
    if listing.zip5:
        yield "name", words, listing.zip5


def _near(listings: Sequence[Listing]) -> npt.NDArray[np.int64]:
    """Pairs with exact points at most NEAR_METERS apart. A cube of that width and those around it hold them all."""
    n = len(listings)
    known = np.array([i for i, listing in enumerate(listings) if listing.latitude is not None], dtype=np.int64)
    if len(known) < 2:
        return np.empty(0, dtype=np.int64)
    latitudes = np.array([listings[i].latitude for i in known], dtype=np.float64)
    longitudes = np.array([listings[i].longitude for i in known], dtype=np.float64)
    points = np.stack(earth_centred(latitudes, longitudes), axis=1)
    cells = np.floor(points / CELL_MILES).astype(np.int64) + (1 << 20)
    codes = (cells[:, 0] << 42) + (cells[:, 1] << 21) + cells[:, 2]
    order = np.argsort(codes, kind="stable")
    sorted_codes = codes[order]
    found = []
    for x, y, z in [(0, 0, 0), *_HALF_AROUND]:
        wanted = codes + (x << 42) + (y << 21) + z
        left = np.searchsorted(sorted_codes, wanted, "left")
        count = np.searchsorted(sorted_codes, wanted, "right") - left
        one = np.repeat(np.arange(len(known)), count)
        within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        other = order[np.repeat(left, count) + within]
        is_near = ((points[one] - points[other]) ** 2).sum(axis=1) <= CELL_MILES**2
        one, other = one[is_near], other[is_near]
        a, b = known[np.minimum(one, other)], known[np.maximum(one, other)]
        found.append((a * n + b)[a < b])
    return np.concatenate(found)
