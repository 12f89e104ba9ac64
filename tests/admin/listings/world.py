"""Listings for the tests of the staff list."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from referral.database import start_writing
from referral.extensions import db
from referral.models import Correction, Program, Provider, Report
from referral.pages.wording import today

LIST = "/en/admin/listings"
HERE = {"latitude": 38.25, "longitude": -85.76, "precision": "exact"}
NOWHERE: dict[str, Any] = {"latitude": None, "longitude": None, "precision": None}


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def add_many(n: int) -> None:
    """So many listings at once."""
    db.session.rollback()
    start_writing(db.session)
    db.session.add_all(
        Provider(name=f"Place {number:03}", state="KY", source="staff", source_key=str(number)) for number in range(n)
    )
    db.session.commit()


def add(key: str, *, levels: tuple[str, ...] = ("detox",), **values: Any) -> int:
    """A listing, which gets its id from the database. Nothing of it is known but what is given."""
    db.session.rollback()
    start_writing(db.session)
    known: dict[str, Any] = {
        "name": f"Place {key}",
        "city": "Louisville",
        "state": "KY",
        "postal_code": "40202",
        "phone": "502-555-0100",
        "source": "samhsa_national_directory",
        "source_key": key,
        "programs": [Program(level=level) for level in levels],
    }
    provider = Provider(**HERE | known | values)
    db.session.add(provider)
    db.session.commit()
    return provider.id


def report(provider_id: int, key: str) -> int:
    db.session.rollback()
    start_writing(db.session)
    made = Report(provider=db.session.get_one(Provider, provider_id), kind="wrong_phone", code=key, nonce=key)
    db.session.add(made)
    db.session.commit()
    return made.id


def correct(provider_id: int, field: str, *, is_offered: bool = False) -> None:
    """What the corrections of staff leave behind, in the same flush as the change of the listing."""
    db.session.rollback()
    start_writing(db.session)
    provider = db.session.get_one(Provider, provider_id)
    provider.staff_note += "x"
    db.session.add(Correction(provider_id=provider_id, field=field, is_offered=is_offered))
    db.session.commit()


def add_each_kind() -> dict[str, int]:
    """One listing of each kind that the list can be narrowed to; ids by name."""
    ids = {
        "Alder House": add("a", name="Alder House", confirmed_on=ago(10), facts={"spanish": True}),
        "Birch Center": add(
            "b", name="Birch Center", state="ND", city="Bismarck", postal_code="58501", confirmed_on=ago(400),
            facts={"spanish": False}, levels=("outpatient", "intensive_outpatient"), phone="701-555-0142",
            other_phones=[{"kind": "intake", "number": "877-555-0177", "extension": ""}],
        ),
        "Cedar Clinic": add("c", name="Cedar Clinic", status="temporarily_closed", **NOWHERE),
        "Dogwood": add("d", name="Dogwood", address_kind="confidential", source="staff", **NOWHERE),
        "Elm": add("e", name="Elm", precision="zip", license_expires_on=ago(1), levels=()),
        "Fir": add("f", name="Fir", license_expires_on=ago(-1), source="demo", organization="Conifers United"),
    }  # fmt: skip
    report(ids["Alder House"], "one")
    correct(ids["Birch Center"], "name")
    correct(ids["Elm"], "phone", is_offered=True)
    return ids
