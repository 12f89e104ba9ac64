"""The rules of a mapping: their form in JSON, what is refused, and how they are kept by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.extensions import db
from referral.importers.mapping import (
    ColumnRule,
    Combination,
    KeptRules,
    Meaning,
    Rules,
    RulesError,
    open_table,
    sample,
    source_of,
    suggest,
)
from referral.importers.mapping.kept import keep_rules, kept_rules
from referral.importers.reading.files import open_source
from referral.models import ImportMapping
from referral.vocabulary import FACTS, LEVELS
from tests.rounds import rounds

COUNTY = Path(__file__).parent / "files" / "county_list.csv"


def suggested(path: Path) -> Rules:
    with open_source(path) as source:
        return suggest(sample(open_table(source)))


CARE = Rules({"name": ColumnRule("name"), "days": ColumnRule("stay_days")})


def test_rules_are_kept_by_a_name_that_no_other_is_mistaken_for(app: Flask) -> None:
    rules = suggested(COUNTY)
    keep_rules(db.session, "Marigold County", rules)
    db.session.commit()
    assert kept_rules(db.session, "Marigold County") == KeptRules("list:marigold-county", rules)
    assert kept_rules(db.session, "Tulip County") is None
    keep_rules(db.session, "Marigold County", CARE)
    with pytest.raises(RulesError, match="too much like"):
        keep_rules(db.session, "marigold-county", rules)
    with pytest.raises(RulesError, match="1 to 100 characters"):
        keep_rules(db.session, " ", rules)
    db.session.commit()
    assert db.session.scalars(sa.select(ImportMapping.name)).all() == ["Marigold County"]
    assert source_of("Листа") != source_of("Список")


MEANINGS = st.builds(
    Meaning,
    st.lists(st.sampled_from(list(LEVELS)), max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from(list(FACTS)[:20]), max_size=2, unique=True).map(tuple),
    st.lists(st.sampled_from(list(FACTS)[20:40]), max_size=2, unique=True).map(tuple),
    st.none() | st.integers(1, 3650),
)


@settings(max_examples=rounds(200), deadline=None)
@given(
    care=st.dictionaries(st.sampled_from(["@yes", "@no", "*", "op", "día"]), MEANINGS, max_size=4),
    split=st.sampled_from(["", ";", "|", "\n"]),
    every=MEANINGS,
    combination=MEANINGS,
    joins=st.booleans(),
)
def test_rules_come_back_from_json(
    care: dict[str, Meaning], split: str, every: Meaning, combination: Meaning, joins: bool
) -> None:
    rules = Rules(
        {
            "name": ColumnRule("name"),
            "loc": ColumnRule("care", split=split, values=care),
            "days": ColumnRule("stay_days", "residential"),
            "phone 2": ColumnRule("other_phone", "hotline"),
        },
        (Combination({"loc": "op", "days": "> 5"}, combination),),
        {"state": "KY"},
        every,
        "Sheet 2",
        joins,
    )
    assert Rules.from_json(json.loads(json.dumps(rules.to_json()))) == rules


NAME = {"name": {"role": "name"}}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "the rules should be an object"),
        ({"columns": []}, "columns should be an object"),
        ({"columns": {}}, "No column is the name"),
        ({"columns": {"a": {"role": "nmae"}}}, "has the role nmae"),
        ({"columns": {"a": {"role": "name"}, "b": {"role": "name"}}}, "cannot all be name"),
        ({"columns": {**NAME, "b": {"role": "latitude"}}}, "Latitude and longitude go together"),
        ({"columns": {**NAME, "b": {"role": "care", "values": {"x": {"levels": ["rehab"]}}}}}, "'rehab' is no level"),
        ({"columns": {**NAME, "b": {"role": "care", "values": {"x": {"yes": [["hiv"]]}}}}}, "is no fact"),
        (
            {"columns": {**NAME, "b": {"role": "care", "values": {"x": {"yes": ["hiv"], "no": ["hiv"]}}}}},
            "yes and no",
        ),
        ({"columns": {**NAME, "b": {"role": "care", "split": "a"}}}, "cannot be parted"),
        ({"columns": {**NAME, "b": {"role": "capacity", "kind": "x"}}}, "has the kind x"),
        ({"columns": NAME, "constants": {"name": "x"}}, "cannot be the same for every row"),
        ({"columns": NAME, "constants": {"state": 5}}, "should be a text"),
        ({"columns": NAME, "combinations": [{"when": {}}]}, "has no condition"),
        ({"columns": NAME, "combinations": [{"when": {"x": "y"}}]}, "names the column x"),
        ({"columns": NAME, "every_row": {"stay_days": True}}, "a number of days"),
        ({"columns": {f"c{n}": {"role": ""} for n in range(501)}}, "too many rules"),
    ],
    ids=str,
)
def test_rules_that_cannot_be_used_are_refused_with_the_reason(value: Any, message: str) -> None:
    with pytest.raises(RulesError, match=message):
        Rules.from_json(value)
