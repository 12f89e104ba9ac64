"""The table of reports comes and goes, and the directory stays as it was."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from flask import Flask
from sqlalchemy.exc import IntegrityError

from referral.cli.schema import alembic_config
from referral.extensions import db
from referral.models import Report
from tests.pages.world import fill

LATER = {
    *("closed_until", "license_number", "license_expires_on", "licensed_beds", "staff_note", "version"),
    *("capacity", "hand_point"),
}
"""Columns that a later migration adds: going down takes what they hold."""


def directory(connection: sa.Connection) -> dict[str, list[str]]:
    """The listings, with the columns that they had from the beginning."""
    tables = sa.inspect(connection)
    found = {}
    for name in ("provider", "program", "directory_change"):
        columns = ", ".join(sorted({column["name"] for column in tables.get_columns(name)} - LATER))
        found[name] = sorted(str(row) for row in connection.execute(sa.text(f"SELECT {columns} FROM {name}")))
    return found


def report(number: int = 1, **values: Any) -> dict[str, Any]:
    known = {"provider_id": 1, "kind": "wrong_phone", "code": f"{number:010}", "nonce": f"n{number}"}
    return known | values


def test_the_directory_survives_the_migration_down_and_up(app: Flask) -> None:
    fill()
    settings = alembic_config()
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.execute(sa.insert(Report), [report()])
        before = directory(connection)
        settings.attributes["connection"] = connection
        command.downgrade(settings, "0001")
        assert "report" not in sa.inspect(connection).get_table_names()
        assert directory(connection) == before
        command.upgrade(settings, "head")
        assert directory(connection) == before
        assert connection.execute(sa.select(Report.id)).all() == []
        connection.execute(sa.insert(Report), [report()])
    assert len(before["provider"]) > 10


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "expensive"},
        {"status": "waiting"},
        {"status": "closed"},
        {"outcome": "corrected"},
        {"text": "x" * 1001},
        {"answer": "x" * 1001},
        {"provider_id": 999_999},
        {"number": 1},
        {"nonce": "n1"},
    ],
    ids=str,
)
def test_the_database_refuses_a_broken_report(app: Flask, values: dict[str, Any]) -> None:
    fill()
    with db.engine.connect().execution_options(is_write=True) as connection:
        connection.execute(sa.insert(Report), [report(1)])
        with pytest.raises(IntegrityError):
            connection.execute(sa.insert(Report), [report(**{"number": 2} | values)])
