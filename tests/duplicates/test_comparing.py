"""How likely two listings are one place: campuses stay apart, one place from two sources is found."""

from __future__ import annotations

from typing import Any

import pytest

from referral.duplicates.addresses import address_of
from referral.duplicates.listing import Listing
from referral.duplicates.names import likeness, name_of
from referral.duplicates.reasons import REASONS
from referral.duplicates.scoring import COMMON, THRESHOLD, Shared, score
from tests.duplicates.made_up import listing

OTHER = "samhsa_national_directory"
HERE: dict[str, Any] = {"street": "12 Main Street", "phone": "502-555-0100"}


def compared(a: Listing, b: Listing, shared: Shared | None = None) -> tuple[int, set[str]]:
    found = score(a, b, shared or Shared())
    return found.score, {reason.partition(":")[0] for reason in found.reasons}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Blue Door Recovery Center", "Blue Door Recovery Ctr, Inc."),
        ("Blue Door Recovery Center", "BlueDoor Recovery Center"),
        ("Blue Door Recovery Center", "Blue Dorr Recovery Center"),
        ("Blue Door Recovery Center", "Bay Health: Blue Door Recovery Center"),
        ("Saint Mary's Hospital", "St. Marys Hosp"),
        ("Wheeling Comprehensive Treatment Ctr", "Wheeling Treatment Center, LLC"),
    ],
)
def test_one_place_in_two_sources_is_found_without_a_phone(one: str, other: str) -> None:
    street = {"street": "12 Main Street"}
    found, _reasons = compared(listing(1, one, **street), listing(2, other, source=OTHER, street="12 Main St."))
    assert found >= THRESHOLD


CAMPUSES = [
    ("Bay Health: Detox Unit", "detox_residential", "Bay Health: Outpatient Clinic", "outpatient"),
    ("Bay Health: Mens Program", "residential_long", "Bay Health: Womens Program", "residential_long"),
    ("Bay Health: Unit 1", "outpatient", "Bay Health: Unit 2", "outpatient"),
    ("Bay Health: Opioid Treatment Program", "outpatient", "Bay Health: Outpatient Rehabilitation", "outpatient"),
    ("Bay Health", "outpatient residential_long", "Bay Health: Mens Residential Program", "residential_long"),
    ("Long Lane House", "residential_long", "Green Gate Counseling", "outpatient"),
]


@pytest.mark.parametrize(("one", "levels_one", "other", "levels_other"), CAMPUSES)
def test_programs_with_one_address_and_phone_stay_apart(
    one: str, levels_one: str, other: str, levels_other: str
) -> None:
    a, b = listing(1, one, levels_one, **HERE), listing(2, other, levels_other, **HERE)
    assert compared(a, b)[0] < THRESHOLD


@pytest.mark.parametrize(
    ("one", "levels_one", "other", "levels_other"), [pair for pair in CAMPUSES if ":" in pair[0]]
)
def test_programs_of_one_campus_stay_apart_in_two_sources_too(
    one: str, levels_one: str, other: str, levels_other: str
) -> None:
    a, b = listing(1, one, levels_one, **HERE), listing(2, other, levels_other, source=OTHER, **HERE)
    assert compared(a, b)[0] < THRESHOLD


def test_houses_of_one_organization_in_one_street_stay_apart() -> None:
    point: dict[str, Any] = {"latitude": 38.25, "precision": "exact", "phone": "502-555-0100"}
    a = listing(1, "Blue Door House", street="12 Main Street", longitude=-85.75, **point)
    b = listing(2, "Blue Door House", street="16 Main Street", longitude=-85.7502, **point)
    found, reasons = compared(a, b)
    assert found < THRESHOLD
    assert {"near", "other_address", "same_source"} <= reasons


def test_branches_with_one_name_and_one_phone_stay_apart() -> None:
    a = listing(1, "Blue Door", phone="502-555-0100", street="12 Main Street")
    b = listing(2, "Blue Door", phone="502-555-0100", street="9 Oak Avenue", city="Paducah", postal_code="42001")
    assert compared(a, b)[0] < THRESHOLD


