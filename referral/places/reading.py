"""Reads a typed text as a place: which ZIP, which name, which state. Knows no database."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from referral.places.names import city_key, county_key, is_county_name, state_code, words

_COUNTRY = re.compile(r"[ ,]+(?:u\.?s\.?a?\.?|united states(?: of america)?)$", re.IGNORECASE)
_ZIP = re.compile(r"(\d{5})(?:[- ]?\d{4})?")
_ZIP_LAST = re.compile(r"(?P<rest>.*[^\d\s,-])[\s,(]+(?P<zip>\d{5})(?:[- ]\d{4})?\)?", re.DOTALL)
_ZIP_FIRST = re.compile(r"(?P<zip>\d{5})(?:[- ]\d{4})?[\s,(]+(?P<rest>[^\d]+?)\)?", re.DOTALL)
_NUMBER = re.compile(r"\d[\d -]*")
MAX_STATE_WORDS = 4


@dataclass(frozen=True)
class Reading:
    """One way to understand a text. Empty `keys`: a state alone."""

    keys: tuple[str, ...]
    """Keys of the name: as a city, and as a county where it says so."""
    name: str
    """The name as it was typed."""
    state: str | None = None
    county: str = ""
    """Key of the county that stands between the city and the state, or empty."""


def zip_of(text: str) -> str | None:
    """The five digits of a text that is nothing but a ZIP or ZIP+4; none for any other text."""
    match = _ZIP.fullmatch(text)
    return match.group(1) if match else None


def is_number(text: str) -> bool:
    """Whether a text is digits, blanks and hyphens only: meant as a ZIP, right or wrong."""
    return bool(_NUMBER.fullmatch(text))


def split_zip(text: str) -> tuple[str, str] | None:
    """The ZIP and the rest of a text that has both, such as "Louisville KY 40202"; none without a ZIP."""
    match = _ZIP_LAST.fullmatch(text) or _ZIP_FIRST.fullmatch(text)
    return (match.group("zip"), match.group("rest").strip(" ,()")) if match else None


def readings(text: str) -> list[Reading]:
    """All ways to read a text without a ZIP, the one with the longest state first.

    After a comma a state is certain; without one the last words may be a state ("salem or") or part of the name
    ("Port Washington").
    """
    parts = [part.strip() for part in _COUNTRY.sub("", text).split(",") if words(part)]
    if not parts:
        return []
    *before, last = parts
    whole = state_code(last)
    if whole and before:
        return _with_county(before, whole)
    found = []
    pieces = last.split()
    for n_words in range(min(MAX_STATE_WORDS, len(pieces)), 0, -1):
        state = state_code(" ".join(pieces[-n_words:]))
        if state:
            name = " ".join(pieces[:-n_words])
            found += _with_county([*before, name] if name else before, state)
            break
    return found + _with_county(parts, None)


def _with_county(parts: list[str], state: str | None) -> list[Reading]:
    """The reading of these parts, and before it one in which the last part is an independent city: "Roanoke city"."""
    plain = _reading(parts, state)
    if len(parts) > 1 and words(parts[-1])[-1:] == ["city"]:
        return [replace(plain, county=county_key(parts[-1])), plain]
    return [plain]


def _reading(parts: list[str], state: str | None) -> Reading:
    """A name from what stands before the state: the city and its county, or the last part of a street address."""
    if not parts:
        return Reading((), "", state)
    name, county = parts[0], ""
    if len(parts) > 1:
        if is_county_name(parts[-1]):
            county = county_key(parts[-1])
        elif any(letter.isdigit() for letter in name):
            name = parts[-1]
    keys = [city_key(name)]
    if is_county_name(name):
        keys.append(county_key(name))
    return Reading(tuple(key for key in keys if key), name, state, county)
