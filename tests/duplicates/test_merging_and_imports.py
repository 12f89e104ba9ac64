"""Imports between a merge and its undoing: both listings as they were, and nothing that a source says is hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.duplicates import merging, undoing
from referral.duplicates.choices import Choices, default_choices, two_of
from referral.extensions import db
from referral.history import act
from referral.models import Correction, Merge, Provider
from referral.models.change import start_changing
from tests.importers.loading import import_file, providers
from tests.importers.made_files import row, write_csv


def two_merged(folder: Path, phone: str = "502-555-0150") -> None:
    """The first takes over the phone of the second."""
    files = [row(name1="First"), row(name1="Second", phone=phone)]
    import_file(db.engine, write_csv(folder / "a.csv", files))
    found = providers(db.engine)
    start_changing(db.session)
    first, second = merging.lock_two(db.session, found["First"].id, found["Second"].id)
    two = two_of(db.session, first, second)
    known = default_choices(two)
    choices = Choices("first", {**known.parts, "phone": "second", "name": "first"}, known.facts, known.programs)
    with act(db.session, "merge"):
        merging.merge(db.session, two, choices, (first.version, second.version), None)
        db.session.commit()
    db.session.close()


def unmerge() -> None:
    start_changing(db.session)
    with act(db.session, "unmerge"):
        undoing.undo(db.session, db.session.scalars(sa.select(Merge)).one(), leaves_changed=True)
        db.session.commit()
    db.session.close()


def asked() -> dict[str, Any]:
    """What is offered of the first, by field."""
    rows = db.session.scalars(sa.select(Correction).where(Correction.is_offered)).all()
    db.session.rollback()
    return {one.field: one.offered_value for one in rows if one.provider_id == 1}


@pytest.mark.parametrize("phone", ["502-555-0150", "502-555-0151"])
def test_what_the_source_said_meanwhile_is_offered_once_the_merge_is_undone(
    app: Flask, tmp_path: Path, phone: str
) -> None:
    two_merged(tmp_path)
    import_file(db.engine, write_csv(tmp_path / "b.csv", [row(name1="First", phone=phone), row(name1="Second")]))
    assert providers(db.engine)["First"].phone == "502-555-0150"
    unmerge()
    assert providers(db.engine)["First"].phone == "502-555-0100"
    assert asked()["phone"] == phone


def test_a_listing_that_was_merged_away_follows_its_source_and_comes_back_with_it(app: Flask, tmp_path: Path) -> None:
    two_merged(tmp_path)
    newer = [row(name1="First"), row(name1="Second", phone="502-555-0160")]
    import_file(db.engine, write_csv(tmp_path / "b.csv", newer))
    assert providers(db.engine)["Second"].status == "inactive"
    unmerge()
    second = providers(db.engine)["Second"]
    assert (second.status, second.phone) == ("active", "502-555-0160")


def test_a_point_does_not_come_back_to_an_address_that_was_hidden_since(app: Flask, tmp_path: Path) -> None:
    two_merged(tmp_path)
    first = db.session.get_one(Provider, 1)
    with act(db.session, "edit"):
        first.address_kind = "confidential"
        first.latitude = first.longitude = first.precision = None
        db.session.commit()
    unmerge()
    first_now = providers(db.engine)["First"]
    assert (first_now.address_kind, first_now.latitude) == ("confidential", None)
