"""Bringing the database to the newest schema."""

from __future__ import annotations

from alembic import command
from alembic.config import Config as AlembicConfig

from config import ROOT
from referral.extensions import db


def alembic_config() -> AlembicConfig:
    """Alembic's settings: migrations/ of this project. Its caller adds the connection to `attributes`."""
    settings = AlembicConfig(str(ROOT / "migrations" / "alembic.ini"))
    settings.set_main_option("script_location", str(ROOT / "migrations"))
    return settings


def migrate() -> None:
    """Upgrade to head, in one transaction of the application's engine."""
    settings = alembic_config()
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
