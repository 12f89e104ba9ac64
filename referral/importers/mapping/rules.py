"""The rules of a mapping, and their form in JSON: which column is what, and which values mean which care."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from referral.importers.contact import clean_text
from referral.importers.messages import MessageError, say
from referral.importers.own.cells import NO_WORDS, YES_WORDS
from referral.importers.reading.tables import MAX_CELL, MAX_COLUMNS
from referral.vocabulary import FACTS, LEVELS
from referral.vocabulary.words import N_

CARE = "care"
IGNORED = "ignored"
UNDECIDED = ""

ROLES: dict[str, str] = {
    UNDECIDED: N_("Not decided yet"),
    IGNORED: N_("Not needed"),
    "name": N_("Name of the place"),
    "name_detail": N_("Second part of the name (site or program)"),
    "organization": N_("Organization that it belongs to"),
    "street": N_("Street and number"),
    "unit": N_("Suite, floor or building"),
    "city": N_("City"),
    "state": N_("State"),
    "postal_code": N_("ZIP code"),
    "full_address": N_("Whole address in one cell"),
    "latitude": N_("Latitude"),
    "longitude": N_("Longitude"),
    "phone": N_("Phone"),
    "other_phone": N_("Another phone"),
    "website": N_("Website"),
    "key": N_("Number that names the row from year to year"),
    "license_number": N_("License number"),
    "license_expires_on": N_("Last day of the license"),
    "licensed_beds": N_("Licensed beds"),
    "capacity": N_("How many people a program can take"),
    "stay_days": N_("Longest stay in days"),
    CARE: N_("Levels of care or facts"),
}
"""What a column can be, with English labels."""

SEVERAL = frozenset({UNDECIDED, IGNORED, "other_phone", "capacity", "stay_days", "key", CARE})
"""Roles that more than one column may have."""

CONSTANTS = ("organization", "city", "state", "postal_code", "phone", "website")
"""Roles that may have one value for the whole file."""

YES, NO, ANY = "@yes", "@no", "*"
"""Stand for values: any word for yes, any word for no, any value that is not named."""

SEPARATORS = (";", "|", "\n", ",", "/", "&", "+")
"""By which one cell may hold several values."""

PHONE_KINDS = ("intake", "hotline")
MAX_VALUES = 2000
_CONDITION = re.compile(r"(<=|>=|<|>)\s*([0-9]{1,6})")


class RulesError(MessageError):
    """The rules cannot be used. The message says which, and why."""


class KeptRules(NamedTuple):
    """Rules that are kept, with the code of the source whose listings they fill."""

    source: str
    rules: Rules


@dataclass(frozen=True)
class Meaning:
    """What a value says: levels of care, facts, and the longest stay in days of those levels. Empty: nothing.

    `leaves_out`: a row with it does not belong in the directory, such as one with a license that was taken away.
    """

    levels: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    stay_days: int | None = None
    leaves_out: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.levels or self.yes or self.no or self.leaves_out)

    def to_json(self) -> dict[str, Any]:
        lists = {"levels": list(self.levels), "yes": list(self.yes), "no": list(self.no)}
        more: dict[str, Any] = {"stay_days": self.stay_days} if self.stay_days is not None else {}
        more |= {"leaves_out": True} if self.leaves_out else {}
        return {name: value for name, value in lists.items() if value} | more


@dataclass(frozen=True)
class ColumnRule:
    """What a column is. `kind`: of other_phone, intake or hotline; of capacity and stay_days, the level that they are
    of (empty: whichever the row has). Of care: `split` parts a cell into values, and `values` says what each means,
    by `plain` value, YES, NO or ANY."""

    role: str = UNDECIDED
    kind: str = ""
    split: str = ""
    values: Mapping[str, Meaning] = field(default_factory=dict)

    def parts(self, cell: str) -> list[str]:
        """The values in a cell, as they stand there."""
        parts = cell.split(self.split) if self.split else [cell]
        return [part for part in map(clean_text, parts) if part]

    def meaning(self, part: str) -> Meaning | None:
        """What a value says; None where no rule knows it."""
        value = plain(part)
        found = self.values.get(value)
        if found is None and value in YES_WORDS:
            found = self.values.get(YES)
        if found is None and value in NO_WORDS:
            # A column of crosses says nothing by a "no", so this needs no rule where there is one for yes.
            found = self.values.get(NO, Meaning() if YES in self.values else None)
        return self.values.get(ANY) if found is None else found


@dataclass(frozen=True)
class Combination:
    """Several columns that mean something together. `when`: by column a value, YES, NO, ANY, or as "<= 30", "> 30".

    The values that took part say nothing by themselves any more.
    """

    when: Mapping[str, str]
    meaning: Meaning


@dataclass(frozen=True)
class Rules:
    """How to read a table. `columns` by name of the header in lower case; `constants` by role, for every row.

    `every_row` is what each row says, whatever stands in it. `sheet`: title of the sheet; empty: the first with a
    table. `joins_rows`: rows with one key are programs of one place, and become one listing.
    """

    columns: Mapping[str, ColumnRule] = field(default_factory=dict)
    combinations: tuple[Combination, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    every_row: Meaning = Meaning()
    sheet: str = ""
    joins_rows: bool = True

    def with_role(self, role: str) -> list[str]:
        """The columns that have a role, in their order."""
        return [name for name, rule in self.columns.items() if rule.role == role]

    @property
    def names_care(self) -> bool:
        """Whether a value, in any row, means a level of care: without one nobody finds the listings by need."""
        of_values = (
            meaning for rule in self.columns.values() if rule.role == CARE for meaning in rule.values.values()
        )
        together = (one.meaning for one in self.combinations)
        return any(meaning.levels for meaning in (self.every_row, *of_values, *together))

    def check(self) -> None:
        """Raises RulesError where the rules contradict themselves or leave out what every listing needs."""
        for role in ROLES:
            if role not in SEVERAL and len(same := self.with_role(role)) > 1:
                what = N_("The columns %(columns)s cannot all be %(role)s.")
                raise RulesError(say(what, columns=", ".join(same), role=role))
        if not self.with_role("name") and not self.with_role("name_detail"):
            raise RulesError(say(N_("No column is the name.")))
        if bool(self.with_role("latitude")) != bool(self.with_role("longitude")):
            raise RulesError(say(N_("Latitude and longitude go together.")))
        for combination in self.combinations:
            if missing := [name for name in combination.when if name not in self.columns]:
                what = N_("A combination names the column %(column)s, which is not there.")
                raise RulesError(say(what, column=missing[0]))

    def to_json(self) -> dict[str, Any]:
        """A plain dict, as models.ImportMapping keeps it."""
        columns = {}
        for name, rule in self.columns.items():
            more = {key: value for key, value in (("kind", rule.kind), ("split", rule.split)) if value}
            values = {value: meaning.to_json() for value, meaning in rule.values.items()}
            columns[name] = {"role": rule.role, **more, **({"values": values} if values else {})}
        combinations = [{"when": dict(one.when), **one.meaning.to_json()} for one in self.combinations]
        return {
            "columns": columns,
            "combinations": combinations,
            "constants": dict(self.constants),
            "every_row": self.every_row.to_json(),
            "sheet": self.sheet,
            "joins_rows": self.joins_rows,
        }

    @staticmethod
    def from_json(value: Any) -> Rules:
        """Rules of such a dict, whoever wrote it. Raises RulesError."""
        columns = _object(value, say(N_("the rules"))).get("columns", {})
        combinations = _list(value.get("combinations", []), "combinations")
        constants = _texts(value.get("constants", {}), "constants")
        if unknown := [role for role in constants if role not in CONSTANTS]:
            raise RulesError(say(N_("%(role)s cannot be the same for every row."), role=unknown[0][:60]))
        if len(_object(columns, "columns")) > MAX_COLUMNS or len(combinations) > MAX_VALUES:
            raise RulesError(say(N_("There are too many rules.")))
        rules = Rules(
            {_text(name, say(N_("a column"))): _column_rule(name, rule) for name, rule in columns.items()},
            tuple(_combination(one) for one in combinations),
            constants,
            _meaning(value.get("every_row", {})),
            _text(value.get("sheet", ""), "sheet"),
            value.get("joins_rows", True) is True,
        )
        rules.check()
        return rules


def plain(text: str) -> str:
    """A value in the form in which values are compared."""
    return clean_text(text).casefold()


def holds(condition: str, part: str) -> bool:
    """Whether a value of a cell fulfils a condition of a combination."""
    value = plain(part)
    if condition == ANY:
        return bool(value)
    if condition in (YES, NO):
        return value in (YES_WORDS if condition == YES else NO_WORDS)
    limit = _CONDITION.fullmatch(condition)
    if limit is None:
        return value == plain(condition)
    days = days_in(value)
    if days is None:
        return False
    than = int(limit[2])
    return {"<": days < than, "<=": days <= than, ">": days > than, ">=": days >= than}[limit[1]]


_DAYS = re.compile(r"([0-9]{1,5})\s*(?:\+\s*)?(days?|dias?|días?|weeks?|semanas?|months?|mes(?:es)?|years?|años?)?")
_DAYS_OF = {"w": 7, "s": 7, "m": 30, "y": 365, "a": 365}


def days_in(text: str) -> int | None:
    """The largest number of days that a text names ("30 to 90 days", "6 months"); None where it names none.

    A month counts 30 days. A unit behind the last number is meant for those before it too.
    """
    found = _DAYS.findall(plain(text))
    unit = next((unit for _, unit in reversed(found) if unit), "")
    days = [int(number) * _DAYS_OF.get((own or unit)[:1], 1) for number, own in found]
    return max(days, default=None)


def source_of(name: str) -> str:
    """The code of the source of a mapping's listings. Two mappings with one code must not be kept."""
    text = unicodedata.normalize("NFKD", name).casefold()
    slug = "-".join(re.findall(r"[a-z0-9]+", "".join(mark for mark in text if not unicodedata.combining(mark))))
    return f"list:{slug[:80] or hashlib.blake2b(name.encode(), digest_size=6).hexdigest()}"


