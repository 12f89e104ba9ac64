"""The orders of the list, each kept as the rows in that order."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from referral.finding.columns import Columns

Rows = npt.NDArray[np.int32]


class Order(StrEnum):
    BEST = "best"
    """What answers the words best; without words: by name."""
    NAME = "name"
    PLACE = "place"
    """State, city, name."""
    CONFIRMED = "confirmed"
    """Never confirmed, then the longest ago, first."""
    UPDATED = "updated"
    """Changed last, first."""


@dataclass(frozen=True)
class SortKeys:
    """What the orders by letters compare."""

    names: list[str]
    places: list[str]

    def replaced(self, rows: Sequence[int], other: SortKeys) -> SortKeys:
        names, places = self.names.copy(), self.places.copy()
        for row, name, place in zip(rows, other.names, other.places, strict=True):
            if row < len(names):
                names[row], places[row] = name, place
            else:
                names.append(name)
                places.append(place)
        return SortKeys(names, places)


@dataclass(frozen=True)
class Ordered:
    """All rows in one order."""

    rows: Rows

    @cached_property
    def _rank(self) -> Rows:
        rank = np.empty_like(self.rows)
        rank[self.rows] = np.arange(len(rank), dtype=rank.dtype)
        return rank

    def among(self, mask: npt.NDArray[np.bool_], wanted: slice) -> Rows:
        """Those of the mask, in this order, and of these the wanted ones."""
        if np.count_nonzero(mask) * 16 > len(mask):
            places = np.flatnonzero(mask[self.rows])[wanted]
            rows: Rows = self.rows[places]
            return rows
        return self.sorted(np.flatnonzero(mask), wanted)

    def sorted(self, rows: npt.NDArray[np.integer], wanted: slice) -> Rows:
        """These rows in this order, and of them the wanted ones."""
        rank = self._rank[rows]
        if wanted.stop is not None and wanted.stop * 8 < len(rank):
            rank = np.partition(rank, wanted.stop)[: wanted.stop]
        rank.sort()
        ordered: Rows = self.rows[rank[wanted]]
        return ordered

    def replaced(self, changed: Sequence[int], key: Callable[[int], Any]) -> Ordered:
        """With `changed` rows, known or new, where they belong now. `key` tells the order, without ties."""
        kept = self.rows[~np.isin(self.rows, changed)]
        ordered = sorted(changed, key=key)
        places = [bisect_left(_Items(kept), key(row), key=key) for row in ordered]
        return Ordered(np.insert(kept, places, np.array(ordered, dtype=np.int32)))


class _Items(Sequence[int]):
    """An array as plain numbers, without turning all of it into a list."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: Any) -> Any:
        return int(self._rows[place])


Orders = dict[Order, Ordered]


def build(columns: Columns, keys: SortKeys) -> Orders:
    """Every order from the start. Ties stand in the order of names, then of ids."""
    by_id = np.argsort(columns.ids, kind="stable").astype(np.int32)
    names, places = keys.names, keys.places
    name = np.array(sorted(by_id.tolist(), key=names.__getitem__), dtype=np.int32)
    place = np.array(sorted(by_id.tolist(), key=places.__getitem__), dtype=np.int32)
    confirmed = name[np.argsort(columns.confirmed[name], kind="stable")]
    updated = name[np.argsort(-columns.updated[name], kind="stable")]
    found = {Order.NAME: name, Order.PLACE: place, Order.CONFIRMED: confirmed, Order.UPDATED: updated}
    return {order: Ordered(rows) for order, rows in found.items()}


def replaced(orders: Orders, columns: Columns, keys: SortKeys, changed: Sequence[int]) -> Orders:
    """Every order with these rows where they belong now."""
    ids, names, places = columns.ids, keys.names, keys.places
    confirmed, updated = columns.confirmed, columns.updated
    compared: dict[Order, Callable[[int], Any]] = {
        Order.NAME: lambda row: (names[row], ids[row]),
        Order.PLACE: lambda row: (places[row], ids[row]),
        Order.CONFIRMED: lambda row: (confirmed[row], names[row], ids[row]),
        Order.UPDATED: lambda row: (-updated[row], names[row], ids[row]),
    }
    return {order: orders[order].replaced(changed, key) for order, key in compared.items()}
