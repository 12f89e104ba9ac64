"""`flask setup`: everything that a database needs before the first request."""

from __future__ import annotations

import os

import click
import sqlalchemy as sa
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError

from config import ROOT
from referral.extensions import db
from referral.models import Provider


@click.command("setup")
@click.option(
    "--demo-if-empty",
    is_flag=True,
    help="Also load the made-up listings when there is no listing yet, and print a link for the first account.",
)
@with_appcontext
def setup_command(demo_if_empty: bool) -> None:
    """Bring the database up to date, load the offline places, compile the translations. Safe to repeat."""
    compile_translations()
    try:
        _set_up(demo_if_empty)
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be used: {error.orig}. Is DATABASE_URL right?") from error


def compile_translations() -> None:
    """Make the binary form of each language that is missing or older than its text."""
    for source in (ROOT / "translations").glob("*/LC_MESSAGES/messages.po"):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalog = read_po(file, locale=source.parts[-3])
        half_done = target.with_suffix(f".{os.getpid()}")
        with half_done.open("wb") as file:
            write_mo(file, catalog)
        half_done.replace(target)


def _set_up(demo_if_empty: bool) -> None:
    # Read here: each web worker knows the command, and none needs what it does.
    from referral.cli.schema import migrate
    from referral.cli.users import print_setup_link
    from referral.demo.loading import load_demo
    from referral.places.loading import load_places

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
    print_setup_link()
