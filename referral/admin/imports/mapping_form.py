"""What was sent from the page of a mapping, made into rules; what cannot be taken is said and left as it was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from referral.admin.imports.mapping_view import N_CONDITIONS, column_id, condition_of, keys_of, n_together
from referral.admin.imports.meaning_text import NO_LEVEL, NotUnderstoodError, from_typed
from referral.admin.shared.forms import clean_line
from referral.importers.contact import MAX_TEXT
from referral.importers.mapping import Combination, Meaning, Rules, RulesError, Sample, SampledColumn, suggest
from referral.importers.mapping.rules import (
    CARE,
    CONSTANTS,
    PHONE_KINDS,
    ROLES,
    SEPARATORS,
    SEVERAL,
    UNDECIDED,
    ColumnRule,
)
from referral.importers.messages import in_words
from referral.pages.text import _
from referral.vocabulary import LEVELS

MAX_MAPPING_NAME = 100


@dataclass
class Sent:
    """Rules that were sent. `problems`: (id of the field, what is wrong)."""

    rules: Rules
    name: str = ""
    problems: list[tuple[str, str]] = field(default_factory=list)


def read(form: Mapping[str, str], before: Rules, seen: Sample) -> Sent:
    sent = Sent(before, clean_line(form.get("name")))
    columns = dict(before.columns)
    for at, column in enumerate(seen.columns):
        columns[column.name] = _column(form, at, column, before.columns.get(column.name, ColumnRule()), sent)
    constants = {role: clean_line(form.get(f"constant-{role}")) for role in CONSTANTS}
    if too_long := [role for role, value in constants.items() if len(value) > MAX_TEXT]:
        sent.problems.append((f"constant-{too_long[0]}", _("This is too long.")))
    sent.rules = Rules(
        columns,
        tuple(_together(form, seen, sent)),
        {role: value[:MAX_TEXT] for role, value in constants.items() if value},
        _meaning(form, "every", sent) or Meaning(),
        before.sheet,
        form.get("joins_rows") == "1",
    )
    return sent


def _column(form: Mapping[str, str], at: int, column: SampledColumn, before: ColumnRule, sent: Sent) -> ColumnRule:
    name = column_id(at)
    role = form.get(f"{name}-role", before.role)
    role = role if role in ROLES else UNDECIDED
    if role == CARE and before.role != CARE and not before.values:
        # It has just become one: what is known of such values is offered.
        suggested = suggest(Sample((column,), column.n_filled, 0)).columns[column.name]
        return suggested if suggested.role == CARE else ColumnRule(CARE)
    kind = form.get(f"{name}-kind", before.kind)
    allowed: Iterable[str] = (
        PHONE_KINDS if role == "other_phone" else LEVELS if role in ("capacity", "stay_days") else ()
    )
    split = form.get(f"{name}-split", "").replace("newline", "\n")
    return ColumnRule(
        role,
        kind if kind in allowed else "",
        split if split in SEPARATORS else "",
        _values(form, at, column, before, sent),
    )


def _values(
    form: Mapping[str, str], at: int, column: SampledColumn, before: ColumnRule, sent: Sent
) -> dict[str, Meaning]:
    """The meanings of the values that the page showed: numbered by the rule that was there when it was made."""
    values = dict(before.values)
    for number, (key, _text, _count) in enumerate(keys_of(column, before)):
        name = f"v{at}-{number}"
        if f"{name}-level" not in form:
            continue
        meaning = _meaning(form, name, sent)
        if meaning is None:
            values.pop(key, None)
        else:
            values[key] = meaning
    return values


def _meaning(form: Mapping[str, str], name: str, sent: Sent) -> Meaning | None:
    try:
        return from_typed(form.get(f"{name}-level", ""), clean_line(form.get(f"{name}-also")))
    except NotUnderstoodError as error:
        sent.problems.append(
            (f"{name}-also", _("“%(word)s” is no fact, kind of care or number of days.", word=error))
        )
        return None


def _together(form: Mapping[str, str], seen: Sample, sent: Sent) -> Iterable[Combination]:
    names = {column_id(at): column.name for at, column in enumerate(seen.columns)}
    for number in range(n_together(form)):
        prefix = f"k{number}"
        when: dict[str, str] = {}
        for at in range(N_CONDITIONS):
            column = names.get(form.get(f"{prefix}-column{at}", ""))
            text = clean_line(form.get(f"{prefix}-is{at}"))[:MAX_TEXT]
            if column and text:
                when[column] = condition_of(text)
        meaning = _meaning(form, prefix, sent)
        if not when:
            continue
        if meaning is None or meaning == Meaning():
            if form.get(f"{prefix}-level") == NO_LEVEL:
                yield Combination(when, Meaning())
            else:
                sent.problems.append((f"{prefix}-level", _("Say what these columns mean together.")))
            continue
        yield Combination(when, meaning)


def check(sent: Sent) -> None:
    """Add what still stands in the way of keeping the rules."""
    if not sent.name:
        sent.problems.append(("name", _("Give the mapping a name.")))
    elif len(sent.name) > MAX_MAPPING_NAME:
        sent.problems.append(("name", _("Use at most %(max)s characters.", max=MAX_MAPPING_NAME)))
    rules = sent.rules
    if not rules.with_role("name") and not rules.with_role("name_detail"):
        sent.problems.append(("c0-role", _("Say which column is the name of the place.")))
        return
    if bool(rules.with_role("latitude")) != bool(rules.with_role("longitude")):
        sent.problems.append(("c0-role", _("Latitude and longitude go together.")))
        return
    if twice := list(_twice(rules)):
        sent.problems += twice
        return
    try:
        rules.check()
    except RulesError as error:
        sent.problems.append(("c0-role", in_words(error.message, _)))


def _twice(rules: Rules) -> Iterable[tuple[str, str]]:
    """A problem for each further column of a role that one column has, by the label that was chosen."""
    names = list(rules.columns)
    for role, label in ROLES.items():
        for name in () if role in SEVERAL else rules.with_role(role)[1:]:
            yield f"{column_id(names.index(name))}-role", _("Only one column can be “%(role)s”.", role=_(label))


def unfinished(value: Mapping[str, Any]) -> Rules:
    """Rules that `Rules.to_json` wrote and nobody has finished: they need not make sense yet."""

    def meaning(found: Mapping[str, Any]) -> Meaning:
        levels, yes, no = (tuple(found.get(key, ())) for key in ("levels", "yes", "no"))
        return Meaning(levels, yes, no, found.get("stay_days"), found.get("leaves_out", False))

    columns = {
        name: ColumnRule(
            rule["role"],
            rule.get("kind", ""),
            rule.get("split", ""),
            {key: meaning(found) for key, found in rule.get("values", {}).items()},
        )
        for name, rule in value["columns"].items()
    }
    combinations = tuple(Combination(one["when"], meaning(one)) for one in value["combinations"])
    rules = Rules(columns, combinations, value["constants"], meaning(value["every_row"]), value["sheet"])
    return replace(rules, joins_rows=value["joins_rows"])
