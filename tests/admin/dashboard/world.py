"""Listings of every kind that the overview counts, with reports, pairs, checks and imports."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from referral.extensions import db
from referral.history import act
from referral.models import Check, Correction, DuplicatePair, ImportRun, Program, Provider, Report
from referral.pages.wording import today


def ago(days: int) -> date:
    return today() - timedelta(days=days)


def listing(key: str, state: str, levels: str, **values: Any) -> Provider:
    known: dict[str, Any] = {"name": f"Place {key}", "state": state, "source": "county", "source_key": key}
    known |= {"latitude": 38.25, "longitude": -85.75, "precision": "exact"}
    return Provider(programs=[Program(level=level) for level in levels.split()], **known | values)


NOWHERE: dict[str, Any] = {"latitude": None, "longitude": None, "precision": None}


def listings() -> list[Provider]:
    return [
        listing("a", "KY", "detox outpatient", confirmed_on=ago(0), facts={"takes_medicaid": True, "spanish": False}),
        listing("b", "KY", "outpatient", confirmed_on=ago(90), license_expires_on=ago(1)),
        listing("c", "KY", "residential_long", confirmed_on=ago(91), facts={"takes_medicaid": False}),
        listing("d", "IN", "outpatient", confirmed_on=ago(180), **NOWHERE),
        listing("e", "IN", "", confirmed_on=ago(365), license_expires_on=ago(-5)),
        listing("f", "OH", "recovery_residence", confirmed_on=ago(366)),
        listing("g", "PR", "detox", address_kind="telehealth", **NOWHERE),
        listing("h", "", "detox outpatient"),
        listing("i", "KY", "detox", status="temporarily_closed", confirmed_on=ago(5), license_expires_on=ago(9)),
        listing("j", "TN", "detox", status="inactive", **NOWHERE),
    ]


def fill() -> None:
    """Write them into the database of the application at work."""
    made = listings()
    db.session.add_all(made)
    db.session.commit()
    a, b, c, i, j = (made[number] for number in (0, 1, 2, 8, 9))
    for number, provider in enumerate((a, a, i)):
        db.session.add(
            Report(
                provider=provider, kind="wrong_phone", code=f"C{number}", nonce=f"N{number}", created_on=ago(number)
            )
        )
    db.session.add(DuplicatePair(first_id=a.id, second_id=b.id, score=90))
    db.session.add(DuplicatePair(first_id=a.id, second_id=c.id, score=90, status="dismissed"))
    db.session.add(DuplicatePair(first_id=b.id, second_id=j.id, score=90))
    db.session.add_all(_checks(a, b))
    with act(db.session, "edit"):
        c.phone = "502-555-0101"
        db.session.commit()
    offer = sa.update(Correction).where(Correction.provider_id == c.id)
    db.session.execute(offer.values(is_offered=True, offered_value="502-555-0102"))
    for number in range(7):
        run = ImportRun(
            source="county", file_name=f"{number}.csv", file_sha256="0", counts={"added": number, "read": 9}
        )
        db.session.add(run)
    # A report or an offer counts as a change of its listing.
    a.website = c.website = "https://place.example"
    db.session.commit()


def _checks(*providers: Provider) -> list[Check]:
    first_of_month = today().replace(day=1)
    days = [today(), today(), first_of_month - timedelta(days=1), first_of_month - timedelta(days=40)]
    made = [
        Check(provider=provider, how="phone", outcome="confirmed", at=datetime.combine(day, datetime.min.time()))
        for provider in providers
        for day in days
    ]
    return [*made, Check(provider=providers[0], how="phone", outcome="no_answer")]
