"""The `flask` commands."""

from __future__ import annotations

import click
from alembic import command
from alembic.config import Config as AlembicConfig
from flask import Flask

from config import ROOT
from referral.extensions import db


def alembic_config() -> AlembicConfig:
    """Alembic's settings: migrations/ of this project, on the application's database."""
    settings = AlembicConfig(str(ROOT / "migrations" / "alembic.ini"))
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    return settings


def migrate() -> None:
    """Bring the database to the newest schema, on a connection of the application's engine."""
    settings = alembic_config()
    with db.engine.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")


@click.command("setup")
def setup_command() -> None:
    """Bring the database up to date and load the offline places. Safe to repeat."""
    migrate()
    click.echo("Database is up to date.")


def register(app: Flask) -> None:
    """Add all commands to the application."""
    app.cli.add_command(setup_command)
