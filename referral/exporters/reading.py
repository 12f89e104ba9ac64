"""The listings of an export, some hundred at a time, as the directory is at one instant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa

from referral.importers.own.columns import FEWEST_PROGRAMS, LISTING, MAX_PROGRAMS, Column, table_columns
from referral.models import Program, Provider

CHUNK = 500
"""Listings that are held in memory at a time."""


class TooManyProgramsError(ValueError):
    """A listing has more programs than a table has columns for."""


@dataclass(frozen=True)
class Choice:
    """Which listings, and whether with the notes of staff. `ids`: only these; `state`: only of this state."""

    ids: Sequence[int] | None = None
    state: str = ""
    has_staff_notes: bool = True


class Listing(NamedTuple):
    """Rows with the attributes of a Provider and of its Programs."""

    provider: Any
    programs: list[Any]


_PROVIDERS = sa.select(Provider.facts, *(getattr(Provider, column.field) for column in LISTING)).order_by(Provider.id)
_PROGRAMS = sa.select(
    Program.provider_id,
    *(
        Program.id,
        Program.level,
        Program.name,
        Program.max_stay_days,
        Program.capacity,
        Program.status,
        Program.facts,
    ),
).order_by(Program.id)


@dataclass(frozen=True)
class Export:
    """Listings to be written, by number, and how many there are."""

    connection: sa.Connection
    choice: Choice
    n_listings: int

    def listings(self) -> Iterator[Listing]:
        """Each listing once."""
        for rows in self._chunks():
            yield from self._with_programs(rows)

    def _chunks(self) -> Iterator[Sequence[Any]]:
        select = _PROVIDERS.where(_is_of(self.choice.state)) if self.choice.state else _PROVIDERS
        if self.choice.ids is not None:
            for ids in _in_chunks(self.choice.ids):
                yield self.connection.execute(select.where(Provider.id.in_(ids))).all()
            return
        last = 0
        while rows := self.connection.execute(select.where(Provider.id > last).limit(CHUNK)).all():
            yield rows
            last = rows[-1].id

    def _with_programs(self, rows: Sequence[Any]) -> Iterator[Listing]:
        programs: dict[int, list[Any]] = defaultdict(list)
        select = _PROGRAMS.where(Program.provider_id.in_([row.id for row in rows]))
        for program in self.connection.execute(select) if rows else ():
            programs[program.provider_id].append(program)
        for row in rows:
            yield Listing(row, programs.get(row.id, []))

    def columns(self) -> tuple[Column, ...]:
        """Columns of a table with room for every program, and for one more. Raises TooManyProgramsError."""
        provider_id, needed = max(self._most_programs(), key=lambda found: found[1], default=(0, 0))
        if needed > MAX_PROGRAMS:
            raise TooManyProgramsError(
                f"Listing {provider_id} has {needed} programs, and a table holds {MAX_PROGRAMS}: export as JSON."
            )
        n_groups = min(max(needed + 1, FEWEST_PROGRAMS), MAX_PROGRAMS)
        return table_columns(n_groups, has_staff_notes=self.choice.has_staff_notes)

    def _most_programs(self) -> Iterator[Any]:
        """(number, programs) of listings that are chosen, among them the one with the most programs."""
        n_programs = sa.func.count(Program.id)
        select = sa.select(Program.provider_id, n_programs).group_by(Program.provider_id)
        select = select.order_by(n_programs.desc(), Program.provider_id).limit(1)
        if self.choice.state:
            select = select.where(Program.provider_id.in_(sa.select(Provider.id).where(_is_of(self.choice.state))))
        if self.choice.ids is None:
            yield from self.connection.execute(select).all()
            return
        for ids in _in_chunks(self.choice.ids):
            yield from self.connection.execute(select.where(Program.provider_id.in_(ids))).all()


def _is_of(state: str) -> sa.ColumnElement[bool]:
    return Provider.state == state


def _in_chunks(numbers: Sequence[int]) -> Iterator[list[int]]:
    ids = sorted({*map(int, numbers)})
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


@contextmanager
def open_export(engine: sa.Engine, choice: Choice) -> Iterator[Export]:
    """A transaction that sees the directory as it is now, however long the writing takes."""
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield Export(connection, choice, _count(connection, choice))


def count_listings(engine: sa.Engine, choice: Choice) -> int:
    """How many listings an export of this choice has."""
    with engine.connect() as connection:
        return _count(connection, choice)


def _count(connection: sa.Connection, choice: Choice) -> int:
    if choice.ids is not None and not choice.state:
        return len(set(choice.ids))
    count = sa.select(sa.func.count(Provider.id))
    if choice.state:
        count = count.where(_is_of(choice.state))
    return int(connection.execute(count).scalar_one())
