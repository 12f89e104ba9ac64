"""What stands in a table, column by column, and what the rules do not know of it yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from referral.importers.contact import clean_text
from referral.importers.mapping.rules import CARE, UNDECIDED, Rules, holds
from referral.importers.mapping.table import is_header
from referral.importers.reading.tables import Table
from referral.importers.records import Rejected

MAX_DISTINCT = 500
"""Values of a column that are counted one by one: a column with more is free text."""
MAX_VALUE = 300
"""Characters of a value that are kept."""
N_FIRST = 5


@dataclass(frozen=True)
class SampledColumn:
    """A column with `n_filled` cells that are not blank. `values`: each with its count, the most frequent first.

    `is_cut`: there are more different values than are counted.
    """

    name: str
    first: tuple[str, ...]
    values: tuple[tuple[str, int], ...]
    n_filled: int
    is_cut: bool


@dataclass(frozen=True)
class Sample:
    """A whole table, in little memory whatever its length."""

    columns: tuple[SampledColumn, ...]
    n_rows: int
    n_rejected: int

    def column(self, name: str) -> SampledColumn | None:
        return next((column for column in self.columns if column.name == name), None)


class Unmapped(NamedTuple):
    """A value that says nothing yet, with the number of cells that hold it.

    `value` is empty for a column that nobody decided on.
    """

    column: str
    value: str
    n_cells: int


def sample(table: Table) -> Sample:
    """Walk a table once and count what stands in it. Raises UnreadableFileError where the file breaks off."""
    n_columns = len(table.header)
    counts: list[Counter[str]] = [Counter() for _ in range(n_columns)]
    n_filled, is_cut = [0] * n_columns, [False] * n_columns
    n_rows = n_rejected = 0
    for row in table.rows:
        n_rows += 1
        if isinstance(row, Rejected):
            n_rejected += 1
            continue
        if is_header(row.cells, table.header):
            continue
        for at, cell in enumerate(row.cells):
            if not cell:
                continue
            n_filled[at] += 1
            value = cell[:MAX_VALUE]
            if value in counts[at] or len(counts[at]) < MAX_DISTINCT:
                counts[at][value] += 1
            else:
                is_cut[at] = True
    columns = (
        SampledColumn(
            name, tuple(list(counts[at])[:N_FIRST]), tuple(counts[at].most_common()), n_filled[at], is_cut[at]
        )
        for at, name in enumerate(table.header)
    )
    return Sample(tuple(columns), n_rows, n_rejected)


def unmapped(rules: Rules, seen: Sample) -> list[Unmapped]:
    """What the rules do not know: columns that nobody decided on, and values of columns of care, the most first."""
    found: list[Unmapped] = []
    for column in seen.columns:
        rule = rules.columns.get(column.name)
        if not column.n_filled:
            continue
        if rule is None or rule.role == UNDECIDED:
            found.append(Unmapped(column.name, "", column.n_filled))
        elif rule.role == CARE:
            conditions = [one.when[column.name] for one in rules.combinations if column.name in one.when]
            counts: Counter[str] = Counter()
            for cell, count in column.values:
                for part in rule.parts(cell):
                    if rule.meaning(part) is None and not _is_met(conditions, part):
                        counts[clean_text(part)] += count
            found += [Unmapped(column.name, value, count) for value, count in counts.most_common()]
    return found


def _is_met(conditions: Sequence[str], part: str) -> bool:
    return any(holds(condition, part) for condition in conditions)
