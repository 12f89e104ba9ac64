"""`flask setup`: everything that a database needs before the first request."""

from __future__ import annotations

import click
import sqlalchemy as sa
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from referral.cli.schema import migrate
from referral.demo.loading import load_demo
from referral.extensions import db
from referral.models import Provider
from referral.places.loading import load_places


@click.command("setup")
@click.option("--demo-if-empty", is_flag=True, help="Also load the made-up listings when there is no listing yet.")
@with_appcontext
def setup_command(demo_if_empty: bool) -> None:
    """Bring the database up to date and load the offline places. Safe to repeat."""
    try:
        _set_up(demo_if_empty)
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be used: {error.orig}. Is DATABASE_URL right?") from error


def _set_up(demo_if_empty: bool) -> None:
    migrate()
    click.echo("Database is up to date.")
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        n_rows = load_places(connection)
    click.echo(f"Loaded {n_rows:,} places." if n_rows else "Places are up to date.")
    if not demo_if_empty:
        return
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        if connection.execute(sa.select(Provider.id).limit(1)).first() is None:
            click.echo(f"The directory is empty: added {load_demo(connection):,} made-up listings.")
