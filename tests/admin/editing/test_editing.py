"""Editing a listing: what is typed is what is stored, and what cannot be stored is said where it stands."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.models import Act, Change, Provider
from referral.vocabulary import FACTS
from tests.admin.conftest import Staff
from tests.admin.editing.world import edit, form_of, get, send, stored, sure
from tests.pages.reading import read


def test_saving_an_untouched_form_changes_nothing(staff: Staff, listing: int) -> None:
    before = {column.key: getattr(stored(listing), column.key) for column in sa.inspect(Provider).column_attrs}
    assert edit(staff(), listing).status_code == 303
    after = {column.key: getattr(stored(listing), column.key) for column in sa.inspect(Provider).column_attrs}
    assert after == before
    assert db.session.scalars(sa.select(Act.kind).where(Act.kind == "edit")).all() == []


CHANGES: dict[str, Any] = {
    "name": "Harbor House", "organization": "", "street": "14 Dock Street", "unit": "Suite 9", "city": "Shively",
    "state": "KY", "postal_code": "40203", "phone": "(502) 555-0123 ext. 44", "phone_extension": "",
    "phones-0-number": "", "phones-1-number": "1 (800) 555-0112", "phones-1-kind": "hotline",
    "website": "http://new.example", "license_number": "L-78", "license_expires_on": "2031-01-31",
    "licensed_beds": "", "facts_takes_medicaid": "", "facts_spanish": "yes", "facts_veterans": "no",
    "staff_note": "One.\r\nTwo.", "why": "They called.",
}  # fmt: skip


def test_every_field_that_is_changed_is_stored_with_who_and_why(staff: Staff, listing: int) -> None:
    assert edit(staff(), listing, **CHANGES).status_code == 303
    now = stored(listing)
    assert (now.name, now.organization, now.street, now.unit) == ("Harbor House", "", "14 Dock Street", "Suite 9")
    assert (now.city, now.state, now.postal_code) == ("Shively", "KY", "40203")
    assert (now.phone, now.phone_extension) == ("502-555-0123", "44")
    assert now.other_phones == [{"kind": "hotline", "number": "800-555-0112", "extension": ""}]
    assert (now.website, now.license_number) == ("http://new.example", "L-78")
    assert (now.license_expires_on, now.licensed_beds) == (date(2031, 1, 31), None)
    assert now.facts == {"spanish": True, "veterans": False}
    assert now.staff_note == "One.\nTwo."
    act = db.session.scalars(sa.select(Act).where(Act.kind == "edit")).one()
    assert act.why == "They called."
    assert act.user is not None
    assert act.user.name == "Sam Editor"
    fields = set(db.session.scalars(sa.select(Change.field).where(Change.act_id == act.id)))
    assert {"name", "point", "facts.spanish", "facts.veterans", "facts.takes_medicaid", "other_phones"} <= fields


def test_the_form_asks_every_fact_of_the_vocabulary_and_opens_families_with_something_known(
    staff: Staff, listing: int
) -> None:
    response = get(staff(), f"/listings/{listing}/edit")
    fields = form_of(response, "/edit").fields
    assert {name.removeprefix("facts-") for name in fields if name.startswith("facts-")} == set(FACTS)
    page = read(response)
    is_open = [part.get("open") is not None for part in page.find("details", class_="fact-family")]
    assert is_open.count(True) == 2


WRONG: list[tuple[str, str, str]] = [
    ("name", "  ", "Enter the name of the place."),
    ("name", "x" * 301, "Write at most 300 characters here."),
    ("city", "x" * 101, "Write at most 100 characters here."),
    ("state", "ZZ", "Choose a state."),
    ("address_kind", "moon", "Choose one of these."),
    ("postal_code", "4020", "A ZIP code has five digits"),
    ("postal_code", "ABCDE", "A ZIP code has five digits"),
    ("phone", "123", "Enter a phone number with its area code"),
    ("phone", "call us", "Enter a phone number with its area code"),
    ("phone_extension", "12a", "An extension has only digits"),
    ("phones-0-number", "55", "Enter a phone number with its area code"),
    ("website", "harbor.example", "Begin with https://, as in https://harbor.example."),
    ("website", "javascript:alert(1)", "Enter an address that begins with https://"),
    ("website", "https://", "Enter an address that begins with https://"),
    ("website", "ftp://harbor.example", "Enter an address that begins with https://"),
    ("license_expires_on", "31/12/2030", "Enter a day as year-month-day"),
    ("license_expires_on", "2030-02-30", "Enter a day as year-month-day"),
    ("licensed_beds", "-1", "Enter a whole number from 0 to 100,000, or nothing."),
    ("licensed_beds", "1e3", "Enter a whole number from 0 to 100,000, or nothing."),
    ("licensed_beds", "٣", "Enter a whole number from 0 to 100,000, or nothing."),
    ("licensed_beds", "9" * 30, "Enter a whole number from 0 to 100,000, or nothing."),
    ("facts_spanish", "maybe", "Choose yes, no or not known."),
    ("staff_note", "x" * 2001, "Write at most 2,000 characters here."),
    ("why", "x" * 501, "Write at most 500 characters here."),
]


def test_what_is_wrong_is_said_at_its_field_and_everything_typed_comes_back(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/edit")
    for name, text, message in WRONG:
        response = send(client, opened, "/edit", organization="Typed by hand", **{name: text})
        assert response.status_code == 422, (name, text)
        html = response.get_data(as_text=True)
        found = re.findall(rf'<a href="#([^"]+)">[^<]*{re.escape(message)}', html)
        assert len(found) == 1, (name, text)
        assert html.count(f'id="{found[0]}"') == 1, found
        fields = form_of(response, "/edit").fields
        assert fields["organization"] == "Typed by hand"
        if name not in ("state", "address_kind", "name", "facts_spanish"):
            assert fields[name] == text
    read(response)
    assert stored(listing).organization == "Bay & Sons Health"


def test_a_zip_of_another_state_is_asked_about_and_can_be_saved(staff: Staff, listing: int) -> None:
    client = staff()
    response = edit(client, listing, postal_code="46204")
    assert response.status_code == 422
    assert "The ZIP code 46204 is in IN, not in KY." in read(response).text()
    assert send(client, response, "/edit", sure=sure(response)).status_code == 303
    assert stored(listing).postal_code == "46204"


def test_who_was_sure_of_one_value_is_asked_about_another(staff: Staff, listing: int) -> None:
    client = staff()
    response = edit(client, listing, postal_code="46204")
    response = send(client, response, "/edit", sure=sure(response), phone="555")
    assert "Is this right?" not in read(response).text()
    response = send(client, response, "/edit", phone="502-555-0100", postal_code="40999")
    assert response.status_code == 422
    assert "We do not know the ZIP code 40999." in read(response).text()
    assert stored(listing).postal_code == "40202"
    assert send(client, response, "/edit", sure=sure(response)).status_code == 303
    assert stored(listing).postal_code == "40999"


def test_who_was_sure_keeps_the_answer_while_something_else_is_put_right(staff: Staff, listing: int) -> None:
    client = staff()
    response = edit(client, listing, postal_code="46204")
    response = send(client, response, "/edit", sure=sure(response), phone="555")
    assert send(client, response, "/edit", phone="502-555-0100").status_code == 303
    assert stored(listing).postal_code == "46204"


def test_a_zip_that_nobody_knows_is_asked_about(staff: Staff, listing: int) -> None:
    page = read(edit(staff(), listing, postal_code="40999"))
    assert "We do not know the ZIP code 40999." in page.text()


def test_control_characters_and_half_characters_are_not_stored(staff: Staff, listing: int) -> None:
    assert edit(staff(), listing, name="Har\x00bor\x1b[2J\u202e House", staff_note="a\x00b\x85c").status_code == 303
    now = stored(listing)
    assert now.name == "Har bor [2J House"
    assert now.staff_note == "a b c"


@pytest.mark.parametrize("kind", ["confidential", "telehealth"])
def test_a_place_without_a_public_address_has_no_point_and_shows_no_street(
    staff: Staff, listing: int, kind: str
) -> None:
    client = staff()
    assert edit(client, listing, address_kind=kind).status_code == 303
    now = stored(listing)
    assert (now.latitude, now.longitude, now.precision) == (None, None, None)
    assert now.street == "12 Dock Street"
    for path in (f"/providers/{listing}", f"/call/{listing}", f"/list/{listing}"):
        public = client.get(path).get_data(as_text=True)
        assert "Dock Street" not in public, path
        assert "Floor 2" not in public, path
    assert "12 Dock Street" in read(get(client, f"/listings/{listing}")).text()


def test_what_the_database_refuses_becomes_an_error_of_its_field(staff: Staff, listing: int, app: Flask) -> None:
    """A rule that the form forgot: the database has one more than the form here."""
    db.session.rollback()
    with db.engine.begin() as connection:
        if db.engine.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE TRIGGER beds BEFORE UPDATE ON provider WHEN NEW.licensed_beds = 13 "
                "BEGIN SELECT RAISE(ABORT, 'CHECK constraint failed: ck_provider_licensed_beds_range'); END"
            )
        else:
            connection.exec_driver_sql("ALTER TABLE provider DROP CONSTRAINT ck_provider_licensed_beds_range")
            connection.exec_driver_sql(
                "ALTER TABLE provider ADD CONSTRAINT ck_provider_licensed_beds_range CHECK (licensed_beds <> 13)"
            )
    response = edit(staff(), listing, licensed_beds="13", city="Shively")
    assert response.status_code == 422
    assert read(response).texts(id="licensed_beds-error") == ["Error: This cannot be stored as it is. Check it."]
    assert form_of(response, "/edit").fields["city"] == "Shively"
    assert stored(listing).city == "Louisville"


def test_a_listing_that_is_not_there_is_not_found(staff: Staff, listing: int) -> None:
    client = staff()
    token = form_of(get(client, f"/listings/{listing}/status"), "/status").fields["csrf_token"]
    data = {"csrf_token": token, "status": "inactive", "field": "name", "keep": "ours", "level": "detox", "name": "x"}
    of_listing = [f"listings/%d/{end}" for end in ("edit", "status", "settle", "preview", "programs/new")]
    for number in (999, 2**31, 2**63, 10**18):
        of_program = ("programs/%d/edit", "programs/%d/duplicate")
        for path in ("listings/%d", "listings/%d/edit", "listings/%d/status", *of_program):
            assert client.get(f"/en/admin/{path % number}").status_code == 404, path
        for path in (*of_listing, "programs/%d/edit", "programs/%d/status"):
            assert client.post(f"/en/admin/{path % number}", data=data).status_code == 404, path
