"""`flask setup`: everything that a database needs before the first request, and no listings."""

from __future__ import annotations

import click

from referral.cli.schema import migrate


@click.command("setup")
def setup_command() -> None:
    """Bring the database up to date and load the offline places. Safe to repeat."""
    migrate()
    click.echo("Database is up to date.")
