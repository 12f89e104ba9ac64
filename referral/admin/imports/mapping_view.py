"""The page on which somebody says what the columns and values of a table are, ready to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from referral.admin.imports.meaning_text import to_typed
from referral.importers.mapping import Combination, Meaning, Rules, Sample, SampledColumn, unmapped
from referral.importers.mapping.rules import ANY, CARE, CONSTANTS, NO, PHONE_KINDS, YES, ColumnRule, plain
from referral.importers.own.cells import NO_WORDS, YES_WORDS
from referral.pages.text import _
from referral.vocabulary.words import N_

MAX_VALUES = 60
"""Values of a column that one page lets choose a meaning for: the most frequent."""
MAX_ALL = 400
N_CONDITIONS = 3
"""Columns that one rule of several columns may name."""
SHORT = 60
MAX_TOGETHER = 60

SEPARATOR_LABELS: dict[str, str] = {
    "": N_("One value in each cell"),
    ";": N_("Several, separated by ;"),
    "|": N_("Several, separated by |"),
    "\n": N_("Several, each on a line"),
    ",": N_("Several, separated by ,"),
    "/": N_("Several, separated by /"),
    "&": N_("Several, separated by &"),
    "+": N_("Several, separated by +"),
}
PHONE_KIND_LABELS: dict[str, str] = {"intake": N_("Intake"), "hotline": N_("Hotline")}


class Value(NamedTuple):
    """A value of a column of care. `key`: as the rules name it; `id`: beginning of the names of its fields."""

    id: str
    key: str
    text: str
    n_cells: int
    level: str
    also: str
    column: str


class Column(NamedTuple):
    id: str
    name: str
    first: list[str]
    n_filled: int
    n_different: int
    is_cut: bool
    rule: ColumnRule
    values: list[Value]
    n_hidden: int


class Condition(NamedTuple):
    column: str
    """Its id; empty: none chosen."""
    text: str


class Together(NamedTuple):
    """A rule of several columns."""

    id: str
    conditions: list[Condition]
    level: str
    also: str


def column_id(at: int) -> str:
    return f"c{at}"


def columns_of(rules: Rules, seen: Sample, typed: Mapping[str, str]) -> list[Column]:
    """`typed`: what was sent, to be shown again where it could not be taken."""
    n_left, found = MAX_ALL, []
    for at, column in enumerate(seen.columns):
        rule = rules.columns.get(column.name, ColumnRule())
        values: list[Value] = []
        n_all = 0
        if rule.role == CARE:
            keys = list(keys_of(column, rule))
            n_all = len(keys)
            part = keys[: min(MAX_VALUES, max(n_left, 0))]
            n_left -= len(part)
            values = [_value(at, number, one, rule, column.name, typed) for number, one in enumerate(part)]
        found.append(
            Column(
                column_id(at),
                column.name,
                [_short(text) for text in column.first],
                column.n_filled,
                len(column.values),
                column.is_cut,
                rule,
                values,
                n_all - len(values),
            )
        )
    return found


def keys_of(column: SampledColumn, rule: ColumnRule) -> Iterator[tuple[str, str, int]]:
    """(key in the rules, text, count) of what a meaning can be given to, always in the same order."""
    counts: Counter[str] = Counter()
    texts: dict[str, str] = {}
    n_yes = n_no = 0
    for cell, count in column.values:
        for part in rule.parts(cell):
            key = plain(part)
            if key in YES_WORDS:
                n_yes += count
            elif key in NO_WORDS:
                n_no += count
            else:
                counts[key] += count
                texts.setdefault(key, part)
    if n_yes:
        yield YES, _("Yes (also X, 1, true …)"), n_yes
    if n_no:
        yield NO, _("No (also 0, false …)"), n_no
    for key, count in counts.most_common():
        yield key, _short(texts[key]), count
    yield ANY, _("Any other value"), 0


def _value(
    at: int, number: int, one: tuple[str, str, int], rule: ColumnRule, column: str, typed: Mapping[str, str]
) -> Value:
    key, text, count = one
    name = f"v{at}-{number}"
    level, also = shown(name, rule.values.get(key), typed)
    return Value(name, key, text, count, level, also, column)


def shown(name: str, meaning: Meaning | None, typed: Mapping[str, str]) -> tuple[str, str]:
    """What the two fields of a meaning hold: what was sent, else what the rules say."""
    if f"{name}-level" in typed:
        return typed[f"{name}-level"], typed.get(f"{name}-also", "")
    return to_typed(meaning)


def together_of(rules: Rules, seen: Sample, typed: Mapping[str, str]) -> list[Together]:
    """The rules of several columns, and a blank one."""
    ids = {column.name: column_id(at) for at, column in enumerate(seen.columns)}
    blank = Combination({}, Meaning())
    shown_now = [*rules.combinations[: MAX_TOGETHER - 1], blank]
    shown_now += [blank] * (n_together(typed) - len(shown_now))
    found = []
    for number, one in enumerate(shown_now):
        name = f"k{number}"
        conditions = [Condition(ids.get(column, ""), condition_text(text)) for column, text in one.when.items()]
        conditions += [Condition("", "")] * (N_CONDITIONS - len(conditions))
        if f"{name}-level" in typed:
            conditions = [
                Condition(typed.get(f"{name}-column{at}", ""), typed.get(f"{name}-is{at}", ""))
                for at in range(N_CONDITIONS)
            ]
        level, also = shown(name, one.meaning if one.when else None, typed)
        found.append(Together(name, conditions, level, also))
    return found


def n_together(form: Mapping[str, str]) -> int:
    """How many rules of several columns were sent."""
    return next((number for number in range(MAX_TOGETHER) if f"k{number}-level" not in form), MAX_TOGETHER)


def condition_text(condition: str) -> str:
    """A condition as it is typed."""
    return {YES: _("yes"), NO: _("no"), ANY: _("any value")}.get(condition, condition)


def condition_of(text: str) -> str:
    """A condition that was typed, as the rules have it."""
    words = {"yes": YES, "sí": YES, "si": YES, "no": NO, "*": ANY, "any value": ANY, _("any value").casefold(): ANY}
    return words.get(text.casefold(), text.replace("≤", "<=").replace("≥", ">="))


def not_mapped(rules: Rules, seen: Sample) -> list[dict[str, Any]]:
    """What says nothing yet, each with where to say it."""
    ids = {column.name: column_id(at) for at, column in enumerate(seen.columns)}
    return [
        {"column": one.column, "value": _short(one.value), "count": one.n_cells, "id": ids[one.column]}
        for one in unmapped(rules, seen)
    ]


def constants_of(rules: Rules, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    """(role, value for every row)."""
    return [(role, typed.get(f"constant-{role}", rules.constants.get(role, ""))) for role in CONSTANTS]


def kinds_of(rule: ColumnRule) -> str:
    """Which list the second choice of a column is made from: phone, level, or none."""
    if rule.role == "other_phone":
        return "phone"
    return "level" if rule.role in ("capacity", "stay_days") else ""


def separators() -> list[tuple[str, str]]:
    """How the values in a cell are parted. A line end cannot be sent as it is."""
    return [(value.replace("\n", "newline"), _(text)) for value, text in SEPARATOR_LABELS.items()]


def phone_kinds() -> list[tuple[str, str]]:
    return [(kind, _(PHONE_KIND_LABELS[kind])) for kind in PHONE_KINDS]


def _short(text: str) -> str:
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
