"""Two made-up sources whose files change from one import to the next, and what their rows say of each field."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random
from typing import Any

from referral.importers.records import Phone, ProgramRecord, ProviderRecord

Row = dict[str, Any]

LEVELS = ("outpatient", "residential_long", "detox")
FACTS = ("spanish", "takes_medicaid", "smoke_free")
POINTS = (None, (38.25, -85.75), (38.3, -85.8), (38.4, -85.9))
PHONES = ("502-555-0100", "502-555-0101", "502-555-0102", "502-555-0103")
STREETS = ("1 Main Street", "2 Oak Street", "3 Dock Street")
WEBSITES = ("", "https://blue.example/", "https://green.example/")
CITIES = ("Louisville", "Lexington")
NAMES = ("Blue Door", "Green Gate", "Red Roof")
SOURCES = ("samhsa_national_directory", "list:county")
"""The first states points and nothing of programs but their levels; the second states beds and capacities."""


def new_row(chance: Random, source: str) -> Row:
    row: Row = {name: chance.choice(values) for name, values in _CHOICES.items()}
    row |= {"levels": set(chance.sample(LEVELS, chance.randrange(1, 4))), "facts": {}}
    row["facts"] = {code: chance.random() < 0.6 for code in FACTS if chance.random() < 0.6}
    if source == SOURCES[0]:
        row["point"] = chance.choice(POINTS)
    else:
        row |= {"licensed_beds": chance.choice((None, 10, 20)), "capacity": {}}
        # In a fixed order, so that the same seed walks the same way.
        row["capacity"] = {
            level: chance.choice((5, 6, 7)) for level in LEVELS if level in row["levels"] and chance.random() < 0.6
        }
    return row


_CHOICES: dict[str, tuple[Any, ...]] = {
    "name": NAMES,
    "phone": PHONES,
    "street": STREETS,
    "website": WEBSITES,
    "city": CITIES,
    "other_phone": ("", *PHONES[:2]),
}


def change_row(chance: Random, source: str, row: Row) -> Row:
    """The row with a few things changed, as they are from year to year."""
    other = new_row(chance, source)
    names = chance.sample(sorted(row), chance.choice((1, 1, 2, len(row))))
    changed = row | {name: other[name] for name in names}
    if "capacity" in changed:
        changed["capacity"] = {level: n for level, n in changed["capacity"].items() if level in changed["levels"]}
    return changed


def records(rows: dict[str, Row]) -> Iterable[ProviderRecord]:
    for number, (key, row) in enumerate(rows.items(), start=2):
        point: dict[str, Any] = {}
        if row.get("point"):
            point = {"latitude": row["point"][0], "longitude": row["point"][1], "precision": "exact"}
        yield ProviderRecord(
            row=number,
            key=key,
            **{name: row[name] for name in ("name", "phone", "street", "website", "city")},
            state="KY",
            postal_code="40202",
            other_phones=(Phone("intake", row["other_phone"]),) if row["other_phone"] else (),
            levels=tuple(level for level in LEVELS if level in row["levels"]),
            yes=frozenset(code for code, known in row["facts"].items() if known),
            no=frozenset(code for code, known in row["facts"].items() if not known),
            programs=tuple(ProgramRecord(level, capacity=n) for level, n in row.get("capacity", {}).items()),
            extras={"licensed_beds": row["licensed_beds"]} if "licensed_beds" in row else {},
            lists_in_full=False,
            **point,
        )


def said(row: Row) -> dict[str, Any]:
    """What a row says of each field that it speaks of. Not known is None."""
    values = {name: row[name] for name in ("name", "phone", "street", "website", "city")}
    other = row["other_phone"]
    values["other_phones"] = [{"kind": "intake", "number": other, "extension": ""}] if other else []
    values |= {f"facts.{code}": row["facts"].get(code) for code in FACTS}
    values |= {f"level.{level}": level in row["levels"] for level in LEVELS}
    values |= {f"capacity.{level}": n for level, n in row.get("capacity", {}).items()}
    if "licensed_beds" in row:
        values["licensed_beds"] = row["licensed_beds"]
    if row.get("point"):
        values["point"] = [*row["point"], "exact"]
    return values
