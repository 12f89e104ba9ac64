"""`flask directory load-demo` and `flask directory clear-demo`."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from referral.demo.loading import clear_demo, load_demo
from referral.demo.towns import PlacesMissingError
from referral.extensions import db


@click.command("load-demo")
@with_appcontext
def load_demo_command() -> None:
    """Add about 1,500 made-up listings in real towns, to try the site. Never use them to seek care."""
    try:
        with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
            n_loaded = load_demo(connection)
    except PlacesMissingError as error:
        raise click.ClickException("The places are not loaded yet. Run `flask setup` first.") from error
    if n_loaded:
        click.echo(f"Added {n_loaded:,} made-up listings. `flask directory clear-demo` takes them out again.")
    else:
        click.echo("The made-up listings are already there. Nothing was changed.")


@click.command("clear-demo")
@with_appcontext
def clear_demo_command() -> None:
    """Take out the made-up listings, and nothing else."""
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        n_deleted = clear_demo(connection)
    if n_deleted:
        click.echo(f"Took out {n_deleted:,} made-up listings.")
    else:
        click.echo("There are no made-up listings. Nothing was changed.")
