"""Bringing the database to the newest schema."""

from __future__ import annotations

from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import OperationalError

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


def is_set_up() -> bool:
    """Whether the database has the newest schema. One that cannot be reached is not asked: True."""
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    try:
        with db.engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() == newest
    except OperationalError:
        return True
