"""The objects of a long JSON list, one by one, so that memory does not grow with the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from referral.importers.messages import Message, say
from referral.importers.reading.files import NOT_TEXT, SourceFile, UnreadableFileError, open_text
from referral.importers.reading.tables import MAX_ROWS
from referral.importers.records import Rejected
from referral.vocabulary.words import N_

MAX_ROW = 1_000_000
MAX_KEYS = 1000
"""Keys of the outermost object before the list."""
_BLOCK = 65_536

NOT_AN_OBJECT = say(N_("is not an object"))


def read_json(source: SourceFile, key: str) -> Iterator[tuple[int, dict[str, Any]] | Rejected]:
    """Each object in the list under `key` of the outermost object, with its position from 1.

    Numbers that are not numbers (NaN), over-long ones, and keys that stand twice make their row rejected.
    Raises UnreadableFileError where the text is no JSON, and no row after that could be found.
    """
    try:
        yield from _Reader(source).rows(key)
    except RecursionError as error:
        raise UnreadableFileError(say(N_("The JSON is nested too deeply."))) from error
    except UnicodeError as error:
        raise UnreadableFileError(NOT_TEXT) from error


class _Reader:
    """Decodes one JSON value after another from a text that is read in blocks."""

    def __init__(self, source: SourceFile) -> None:
        self._text = open_text(source)
        self._held = ""
        self._at = 0
        self._problem: Message | None = None
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_constant=self._constant, parse_int=self._whole
        )

    def rows(self, key: str) -> Iterator[tuple[int, dict[str, Any]] | Rejected]:
        if self._next_mark() != "{":
            raise UnreadableFileError(say(N_("The JSON does not begin with an object.")))
        self._at += 1
        n_keys = 0
        while self._next_mark() != "}":
            n_keys += 1
            if n_keys > MAX_KEYS:
                what = N_("The JSON has more than %(n)s keys before its list %(key)s.")
                raise UnreadableFileError(say(what, n=f"{MAX_KEYS:,}", key=repr(key)))
            name = self._value()
            if self._next_mark() != ":":
                raise self._broken()
            self._at += 1
            if name == key and self._next_mark() == "[":
                yield from self._items()
                return
            self._value()
            if self._next_mark() == ",":
                self._at += 1
        raise UnreadableFileError(say(N_("The JSON has no list %(key)s."), key=repr(key)))

    def _items(self) -> Iterator[tuple[int, dict[str, Any]] | Rejected]:
        self._at += 1
        number = 0
        while self._next_mark() != "]":
            number += 1
            if number > MAX_ROWS:
                raise UnreadableFileError(say(N_("The list has more than %(n)s entries."), n=f"{MAX_ROWS:,}"))
            value = self._value()
            if self._problem:
                yield Rejected(number, self._problem)
            elif not isinstance(value, dict):
                yield Rejected(number, NOT_AN_OBJECT)
            else:
                yield number, value
            mark = self._next_mark()
            if mark == ",":
                self._at += 1
            elif mark != "]":
                raise self._broken()

    def _value(self) -> Any:
        self._next_mark()
        while True:
            self._problem = None
            try:
                value, end = self._decoder.raw_decode(self._held, self._at)
            except json.JSONDecodeError:
                value, end = None, len(self._held)
            # A number at the very end may go on in the next block.
            if end < len(self._held):
                self._at = end
                return value
            if len(self._held) - self._at > MAX_ROW or not self._read():
                raise self._broken()

    def _next_mark(self) -> str:
        """The next character that is not blank, "" at the end."""
        while True:
            while self._at < len(self._held):
                if not self._held[self._at].isspace():
                    return self._held[self._at]
                self._at += 1
            if not self._read():
                return ""

    def _read(self) -> bool:
        # Twice as much each time, or a long value would be decoded again for every block.
        block = self._text.read(max(_BLOCK, len(self._held) - self._at))
        self._held = self._held[self._at :] + block
        self._at = 0
        return bool(block)

    def _broken(self) -> UnreadableFileError:
        near = self._held[self._at : self._at + 30]
        what = N_("The JSON is broken, or a value is too long, near %(text)s.")
        return UnreadableFileError(say(what, text=repr(near)))

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            self._problem = say(N_("has a key twice"))
        return found

    def _constant(self, text: str) -> None:
        self._problem = say(N_("has %(text)s, which is not a number"), text=text)

    def _whole(self, text: str) -> int:
        if len(text) > 18:
            self._problem = say(N_("has a number that is too long"))
            return 0
        return int(text)
