"""What staff type between two phone calls, and the listing that they mean."""

from __future__ import annotations

from datetime import datetime

import pytest

from referral.finding import Filters, ListingEntry, StaffIndex, terms_of
from referral.matching import Whereabouts
from tests.finding.worlds import TODAY


def listing(
    identity: int, name: str, city: str, postal_code: str, *phones: str, organization: str = ""
) -> ListingEntry:
    return ListingEntry(
        *(identity, name, organization, city, "ND", postal_code, phones, "active", "staff"),
        *(Whereabouts.LOCATED, False, (), {}, None, None, datetime(2026, 1, 1)),  # noqa: DTZ001
    )


LISTINGS = [
    listing(7, "Heart River Alcohol and Drug Abuse Service Inc", "Dickinson", "58601", "701-555-0107"),
    listing(8, "Heart of the River Counseling", "Mandan", "58554", "701-555-0108"),
    listing(21, "Blue Door", "Bismarck", "58501", "701-555-0121", "877-555-0142", organization="Plains Health"),
    listing(22, "Blue Door: Women's House", "St. Louis", "63101", "314-555-0122"),
    listing(23, "José Núñez Trt Ctr", "Coeur d’Alene", "83814", "208-555-0123"),
    listing(24, "12 Steps & Beyond", "Fargo", "58102-1234", "(701) 555-0124 ext. 3"),
    listing(40, "Serenity Behavioral Hlth", "Saint Paul", "02139", "651-555-0140"),
    listing(555, "Rehab at Mt. Washington", "Fort Wayne", "46801", "260-555-0155"),
]
INDEX = StaffIndex.build(LISTINGS)


def found(typed: str) -> list[int]:
    return INDEX.search(Filters(terms=terms_of(typed)), today=TODAY).ids


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Hart Rivr Alchol", [7]),
        ("HEART RIVER", [8, 7]),
        ("heart riv", [8, 7]),
        ("blue door", [21, 22]),
        ("blue dorr", [21, 22]),
        ("door blue womens", [22]),
        ("blue door women’s house", [22]),
        ("blve door", [21, 22]),
        ("plains", [21]),
        ("plqins", [21]),
        ("serxnitv behaqioral", [40]),
        ("bismark", [21]),
        ("Bismrack", [21]),
        ("jose nunez", [23]),
        ("treatment center", [23]),
        ("coeur dalene", [23]),
        ("12 steps", [24]),
        ("steps and beyond", [24]),
        ("serenety behavoral helth", [40]),
        ("saint louis", [22]),
        ("st louis blue", [22]),
        ("rehabilitation ft wayne", [555]),
        ("mount washington", [555]),
    ],
)
def test_names_organizations_and_cities_with_mistakes(typed: str, meant: list[int]) -> None:
    assert found(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("58601", [7]),
        ("586", [7]),
        ("58102-1234", [24]),
        ("58102-9999", [24]),
        ("02139", [40]),
        ("701-555-0121", [21]),
        ("(701) 555-0121", [21]),
        ("701.555.0121", [21]),
        ("+1 701 555 0121", [21]),
        ("17015550121", [21]),
        ("7015550121", [21]),
        ("555-0121", [21]),
        ("555 0121", [21]),
        ("5550121", [21]),
        ("0121", [21]),
        ("877-555-0142", [21]),
        ("701-555-0121 ext. 4", [21]),
        ("701-555-0121, extensión 4", [21]),
        ("(701) 555-0121 x12 blue", [21]),
        ("555-0121 x12", [21]),
        ("701-555-0121 exton", []),
        ("314", [22]),
        ("701 0124", [24]),
        ("blue 0121", [21]),
        ("#21", [21]),
        ("21", [21]),
        ("#2", []),
        ("555", [555]),
        ("99", []),
        ("#99999999999999999999", []),
    ],
)
def test_numbers_of_every_kind(typed: str, meant: list[int]) -> None:
    assert found(typed) == meant


def test_every_word_must_be_answered() -> None:
    assert found("heart dickinson") == [7]
    assert found("heart bismarck") == []


def test_the_same_words_come_before_similar_ones_and_hide_them() -> None:
    search = INDEX.search(Filters(terms=terms_of("heart river")), today=TODAY)
    assert not search.is_close
    search = INDEX.search(Filters(terms=terms_of("heart rivr")), today=TODAY)
    assert search.is_close
    assert search.ids == [8, 7]


def test_what_stands_in_the_name_comes_before_what_stands_elsewhere() -> None:
    entries = [listing(1, "House of Hope", "Mandan", ""), listing(2, "Mandan House", "Fargo", "")]
    index = StaffIndex.build(entries)
    assert index.search(Filters(terms=terms_of("mandan")), today=TODAY).ids == [2, 1]


def test_a_short_number_is_not_a_longer_one_that_ends_in_zeros() -> None:
    index = StaffIndex.build([listing(1, "Line", "", "5860", "988")])
    found_by = {
        typed: index.search(Filters(terms=terms_of(typed)), today=TODAY).ids for typed in ("988", "9880", "58600")
    }
    assert found_by == {"988": [1], "9880": [], "58600": []}


def test_a_word_is_never_close_to_a_number() -> None:
    assert found("1234") == []
    index = StaffIndex.build([listing(1, "Route 1235", "", "")])
    for typed in ("1234", "123a"):
        assert index.search(Filters(terms=terms_of(typed)), today=TODAY).ids == []


def test_pages_of_many_that_answer_alike_hold_each_once() -> None:
    entries = [listing(number, f"Blue Door {number % 7 * 'x'}", "Fargo", "") for number in range(1, 101)]
    index, blue = StaffIndex.build(entries), Filters(terms=terms_of("blue"))
    pages = [index.search(blue, page=page, per_page=10, today=TODAY).ids for page in range(1, 11)]
    assert [len(page) for page in pages] == [10] * 10
    ids = [identity for page in pages for identity in page]
    assert ids == index.all_ids(blue, today=TODAY).tolist()
    assert sorted(ids) == list(range(1, 101))
    assert pages[0] == [7, 14, 21, 28, 35, 42, 49, 56, 63, 70]


def test_words_that_a_listing_no_longer_has_do_not_find_it() -> None:
    index = INDEX.updated([LISTINGS[2]._replace(name="Green Gate", phones=("701-555-0199",))])
    for typed, ids in {"blue": [22], "green": [21], "701-555-0121": [], "701-555-0199": [21], "#21": [21]}.items():
        assert index.search(Filters(terms=terms_of(typed)), today=TODAY).ids == ids


def test_a_text_of_nothing_but_signs_has_no_terms() -> None:
    assert terms_of(" .,-—!() ") == ()
