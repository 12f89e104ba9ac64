"""Which rows answer a term: words in one sorted list with the rows of each behind one another, and numbers.

Words that begin alike stand side by side, so the rows of all of them are one slice. Misspelt words are compared with
those that are nearly as long and have nearly the same letters: nothing within the allowed distance is missed.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from referral.finding.entries import ListingEntry
from referral.finding.numbers import Numbers, digits_of, number_key
from referral.finding.terms import Kind, Term
from referral.finding.words import shared_words

Hits = npt.NDArray[np.uint8]
"""How well each row answers one term; 0: not at all."""

ID, SAME, BEGINS, CLOSE = 9, 7, 5, 3
"""One more where the word stands in the name, except of an id. CLOSE is of one mistake; two less for two."""

MIN_AREA_CODE, MIN_LAST_DIGITS = 3, 4
"""Digits with which a number can be the beginning, or the end, of a phone."""

LOCAL_DIGITS = 7
"""Of a phone without its area code. It may as well be an area code and the last four digits."""

_LAST = "\U0010ffff"


def allowed_mistakes(word: str) -> int:
    """Letters too many, missing, wrong or changed with their neighbour that a word of this length may have."""
    return 0 if len(word) < 4 else 1 if len(word) < 8 else 2


def letters_of(word: str) -> int:
    """Which letters stand in a word, as bits. A mistake changes at most two of them."""
    mask = 0
    for letter in word:
        mask |= 1 << ord(letter) % 64
    return mask


class TextFilling:
    """Takes the texts of row after row."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._words, self._rows = array("i"), array("i")
        self._phone_keys, self._end_keys, self._phone_rows = array("q"), array("q"), array("i")
        self._zip_keys, self._zip_rows = array("q"), array("i")

    def add(self, row: int, entry: ListingEntry, name_words: Iterable[str]) -> None:
        self._add_words(row * 2 + 1, name_words)
        self._add_words(row * 2, shared_words(entry.organization))
        self._add_words(row * 2, shared_words(entry.city))
        for digits in filter(None, map(digits_of, entry.phones)):
            self._phone_keys.append(number_key(digits))
            self._end_keys.append(number_key(digits[::-1]))
            self._phone_rows.append(row)
        if zip_digits := digits_of(entry.postal_code[:5]):
            self._zip_keys.append(number_key(zip_digits))
            self._zip_rows.append(row)

    def _add_words(self, value: int, found: Iterable[str]) -> None:
        numbers = self._numbers
        for word in found:
            self._words.append(numbers.setdefault(word, len(numbers)))
            self._rows.append(value)

    def index(self) -> TextIndex:
        ordered = sorted(self._numbers)
        place = np.empty(len(ordered), dtype=np.int32)
        place[[self._numbers[word] for word in ordered]] = np.arange(len(ordered), dtype=np.int32)
        places = place[np.array(self._words, dtype=np.int32)]
        order = np.argsort(places, kind="stable")
        return TextIndex(
            words=ordered,
            starts=np.concatenate([[0], np.bincount(places, minlength=len(ordered)).cumsum()]),
            values=np.array(self._rows, dtype=np.int32)[order],
            lengths=np.array([len(word) for word in ordered], dtype=np.int32),
            letters=np.array([letters_of(word) for word in ordered], dtype=np.uint64),
            phones=Numbers.build(self._phone_keys, self._phone_rows),
            phone_ends=Numbers.build(self._end_keys, self._phone_rows),
            zips=Numbers.build(self._zip_keys, self._zip_rows),
        )


@dataclass(frozen=True)
class TextIndex:
    words: list[str]
    """Every different word, ascending."""
    starts: npt.NDArray[np.int64]
    """Where the values of each word begin, and at the end where those of the last end."""
    values: npt.NDArray[np.int32]
    """Twice the row, and one more where the word stands in its name."""
    lengths: npt.NDArray[np.int32]
    letters: npt.NDArray[np.uint64]
    phones: Numbers
    phone_ends: Numbers
    """Phones read from their last digit."""
    zips: Numbers

    def mark(self, hits: Hits, term: Term, *, is_close: bool) -> None:
        """Write into `hits`, zero so far, how well the rows answer the term. is_close: with mistakes too."""
        if term.kind is Kind.ZIP:
            hits[self.zips.beginning(term.text)] = SAME
        elif term.kind is Kind.PHONE:
            self._mark_phone(hits, term.text)
        elif term.kind is not Kind.ID:
            if is_close and term.kind is Kind.WORD:
                self._mark_close(hits, term.text)
            self._mark_word(hits, term.text)
            if term.kind is Kind.NUMBER:
                self._mark_number(hits, term.text)

    def _mark_word(self, hits: Hits, word: str) -> None:
        first = bisect_left(self.words, word)
        if len(word) > 1:
            self._write(hits, first, bisect_left(self.words, word + _LAST), BEGINS)
        if first < len(self.words) and self.words[first] == word:
            self._write(hits, first, first + 1, SAME)

    def _mark_phone(self, hits: Hits, digits: str) -> None:
        hits[self.phone_ends.beginning(digits[::-1])] = SAME
        if len(digits) == LOCAL_DIGITS:
            area, last = digits[:MIN_AREA_CODE], digits[-MIN_LAST_DIGITS:]
            both = np.intersect1d(self.phones.beginning(area), self.phone_ends.beginning(last[::-1]))
            hits[both] = np.maximum(hits[both], BEGINS)

    def _mark_number(self, hits: Hits, digits: str) -> None:
        found = [self.zips.beginning(digits)]
        if len(digits) >= MIN_AREA_CODE:
            found.append(self.phones.beginning(digits))
        if len(digits) >= MIN_LAST_DIGITS:
            found.append(self.phone_ends.beginning(digits[::-1]))
        rows = np.concatenate(found)
        hits[rows] = np.maximum(hits[rows], BEGINS)

    def _mark_close(self, hits: Hits, word: str) -> None:
        most = allowed_mistakes(word)
        if not most:
            return
        is_alike = np.abs(self.lengths - len(word)) <= most
        is_alike &= np.bitwise_count(self.letters ^ np.uint64(letters_of(word))) <= 2 * most
        alike = np.flatnonzero(is_alike).tolist()
        if not alike:
            return
        choices = [self.words[place] for place in alike]
        (mistakes,) = process.cdist([word], choices, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)
        for n in range(most, 0, -1):
            for number in np.flatnonzero(mistakes == n).tolist():
                if not choices[number].isdigit():
                    self._write(hits, alike[number], alike[number] + 1, CLOSE - 2 * (n - 1))

    def _write(self, hits: Hits, first: int, end: int, score: int) -> None:
        """`score` for the rows of these words, one more where they stand in the name; better ones must come later."""
        values = self.values[self.starts[first] : self.starts[end]]
        rows, is_name = values >> 1, (values & 1).astype(np.bool_)
        hits[rows] = np.maximum(hits[rows], score)
        hits[rows[is_name]] = score + 1
