"""Rows of a list that says of a place that it is closed, or has lost its license: they are left out, and counted."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.importers.mapping import Combination, KeptRules, Meaning, Rules
from referral.importers.messages import say
from referral.importers.records import ProviderRecord, Skipped
from referral.models import Provider
from tests.importers.loading import import_file
from tests.importers.test_mapping import csv_file, items, left_over, suggested

LICENSES = """Facility Name,City,State,Level of Care,License Status
Open House,Fernwood,KY,Outpatient,Active
Shut House,Fernwood,KY,Outpatient,REVOKED
Late House,Fernwood,KY,Detox,Expired
Other House,Fernwood,KY,Detox,Under review
"""
NEXT_YEAR = """Facility Name,City,State,Level of Care,License Status
Open House,Fernwood,KY,Outpatient,Surrendered
Other House,Fernwood,KY,Detox,Active
"""


def test_a_row_of_a_closed_place_is_left_out_without_anybody_saying_so(tmp_path: Path) -> None:
    path = csv_file(tmp_path, LICENSES)
    rules = suggested(path)
    found = {item.name for item in items(rules, path) if isinstance(item, ProviderRecord)}
    assert found == {"Open House", "Other House"}
    assert [item for item in items(rules, path) if isinstance(item, Skipped)] == [
        Skipped(3, say("left out by the mapping")),
        Skipped(4, say("left out by the mapping")),
    ]
    assert left_over(rules, path) == {("license status", "Under review", 1)}


def test_a_place_that_has_closed_since_is_named_as_gone_and_stays_until_somebody_decides(
    app: Flask, tmp_path: Path
) -> None:
    rules = KeptRules("list:licenses", suggested(csv_file(tmp_path, LICENSES)))
    first = import_file(db.engine, tmp_path / "a.csv", mapping=rules)
    assert (first.read, first.added, first.skipped_by_reason, first.rejected) == (
        4,
        2,
        {"left out by the mapping": 2},
        0,
    )
    report = import_file(db.engine, csv_file(tmp_path, NEXT_YEAR), mapping=rules)
    assert (report.skipped_by_reason, report.gone) == ({"left out by the mapping": 1}, 1)
    names = db.session.scalars(sa.select(Provider.name).where(Provider.status == "active")).all()
    assert sorted(names) == ["Open House", "Other House"]


def test_columns_can_leave_a_row_out_together(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "Name,Phone,Type,Permit\nA,502-555-0110,Detox,old\nB,502-555-0111,Detox,new\n")
    suggestion = suggested(path)
    together = Combination({"type": "detox", "permit": "old"}, Meaning(leaves_out=True))
    rules = Rules(suggestion.columns, (together,))
    assert [type(item) for item in items(rules, path)] == [Skipped, ProviderRecord]
    assert Rules.from_json(rules.to_json()) == rules


@pytest.mark.parametrize("value", ["yes", 1, None, []])
def test_only_true_leaves_a_row_out(value: object) -> None:
    rules = {"columns": {"n": {"role": "name"}, "s": {"role": "care", "values": {"closed": {"leaves_out": value}}}}}
    assert Rules.from_json(rules).columns["s"].values["closed"] == Meaning()