def _column_rule(name: str, value: Any) -> ColumnRule:
    own = {"column": name[:60]}
    found = _object(value, say(N_("the column %(column)s"), **own))
    role, kind, split = (
        _text(found.get(key, ""), say(N_("%(key)s of %(column)s"), key=key, **own))
        for key in ("role", "kind", "split")
    )
    if role not in ROLES:
        what = N_("The column %(column)s has the role %(role)s, which is not known.")
        raise RulesError(say(what, **own, role=role[:60]))
    allowed = PHONE_KINDS if role == "other_phone" else LEVELS if role in ("capacity", "stay_days") else ()
    if kind and kind not in allowed:
        what = N_("The column %(column)s has the kind %(kind)s, which is not known.")
        raise RulesError(say(what, **own, kind=kind[:60]))
    if split and split not in SEPARATORS:
        raise RulesError(say(N_("The column %(column)s cannot be parted at %(mark)s."), **own, mark=repr(split[:10])))
    values = _object(found.get("values", {}), say(N_("values of %(column)s"), **own))
    if len(values) > MAX_VALUES:
        what = N_("The column %(column)s has rules for more than %(n)s values.")
        raise RulesError(say(what, **own, n=f"{MAX_VALUES:,}"))
    return ColumnRule(
        role, kind, split, {plain(_text(key, say(N_("a value")))): _meaning(value) for key, value in values.items()}
    )


