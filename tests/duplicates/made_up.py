"""Made-up listings in few towns and streets, so that many of them share something."""

from __future__ import annotations

from random import Random
from typing import Any

from referral.duplicates.listing import COLUMNS, Listing, listing_of

NAMES = (
    *("Blue Door", "Blue Door Recovery Center", "BlueDoor", "Blue Door Outpatient", "Blue Dor Recovery Ctr"),
    *(
        "Green Gate",
        "Green Gate House",
        "Green Gate Inc",
        "Saint Mary's Hospital",
        "St. Marys Hosp",
        "Treatment Center",
    ),
    *("Bay Health: Blue Door", "Bay Health: Detox Unit", "Bay Health: Outpatient Clinic 2", "Riverside Counseling"),
)
STREETS = ("12 Main Street", "12 Main St", "12-A Main St., Suite 3", "12 North Main Street", "14 Main Street")
MORE_STREETS = ("9 Oak Avenue", "9 Oak Ave", "Highway 12 East", "P.O. Box 7", "")
LEVELS = ("outpatient", "detox", "residential_long")


class Row:
    """A row with the columns that a comparison reads."""

    def __init__(self, **values: Any) -> None:
        blank: dict[str, Any] = dict.fromkeys((column.key for column in COLUMNS), "")
        blank |= {"latitude": None, "longitude": None, "precision": None, "other_phones": [], "change": 0}
        self.__dict__.update({**blank, "address_kind": "street", **values})


def listing(number: int, name: str, levels: str = "outpatient", **values: Any) -> Listing:
    known = {"city": "Louisville", "state": "KY", "postal_code": "40202", "source": "locator_export"}
    organization, colon, _site = name.partition(": ")
    known["organization"] = organization if colon else ""
    row = Row(id=number, name=name, **known | values)
    return listing_of(row, levels.split())


def listings(n: int, seed: int) -> list[Listing]:
    chance = Random(seed)
    return [_one(number, chance) for number in range(1, n + 1)]


def _one(number: int, chance: Random) -> Listing:
    zip5, city = chance.choice((("40202", "Louisville"), ("40203", "Louisville"), ("40342", "Lawrenceburg")))
    values: dict[str, Any] = {
        "street": chance.choice((*STREETS, *MORE_STREETS)),
        "unit": chance.choice(("", "", "Suite 3", "Floor 2")),
        "city": city,
        "postal_code": chance.choice((zip5, zip5, "")),
        "phone": chance.choice(("", "502-555-0100", f"502-555-01{chance.randrange(100):02}")),
        "phone_extension": chance.choice(("", "", "7")),
        "website": chance.choice(("", f"https://www.place{chance.randrange(40)}.example/")),
        "license_number": chance.choice(("", "", "", f"L-{chance.randrange(30)}")),
        "address_kind": chance.choice(("street",) * 8 + ("telehealth", "confidential")),
        "source": chance.choice(("samhsa_national_directory", "locator_export", "staff")),
    }
    if chance.random() < 0.6:
        values |= {
            "latitude": 38.25 + chance.randrange(40) / 2000,
            "longitude": -85.75 + chance.randrange(40) / 2000,
            "precision": chance.choice(("exact", "exact", "zip")),
        }
    levels = " ".join(chance.sample(LEVELS, chance.randrange(3)))
    return listing(number, chance.choice(NAMES), levels, **values)
