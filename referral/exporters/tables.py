"""One listing as the row of a table: csv and workbooks have the same cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from referral.exporters.reading import Listing
from referral.importers.own.columns import FACT_COLUMNS, LISTING, Cell, Column, program_columns

_N_OF_GROUP = len(program_columns(1))
_KNOWN: dict[bool | None, str] = {None: "", True: "yes", False: "no"}
_FACTS = [column.field for column in FACT_COLUMNS]


def row_maker(columns: Sequence[Column]) -> Callable[[Listing], list[Cell]]:
    """Gives a function from a listing to its cells, one for each of the columns of table_columns."""
    names = {column.name for column in LISTING}
    listing = [(column.field, column.write) for column in columns if column.name in names]
    groups = columns[len(listing) : len(columns) - len(FACT_COLUMNS)]
    program = [(column.field, column.write) for column in groups[:_N_OF_GROUP]]
    n_groups = len(groups) // _N_OF_GROUP

    def cells(found: Listing) -> list[Cell]:
        row = [write(getattr(found.provider, field)) for field, write in listing]
        for one in found.programs:
            row += [write(getattr(one, field)) for field, write in program]
        row += [""] * (_N_OF_GROUP * (n_groups - len(found.programs)))
        facts: dict[str, Any] = found.provider.facts
        row += [_KNOWN[facts.get(code)] for code in _FACTS]
        return row

    return cells
