"""What an import would change, value by value, as a command prints it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from referral.history.fields import label_of, value_words
from referral.importers.drafts.outcome import Listed, listed
from referral.importers.loading.keeping import Corrected
from referral.importers.report import Report

FIRST_CHANGED = 50

TITLES = {
    "changed": "Would change:",
    "kept": "Staff have set another value, which stays (to be settled after the import):",
}


class ChangeLister:
    """Looks through a comparison, and keeps the lines about the first listings that it would change, or about all."""

    def __init__(self, *, is_complete: bool) -> None:
        self._is_complete = is_complete
        self.lines: list[str] = []

    def look(self, connection: sa.Connection, _report: Report, corrected: Corrected) -> None:
        """For a loader, which may compare more than once: the last time counts."""
        self.lines = []
        n_of: dict[str, int] = dict.fromkeys(TITLES, 0)
        for one in listed(connection, corrected):
            if one.outcome not in TITLES:
                continue
            n_of[one.outcome] += 1
            if n_of[one.outcome] == 1:
                self._end(n_of, "changed" if one.outcome == "kept" else "")
                self.lines.append(f"\n{TITLES[one.outcome]}")
            if self._is_complete or n_of[one.outcome] <= FIRST_CHANGED:
                self.lines += _lines(one)
        self._end(n_of, "kept" if n_of["kept"] else "changed")

    def _end(self, n_of: dict[str, int], outcome: str) -> None:
        n_left = n_of.get(outcome, 0) - FIRST_CHANGED
        if n_left > 0 and not self._is_complete:
            self.lines.append(f"  and {n_left:,} more (--all lists them)")


def _lines(one: Listed) -> list[str]:
    return [f"  {one.provider_id}  {one.label}", *(f"      {_change(*change)}" for change in one.detail)]


def _change(field: str, old: Any, new: Any) -> str:
    return f"{field_text(field)}: {value_words(field, old)[0]} -> {value_words(field, new)[0]}"


def field_text(field: str) -> str:
    """What a field of history is called, with what it is about."""
    label, about = label_of(field)
    return f"{label} ({about})" if about else label
