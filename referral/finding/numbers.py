"""Numbers that are found by how they begin: phones, phones read from their end, ZIPs."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

WIDTH = 10
"""Digits of a number that count: of a longer one the last."""

_NOT_DIGIT = re.compile("[^0-9]+")
_EXTENSION = re.compile("[A-Za-z]")
_RAISED = str.maketrans("0123456789", "123456789a")
"""Each digit one higher, in a system of eleven: 0 stands for "no digit here", so that 12 and 120 differ."""


def digits_of(text: str) -> str:
    """The digits of a number as it is written, without its extension."""
    return _NOT_DIGIT.sub("", _EXTENSION.split(text, maxsplit=1)[0])[-WIDTH:]


def number_key(digits: str) -> int:
    """Keys of numbers that begin with the same digits stand side by side."""
    return int(digits[:WIDTH].translate(_RAISED).ljust(WIDTH, "0"), 11)


@dataclass(frozen=True)
class Numbers:
    keys: npt.NDArray[np.int64]
    """Ascending."""
    rows: npt.NDArray[np.int32]

    @classmethod
    def build(cls, keys: npt.ArrayLike, rows: npt.ArrayLike) -> Numbers:
        unsorted = np.asarray(keys, dtype=np.int64)
        order = np.argsort(unsorted, kind="stable")
        return cls(unsorted[order], np.asarray(rows, dtype=np.int32)[order])

    def beginning(self, digits: str) -> npt.NDArray[np.int32]:
        """Rows of the numbers that begin with these digits; none where there are more than a number has."""
        if len(digits) > WIDTH:
            return self.rows[:0]
        first = number_key(digits)
        last = first + 11 ** (WIDTH - len(digits))
        low, high = self.keys.searchsorted((first, last))
        return self.rows[low:high]
