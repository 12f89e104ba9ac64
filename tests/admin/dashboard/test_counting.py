"""Counts on columns are what a plain loop counts, and drawings keep their scale."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from referral.admin.dashboard.counting import WITHIN_DAYS, counts, fact_counts, months
from referral.admin.dashboard.page import month_of, percent
from referral.admin.dashboard.plot import N_STEPS, scale_of
from referral.finding import ListingEntry, StaffIndex
from referral.matching import Whereabouts
from referral.vocabulary import FACTS, FACTS_BY_FAMILY, LEVELS
from tests.rounds import rounds

TODAY = date(2026, 3, 31)
days = st.one_of(st.none(), st.integers(-3, 800).map(lambda n: TODAY - timedelta(days=n)))


PLAIN = ListingEntry(
    id=1,
    name="Place",
    organization="",
    city="",
    state="KY",
    postal_code="",
    phones=(),
    status="active",
    source="county",
    whereabouts=Whereabouts.LOCATED,
    is_approximate=False,
    levels=(),
    facts={},
    confirmed_on=None,
    license_expires_on=None,
    updated_at=datetime(2026, 1, 1),  # noqa: DTZ001 - stored in UTC without a zone
)


@st.composite
def entries(draw: st.DrawFn) -> list[ListingEntry]:
    return [
        PLAIN._replace(
            id=number,
            state=draw(st.sampled_from(["KY", "IN", ""])),
            status=draw(st.sampled_from(["active", "active", "temporarily_closed", "inactive"])),
            whereabouts=draw(st.sampled_from(list(Whereabouts))),
            levels=tuple(draw(st.lists(st.sampled_from(list(LEVELS)), max_size=3))),
            facts=draw(st.dictionaries(st.sampled_from(list(FACTS)), st.booleans(), max_size=8)),
            confirmed_on=draw(days),
            license_expires_on=draw(days),
            n_open_reports=draw(st.integers(0, 2)),
            has_offers=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(0, 12)) + 1)
    ]


@settings(max_examples=rounds(80), deadline=None)
@given(entries())
def test_counts_are_those_of_a_plain_loop(all_entries: list[ListingEntry]) -> None:
    columns = StaffIndex.build(all_entries).columns
    found = counts(columns, TODAY)
    here = [entry for entry in all_entries if entry.status == "active"]
    confirmed = [entry.confirmed_on for entry in here if entry.confirmed_on]
    assert found.n_open == len(here)
    assert found.by_level == {code: sum(code in e.levels for e in here) for code in LEVELS} | {
        "none": sum(not e.levels for e in here)
    }
    assert found.by_state == {s: n for s in ("KY", "IN", "") if (n := sum(e.state == s for e in here))}
    assert found.within == {n: sum((TODAY - day).days <= n for day in confirmed) for n in WITHIN_DAYS}
    assert found.n_never == len(here) - len(confirmed)
    assert found.n_longer_ago == sum((TODAY - day).days > 365 for day in confirmed)
    assert found.by_month == {
        first: sum((day.year, day.month) == (first.year, first.month) for day in confirmed)
        for first in months(TODAY)[:-1]
    }
    assert found.n_expired == sum(e.license_expires_on is not None and e.license_expires_on < TODAY for e in here)
    assert found.n_without_point == sum(e.whereabouts == Whereabouts.NO_MAP_POINT for e in here)
    assert found.n_with_reports == sum(e.n_open_reports > 0 for e in all_entries)
    assert found.n_with_offers == sum(e.has_offers for e in all_entries)
    for family, facts in FACTS_BY_FAMILY.items():
        known = sum(fact.code in entry.facts for entry in here for fact in facts)
        assert abs(found.known_by_family[family] - known / (len(here) * len(facts) or 1)) < 1e-9
    for code in ("takes_medicaid", "spanish"):
        said = [entry.facts.get(code) for entry in here]
        assert fact_counts(columns, code) == (said.count(True), said.count(False), said.count(None))


def test_a_day_belongs_to_its_own_month_at_either_end() -> None:
    on = [
        date(2025, 3, 31),
        date(2025, 4, 1),
        date(2026, 2, 28),
        date(2026, 3, 1),
        date(2026, 3, 31),
        date(2026, 4, 1),
    ]
    columns = StaffIndex.build(PLAIN._replace(id=n, confirmed_on=day) for n, day in enumerate(on, 1)).columns
    found = counts(columns, TODAY).by_month
    assert {f"{day:%Y-%m}": n for day, n in found.items() if n} == {"2025-04": 1, "2026-02": 1, "2026-03": 2}


def test_the_months_are_the_last_twelve_and_the_next() -> None:
    for today in (date(2026, 1, 1), date(2026, 3, 31), date(2025, 12, 31)):
        found = months(today)
        assert len(found) == 13
        assert found[-2] == today.replace(day=1)
        assert all(day.day == 1 for day in found)
        assert found[-1] > today >= found[-2]
    assert months(date(2026, 1, 15))[0] == date(2025, 2, 1)


def test_a_month_is_read_as_it_is_written() -> None:
    assert month_of("2026-12") == (date(2026, 12, 1), date(2027, 1, 1))
    assert month_of("2024-02") == (date(2024, 2, 1), date(2024, 3, 1))
    assert [month_of(text) for text in ("2026-00", "26-01", "", "9999-12", "2026-1")] == [None] * 5


def test_the_scale_ends_above_the_largest_in_round_steps() -> None:
    for largest in [*range(200), 999, 1000, 1001, 12_345, 400_000, 400_001]:
        top = scale_of(largest)
        assert top >= largest
        assert top % N_STEPS == 0
        assert str(top // N_STEPS).rstrip("0") in ("1", "2", "5")
        assert top <= max(4, largest * 2.5 + 4)


def test_a_share_that_is_not_nothing_never_reads_as_nothing() -> None:
    assert [percent(share) for share in (0, 0.0001, 0.5, 0.9999, 1)] == ["0%", "<1%", "50%", ">99%", "100%"]
