"""Importing a file in a test, and looking at all that the database then holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from referral.importers.formats import loader_of, open_items
from referral.importers.reading.files import open_source
from referral.importers.records import Rejected, Skipped
from referral.importers.report import Gone, Report
from referral.models import Act, Change, DirectoryChange, ImportRun, Program, Provider

TABLES = (Provider, Program, ImportRun, DirectoryChange, Act, Change)


def import_file(
    engine: sa.Engine,
    path: Path,
    *,
    is_dry_run: bool = False,
    tell: Callable[[Rejected | Skipped | Gone], None] = lambda _: None,
    **options: Any,
) -> Report:
    with open_source(path) as source:
        name, items = open_items(source, **options)
        return loader_of(name)(
            engine,
            name,
            items,
            file_name=source.name,
            file_sha256=source.sha256,
            is_dry_run=is_dry_run,
            tell=tell,
        )


def everything(engine: sa.Engine) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables that an import may touch."""
    with engine.connect() as connection:
        return {
            model.__tablename__: [tuple(row) for row in connection.execute(sa.select(model.__table__).order_by("id"))]
            for model in TABLES
        }


def providers(engine: sa.Engine) -> dict[str, Any]:
    """Provider rows by name."""
    with engine.connect() as connection:
        return {row.name: row for row in connection.execute(sa.select(Provider.__table__))}


def levels(engine: sa.Engine, name: str) -> dict[str, int]:
    """The program number of each level of a provider."""
    select = sa.select(Program.level, Program.id).join(Provider).where(Provider.name == name)
    with engine.connect() as connection:
        return dict(connection.execute(select).all())


def latest_change(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(sa.select(DirectoryChange.latest)).scalar_one()
