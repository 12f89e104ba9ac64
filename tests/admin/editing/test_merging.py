"""What two people changed is put together so that nothing of either is lost without somebody's choice."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from referral.admin.editing.merging import TOGETHER, choose, merge, merged

FIELDS = ("name", "city", "phone", "phone_extension", "facts.spanish", "point")
VALUES = st.fixed_dictionaries({name: st.sampled_from([None, "a", "b", "c"]) for name in FIELDS})
WHOLES = ("name", "city", "phone", "facts.spanish", "point")
PICKS = st.fixed_dictionaries({name: st.sampled_from(["mine", "theirs"]) for name in WHOLES})


def whole(values: dict[str, Any], name: str) -> Any:
    return [values.get(part) for part in TOGETHER[name]] if name in TOGETHER else values.get(name)


@given(VALUES, VALUES, VALUES, PICKS)
def test_each_value_is_that_of_who_changed_it_or_of_the_choice(
    base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any], picks: dict[str, str]
) -> None:
    rows = merge(base, mine, theirs)
    asked = [row.field for row in rows if row.outcome == "ask"]
    result, undecided = choose(merged(mine, rows), theirs, asked, picks)
    assert undecided == []
    for name in WHOLES:
        was, own, other, now = (whole(values, name) for values in (base, mine, theirs, result))
        if own == was:
            assert now == other
        elif other in (was, own):
            assert now == own
        else:
            assert name in asked
            assert now == (own if picks[name] == "mine" else other)
    assert {row.field for row in rows} == {
        name for name in WHOLES if whole(base, name) != whole(mine, name) or whole(base, name) != whole(theirs, name)
    }


@given(VALUES, VALUES)
def test_without_knowing_what_was_there_every_difference_is_asked_about(
    mine: dict[str, Any], theirs: dict[str, Any]
) -> None:
    asked = {row.field for row in merge(None, mine, theirs) if row.outcome == "ask"}
    assert asked == {name for name in WHOLES if whole(mine, name) != whole(theirs, name)}


@given(VALUES, VALUES)
def test_what_is_not_chosen_stays_to_be_chosen(base: dict[str, Any], mine: dict[str, Any]) -> None:
    asked = [row.field for row in merge(base, mine, base, undecided=WHOLES) if row.outcome == "ask"]
    assert asked == [name for name in asked if whole(base, name) != whole(mine, name)]
    assert set(asked) == {name for name in WHOLES if whole(base, name) != whole(mine, name)}
    assert choose(mine, base, asked, {}) == (mine, asked)
