"""Two listings of one place from two sources, with all that can hang on a listing, and ways to merge them."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.database import start_writing
from referral.extensions import db
from referral.history import act
from referral.models import Assignment, Base, Check, DuplicatePair, Program, Provider, Report, User
from tests.admin.people import csrf, make_user
from tests.pages.reading import read


class World(NamedTuple):
    first: int
    second: int
    pair: int


def first() -> Provider:
    return Provider(
        name="Blue Door Recovery",
        organization="Bay Health",
        street="12 Dock Street",
        city="Louisville",
        state="KY",
        postal_code="40202",
        latitude=38.26,
        longitude=-85.75,
        precision="zip",
        phone="502-555-0100",
        other_phones=[{"kind": "hotline", "number": "502-555-0109", "extension": ""}],
        website="https://blue.example/",
        facts={"takes_medicaid": True, "methadone": True, "spanish": False},
        staff_note="Ask for Sam.",
        source="samhsa_national_directory",
        source_key="one",
        programs=[
            Program(level="outpatient", max_stay_days=90),
            Program(level="detox", name="Quiet Ward", facts={"smoke_free": True}),
        ],
    )


def second() -> Provider:
    return Provider(
        name="Blue Door",
        street="12 Dock St",
        unit="Suite 4",
        city="Louisville",
        state="KY",
        postal_code="40202-1234",
        latitude=38.261,
        longitude=-85.751,
        precision="exact",
        phone="502-555-0111",
        phone_extension="7",
        facts={"takes_medicaid": True, "spanish": True, "telehealth": True},
        confirmed_on=date(2026, 5, 6),
        license_number="L-77",
        source="locator_export",
        source_key="two",
        programs=[
            Program(level="outpatient", capacity=30, facts={"telehealth": True}),
            Program(level="residential_long", max_stay_days=120),
        ],
    )


def fill() -> World:
    """Write them, with a report, a call and an assignment on each side that goes, and a correction on each."""
    start_writing(db.session)
    one, two = first(), second()
    user = db.session.scalars(sa.select(User)).first() or make_user("viewer", email="other@staff.example")
    db.session.add_all([one, two])
    with act(db.session, "import"):
        db.session.commit()
    start_writing(db.session)
    with act(db.session, "edit", user_id=user.id):
        one.website = "https://blue-door.example/"
        two.phone = "502-555-0112"
        db.session.commit()
    start_writing(db.session)
    for number, provider in enumerate((one, two)):
        code = f"AAAAAAAAA{number}"
        db.session.add(Report(provider=provider, kind="wrong_phone", code=code, nonce=code))
        db.session.add(Check(provider=provider, user_id=user.id, how="phone", outcome="no_answer"))
    db.session.add(Assignment(provider_id=one.id, user_id=user.id))
    pair = DuplicatePair(first_id=one.id, second_id=two.id, score=87, reasons=["like_names:86", "same_address"])
    db.session.add(pair)
    db.session.commit()
    return World(one.id, two.id, pair.id)


def page_of(world: World, keep: str = "") -> str:
    """The page of two listings, whether a search has found them or not."""
    return f"/en/admin/duplicates/new?first={world.first}&second={world.second}&keep={keep}"


def form_of(client: FlaskClient, world: World, keep: str = "second", **more: Any) -> dict[str, Any]:
    """What the form of the page sends, with some of it chosen otherwise."""
    page = read(client.get(page_of(world, keep)))
    form = next(form for form in page.find("form") if str(form.get("action")).endswith("/duplicates/merge"))
    fields = [field for field in form.iter("input") if field.get("type") == "hidden" or "checked" in field.attrib]
    shown = {str(field.get("name")): field.get("value") for field in fields}
    return shown | {"why": ""} | {name.replace("__", "-"): value for name, value in more.items()}


def merge(client: FlaskClient, world: World, keep: str = "second", **more: Any) -> TestResponse:
    return client.post("/en/admin/duplicates/merge", data=form_of(client, world, keep, **more))


def undo(client: FlaskClient, number: int, **more: Any) -> TestResponse:
    page = f"/en/admin/duplicates/merges/{number}"
    return client.post(f"{page}/undo", data={"csrf_token": csrf(client, page), **more})


LEFT_OUT = {
    "history_act": None,
    "history_change": None,
    "merge": None,
    "directory_change": None,
    "staff_session": None,
    "user": None,
    "login_failure": None,
    "known_address": None,
    "place": None,
    "place_data": None,
}
COUNTERS = {"change", "version", "updated_at"}


def dump() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but history, merges and people, without the counters that only ever grow."""
    db.session.rollback()
    with db.engine.connect() as connection:
        return {
            table.name: [
                {name: value for name, value in row._mapping.items() if name not in COUNTERS}
                for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
            ]
            for table in Base.metadata.sorted_tables
            if table.name not in LEFT_OUT
        }
