"""Small files of our own format, and what the directory holds after them."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from referral.extensions import db
from referral.importers.records import OwnRecord, Rejected
from referral.models import Provider
from tests.importers.made_files import read


def table(path: Path, *rows: Mapping[str, Any]) -> Path:
    """A csv with these cells; all columns that any row names."""
    names = list(dict.fromkeys(["onward_id", *(name for row in rows for name in row)]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def one(path: Path, **cells: Any) -> OwnRecord:
    (record,) = read(table(path / "a.csv", {"name": "Blue Door", **cells}))[1]
    assert isinstance(record, OwnRecord), record
    return record


def reason(path: Path, **cells: Any) -> str:
    """Why a row with these cells is rejected."""
    (item,) = read(table(path / "a.csv", {"name": "Blue Door", **cells}))[1]
    assert isinstance(item, Rejected)
    return item.reason


def stored(name: str = "Blue Door") -> Provider:
    db.session.rollback()
    return db.session.scalars(sa.select(Provider).where(Provider.name == name)).one()


def levels(provider: Provider) -> dict[str, int]:
    return {one.level: one.id for one in provider.programs}


def write_json(path: Path, *listings: Any, **changes: Any) -> Path:
    path.write_text(json.dumps({"onward": 1, "listings": list(listings), **changes}), encoding="utf-8")
    return path
