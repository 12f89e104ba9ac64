"""The form in which names of places are compared: case, accents, signs, blanks and short words do not matter."""

from __future__ import annotations

import re
import unicodedata

from referral.places.states import STATE_KEYS

_QUOTES = re.compile("['’‘`´ʻʼ]")
_NOT_WORD = re.compile("[^a-z0-9]+")
_WORDS = {
    "saint": "st",
    "sainte": "ste",
    "fort": "ft",
    "mount": "mt",
    "mountain": "mtn",
    "heights": "hts",
    "springs": "spgs",
    "spring": "spg",
    "sprgs": "spgs",
    "sprg": "spg",
    "junction": "jct",
    "township": "twp",
    "village": "vlg",
    "point": "pt",
    "and": "n",
}
_FIRST_WORDS = {"n": "north", "no": "north", "s": "south", "so": "south", "e": "east", "w": "west"}
_OF = re.compile(r"^(?:the )?(?:city|town|village|township|borough) of (?=\w)")
_COUNTY_END = re.compile(
    r"(?: (?:city and borough|census area|county|parish|borough|municipality|municipio|co|cnty))+$"
)
_COUNTY_START = re.compile(r"^(?:city and borough|municipality|municipio|county|parish) of (?=\w)")


def tidy(text: str) -> str:
    """The text without control characters, in compatible forms, any script's digits as 0-9, single blanks."""
    letters = []
    for letter in unicodedata.normalize("NFKC", text):
        if unicodedata.category(letter) == "Nd":
            letters.append(str(unicodedata.decimal(letter)))
        else:
            letters.append(letter if letter.isprintable() else " ")
    return " ".join("".join(letters).split())


def words(text: str) -> list[str]:
    """The words of a name in small ASCII letters; accents and apostrophes fall away, other signs part words."""
    plain = _QUOTES.sub("", text).casefold()
    if not plain.isascii():
        decomposed = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_WORD.sub(" ", plain.replace("&", " and ")).split()


def city_key(name: str) -> str:
    """Two names of cities that people take for the same have the same key: "St. Louis", "saint louis" → "stlouis".

    Blanks do not count ("DeKalb" = "De Kalb"). Empty when nothing is left, for example for another script.
    """
    parts = words(name)
    if "of" in parts:
        parts = _OF.sub("", " ".join(parts)).split()
    if len(parts) > 1:
        parts[0] = _FIRST_WORDS.get(parts[0], parts[0])
    return "".join(_WORDS.get(part, part) for part in parts)


def is_county_name(name: str) -> bool:
    """Whether a name says that it is a county: it ends in County, Parish, Borough, Census Area … or "co"."""
    plain = " ".join(words(name))
    return bool(_COUNTY_END.search(plain) or _COUNTY_START.search(plain))


def county_key(name: str) -> str:
    """The key of a county, parish, borough, census area or municipio; one word stands for all of these.

    Not remembered: people type into it.
    """
    plain = _COUNTY_START.sub("", " ".join(words(name)))
    return city_key(_COUNTY_END.sub("", plain)) + "county"


def state_code(text: str) -> str | None:
    """The two-letter code of a state from its code, name or short form ("KY", "ky.", "Kentucky", "N. Carolina").

    Also the military AA, AE and AP. None when it is no state.
    """
    parts = words(text)
    code = STATE_KEYS.get("".join(parts))
    if code is None and len(parts) > 1:
        code = STATE_KEYS.get(_FIRST_WORDS.get(parts[0], parts[0]) + "".join(parts[1:]))
    return code
