"""What SAMHSA's service codes and their names mean, whatever the year of the file.

The code list of 2023 is the reference: every code and name is brought to a code of it. From 2025 on 30 codes were
renamed, and two (MI, SSA) now mean something else, so a code is read through the sheet or header that travels with
it. Public domain: SAMHSA, National Directory 2023 and locator export of November 2023.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rapidfuzz import fuzz

_FOLDER = Path(__file__).resolve().parent

SIMILAR_NAME = 75
"""rapidfuzz token_set_ratio (0 to 100) from which a code with a reworded name keeps its meaning."""


MAX_SHOWN = 100
"""Most characters of an unknown code or name that are reported."""


def _table(name: str) -> list[list[str]]:
    with (_FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def plain_name(text: str) -> str:
    """A code's name in the form in which names are compared: letters, digits and single blanks."""
    text = unicodedata.normalize("NFKD", text.replace("®", " ").replace("™", " ")).casefold()
    text = "".join(character for character in text if not unicodedata.combining(character))
    return " ".join(re.findall(r"[a-z0-9]+", text.replace("'", "").replace("’", "")))


NAME_BY_CODE: dict[str, str] = {code: name for code, _, name in _table("codes_2023.csv")}
"""Every code that is known (2023), also those that say nothing which a listing shows."""

RENAMED: dict[str, str] = {row[0]: row[1] for row in _table("codes_renamed_2025.csv")}
"""Code of 2025 and later: code of 2023."""

REUSED = frozenset(RENAMED) & frozenset(NAME_BY_CODE)
"""Codes that mean one thing up to 2023 and another from 2025 on."""

_CODES_BY_NAME: dict[str, dict[str, str]] = {}
for _code, _category, _name in _table("codes_2023.csv"):
    _CODES_BY_NAME.setdefault(plain_name(_name), {})[_category] = _code
for _name, _code in _table("names_other_years.csv"):
    _CODES_BY_NAME.setdefault(plain_name(_name), {})[""] = _code


def code_of_name(name: str, category: str = "") -> str | None:
    """The 2023 code of a service's name in any year's wording.

    `category` (TC, SET, AGE …) decides where a name stands in two ("Young adults"). "" when the name is known but
    2023 has no code for it; None when it is not known.
    """
    found = _CODES_BY_NAME.get(plain_name(name))
    if found is None:
        return None
    # "Young adults" is an age group (unusable) and a program: without a category, the program.
    program = next((code for known, code in found.items() if known != "AGE"), "")
    return found.get(category) or program or found.get("AGE", "")


def is_newer_generation(codes: Iterable[str]) -> bool:
    """Whether these codes are from 2025 or later: at least one of them is only known from then on."""
    return any(code.upper() in RENAMED and code.upper() not in REUSED for code in codes)


def _keeps_meaning(name: str, name_2023: str) -> bool:
    said, known = plain_name(name), plain_name(name_2023)
    limits = {"not", "no", "non", "only"}
    return limits & set(said.split()) == limits & set(known.split()) and (
        fuzz.token_set_ratio(said, known) >= SIMILAR_NAME
    )


@dataclass(frozen=True)
class Codebook:
    """How the codes of one file are to be read. `own_names` is the list that travels with it, code to name."""

    is_newer: bool = False
    own_names: dict[str, tuple[str, str]] | None = None

    def read(self, codes: Iterable[str]) -> tuple[frozenset[str], tuple[str, ...]]:
        """The 2023 codes that a file's codes stand for, and those that are not known, as they are reported.

        Where the file's own list names a code, the name wins over what the code meant in 2023. A code that is
        known to say nothing gives nothing.
        """
        stated = set(map(str.upper, codes))
        meanings = set(map(self._meanings.get, stated))
        unknown = sorted(code for code in stated if self._meanings.get(code) is None) if None in meanings else []
        return frozenset(filter(None, meanings)), tuple(map(self._describe, unknown))

    @cached_property
    def _meanings(self) -> dict[str, str | None]:
        meanings = {code: self._by_generation(code) for code in (*NAME_BY_CODE, *RENAMED)}
        for code, (category, name) in (self.own_names or {}).items():
            meaning = self._by_generation(code)
            meanings[code] = code_of_name(name, category)
            if meanings[code] is None and meaning and _keeps_meaning(name, NAME_BY_CODE[meaning]):
                meanings[code] = meaning
        return meanings

    def _by_generation(self, code: str) -> str | None:
        if code in RENAMED and (self.is_newer or code not in REUSED):
            return RENAMED[code]
        return code if code in NAME_BY_CODE else None

    def _describe(self, code: str) -> str:
        """An unknown code as it is reported: with the name that the file gives it."""
        named = (self.own_names or {}).get(code)
        return f"{code[:MAX_SHOWN]} ({named[1][:MAX_SHOWN]})" if named else code[:MAX_SHOWN]


def codebook_from_sheet(rows: Iterable[tuple[str, str, str]]) -> Codebook:
    """A codebook from the list that travels with a file: rows of category, code, name."""
    names = {code.strip().upper(): (category.strip().upper(), name.strip()) for category, code, name in rows}
    return Codebook(is_newer_generation(names), names)
