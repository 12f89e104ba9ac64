"""The staff index finds what a plain loop finds, in the same order, and follows changes as if it were made anew."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.finding import Filters, ListingEntry, Order, StaffIndex, TooManyChangesError
from referral.matching import Whereabouts
from tests.finding.plain_loop import answer
from tests.finding.worlds import TODAY, directories, entry, filters, orders, typed_only
from tests.rounds import rounds

PER_PAGE = 4
MANY = settings(max_examples=rounds(50), deadline=None, suppress_health_check=list(HealthCheck))


def check(index: StaffIndex, entries: list[ListingEntry], wanted: Filters, order: Order) -> None:
    ids, is_close = answer(entries, wanted, order, TODAY)
    assert index.all_ids(wanted, order, today=TODAY).tolist() == ids
    assert index.count(wanted, today=TODAY) == len(ids)
    n_pages = max(1, -(-len(ids) // PER_PAGE))
    for page in range(1, n_pages + 2):
        found = index.search(wanted, order, page=page, per_page=PER_PAGE, today=TODAY)
        number = min(page, n_pages)
        assert (found.page, found.n_pages, found.n_found) == (number, n_pages, len(ids))
        assert found.ids == ids[(number - 1) * PER_PAGE : number * PER_PAGE]
        assert index.columns.ids[found.rows].tolist() == found.ids
        assert found.is_close == is_close


@MANY
@given(directories(), filters, orders)
def test_every_filter_and_order(entries: list[ListingEntry], wanted: Filters, order: Order) -> None:
    check(StaffIndex.build(entries), entries, wanted, order)


@MANY
@given(directories(), typed_only, orders)
def test_whatever_is_typed(entries: list[ListingEntry], wanted: Filters, order: Order) -> None:
    check(StaffIndex.build(entries), entries, wanted, order)


@st.composite
def edited_directories(draw: st.DrawFn) -> tuple[StaffIndex, list[ListingEntry]]:
    """An index that followed several edits, and what the directory is now."""
    before = draw(directories())
    index, now = StaffIndex.build(before), {item.id: item for item in before}
    for _ in range(draw(st.integers(1, 2))):
        ids = draw(st.lists(st.sampled_from([*now, *range(1, 50)]), unique=True, max_size=5))
        changed = [draw(entry(identity)) for identity in ids]
        index = index.updated(changed)
        now |= {item.id: item for item in changed}
    return index, list(now.values())


@settings(max_examples=rounds(30), deadline=None, suppress_health_check=list(HealthCheck))
@given(edited_directories(), filters, typed_only, orders)
def test_an_index_that_was_updated_is_one_that_was_made_anew(
    edited: tuple[StaffIndex, list[ListingEntry]], wanted: Filters, typed: Filters, order: Order
) -> None:
    index, entries = edited
    check(index, entries, wanted, order)
    check(index, entries, typed, order)
    check(index, entries, Filters(), order)


@given(directories())
@settings(max_examples=rounds(30), deadline=None)
def test_an_update_leaves_the_index_before_it_as_it_was(entries: list[ListingEntry]) -> None:
    index = StaffIndex.build(entries)
    before = [index.all_ids(Filters(), order, today=TODAY).tolist() for order in Order]
    index.updated([item._replace(name="Changed", state="WY", source="new", facts={}) for item in entries])
    assert [index.all_ids(Filters(), order, today=TODAY).tolist() for order in Order] == before
    assert index.count(Filters(state="WY"), today=TODAY) == 0


def test_too_many_changes_ask_for_a_new_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("referral.finding.index.MAX_CHANGED", 2)
    entries = [item._replace(id=number) for number, item in enumerate([_plain()] * 5, 1)]
    index = StaffIndex.build(entries).updated(entries[:1]).updated(entries[1:2]).updated(entries[:2])
    with pytest.raises(TooManyChangesError):
        index.updated(entries[2:3])


def _plain() -> ListingEntry:
    return ListingEntry(
        *(1, "Blue Door", "", "Bismarck", "ND", "58501", ("701-555-0100",), "active", "staff"),
        *(Whereabouts.LOCATED, False, ("detox",), {}, None, None, datetime(2026, 1, 1)),  # noqa: DTZ001
    )


def test_counts_of_a_column_follow_an_update() -> None:
    index = StaffIndex.build([_plain(), _plain()._replace(id=2)])
    index = index.updated([_plain()._replace(id=2, state="KY"), _plain()._replace(id=3, state="MO")])
    assert index.columns.states.counts() == {"ND": 1, "KY": 1, "MO": 1}
    assert np.array_equal(index.columns.ids, [1, 2, 3])


def test_a_day_belongs_to_since_and_not_to_before() -> None:
    day = TODAY - timedelta(days=9)
    days = {1: day - timedelta(days=1), 2: day, 3: day + timedelta(days=1), 4: None}
    index = StaffIndex.build([_plain()._replace(id=number, confirmed_on=known) for number, known in days.items()])

    def found(**filters: Any) -> list[int]:
        return sorted(index.all_ids(Filters(**filters), today=TODAY).tolist())

    assert found(confirmed_before=day) == [1]
    assert found(confirmed_since=day) == [2, 3]
    assert found(confirmed_since=day, confirmed_before=day + timedelta(days=1)) == [2]
    assert found(confirmed_before=day, never_confirmed=True) == [1, 4]
