"""Numbers for new listings and programs: those of the file where they were never given here, else the next ones.

A number once given is never given again, so that an old link never shows another place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from referral.importers.records import OwnRecord
from referral.models import Program, Provider

MAX_KEPT_ID = 1_000_000_000
"""Numbers up to here are taken over into a directory that never gave them; as many stay free for new listings."""


class Numbers:
    """Gives numbers. `added` are the records of all new listings, `last` the highest numbers that were ever given."""

    def __init__(self, added: Iterable[Sequence[OwnRecord]], last: tuple[int, int]) -> None:
        self.last = last
        provider, program = last
        for records in added:
            provider = max([provider, *(one.id for one in records if one.id and one.id <= MAX_KEPT_ID)])
            ids = [number for one in records for number in program_ids(one)]
            program = max([program, *(number for number in ids if number <= MAX_KEPT_ID)])
        self._next_provider, self._next_program = provider + 1, program + 1

    def provider(self, wanted: int | None) -> int:
        if wanted and self.last[0] < wanted <= MAX_KEPT_ID:
            return wanted
        self._next_provider += 1
        return self._next_provider - 1

    def program(self, wanted: int | None, taken: set[int]) -> int:
        if wanted and self.last[1] < wanted <= MAX_KEPT_ID and wanted not in taken:
            taken.add(wanted)
            return wanted
        return self.next_program()

    def next_program(self) -> int:
        self._next_program += 1
        return self._next_program - 1


def program_ids(record: OwnRecord) -> list[int]:
    return [said["id"] for said in record.programs or () if said.get("id")]


def last_given(connection: sa.Connection) -> tuple[int, int]:
    """The highest numbers that the directory ever gave to a listing and to a program."""
    if connection.dialect.name == "postgresql":
        select = "SELECT pg_sequence_last_value(pg_get_serial_sequence(:name, 'id')::regclass)"
    else:
        select = "SELECT seq FROM main.sqlite_sequence WHERE name = :name"
    provider, program = (
        connection.execute(sa.text(select), {"name": name}).scalar() or 0 for name in _names(connection)
    )
    return provider, program


def raise_sequences(connection: sa.Connection) -> None:
    """PostgreSQL does not see numbers that were not its own choice; SQLite does."""
    if connection.dialect.name != "postgresql":
        return
    for name, model, given in zip(_names(connection), _MODELS, last_given(connection), strict=True):
        last = connection.execute(sa.select(sa.func.max(model.id))).scalar()
        if last is not None and last > given:
            statement = sa.text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)")
            connection.execute(statement, {"name": name, "last": last})


_MODELS: tuple[type[Provider | Program], ...] = (Provider, Program)


def _names(connection: sa.Connection) -> list[str]:
    """The tables of the directory, also where temporary ones of the same names are before them."""
    schema = f"{connection.dialect.default_schema_name}." if connection.dialect.name == "postgresql" else ""
    return [f"{schema}{model.__tablename__}" for model in _MODELS]
