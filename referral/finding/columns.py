"""The columns of the staff index: a value for each provider, in the order of rows. Read-only once made."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from referral.finding.entries import ListingEntry
from referral.matching.columns import LEVEL_NUMBER
from referral.matching.entries import FACT_BIT, N_WORDS, WORD_BITS, mask_words, masks

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - times are stored in UTC without a zone


@dataclass(frozen=True)
class Coded:
    """Words of which there are few, as numbers."""

    codes: npt.NDArray[np.uint16]
    """Position in `words`, for each row."""
    words: tuple[str, ...]

    @classmethod
    def of(cls, values: Sequence[str], known: tuple[str, ...] = ()) -> Coded:
        numbers = {word: number for number, word in enumerate(known)}
        codes = [numbers.setdefault(value, len(numbers)) for value in values]
        return cls(np.array(codes, dtype=np.uint16), tuple(numbers))

    def equal(self, word: str) -> npt.NDArray[np.bool_]:
        if word not in self.words:
            return np.zeros(len(self.codes), dtype=np.bool_)
        mask: npt.NDArray[np.bool_] = self.codes == self.words.index(word)
        return mask

    def counts(self) -> dict[str, int]:
        """Rows by word, for words that any row has."""
        numbers = np.bincount(self.codes, minlength=len(self.words)).tolist()
        return {word: n for word, n in zip(self.words, numbers, strict=True) if n}


@dataclass(frozen=True)
class Columns:
    """Shape (n,) unless said. A dashboard may count on them; nobody may write to them."""

    ids: npt.NDArray[np.int64]
    states: Coded
    statuses: Coded
    sources: Coded
    whereabouts: npt.NDArray[np.uint8]
    """referral.matching.Whereabouts."""
    is_approximate: npt.NDArray[np.bool_]
    levels: npt.NDArray[np.uint16]
    """Levels of care of published programs: bit referral.matching.columns.LEVEL_NUMBER[code]."""
    yes: npt.NDArray[np.uint64]
    """Facts of the provider itself that are yes, (N_WORDS, n): bit FACT_BIT[code] of referral.matching.entries."""
    no: npt.NDArray[np.uint64]
    confirmed: npt.NDArray[np.int32]
    """Ordinal of the day (date.toordinal); 0: never."""
    license_expires: npt.NDArray[np.int32]
    """Ordinal of the last day; 0: not known."""
    updated: npt.NDArray[np.int64]
    """Microseconds since 1970, UTC."""
    n_open_reports: npt.NDArray[np.uint16]
    has_corrections: npt.NDArray[np.bool_]
    has_offers: npt.NDArray[np.bool_]
    n_name_words: npt.NDArray[np.uint8]

    @property
    def n(self) -> int:
        return len(self.ids)

    def fact(self, code: str, *, is_yes: bool) -> npt.NDArray[np.bool_]:
        """Whether the fact is yes, or whether it is no."""
        word, bit = divmod(FACT_BIT[code], WORD_BITS)
        mask: npt.NDArray[np.bool_] = ((self.yes if is_yes else self.no)[word] & np.uint64(1 << bit)) != 0
        return mask

    def is_license_expired(self, today: date) -> npt.NDArray[np.bool_]:
        mask: npt.NDArray[np.bool_] = (self.license_expires > 0) & (self.license_expires < today.toordinal())
        return mask

    def replaced(self, rows: npt.NDArray[np.int64], other: Columns) -> Columns:
        """New columns in which `rows` (of these, or behind their end in order) are those of `other`."""
        n = max(self.n, int(rows.max()) + 1)
        values: dict[str, Any] = {}
        for field in fields(self):
            old, new = getattr(self, field.name), getattr(other, field.name)
            if isinstance(old, Coded):
                joined = Coded.of([new.words[code] for code in new.codes.tolist()], old.words)
                values[field.name] = Coded(_replaced(old.codes, rows, joined.codes, n), joined.words)
            else:
                values[field.name] = _replaced(old, rows, new, n)
        return Columns(**values)


def _replaced(old: Any, rows: npt.NDArray[np.int64], new: Any, n: int) -> Any:
    values = np.empty((*old.shape[:-1], n), dtype=old.dtype)
    values[..., : old.shape[-1]] = old
    values[..., rows] = new
    return values


class ColumnFilling:
    """Grows typed arrays entry by entry: a large directory never stands in memory as objects."""

    def __init__(self) -> None:
        self._ids, self._updated = array("q"), array("q")
        self._coded: dict[str, list[str]] = {"states": [], "statuses": [], "sources": []}
        self._whereabouts, self._is_approximate = array("B"), array("B")
        self._levels, self._n_open_reports = array("H"), array("H")
        self._yes, self._no = array("Q"), array("Q")
        self._confirmed, self._license_expires = array("i"), array("i")
        self._has_corrections, self._has_offers, self._n_name_words = array("B"), array("B"), array("B")

    def add(self, entry: ListingEntry, n_name_words: int) -> None:
        self._ids.append(entry.id)
        self._coded["states"].append(entry.state)
        self._coded["statuses"].append(entry.status)
        self._coded["sources"].append(entry.source)
        self._whereabouts.append(entry.whereabouts)
        self._is_approximate.append(entry.is_approximate)
        levels = 0
        for code in entry.levels:
            levels |= 1 << LEVEL_NUMBER[code]
        self._levels.append(levels)
        yes, no = masks(entry.facts)
        self._yes.extend(mask_words(yes))
        self._no.extend(mask_words(no))
        self._confirmed.append(_ordinal(entry.confirmed_on))
        self._license_expires.append(_ordinal(entry.license_expires_on))
        since = entry.updated_at - _EPOCH
        self._updated.append((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds)
        self._n_open_reports.append(min(entry.n_open_reports, 65_535))
        self._has_corrections.append(entry.has_corrections)
        self._has_offers.append(entry.has_offers)
        self._n_name_words.append(min(n_name_words, 255))

    def columns(self) -> Columns:
        return Columns(
            ids=np.array(self._ids, dtype=np.int64),
            **{name: Coded.of(values) for name, values in self._coded.items()},
            whereabouts=np.array(self._whereabouts, dtype=np.uint8),
            is_approximate=np.array(self._is_approximate, dtype=np.bool_),
            levels=np.array(self._levels, dtype=np.uint16),
            yes=_words(self._yes),
            no=_words(self._no),
            confirmed=np.array(self._confirmed, dtype=np.int32),
            license_expires=np.array(self._license_expires, dtype=np.int32),
            updated=np.array(self._updated, dtype=np.int64),
            n_open_reports=np.array(self._n_open_reports, dtype=np.uint16),
            has_corrections=np.array(self._has_corrections, dtype=np.bool_),
            has_offers=np.array(self._has_offers, dtype=np.bool_),
            n_name_words=np.array(self._n_name_words, dtype=np.uint8),
        )


def _ordinal(day: date | None) -> int:
    return 0 if day is None else day.toordinal()


def _words(flat: array[int]) -> npt.NDArray[np.uint64]:
    """(N_WORDS, n) from the words of one row after the other."""
    return np.ascontiguousarray(np.array(flat, dtype=np.uint64).reshape(-1, N_WORDS).T)