def _combination(value: Any) -> Combination:
    when = _texts(_object(value, say(N_("a combination"))).get("when", {}), "when")
    if not when:
        raise RulesError(say(N_("A combination has no condition.")))
    return Combination(when, _meaning({key: value[key] for key in value if key != "when"}))


def _meaning(value: Any) -> Meaning:
    found = _object(value, say(N_("what a value means")))
    levels, yes, no = (tuple(_list(found.get(key, []), key)) for key in ("levels", "yes", "no"))
    if unknown := _unknown(levels, LEVELS):
        raise RulesError(say(N_("%(code)s is no level of care."), code=unknown))
    if unknown := _unknown(yes + no, FACTS):
        raise RulesError(say(N_("%(code)s is no fact."), code=unknown))
    if set(yes) & set(no):
        raise RulesError(say(N_("%(code)s cannot be yes and no."), code=min(set(yes) & set(no))))
    days = found.get("stay_days")
    if days is not None and not (isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= 3650):
        raise RulesError(say(N_("A longest stay is a number of days from 1 to 3650.")))
    return Meaning(levels, yes, no, days, found.get("leaves_out") is True)


def _unknown(codes: Iterable[Any], known: Mapping[str, Any]) -> str:
    """The first of some codes that is not known, in quotation marks, or nothing."""
    found = (code for code in codes if not isinstance(code, str) or code not in known)
    return next((repr(str(code)[:60]) for code in found), "")


def _object(value: Any, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RulesError(say(N_("%(what)s should be an object."), what=what))
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list) or len(value) > MAX_VALUES:
        raise RulesError(say(N_("%(what)s should be a list."), what=what))
    return value


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str) or len(value) > MAX_CELL or "\0" in value:
        raise RulesError(say(N_("%(what)s should be a text."), what=what))
    return value


def _texts(value: Any, what: str) -> dict[str, str]:
    return {_text(key, what): _text(text, what) for key, text in _object(value, what).items()}
