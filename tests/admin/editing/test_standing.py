"""Whether a listing is on the list, what its source says otherwise, new ones, and the preview."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.models import Act, Change, Correction, Program, Provider, Report
from referral.pages.wording import today
from tests.admin.conftest import Staff
from tests.admin.editing.world import add_listing, edit, form_of, forms_of, get, send, stored, sure
from tests.pages.reading import read


def test_a_listing_is_closed_until_a_day_and_its_page_says_so(staff: Staff, listing: int) -> None:
    client, day = staff(), today() + timedelta(days=30)
    opened = get(client, f"/listings/{listing}/status")
    response = send(client, opened, "/status", status="temporarily_closed", closed_until=day.isoformat())
    assert response.status_code == 303
    assert (stored(listing).status, stored(listing).closed_until) == ("temporarily_closed", day)
    assert db.session.scalars(sa.select(Act.kind).order_by(Act.id.desc())).first() == "close"
    public = read(client.get(f"/en/providers/{listing}")).text()
    assert f"Closed for now. It opens again about {day:%B} {day.day}, {day.year}." in public
    assert send(client, get(client, f"/listings/{listing}/status"), "/status", status="active").status_code == 303
    assert (stored(listing).status, stored(listing).closed_until) == ("active", None)


def test_a_page_says_closed_no_longer_than_it_is(staff: Staff, app: Flask) -> None:
    client = staff()
    for days, is_closed in ((1, True), (0, False), (-5, False)):
        until = today() + timedelta(days=days)
        listing = add_listing(source_key=str(days), status="temporarily_closed", closed_until=until)
        page = read(client.get(f"/providers/{listing}"))
        assert ("Closed for now." in page.text()) is is_closed, days


@pytest.mark.parametrize("days", [0, -1, 5000])
def test_a_day_in_the_past_or_far_away_is_refused(staff: Staff, listing: int, days: int) -> None:
    client, day = staff(), today() + timedelta(days=days)
    opened = get(client, f"/listings/{listing}/status")
    response = send(client, opened, "/status", status="temporarily_closed", closed_until=day.isoformat())
    assert response.status_code == 422
    assert read(response).link("The day must be after today") == "#closed_until"


def test_a_listing_that_is_taken_off_says_so_to_staff_and_public(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/status")
    assert send(client, opened, "/status", status="inactive").status_code == 303
    assert client.get(f"/providers/{listing}").status_code == 410
    assert "Taken off the list" in read(get(client, f"/listings/{listing}")).text()


def offer(listing: int, field: str, value: Any) -> None:
    """As an import does that finds another value in its file."""
    db.session.execute(
        sa.update(Correction).where(Correction.field == field).values(is_offered=True, offered_value=value)
    )
    db.session.commit()


@pytest.mark.parametrize("keep", ["ours", "theirs"])
def test_a_difference_with_the_source_is_settled(staff: Staff, listing: int, keep: str) -> None:
    client = staff()
    edit(client, listing, name="Ours", facts_spanish="yes", license_expires_on="2031-01-31")
    offers = {"name": "Harbor of Hope", "facts.spanish": None, "license_expires_on": "2029-05-05"}
    for field, value in offers.items():
        offer(listing, field, value)
    assert "Harbor of Hope" in read(get(client, f"/listings/{listing}")).text()
    for field in offers:
        forms = forms_of(get(client, f"/listings/{listing}"))
        form = next(form for form in forms if form.action.endswith("/settle") and form.fields["field"] == field)
        assert client.post(form.action, data={**form.fields, "keep": keep}).status_code == 303
    now = stored(listing)
    left = db.session.scalars(sa.select(Correction).order_by(Correction.field)).all()
    if keep == "ours":
        assert (now.name, now.facts["spanish"], str(now.license_expires_on)) == ("Ours", True, "2031-01-31")
        assert {(row.field, row.source_value, row.is_offered) for row in left} == {
            (field, value, False) for field, value in offers.items()
        }
    else:
        assert (now.name, str(now.license_expires_on)) == ("Harbor of Hope", "2029-05-05")
        assert now.facts == {"takes_medicaid": True}
        assert left == []
        kinds = db.session.scalars(sa.select(Act.kind).join(Change).where(Change.field == "name")).all()
        assert kinds == ["edit", "settle"]


def test_a_level_and_a_capacity_of_the_source_are_taken(staff: Staff, listing: int) -> None:
    client = staff()
    number = stored(listing).programs[0].id
    send(client, get(client, f"/programs/{number}/edit"), "/edit", capacity="21")
    send(client, get(client, f"/listings/{listing}/programs/new"), "/new", level="detox")
    offer(listing, "capacity.residential_long", 30)
    offer(listing, "level.detox", False)
    for field in ("capacity.residential_long", "level.detox"):
        forms = forms_of(get(client, f"/listings/{listing}"))
        form = next(form for form in forms if form.action.endswith("/settle") and form.fields["field"] == field)
        assert client.post(form.action, data={**form.fields, "keep": "theirs"}).status_code == 303
    programs = [(program.level, program.capacity) for program in stored(listing).programs]
    assert programs == [("residential_long", 30), ("outpatient", None)]


def test_a_new_listing_is_stored_and_leads_to_its_programs(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, "/listings/new")
    typed = {
        "name": "New Place",
        "city": "Louisville",
        "state": "KY",
        "postal_code": "40203",
        "street": "1 Elm Street",
    }
    response = send(client, opened, "/new", phone="502-555-0177", facts_veterans="yes", **typed)
    assert response.status_code == 303
    page = read(client.get(response.headers["Location"]))
    assert "Saved. Now add its programs. The point is the middle of the ZIP code: approximate." in page.text()
    new = db.session.scalars(sa.select(Provider).where(Provider.name == "New Place")).one()
    assert (new.precision, new.facts, new.source) == ("zip", {"veterans": True}, "staff")
    assert db.session.scalars(sa.select(Change.field).where(Change.provider_id == new.id)).all() == ["listing"]
    assert db.session.scalars(sa.select(Correction)).all() == []


@pytest.mark.parametrize(
    "typed",
    [
        {"name": "Other", "phone": "(502) 555-0100"},
        {"name": "HARBOR recovery", "postal_code": "40202-1234", "state": "KY"},
    ],
)
def test_a_listing_like_it_is_shown_before_a_second_one_is_made(
    staff: Staff, listing: int, typed: dict[str, str]
) -> None:
    client = staff()
    response = send(client, get(client, "/listings/new"), "/new", **typed)
    assert response.status_code == 422
    page = read(response)
    assert page.link("Harbor Recovery").endswith(f"/admin/listings/{listing}")
    assert db.session.scalars(sa.select(Provider.id)).all() == [listing]
    assert send(client, response, "/new", sure=sure(response)).status_code == 303


def test_the_preview_shows_what_is_typed_and_stores_nothing(staff: Staff, listing: int) -> None:
    client = staff()
    before = stored(listing).version
    opened = get(client, f"/listings/{listing}/edit")
    typed = {"name": "Typed Name", "facts_veterans": "yes", "why": "Because.", "phone": "502-555-0155"}
    response = send(client, opened, "/edit", to=f"/en/admin/listings/{listing}/preview", **typed)
    assert response.status_code == 200
    page = read(response)
    assert page.texts("h1") == ["Typed Name"]
    assert "Preview: nothing is saved yet." in page.text()
    assert "502-555-0155" in page.text()
    assert "Programs here" in page.text()
    assert (stored(listing).name, stored(listing).version) == ("Harbor Recovery", before)
    back = send(client, response, "/edit", go="back")
    assert back.status_code == 200
    fields = form_of(back, "/edit").fields
    assert {name: fields[name.replace("facts_", "facts-")] for name in typed} == typed
    assert send(client, response, "/edit", go="save").status_code == 303
    assert (stored(listing).name, stored(listing).phone) == ("Typed Name", "502-555-0155")


def test_a_new_listing_can_be_previewed_too(staff: Staff, app: Flask) -> None:
    client = staff()
    response = send(client, get(client, "/listings/new"), "/new", to="/en/admin/listings/preview", name="New Place")
    assert read(response).texts("h1") == ["New Place"]
    assert db.session.scalars(sa.select(Provider.id)).all() == []
    assert form_of(send(client, response, "/new", go="back"), "/new").fields["name"] == "New Place"


def test_a_preview_of_what_cannot_be_stored_shows_what_is_wrong(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/edit")
    response = send(client, opened, "/edit", to=f"/en/admin/listings/{listing}/preview", phone="12")
    assert response.status_code == 422
    assert form_of(response, "/edit").fields["phone"] == "12"


def test_an_edit_for_a_report_is_recorded_with_it(staff: Staff, listing: int) -> None:
    other = add_listing(source_key="2")
    reports = [
        Report(provider_id=one, kind="wrong_phone", code=f"c{one}", nonce=f"n{one}") for one in (listing, other)
    ]
    db.session.add_all(reports)
    db.session.commit()
    own, foreign = (report.id for report in reports)
    db.session.rollback()
    client = staff()
    for number, phone in ((own, "502-555-0166"), (foreign, "502-555-0167"), ("x", "502-555-0168")):
        opened = get(client, f"/listings/{listing}/edit?report={number}")
        assert send(client, opened, "/edit", phone=phone).status_code == 303
    acts = db.session.execute(sa.select(Act.kind, Act.report_id).join(Change).where(Change.field == "phone")).all()
    assert [tuple(row) for row in acts] == [("report", own), ("edit", None), ("edit", None)]


def test_staff_see_everything_of_a_listing_on_one_page(staff: Staff, listing: int) -> None:
    db.session.add(Report(provider_id=listing, kind="wrong_phone", code="c", nonce="n"))
    db.session.add(Program(provider_id=listing, level="detox", status="inactive", facts={"hiv": True}))
    db.session.commit()
    text = read(get(staff("viewer"), f"/listings/{listing}")).text()
    for part in (
        "Harbor Recovery", "Bay & Sons Health", "502-555-0100 ext. 12", "502-555-0111 ext. 3",
        "12 Dock Street, Floor 2",
        "38.25670, -85.75140, exact address", "L-77", "Expired until February 29, 2020", "16", "Ask for Ann.",
        "90 days", "20", "Taken off the list", "Medicaid", "Spanish", "The phone number is wrong", "county",
    ):  # fmt: skip
        assert part in text, part
