"""The staff index: every provider in columns, the orders of the list, and what finds a row by its texts.

A StaffIndex never changes; `updated` gives a new one. Changed rows keep their place in the columns; their texts are
found anew in a small second text index, and what the first one says of them no longer counts.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from referral.finding import orders
from referral.finding.columns import ColumnFilling, Columns
from referral.finding.entries import ListingEntry
from referral.finding.filters import Filters, Mask, fitting
from referral.finding.orders import Order, Ordered, Orders, Rows, SortKeys
from referral.finding.terms import Kind, Term
from referral.finding.text_index import ID, Hits, TextFilling, TextIndex
from referral.finding.words import shared_words, words

MAX_CHANGED = 1000
"""Rows whose texts stand in the second text index. Beyond that the index is made anew."""

_MOST_NAME_WORDS = 15


class TooManyChangesError(Exception):
    """Build the index anew."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found."""

    rows: list[int]
    """Places in the columns."""
    ids: list[int]
    n_found: int
    page: int
    """From 1; the last one where a later one was asked for."""
    n_pages: int
    is_close: bool
    """Nothing has exactly these words: these have similar ones."""


@dataclass(frozen=True, eq=False)
class StaffIndex:
    columns: Columns
    keys: SortKeys
    orders: Orders
    texts: TextIndex
    changed_texts: TextIndex | None = None
    """Of the rows that changed since `texts` was made."""
    changed: dict[int, ListingEntry] = field(default_factory=dict)
    """Those rows, with what they are now."""

    @classmethod
    def build(cls, entries: Iterable[ListingEntry]) -> StaffIndex:
        columns, keys, texts = _filled(entries)
        return cls(columns, keys, orders.build(columns, keys), texts)

    def updated(self, entries: Sequence[ListingEntry]) -> StaffIndex:
        """The index with these providers, known or new, as they are now. Raises TooManyChangesError."""
        if not entries:
            return self
        ids = np.array([entry.id for entry in entries], dtype=np.int64)
        known = np.flatnonzero(np.isin(self.columns.ids, ids))
        row_by_id = dict(zip(self.columns.ids[known].tolist(), known.tolist(), strict=True))
        n_known = self.columns.n
        for entry in entries:
            row_by_id.setdefault(entry.id, n_known + len(row_by_id) - len(known))
        rows = [row_by_id[entry.id] for entry in entries]
        changed = self.changed | dict(zip(rows, entries, strict=True))
        if len(changed) > MAX_CHANGED:
            raise TooManyChangesError
        new_columns, new_keys, _texts = _filled(entries)
        columns = self.columns.replaced(np.array(rows), new_columns)
        keys = self.keys.replaced(rows, new_keys)
        texts = TextFilling()
        for row, entry in changed.items():
            texts.add(row, entry, words(entry.name))
        return replace(
            self,
            columns=columns,
            keys=keys,
            orders=orders.replaced(self.orders, columns, keys, rows),
            changed_texts=texts.index(),
            changed=changed,
        )

    def search(
        self, filters: Filters, order: Order = Order.BEST, *, page: int = 1, per_page: int = 25, today: date
    ) -> Found:
        """A page of the providers that fit. Exact words first of all; similar ones where nothing has them."""
        rows, n_found, is_close = self._found(filters, order, today, slice_of(page, per_page))
        n_pages = max(1, -(-n_found // per_page))
        if page > n_pages:
            return self.search(filters, order, page=n_pages, per_page=per_page, today=today)
        return Found(rows.tolist(), self.columns.ids[rows].tolist(), n_found, page, n_pages, is_close)

    def all_ids(self, filters: Filters, order: Order = Order.BEST, *, today: date) -> npt.NDArray[np.int64]:
        """The ids of all providers that fit, in order."""
        rows, _n, _is_close = self._found(filters, order, today, slice(None))
        return self.columns.ids[rows]

    def count(self, filters: Filters, *, today: date) -> int:
        return self._fitting(filters, today)[1]

    def has_city(self, city: str, state: str) -> bool:
        """Whether a provider stands in this city, in any usual spelling of its name."""
        rows, places, wanted = self.orders[Order.PLACE].rows, self.keys.places, _place_key(state, city)
        at = bisect_left(rows, wanted, key=places.__getitem__)
        return bool(words(city)) and at < len(rows) and places[rows[at]].startswith(wanted)

    def _found(self, filters: Filters, order: Order, today: date, wanted: slice) -> tuple[Rows, int, bool]:
        mask, n_found, scores = self._fitting(filters, today)
        is_close = scores is not None and scores.is_close
        by_name = self.orders[Order.NAME]
        if order is Order.BEST and scores is not None and mask is not None:
            return _best(mask, scores.values, self.columns, by_name, wanted), n_found, is_close
        ordered = by_name if order is Order.BEST else self.orders[order]
        return ordered.rows[wanted] if mask is None else ordered.among(mask, wanted), n_found, is_close

    def _fitting(self, filters: Filters, today: date) -> tuple[Mask | None, int, Scores | None]:
        """Which rows fit (None: all), how many, and how well they answer the words."""
        mask = fitting(filters, self.columns, today)
        if not filters.terms:
            return mask, self.columns.n if mask is None else int(np.count_nonzero(mask)), None
        for is_close in (False, True):
            values = self._scores(filters.terms, is_close=is_close)
            both = values > 0 if mask is None else (values > 0) & mask
            n = int(np.count_nonzero(both))
            if n or is_close:
                break
        return both, n, Scores(values, is_close and n > 0)

    def _scores(self, terms: tuple[Term, ...], *, is_close: bool) -> npt.NDArray[np.uint16]:
        """How well each row answers all terms; 0: not all of them."""
        total = np.zeros(self.columns.n, dtype=np.uint16)
        for number, term in enumerate(terms):
            hits = self._hits(term, is_close=is_close)
            total = (total + hits) * ((total > 0) & (hits > 0)) if number else total + hits
            if not total.any():  # no word behind can find anything again
                break
        return total

    @cached_property
    def _changed_rows(self) -> npt.NDArray[np.int64]:
        return np.array(list(self.changed), dtype=np.int64)

    def _hits(self, term: Term, *, is_close: bool) -> Hits:
        hits = np.zeros(self.columns.n, dtype=np.uint8)
        self.texts.mark(hits, term, is_close=is_close)
        if self.changed_texts is not None:
            hits[self._changed_rows] = 0
            self.changed_texts.mark(hits, term, is_close=is_close)
        is_id = term.kind is Kind.ID or (term.kind is Kind.NUMBER and not term.text.startswith("0"))
        if is_id and len(term.text) <= 10:
            hits[self.columns.ids == int(term.text)] = ID
        return hits


@dataclass(frozen=True, slots=True)
class Scores:
    values: npt.NDArray[np.uint16]
    is_close: bool


def slice_of(page: int, per_page: int) -> slice:
    return slice((page - 1) * per_page, page * per_page)


def _best(mask: Mask, scores: npt.NDArray[np.uint16], columns: Columns, by_name: Ordered, wanted: slice) -> Rows:
    """Rows of the mask: the best score first, then the shorter name, then by name. Only groups that are wanted are
    sorted.
    """
    rows = np.flatnonzero(mask)
    few_words = _MOST_NAME_WORDS - np.minimum(columns.n_name_words[rows], _MOST_NAME_WORDS)
    groups = scores[rows] * np.uint16(_MOST_NAME_WORDS + 1) + few_words
    start, stop, _step = wanted.indices(len(rows))
    sizes = np.bincount(groups)
    found, before = [], 0
    for group in np.flatnonzero(sizes)[::-1].tolist():
        size = int(sizes[group])
        if before + size > start and before < stop:
            part = slice(max(0, start - before), min(size, stop - before))
            found.append(by_name.sorted(rows[groups == group], part))
        before += size
    return np.concatenate(found) if found else by_name.rows[:0]


def _filled(entries: Iterable[ListingEntry]) -> tuple[Columns, SortKeys, TextIndex]:
    columns, texts, keys = ColumnFilling(), TextFilling(), SortKeys([], [])
    for row, entry in enumerate(entries):
        name_words = words(entry.name)
        columns.add(entry, len(name_words))
        texts.add(row, entry, name_words)
        name = " ".join(name_words)
        keys.names.append(name)
        keys.places.append(_place_key(entry.state, entry.city) + name)
    return columns.columns(), keys, texts.index()


def _place_key(state: str, city: str) -> str:
    return f"{state}\t{' '.join(shared_words(city))}\t"
