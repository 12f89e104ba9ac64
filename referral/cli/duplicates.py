"""`flask directory find-duplicates`."""

from __future__ import annotations

import gc

import click
from flask.cli import with_appcontext
from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeElapsedColumn

from referral.cli.import_report import make_console
from referral.duplicates.search import begin, run
from referral.extensions import db


@click.command("find-duplicates")
@click.option("--search", "search_id", type=int, hidden=True, help="A search that the pages of staff began.")
@with_appcontext
def find_duplicates_command(search_id: int | None) -> None:
    """Look for listings that may be one and the same place. Changes no listing: staff look at each pair."""
    if search_id is None:
        with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
            search_id = begin(connection, None)
    # Nothing here makes circles of objects: looking for them would take half of the time.
    gc.disable()
    console = make_console()
    columns = (BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("pairs", total=100)
            done = run(db.engine, search_id, lambda percent: progress.update(task, completed=percent))
    finally:
        gc.enable()
    click.echo(f"Compared {done.n_listings:,} listings.")
    click.echo(f"Pairs that wait for staff: {done.n_open:,}, of them new: {done.n_new:,}.")
