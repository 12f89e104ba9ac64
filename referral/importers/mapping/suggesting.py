"""What the columns and values of a table may mean, for somebody to check: by their headers, and by what they hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial

from rapidfuzz import fuzz, process

from referral.importers import contact
from referral.importers.mapping.rules import (
    CARE,
    IGNORED,
    NO,
    SEPARATORS,
    SEVERAL,
    UNDECIDED,
    YES,
    ColumnRule,
    Combination,
    Meaning,
    Rules,
    days_in,
    plain,
)
from referral.importers.mapping.sampling import Sample, SampledColumn
from referral.importers.mapping.words import (
    FACT_WORDS,
    FILLERS,
    GENDER_HEADERS,
    GENDERS,
    HEADERS,
    LEVEL_PATTERNS,
    STANDING_HEADERS,
    STANDINGS,
)
from referral.importers.own.cells import NO_WORDS, NOT_KNOWN_WORDS, YES_WORDS
from referral.importers.samhsa.codes import plain_name
from referral.vocabulary import FACTS, LEVELS

SIMILAR = 90
"""rapidfuzz ratio (0 to 100) from which a header or value counts as one that is known."""
_SHARE = 0.6
_MAX_VALUE = 80
"""Characters from which a value is free text and no name of anything."""
_LIVED_IN = 30
"""Days from which on a live-in stay is a long one (SAMHSA)."""

_LOOKS: dict[str, Callable[[str], object]] = {
    "postal_code": partial(re.compile(r"[0-9]{3,5}(-?[0-9]{4})?", re.ASCII).fullmatch),
    "state": lambda value: value.upper() in contact.STATES or len(value) > 3,
    "phone": lambda value: any(map(contact.phone, re.split(r"[;/\n,|]", value))),
    "website": lambda value: contact.website(value, []),
    "latitude": partial(re.compile(r"-?[0-9]{1,2}(\.[0-9]+)?", re.ASCII).fullmatch),
    "longitude": partial(re.compile(r"-?[0-9]{1,3}(\.[0-9]+)?", re.ASCII).fullmatch),
    "licensed_beds": lambda value: any(mark.isdigit() for mark in value),
    "capacity": lambda value: any(mark.isdigit() for mark in value),
    "stay_days": days_in,
    "license_expires_on": lambda value: any(mark.isdigit() for mark in value),
}
"""What values of a role look like: a header alone is not believed."""
_FOUND_BY_LOOKS = ("website", "phone")


def suggest(seen: Sample) -> Rules:
    """Rules for a table. What cannot be told stays undecided, and `unmapped` lists it."""
    columns = {column.name: _suggest_column(column) for column in seen.columns}
    columns = _each_role_once(columns)
    if not any(rule.role == "name" for rule in columns.values()):
        columns = _name_by_other(columns)
    return Rules(columns, _stays(columns))


def _suggest_column(column: SampledColumn) -> ColumnRule:
    header = plain_name(column.name)
    role = _role_of(header)
    if not column.n_filled:
        return ColumnRule(IGNORED)
    if header in STANDING_HEADERS and (standings := _standings(column)):
        return ColumnRule(CARE, values=standings)
    if role in _LOOKS and not _looks(role, column):
        role = "full_address" if role == "street" else UNDECIDED
    if role in (UNDECIDED, CARE, "name_detail", "key"):
        care = _care(column, header, is_expected=role == CARE)
        if care is not None:
            return care
    if role == "key" and _looks_like_names(column):
        return ColumnRule("name")
    if role == "street" and _looks_whole(column):
        return ColumnRule("full_address")
    if role == UNDECIDED:
        role = next((one for one in _FOUND_BY_LOOKS if _looks(one, column, 0.9)), UNDECIDED)
    if role == "other_phone" and re.search(r"hotline|crisis|24 hour|ayuda", header):
        return ColumnRule(role, "hotline")
    # A column about care of which no value is known still is one: its values are then listed as not mapped.
    return ColumnRule(role)


def _standings(column: SampledColumn) -> dict[str, Meaning]:
    """Which values say that a place is closed, also those of the next file. Empty: none of this one is known."""
    seen = {plain(value): said for value, _ in column.values if (said := STANDINGS.get(plain_name(value)))}
    return STANDINGS | seen if seen else {}


def _role_of(header: str) -> str:
    exact = _headers().get(header)
    if exact is not None:
        return exact
    found = process.extractOne(header, list(_headers()), scorer=fuzz.ratio, score_cutoff=SIMILAR)
    return _headers()[found[0]] if found and len(header) > 3 else UNDECIDED


@cache
def _headers() -> dict[str, str]:
    return {word: role for role, words in HEADERS.items() for word in words.split("|")}


def _looks(role: str, column: SampledColumn, share: float = _SHARE) -> bool:
    fits = sum(count for value, count in column.values if _LOOKS[role](value.strip()))
    return fits >= share * sum(count for _, count in column.values)


def _looks_whole(column: SampledColumn) -> bool:
    """Whether most addresses end with a ZIP."""
    ends = sum(count for value, count in column.values if re.search(r"\b[0-9]{5}(-[0-9]{4})?\s*$", value))
    return ends >= _SHARE * sum(count for _, count in column.values)


def _looks_like_names(column: SampledColumn) -> bool:
    """Whether most values are several words."""
    names = sum(count for value, count in column.values if re.search(r"[^\W\d]{3,} +[^\W\d]{2,}", value))
    return names >= _SHARE * sum(count for _, count in column.values)


def _care(column: SampledColumn, header: str, *, is_expected: bool) -> ColumnRule | None:
    """The rule of a column that says levels or facts; None where nothing in it is known."""
    if _is_yes_or_no(column):
        meaning = _meaning_of(FILLERS.sub(" ", header), is_fact_too=True)
        if meaning is None:
            return None
        opposite = Meaning(no=tuple(code for code in meaning.yes if not meaning.levels))
        return ColumnRule(CARE, values={YES: meaning, **({} if opposite.is_empty else {NO: opposite})})
    if header in GENDER_HEADERS:
        genders = {plain(value): found for value, _ in column.values if (found := GENDERS.get(plain_name(value)))}
        if genders:
            return ColumnRule(CARE, values=genders)
    if column.is_cut and not is_expected:
        return None
    share, split, values = _best_parts(column)
    if not values or share < (0.01 if is_expected else _SHARE):
        return None
    return ColumnRule(CARE, split=split, values=values)


def _is_yes_or_no(column: SampledColumn) -> bool:
    words = YES_WORDS | NO_WORDS | NOT_KNOWN_WORDS
    return not column.is_cut and all(plain(value) in words for value, _ in column.values)


def _best_parts(column: SampledColumn) -> tuple[float, str, Mapping[str, Meaning]]:
    """The separator that tells most. A whole cell such as "residential; detox" is two values and not one."""
    n_cells = sum(count for _, count in column.values)
    often = [
        split
        for split in SEPARATORS
        if sum(count for value, count in column.values if split in value) >= _OFTEN * n_cells
    ]
    whole, *parted = (_parted(column, split) for split in ("", *often))
    best = max(parted, key=lambda found: found[0], default=whole)
    is_sure = best[1] in _SURE_SEPARATORS or best[0] >= 0.9 * whole[0]
    return best if best[2] and is_sure else whole


_OFTEN = 0.05
_SURE_SEPARATORS = (";", "|", "\n")


def _parted(column: SampledColumn, split: str) -> tuple[float, str, Mapping[str, Meaning]]:
    """How much of a column is known when its cells are parted so (0 to 1), and what it means."""
    rule = ColumnRule(CARE, split=split)
    values: dict[str, Meaning] = {}
    n_known = n_parts = 0
    for cell, count in column.values:
        for part in rule.parts(cell):
            n_parts += count
            meaning = _meaning_of(plain_name(part), is_fact_too=True) if len(part) <= _MAX_VALUE else None
            if meaning is not None:
                n_known += count
                values[plain(part)] = meaning
    return n_known / n_parts if n_parts else 0.0, split, values


@lru_cache(maxsize=4096)
def _meaning_of(text: str, *, is_fact_too: bool) -> Meaning | None:
    text = " ".join(text.split())
    if not text:
        return None
    for level in LEVELS.values():
        if text in (plain_name(level.code.replace("_", " ")), plain_name(level.label)):
            return Meaning((level.code,))
    for pattern, meaning in LEVEL_PATTERNS:
        if pattern.search(text):
            return meaning
    if not is_fact_too:
        return None
    if code := _facts().get(text):
        return Meaning(yes=(code,))
    found = (
        process.extractOne(text, list(_facts()), scorer=fuzz.ratio, score_cutoff=SIMILAR) if len(text) > 4 else None
    )
    return Meaning(yes=(_facts()[found[0]],)) if found else None


@cache
def _facts() -> dict[str, str]:
    """Facts by their names: code, label and further words. What names two facts names none."""
    names: dict[str, str] = {}
    for fact in FACTS.values():
        for name in (plain_name(fact.code.replace("_", " ")), plain_name(fact.label)):
            names.setdefault(name, fact.code)
    names |= {word: code for code, words in FACT_WORDS.items() for word in words.split("|")}
    return names


def _each_role_once(columns: Mapping[str, ColumnRule]) -> dict[str, ColumnRule]:
    """A role that only one column can have stays with the first; a further phone is another phone."""
    taken: set[str] = set()
    once: dict[str, ColumnRule] = {}
    for name, rule in columns.items():
        role = rule.role
        if role in taken and role not in SEVERAL:
            role = _INSTEAD.get(role, UNDECIDED)
            role = UNDECIDED if role in taken and role not in SEVERAL else role
        taken.add(role)
        once[name] = rule if role == rule.role else ColumnRule(role)
    if len({"latitude", "longitude"} & taken) == 1:
        return {name: ColumnRule() if rule.role in ("latitude", "longitude") else rule for name, rule in once.items()}
    return once


_INSTEAD = {"phone": "other_phone", "street": "unit"}
"""What a second column of a role is most likely."""


def _name_by_other(columns: dict[str, ColumnRule]) -> dict[str, ColumnRule]:
    """Without a column for it, the name is that of the program, or of the organization."""
    for role in ("name_detail", "organization"):
        for name, rule in columns.items():
            if rule.role == role:
                return columns | {name: ColumnRule("name")}
    return columns


def _stays(columns: Mapping[str, ColumnRule]) -> tuple[Combination, ...]:
    """Where one column says live-in and another for how many days: both together say whether it is a long stay."""
    days = next((name for name, rule in columns.items() if rule.role == "stay_days"), None)
    found: list[Combination] = []
    for name, rule in columns.items():
        for value, meaning in rule.values.items() if days and rule.role == CARE else ():
            if days and meaning.levels == ("residential",):
                for condition, level in (
                    (f"> {_LIVED_IN}", "residential_long"),
                    (f"<= {_LIVED_IN}", "residential_short"),
                ):
                    found.append(
                        Combination({name: value, days: condition}, Meaning((level,), meaning.yes, meaning.no))
                    )
    return tuple(found)