def test_a_phone_of_a_head_office_weighs_little() -> None:
    a = listing(1, "Blue Door", phone="502-555-0100")
    b = listing(2, "Blue Door", phone="502-555-0100", source=OTHER)
    own, reasons = compared(a, b)
    assert "same_phone" in reasons
    common, reasons = compared(a, b, Shared(phones=frozenset({"5025550100"})))
    assert "common_phone" in reasons
    assert own - common > 15
    assert COMMON == 8


AGAINST: dict[str, dict[str, str]] = {
    "other_unit": {"unit": "Suite 2"},
    "other_license": {"license_number": "L-2"},
    "other_kind": {"address_kind": "telehealth"},
    "other_phone": {"phone": "502-555-0177"},
    "other_extension": {"phone_extension": "9"},
    "other_website": {"website": "https://green.example/"},
    "other_levels": {"levels": "detox"},
    "same_source": {"source": "locator_export"},
    "other_city": {"city": "Paducah", "postal_code": "42001"},
}


@pytest.mark.parametrize("reason", AGAINST)
def test_what_speaks_against_is_said_and_takes_away(reason: str) -> None:
    own = {"unit": "Suite 1", "phone_extension": "7", "website": "https://blue.example/", **HERE}
    a = listing(1, "Blue Door House", license_number="L-1", **own)
    plain = compared(a, listing(2, "Blue Door Counseling", source=OTHER, **own))
    against = compared(a, listing(2, "Blue Door Counseling", **{"source": OTHER, **own, **AGAINST[reason]}))
    assert reason in against[1] - plain[1]
    assert against[0] < plain[0] < 100


def test_a_word_for_a_kind_of_program_tells_more_apart_than_another_word() -> None:
    a = listing(1, "Blue Door House", **HERE)
    other, _reasons = compared(a, listing(2, "Blue Door House Services", **HERE))
    program, reasons = compared(a, listing(2, "Blue Door House Adolescent", **HERE))
    assert "other_program" in reasons
    assert program < other - 10


def test_a_similar_name_alone_is_never_enough() -> None:
    many = Shared(frozenset({"5025550100"}), frozenset({"blue.example"}))
    known = {"phone": "502-555-0100", "website": "https://blue.example/"}
    a, b = listing(1, "Blue Door", **known), listing(2, "BlueDoor", source=OTHER, **known)
    assert compared(a, b, many)[0] < THRESHOLD <= compared(a, b)[0]


def test_a_score_and_its_reasons_are_the_same_from_both_sides() -> None:
    a = listing(1, "Bay Health: Blue Door", **HERE)
    b = listing(2, "Blue Door Recovery", source=OTHER, **HERE)
    assert score(a, b, Shared()) == score(b, a, Shared())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("908-A West Main Boulevard", "908A W. Main Blvd"),
        ("12 Main Street, Suite 3", "12 Main St"),
        ("20 North Main St., Third Floor", "20 N Main Street"),
        ("4535 Third Avenue", "4535 3rd Ave."),
    ],
)
def test_one_address_is_written_in_many_ways(one: str, other: str) -> None:
    a, b = address_of(one, ""), address_of(other, "")
    assert (a.number, a.street) == (b.number, b.street)


def test_a_unit_behind_the_street_is_the_unit() -> None:
    assert address_of("12 Main Street, Ste B-1", "") == address_of("12 Main St", "Suite B1")
    assert address_of("P.O. Box 12", "").street == ""


def test_words_that_everybody_uses_tell_little() -> None:
    a, b, c = (
        name_of(text, "Wheeling") for text in ("Blue Treatment Center", "Green Treatment Center", "Blue House")
    )
    assert likeness(a, c).whole > likeness(a, b).whole


def test_every_reason_has_words() -> None:
    assert all(words.text for words in REASONS.values())
