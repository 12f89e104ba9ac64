"""The real directories: campuses stay apart, and places that stand in two sources are found. Counts as they are."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from referral.duplicates.blocking import candidates, shared_by_many
from referral.duplicates.listing import Listing
from referral.duplicates.search import find
from referral.importers.records import ProviderRecord
from tests.duplicates.made_up import listing
from tests.importers.made_files import read

pytestmark = pytest.mark.shared

NATIONAL = "samhsa_national_directory"


def listing_from(record: ProviderRecord, number: int, source: str) -> Listing:
    names = ("organization", "street", "unit", "city", "state", "postal_code", "latitude", "longitude", "precision")
    values = {name: getattr(record, name) for name in (*names, "phone", "phone_extension", "website")}
    return listing(
        number, record.name, " ".join(record.levels), source=source, other_phones=record.stored_phones, **values
    )


def providers(path: Path, **options: bool) -> list[ProviderRecord]:
    return [item for item in read(path, **options)[1] if isinstance(item, ProviderRecord)]


@pytest.fixture(scope="module")
def national_records(shared_data: Path) -> list[ProviderRecord]:
    return providers(shared_data / "samhsa" / "samhsa_su_directory_2023_with_coords.csv.gz")


@pytest.fixture(scope="module")
def national(national_records: list[ProviderRecord]) -> list[Listing]:
    return [listing_from(record, number, NATIONAL) for number, record in enumerate(national_records, start=1)]


def test_the_national_directory_has_few_pairs_although_hundreds_share_an_address(national: list[Listing]) -> None:
    doors = Counter((one.address.number, one.address.street, one.zip5) for one in national if one.address.street)
    assert sum(n > 1 for n in doors.values()) > 350
    found = find(national)
    assert 15 <= len(found) <= 25
    by_id = {one.id: one for one in national}
    names = {by_id[number].name.text for pair in found for number in pair}
    assert "agape unlimited" in names, "twice at one address with one phone"
    assert "new roads behavioral health north program" in names, "a letter apart"
    assert not any("dccca" in name for name in names), "a campus"


def test_of_81_million_pairs_few_are_compared(national: list[Listing]) -> None:
    assert len(candidates(national, shared_by_many(national))) < len(national)


IN_BOTH = {
    "1 Method LLC: 1 Method Center",
    "Addiction Recovery Systems LLC",
    "Augusta Health",
    "BNI Treatment Centers",
    "Nsight Psychology and Addiction",
    "Orchard Mountain Recovery",
    "Region Ten Community Services Board: Mohr Center",
    "Rockingham Memorial Hospital: Outpatient Behavioral Health",
    "Staunton Treatment Center",
    "Valley Community Services Board: Substance Abuse Outpatient Services",
    "Muir Wood Adolescent and Family Services",
}
"""Looked at one by one: places of the locator's files that stand in the national directory too."""


def test_what_stands_in_the_locator_too_is_found(national: list[Listing], shared_data: Path) -> None:
    fixtures = shared_data / "fixtures" / "locator_export_original_csv_2022_CA_MH_eating_disorder.csv"
    records = providers(fixtures, include_mental_health=True)
    records += providers(shared_data / "samhsa" / "findtreatment_listing_2019.json")
    assert len(records) == 36
    others = [listing_from(record, 20_000 + number, "locator") for number, record in enumerate(records)]
    found = [second - 20_000 for first, second in find([*national, *others]) if first < 20_000 <= second]
    assert {records[number].name for number in found} == IN_BOTH


def otp_listings(path: Path) -> list[Listing]:
    """The opioid treatment programs: names of the owners, addresses in one cell, no phone."""
    with path.open(encoding="cp1252", newline="") as file:
        rows = [row for row in csv.DictReader(file) if len(row["STATE"].strip()) == 2]
    return [
        listing(
            30_000 + number,
            row["ID"].strip(),
            source="otp",
            street=row["ADDRESS"].strip(),
            city=row["CITY"].strip(),
            state=row["STATE"].strip(),
            postal_code=row["POSTAL"].split("-")[0].strip().zfill(5),
            latitude=float(row["Latitude"]),
            longitude=float(row["Longitude"]),
            precision="exact",
        )
        for number, row in enumerate(rows)
    ]


def test_opioid_treatment_programs_are_found_by_name_and_address(
    national: list[Listing], national_records: list[ProviderRecord], shared_data: Path
) -> None:
    """Truth: the only place with methadone at that house number and ZIP. A third has another owner's name there."""
    others = otp_listings(shared_data / "fixtures" / "otp_directory_cp1252.csv")
    assert len(others) == 1831
    found = {pair for pair in find([*national, *others]) if pair[0] < 30_000 <= pair[1]}
    by_door: dict[tuple[str, str], list[int]] = defaultdict(list)
    for one, record in zip(national, national_records, strict=True):
        if record.facts.get("methadone") and (number := re.match(r"[0-9]+", record.street)):
            by_door[number[0], one.zip5].append(one.id)
    doors = {one.id: (re.match(r"[0-9]*", one.address.number)[0], one.zip5) for one in others}  # type: ignore[index]
    truth = {(by_door[door][0], number) for number, door in doors.items() if len(by_door.get(door, [])) == 1}
    assert len(truth) > 1150
    assert len(found & truth) >= 0.6 * len(truth)
    same_name = {
        (first, second)
        for first, second in truth
        if national[first - 1].name.words == others[second - 30_000].name.words
    }
    assert len(same_name) > 350
    assert len(found & same_name) >= 0.99 * len(same_name)
    strangers = {pair for pair in found if pair[1] in {number for _one, number in truth} and pair not in truth}
    assert len(strangers) <= 0.02 * len(found)
