"""A small made-up directory around Louisville, Kentucky, and a few places."""

from __future__ import annotations

from datetime import date
from typing import Any

from referral.database import start_writing
from referral.extensions import db
from referral.models import Place, Program, Provider

DOWNTOWN = {"latitude": 38.25, "longitude": -85.76}

SECRETS = {"street": "77 Hidden Lane", "unit": "Suite 9", "postal_code": "40777"}
"""The address of the confidential place."""


def _program(level: str, **values: Any) -> Program:
    return Program(level=level, **values)


def _at(latitude: float, longitude: float, precision: str = "exact") -> dict[str, Any]:
    return {"latitude": latitude, "longitude": longitude, "precision": precision}


def _provider(key: str, name: str, programs: list[Program], **values: Any) -> Provider:
    known = {"city": "Louisville", "state": "KY", "source": "test", "source_key": key, "phone": "502-555-0100"}
    return Provider(name=name, programs=programs, **known | values)


def providers() -> list[Provider]:
    medicaid, no_medicaid = {"takes_medicaid": True}, {"takes_medicaid": False, "sliding_fee": True}
    return [
        _provider(
            "1", "Blue Door", [_program("detox"), _program("outpatient")], facts=medicaid, **_at(38.26, -85.75)
        ),
        _provider("2", "Green Gate", [_program("detox_hospital")], facts=no_medicaid, **_at(38.20, -85.70)),
        _provider("3", "Hill House", [_program("residential_long")], **_at(38.30, -85.60)),
        _provider(
            "4",
            "Lake Home",
            [_program("residential", max_stay_days=120)],
            facts={"spanish": True},
            **_at(38.40, -85.9),
        ),
        _provider("5", "Mill Street", [_program("residential_short")], **_at(38.25, -85.74, "zip")),
        _provider("6", "North Recovery", [_program("recovery_residence")], **_at(38.35, -85.76)),
        _provider(
            "7",
            "On the Point",
            [_program("intensive_outpatient", facts={"co_occurring": True})],
            **_at(38.25, -85.76),
        ),
        _provider(
            "8", "Pine Ward", [_program("hospital_inpatient")], facts={"co_occurring": False}, **_at(38.24, -85.77)
        ),
        *_harder_cases(),
    ]


def _harder_cases() -> list[Provider]:
    """Far away, without a point, closed, or with everything filled in."""
    return [
        _provider("9", "Quiet Far Place", [_program("detox")], city="Nashville", state="TN", **_at(36.16, -86.78)),
        _provider("10", "Rose Shelter", [_program("detox")], address_kind="confidential", **SECRETS),
        _provider("11", "Screen Care", [_program("outpatient")], address_kind="telehealth", state="OH"),
        _provider(
            "12",
            "Town Center",
            [_program("detox"), _program("residential", max_stay_days=30)],
            street="5 Main Street",
            unit="Floor 2",
            postal_code="40202",
            organization="Town Health",
            phone_extension="12",
            website="https://town.example/",
            confirmed_on=date(2026, 5, 1),
        ),
        _provider("13", "Under Repair", [_program("detox")], status="temporarily_closed", **_at(38.25, -85.75)),
        _provider(
            "14", "Valley", [_program("detox", status="inactive"), _program("outpatient")], **_at(38.10, -85.80)
        ),
    ]


def places() -> list[Place]:
    def city(name: str, state: str, size: int, latitude: float, longitude: float) -> Place:
        key = name.casefold()
        return Place(
            kind="city", key=key, label=f"{name}, {state}", state=state, city=name, size=size,
            latitude=latitude, longitude=longitude,
        )  # fmt: skip

    return [
        Place(
            kind="zip", key="40202", label="40202 (Louisville, KY)", state="KY", city="Louisville",
            zip_kind="standard", latitude=38.2529, longitude=-85.7514,
        ),
        city("Louisville", "KY", 600_000, 38.2542, -85.7594),
        city("Springfield", "MO", 169_000, 37.2153, -93.2982),
        city("Springfield", "MA", 155_000, 42.1015, -72.5898),
        city("Springfield", "IL", 114_000, 39.7817, -89.6501),
    ]  # fmt: skip


def fill() -> None:
    """Write the directory and the places into the database of the application at work."""
    start_writing(db.session)
    db.session.add_all([*providers(), *places()])
    db.session.commit()
