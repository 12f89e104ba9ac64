"""`flask directory import` and `flask directory show`."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from referral.cli.change_report import ChangeLister
from referral.cli.directory_mappings import find_rules
from referral.cli.import_report import ReportPrinter, make_console, print_directory, visible
from referral.extensions import db
from referral.importers.formats import LABELS, label_of, loader_of, open_items
from referral.importers.reading.files import SourceFile, UnreadableFileError, open_source
from referral.importers.report import CountsDisagreeError, Report

STEP_ROWS = 100
"""Rows between two moves of the progress bar."""


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "stated", type=click.Choice(list(LABELS)), help="The source, if the file does not show it.")
@click.option("--mapping", "mapping_name", help="Read any other table by this mapping (`flask directory mappings`).")
@click.option("--dry-run", "is_dry_run", is_flag=True, help="Do everything, report it, and keep nothing.")
@click.option(
    "--include-mental-health", is_flag=True, help="Also take facilities that list no addiction treatment (locator)."
)
@click.option(
    "--all", "is_complete", is_flag=True, help="List every listing that is gone or would change, not the first 50."
)
@with_appcontext
def import_command(
    file: Path,
    stated: str | None,
    mapping_name: str | None,
    is_dry_run: bool,
    include_mental_health: bool,
    is_complete: bool,
) -> None:
    """Take a file into the directory: all of it or nothing. Listings that it no longer has stay, and are listed."""
    # Nothing here makes circles of objects: looking for them would take a tenth of the time.
    gc.disable()
    console = make_console()
    printer = ReportPrinter(console, is_complete=is_complete)
    try:
        with open_source(file) as source:
            mapping = find_rules(mapping_name) if mapping_name else None
            name, items = open_items(
                source, stated=stated, include_mental_health=include_mental_health, mapping=mapping
            )
            printer.say(f"{'Trying' if is_dry_run else 'Importing'} {source.name}: {label_of(name)}")
            lister = ChangeLister(is_complete=is_complete)
            report = _load(printer, console, source, name, items, lister if is_dry_run else None)
    except UnreadableFileError as error:
        raise click.ClickException(visible(f"{file.name}: {error}\nNothing was changed.")) from error
    except OSError as error:
        raise click.ClickException(visible(f"{file.name}: {error.strerror}\nNothing was changed.")) from error
    except (SQLAlchemyError, CountsDisagreeError) as error:
        reason = getattr(error, "orig", None) or error
        raise click.ClickException(
            f"The database did not take the import: {reason}\nNothing was changed. Has `flask setup` been run?"
        ) from error
    finally:
        gc.enable()
    for line in lister.lines:
        printer.say(line)
    printer.print_report(report, is_dry_run=is_dry_run)


@click.command("show")
@with_appcontext
def show_command() -> None:
    """Show what the directory holds, by source and level of care, and the last imports."""
    with db.engine.connect() as connection:
        try:
            print_directory(make_console(), connection)
        except (sa.exc.OperationalError, sa.exc.ProgrammingError) as error:
            raise click.ClickException("The database has no directory yet: run `flask setup` first.") from error


def _load(
    printer: ReportPrinter,
    console: Console,
    source: SourceFile,
    name: str,
    items: Iterator[Any],
    lister: ChangeLister | None,
) -> Report:
    """`lister`: of a dry run, hears what would change."""
    columns = (TextColumn("{task.completed:,} rows"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        return loader_of(name)(
            db.engine,
            name,
            _watched(items, source, progress),
            file_name=source.name,
            file_sha256=source.sha256,
            is_dry_run=lister is not None,
            tell=printer.tell,
            **({"look": lister.look} if lister else {}),
        )


def _watched(items: Iterator[Any], source: SourceFile, progress: Progress) -> Iterator[Any]:
    """The same items, moving the bar along by how much of the file has been read (a workbook shows only rows)."""
    task = progress.add_task("rows", total=None)
    is_in_order = not source.is_workbook
    for number, item in enumerate(items, start=1):
        if number % STEP_ROWS == 0:
            share = source.share_read if is_in_order else 0.0
            progress.update(task, completed=number, total=number / share if share else None)
        yield item
