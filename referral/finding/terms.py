"""What staff type into the search field, parted into terms. A listing is found when it answers every one of them."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

from referral.finding.words import words

MAX_TERMS = 20
"""The longest names, with a place and a phone number behind them."""


class Kind(StrEnum):
    WORD = "word"
    """Of a name, an organization or a city: whole, or how it begins."""
    NUMBER = "number"
    """A word of digits: part of a name, how a ZIP begins, how a phone number begins or ends, or an id."""
    PHONE = "phone"
    ZIP = "zip"
    ID = "id"


class Term(NamedTuple):
    kind: Kind
    text: str
    """A word as `words` gives it, or digits."""


_EXTENSION = r"(?:,? ?(?i:extension|extensión|ext\.?|x) ?[0-9]{1,10})?"
_PHONE = re.compile(
    r"(?<![\w#-])(?:\+?1[ .-]{0,2})?\(?([0-9]{3})\)?[ ./-]{0,2}([0-9]{3})[ .-]{0,2}([0-9]{4})"
    rf"{_EXTENSION}(?![\w-])"
    rf"|(?<![\w#-])([0-9]{{3}})[ .-]([0-9]{{4}}){_EXTENSION}(?![\w-])"
)
"""With or without an extension, which does not narrow the search: people reach a listing by several."""
_ZIP = re.compile(r"(?<![\w#-])([0-9]{5})-[0-9]{4}(?![\w-])")
_ID = re.compile(r"(?<!\S)#([0-9]{1,10})(?!\S)")


def terms_of(text: str) -> tuple[Term, ...]:
    """The terms of a text, each once, in the order: numbers of known kinds, then words as they stand."""
    text = unicodedata.normalize("NFKC", text)
    found: dict[Term, None] = {}
    for kind, pattern in ((Kind.ZIP, _ZIP), (Kind.ID, _ID), (Kind.PHONE, _PHONE)):
        for match in pattern.finditer(text):
            found[Term(kind, "".join(filter(None, match.groups())))] = None
        text = pattern.sub(" ", text)
    for word in words(text):
        is_number = word.isascii() and word.isdigit()
        found[Term(Kind.NUMBER if is_number else Kind.WORD, word)] = None
    return tuple(found)
