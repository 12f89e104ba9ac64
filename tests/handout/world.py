"""A made-up directory for lists and calls: much known, little known, refused, closed, gone, and long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from referral.database import start_writing
from referral.extensions import db
from referral.models import Program, Provider
from referral.models.report import Report
from referral.vocabulary import FACTS, FACTS_LISTED_IN_FULL, LEVELS

HIDDEN = {"street": "77 Hidden Lane", "unit": "Suite 9", "postal_code": "40777"}
"""The address of the confidential place, which no page may show."""

LATELY = datetime.now(UTC).date() - timedelta(days=20)

POINT = {"latitude": 38.2512, "longitude": -85.7534, "precision": "exact"}

LONG_NAME = "The Very Long Name of a Regional Behavioral Health and Recovery Services Center for Families of"


def provider(key: str, name: str, levels: str, **values: Any) -> Provider:
    known = {"city": "Louisville", "state": "KY", "source": "staff", "source_key": key, "phone": "502-555-0100"}
    return Provider(name=name, programs=[Program(level=level) for level in levels.split()], **known | values)


def harbor() -> Provider:
    """The one of which much is known."""
    known = provider(
        "harbor",
        "Harbor <i>Recovery</i>",
        "",
        organization="Bay & Sons Health",
        street="12 Dock Street",
        postal_code="40202",
        phone_extension="12",
        other_phones=[
            {"kind": "intake", "number": "502-555-0111", "extension": "3"},
            {"kind": "hotline", "number": "1-800-555-0112", "extension": ""},
        ],
        website="https://www.harbor.example/start",
        confirmed_on=LATELY,
        facts={code: code == "takes_medicaid" for code in FACTS_LISTED_IN_FULL["payment"]}
        | dict.fromkeys(("co_occurring", "accepts_on_medication", "spanish", "clients_children_welcome"), True)
        | dict.fromkeys(("smoke_free", "transportation"), False)
        | {"only_opioid_use": True},
        **POINT,
    )
    known.programs = [
        Program(level="detox_residential", max_stay_days=10),
        Program(level="outpatient", facts={"buprenorphine": True}),
    ]
    return known


def mixed() -> Provider:
    """One program says no, and the other does not say."""
    known = provider("mixed", "Mixed House", "")
    known.programs = [
        Program(level="detox", facts={"accepts_on_medication": False, "smoke_free": False}),
        Program(level="outpatient", facts={"smoke_free": False}),
    ]
    return known


def rich(number: int) -> Provider:
    """As much as any real listing says, and a long name."""
    families = ("payment", "medication", "substance", "age", "gender", "population", "accessibility", "setting")
    facts = {code: number % 3 > 0 or code[0] < "m" for code, fact in FACTS.items() if fact.family in families}
    return provider(
        f"rich{number}",
        f"{LONG_NAME} County {number}",
        " ".join(list(LEVELS)[:5]),
        organization="Organization of Several Counties and Cities",
        street=f"{number}00 Long Winding Mountain Road",
        unit="Building 4, Floor 2",
        postal_code="40202",
        other_phones=[{"kind": "hotline", "number": f"1-800-555-012{number}", "extension": ""}],
        website="https://www.long-name-of-a-regional-center.example/",
        facts=facts | {"co_occurring": True, "spanish": True, "sign_language": True, "french": True},
    )


def providers() -> list[Provider]:
    return [
        harbor(),
        provider("lane", "Long Lane", "residential_long", street="9 Long Lane", **POINT),
        provider("strict", "Strict House", "detox", facts={"accepts_on_medication": False}, **POINT),
        provider("repair", "Under Repair", "detox", status="temporarily_closed"),
        provider("gone", "Gone Away", "detox", status="inactive"),
        provider("rose", "Rose Shelter", "detox", address_kind="confidential", **HIDDEN),
        provider("screen", "Screen Care", "outpatient", address_kind="telehealth", city="", phone=""),
        provider("bare", "Nothing Known", "", **POINT),
        mixed(),
        *(rich(number) for number in range(8)),
        *(provider(f"plain{number}", f"Plain Place {number}", "outpatient") for number in range(9)),
    ]


def fill() -> None:
    """Write the directory into the database of the application at work."""
    start_writing(db.session)
    made = providers()
    db.session.add_all(made)
    db.session.flush()
    lane = next(provider for provider in made if provider.source_key == "lane")
    db.session.add(Report(provider_id=lane.id, kind="wrong_phone", code="K7QM3XPT9W", nonce="n"))
    db.session.commit()
