"""`flask directory export`: the directory as a file in our own format."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from referral.cli.import_report import make_console, visible
from referral.exporters import FORMATS, CellTooLongError, Choice, TooManyProgramsError, open_export
from referral.extensions import db
from referral.places.states import STATES


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--format", "stated", type=click.Choice(list(FORMATS)), help="If the ending of the name does not say it."
)
@click.option("--state", type=click.Choice(sorted(STATES), case_sensitive=False), help="Only listings of this state.")
@click.option("--without-staff-notes", is_flag=True, help="Leave the notes of staff out, to pass the file on.")
@with_appcontext
def export_command(file: Path, stated: str | None, state: str | None, without_staff_notes: bool) -> None:
    """Write the directory to a file, as it is now. `flask directory import` reads it back (docs/file_format.md)."""
    kind = stated or file.suffix.removeprefix(".").lower()
    if kind not in FORMATS:
        raise click.ClickException(f"Say the kind of file with --format: {', '.join(FORMATS)}.")
    choice = Choice(state=(state or "").upper(), has_staff_notes=not without_staff_notes)
    try:
        with open_export(db.engine, choice) as export, _replacing(file) as target:
            _write(FORMATS[kind].write(export), target)
    except (TooManyProgramsError, CellTooLongError) as error:
        raise click.ClickException(visible(str(error))) from error
    except OSError as error:
        raise click.ClickException(visible(f"{file}: {error.strerror}")) from error
    except SQLAlchemyError as error:
        reason = getattr(error, "orig", None) or error
        raise click.ClickException(f"The database cannot be read: {reason}. Has `flask setup` been run?") from error
    click.echo(visible(f"Wrote {export.n_listings:,} listings to {file}."))


def _write(blocks: Iterator[bytes], target: IO[bytes]) -> None:
    console = make_console()
    columns = (TextColumn("Writing"), DownloadColumn(), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("bytes", total=None)
        for block in blocks:
            target.write(block)
            progress.advance(task, len(block))


@contextmanager
def _replacing(file: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name only when it is whole: a failure leaves what was there."""
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as target:
            yield target
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
