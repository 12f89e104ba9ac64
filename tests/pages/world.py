"""A made-up directory around Louisville, Kentucky, with each kind of listing that a page has to show."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from referral.database import start_writing
from referral.extensions import db
from referral.models import Program, Provider
from referral.vocabulary import FACTS_LISTED_IN_FULL

HIDDEN = {"street": "77 Hidden Lane", "unit": "Suite 9", "postal_code": "40777"}
"""The address of the confidential place, which no page may show."""

LONG_AGO = date(2021, 3, 9)
LATELY = datetime.now(UTC).date() - timedelta(days=20)


def program(level: str, **values: Any) -> Program:
    return Program(level=level, **values)


def provider(key: str, name: str, levels: str, **values: Any) -> Provider:
    known = {"city": "Louisville", "state": "KY", "source": "staff", "source_key": key, "phone": "502-555-0100"}
    return Provider(name=name, programs=[program(level) for level in levels.split()], **known | values)


def lane() -> Provider:
    """The one whose stay is known, and how it is paid is not."""
    known = provider("lane", "Long Lane", "", **at(38.31, -85.61))
    known.programs = [program("residential_long", max_stay_days=120)]
    return known


def at(latitude: float, longitude: float, precision: str = "exact") -> dict[str, Any]:
    return {"latitude": latitude, "longitude": longitude, "precision": precision}


def harbor() -> Provider:
    """The one with everything."""
    return provider(
        "harbor",
        "Harbor <i>Recovery</i>",
        "detox_residential outpatient",
        organization="Bay & Sons Health",
        street="12 Dock Street",
        unit="Floor 2",
        postal_code="40202",
        phone_extension="12",
        other_phones=[
            {"kind": "intake", "number": "502-555-0111", "extension": "3"},
            {"kind": "hotline", "number": "1-800-555-0112", "extension": ""},
        ],
        website="https://www.harbor.example/start?x=1&y=2",
        confirmed_on=LATELY,
        facts={code: code == "takes_medicaid" for code in FACTS_LISTED_IN_FULL["payment"]}
        | {"co_occurring": True, "buprenorphine": True, "smoke_free": False, "only_opioid_use": True, "carf": True},
        **at(38.26, -85.75),
    )


def providers() -> list[Provider]:
    return [
        harbor(),
        provider("gate", "Green Gate", "detox_hospital", confirmed_on=LONG_AGO, **at(38.20, -85.70)),
        provider("hill", "Hill House", "residential_long", **at(38.30, -85.60)),
        provider(
            "mill",
            "Mill Street",
            "residential_short hospital_inpatient",
            street="9 Mill Street #2",
            **at(38.25, -85.74, "zip"),
        ),
        provider("north", "North Home", "recovery_residence", phone="", **at(38.35, -85.76)),
        provider("ward", "Pine Ward", "detox", facts={"co_occurring": False}, **at(38.24, -85.77)),
        provider("far", "Quiet Far Place", "detox", city="Nashville", state="TN", **at(36.16, -86.78)),
        provider("rose", "Rose Shelter", "detox", address_kind="confidential", **HIDDEN),
        provider("screen", "Screen Care", "detox outpatient", address_kind="telehealth", city="", state="OH"),
        provider("town", "Town Center", "detox", street="5 Main Street", postal_code="40203"),
        provider("repair", "Under Repair", "detox", status="temporarily_closed", **at(38.25, -85.75)),
        provider("gone", "Gone Away", "detox", status="inactive", **at(38.25, -85.75)),
        *(
            provider(f"clinic{number}", f"Clinic {number:02}", "outpatient", **at(38.25, -85.75 + number / 100))
            for number in range(12)
        ),
        lane(),
    ]


def fill() -> None:
    """Write the directory into the database of the application at work."""
    start_writing(db.session)
    db.session.add_all(providers())
    db.session.commit()
