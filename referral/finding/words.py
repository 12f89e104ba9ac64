"""The words of a listing as they are compared: case, accents, apostrophes and usual short forms do not matter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_APOSTROPHES = re.compile("['’‘`´ʻʼ]")
_WORD = re.compile(r"[^\W_]+")

_SAME = {
    "alc": "alcohol",
    "assoc": "associates",
    "behav": "behavioral",
    "behavioural": "behavioral",
    "centre": "center",
    "cntr": "center",
    "comm": "community",
    "ctr": "center",
    "dept": "department",
    "fort": "ft",
    "hlth": "health",
    "hosp": "hospital",
    "mount": "mt",
    "prog": "program",
    "rehab": "rehabilitation",
    "saint": "st",
    "serv": "services",
    "servs": "services",
    "svc": "services",
    "svcs": "services",
    "trt": "treatment",
    "tx": "treatment",
}
"""Short forms that stand in sources, and what a person types for them."""


def plain(text: str) -> str:
    """The text in small letters without accents and apostrophes, in compatible forms."""
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    folded = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a text, in order."""
    return [_SAME.get(word, word) for word in _WORD.findall(plain(text.replace("&", " and ")))]


@lru_cache(maxsize=1 << 15)
def shared_words(text: str) -> tuple[str, ...]:
    """The words of a text that many listings share, such as a city."""
    return tuple(words(text))
