"""The match index: one row for each published program, in columns, rows sorted by latitude.

A radius is then one contiguous band of rows. Rows of one provider stand side by side. Providers without a point
stand behind the located ones. Changed providers are written behind all of them, into spare room (the tail), and
their old rows are marked dead, so that an edit costs little; when the room is used up the index is made anew.
A MatchIndex never changes once it has been handed out; `updated` gives a new one that shares the columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from referral import geo
from referral.matching.columns import LOCATED, Columns, Providers, Rows, column_set
from referral.matching.entries import ProviderEntry

Ints = npt.NDArray[np.int64]

TAIL_ROWS = 4096
"""Room for programs of changed providers before the index is made anew."""


class TailFullError(Exception):
    """The changed providers do not fit behind the index: build it anew."""


@dataclass(frozen=True)
class MatchIndex:
    """See the module. n_located ≤ n_sorted ≤ n rows; `is_alive`: bool (n,)."""

    rows: Rows
    providers: Providers
    n_located: int
    n_sorted: int
    n: int
    is_alive: npt.NDArray[np.bool_]
    is_current: npt.NDArray[np.bool_]
    """Which of `providers` are in the directory now: not changed since, not gone."""

    @classmethod
    def build(cls, entries: Iterable[ProviderEntry]) -> MatchIndex:
        """An index of these providers. Raises ValueError for a point that is not on Earth."""
        return cls.from_columns(column_set(entries))

    @classmethod
    def from_columns(cls, columns: Columns) -> MatchIndex:
        """An index of columns in any row order (rows of one provider side by side)."""
        rows, providers = columns
        latitude = np.where(providers.whereabouts[rows.provider] == LOCATED, rows.latitude, np.inf)
        order = np.lexsort((rows.provider, latitude))
        n = len(order)
        n_located = int(np.count_nonzero(np.isfinite(latitude)))
        return cls(
            rows=rows.taken(order, spare=TAIL_ROWS),
            providers=providers,
            n_located=n_located,
            n_sorted=n,
            n=n,
            is_alive=np.ones(n, dtype=np.bool_),
            is_current=np.ones(len(providers.names), dtype=np.bool_),
        )

    @property
    def n_programs(self) -> int:
        """Published programs that the index answers from."""
        return int(np.count_nonzero(self.is_alive))

    @property
    def n_providers(self) -> int:
        return int(np.count_nonzero(self.is_current))

    @cached_property
    def n_demo(self) -> int:
        """Made-up providers among them."""
        return int(np.count_nonzero(self.is_current & self.providers.is_demo))

    def updated(self, entries: Sequence[ProviderEntry], gone: Iterable[int]) -> MatchIndex:
        """The index with these providers in their new form, and without those whose ids are in `gone`.

        Costs time in the number of rows only for marking old rows dead (a byte each). Raises TailFullError.
        Not to be called from two threads at once.
        """
        rows, providers = column_set(entries)
        n_new = len(rows.provider)
        if self.n + n_new > self.rows.capacity:
            raise TailFullError
        ids = np.array([*(entry.id for entry in entries), *gone], dtype=np.int64)
        is_old = np.isin(self.providers.ids, ids)
        is_alive = np.concatenate([self.is_alive, np.ones(n_new, dtype=np.bool_)])
        is_alive[: self.n] &= ~is_old[self.rows.provider[: self.n]]
        n_before = len(self.providers.names)
        self.rows.write(self.n, replace(rows, provider=rows.provider + np.int32(n_before)))
        return replace(
            self,
            providers=self.providers.extended(providers),
            n=self.n + n_new,
            is_alive=is_alive,
            is_current=np.concatenate([self.is_current & ~is_old, np.ones(len(entries), dtype=np.bool_)]),
        )

    def rows_within(self, origin: tuple[float, float], radius_miles: float) -> tuple[Ints, geo.Floats]:
        """Located, live rows whose straight chord to the origin (degrees) is at most the radius, ascending, (k,).

        The chord is never longer than the arc, so no row inside the radius is missing; a few may be just outside.
        With the squared chords (square miles), (k,).
        """
        reach = radius_miles / geo.MILES_PER_LATITUDE_DEGREE_LEAST + 1e-9
        latitude = self.rows.latitude[: self.n_located]
        low, high = (
            int(latitude.searchsorted(origin[0] - reach)),
            int(latitude.searchsorted(origin[0] + reach, "right")),
        )
        limit = radius_miles * radius_miles * (1 + 1e-12)
        found = [self._near(origin, slice(low, high), limit)]
        if self.n > self.n_sorted:
            found.append(self._near(origin, slice(self.n_sorted, self.n), limit))
        if len(found) == 1:
            return found[0]
        return np.concatenate([rows for rows, _ in found]), np.concatenate([chords_2 for _, chords_2 in found])

    def _near(self, origin: tuple[float, float], band: slice, limit: float) -> tuple[Ints, geo.Floats]:
        chords_2 = self.chord_2(origin, band)
        near = np.flatnonzero((chords_2 <= limit) & self.is_alive[band])
        return near + band.start, chords_2[near]

    def located_rows(self, answers_mask: int) -> Ints:
        """Located, live rows that may answer one of the needs in the mask (0: all rows): ascending, (k,)."""
        located = self.rows.answers[: self.n_located]
        rows = np.flatnonzero(located & np.uint16(answers_mask)) if answers_mask else np.arange(self.n_located)
        if self.n > self.n_sorted or not self._is_all_alive:
            tail = np.flatnonzero(np.isfinite(self.rows.latitude[self.n_sorted : self.n])) + self.n_sorted
            if answers_mask:
                tail = tail[(self.rows.answers[tail] & np.uint16(answers_mask)) != 0]
            rows = np.concatenate([rows, tail])
            rows = rows[self.is_alive[rows]]
        return rows

    @cached_property
    def _is_all_alive(self) -> bool:
        return bool(self.is_alive.all())

    @cached_property
    def unlocated_rows(self) -> Ints:
        """Live rows of providers without a point: (k,)."""
        tail = np.flatnonzero(~np.isfinite(self.rows.latitude[self.n_sorted : self.n])) + self.n_sorted
        rows = np.concatenate([np.arange(self.n_located, self.n_sorted), tail])
        alive: Ints = rows[self.is_alive[rows]]
        return alive

    def chord_2(self, origin: tuple[float, float], rows: slice | Ints) -> geo.Floats:
        """Squared straight distances, square miles, from the origin (degrees) to these rows."""
        x, y, z = geo.earth_centred_point(*origin)
        dx, dy, dz = self.rows.x[rows] - x, self.rows.y[rows] - y, self.rows.z[rows] - z
        chord_2: geo.Floats = dx * dx + dy * dy + dz * dz
        return chord_2
