"""Two people changed the same thing: what each changed, what fits together, and what somebody has to choose. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

Values = dict[str, Any]

TOGETHER = {"phone": ("phone", "phone_extension")}
"""Values that only mean something together: one choice for all."""

_PART_OF = {name: whole for whole, names in TOGETHER.items() for name in names}


class Row(NamedTuple):
    """One value that at least one of the two changed."""

    field: str
    base: Any
    """What it was when the form was opened."""
    mine: Any
    theirs: Any
    """What it is now."""
    outcome: str
    """ask: both changed it, differently. mine, theirs: only one did. both: to the same."""


def merge(base: Values | None, mine: Values, theirs: Values, undecided: Collection[str] = ()) -> list[Row]:
    """Every value that differs, in the order of the form. Without a base, or where it is undecided, somebody chooses.

    A value of several fields stands under the name of the first, as a list.
    """
    wholes = dict.fromkeys(_PART_OF.get(name, name) for name in (*mine, *theirs, *(base or ())))
    rows = []
    for field in wholes:
        own, other = whole(mine, field), whole(theirs, field)
        before = None if base is None else whole(base, field)
        if own == other:
            if base is not None and own != before:
                rows.append(Row(field, before, own, other, "both"))
        elif base is None or field in undecided or before not in (own, other):
            rows.append(Row(field, before, own, other, "ask"))
        else:
            rows.append(Row(field, before, own, other, "theirs" if own == before else "mine"))
    return rows


def merged(mine: Values, rows: list[Row]) -> Values:
    """My values with what only the other changed. What is to be chosen stays mine until it is."""
    result = dict(mine)
    for row in rows:
        if row.outcome == "theirs":
            setwhole(result, row.field, row.theirs)
    return result


def choose(
    mine: Values, shown: Values, asked: Collection[str], chosen: Mapping[str, str]
) -> tuple[Values, list[str]]:
    """My values after the choices, and what is still to be chosen. `shown`: the other's, as they were shown."""
    result, undecided = dict(mine), []
    for field in asked:
        if chosen.get(field) == "theirs":
            setwhole(result, field, whole(shown, field))
        elif chosen.get(field) != "mine":
            undecided.append(field)
    return result, undecided


def setwhole(values: Values, field: str, value: Any) -> None:
    if field in TOGETHER:
        values.update(zip(TOGETHER[field], value, strict=True))
    elif value is None and field.startswith("facts."):
        values.pop(field, None)
    else:
        values[field] = value


def whole(values: Mapping[str, Any], field: str) -> Any:
    if field in TOGETHER:
        return [values.get(name) for name in TOGETHER[field]]
    return values.get(field)
