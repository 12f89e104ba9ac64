"""Addresses and websites, made fit to compare."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from referral.duplicates.names import plain_words

_SAME_WORD = {
    "st": "street str saint",
    "ave": "avenue av",
    "rd": "road",
    "dr": "drive drv",
    "blvd": "boulevard blvrd",
    "ln": "lane",
    "hwy": "highway hiway",
    "pkwy": "parkway",
    "ct": "court",
    "pl": "place",
    "cir": "circle",
    "sq": "square",
    "ter": "terrace",
    "trl": "trail",
    "tpke": "turnpike pike",
    "rte": "route rt",
    "mt": "mount",
    "ft": "fort",
    "n": "north",
    "s": "south",
    "e": "east",
    "w": "west",
    "ne": "northeast",
    "nw": "northwest",
    "se": "southeast",
    "sw": "southwest",
    "1st": "first",
    "2nd": "second",
    "3rd": "third",
    "4th": "fourth",
    "5th": "fifth",
    "6th": "sixth",
    "7th": "seventh",
    "8th": "eighth",
    "9th": "ninth",
    "10th": "tenth",
}
_SAME = {other: word for word, others in _SAME_WORD.items() for other in others.split()}

_UNIT_WORDS = r"suites?|stes?|units?|apartments?|apts?|buildings?|bldgs?|rooms?|rms?"
_FLOOR = (
    r"(?:[0-9]+(?:st|nd|rd|th)|first|second|third|fourth|fifth|ground|lower|upper)\s+(?:floor|fl|level)"
    r"|floor\s+[0-9]+"
)
_UNIT = re.compile(rf"[,\s]\s*(?:(?:{_UNIT_WORDS}|{_FLOOR})\b|#|p\.?\s?o\.?\s?box\b).*$", re.IGNORECASE)
_UNIT_NAME = re.compile(rf"\b(?:{_UNIT_WORDS}|floors?|and|number|no)\b\.?", re.IGNORECASE)
_HYPHEN = re.compile(r"(?<=[0-9])-(?=[A-Za-z]\b)|(?<=\b[A-Za-z])-(?=[0-9])")
"""Written or not beside a letter: 908-A, B-1. Between numbers it parts them."""
_NUMBER = re.compile(r"[0-9]+[a-z]?")
_POST_BOX = re.compile(r"p\.?\s?o\.?\s?box\b", re.IGNORECASE)


class Address(NamedTuple):
    """An address ready to compare. All empty: there is none."""

    number: str
    """Of the house; empty where the street has none."""
    street: str
    unit: frozenset[str]
    """What names the suite or floor."""


NOWHERE = Address("", "", frozenset())


@lru_cache(maxsize=65536)
def address_of(street: str, unit: str) -> Address:
    """A unit written behind the street counts as unit; a post box is no address."""
    if _POST_BOX.match(street.strip()):
        return NOWHERE
    if found := _UNIT.search(street):
        street, unit = street[: found.start()], f"{street[found.start() :]} {unit}"
    words = [_SAME.get(word, word) for word in plain_words(_HYPHEN.sub("", street))]
    if not words:
        return NOWHERE
    number = words.pop(0) if len(words) > 1 and _NUMBER.fullmatch(words[0]) else ""
    return Address(number, " ".join(words), _unit_names(unit))


def _unit_names(unit: str) -> frozenset[str]:
    """Numbers and letters of a suite or floor; words such as "rear" tell too little."""
    if _POST_BOX.search(unit):
        return frozenset()
    words = plain_words(_HYPHEN.sub("", _UNIT_NAME.sub(" ", unit)))
    words = [_SAME.get(word, word) for word in words]
    return frozenset(word for word in words if len(word) == 1 or any(mark.isdigit() for mark in word))


@lru_cache(maxsize=65536)
def host_of(website: str) -> str:
    """The host of a website, without www."""
    try:
        host = urlsplit(website).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
