"""Programs of a listing: added, edited, doubled, closed, opened and removed, each a small page or button."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.extensions import db
from referral.models import Act, Change, Program
from referral.models.provider import STATUSES
from tests.admin.conftest import Staff
from tests.admin.editing.world import forms_of, get, send, stored
from tests.pages.reading import read


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of the database."""
    return sqlite_url


def test_a_program_is_added_with_what_is_particular_to_it(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/programs/new")
    typed = {"level": "detox", "name": "West Wing", "max_stay_days": "7", "capacity": "12", "facts_spanish": "yes"}
    response = send(client, opened, "/new", why="New brochure.", **typed)
    assert response.status_code == 303
    new = stored(listing).programs[-1]
    assert (new.level, new.name, new.max_stay_days, new.capacity) == ("detox", "West Wing", 7, 12)
    assert (new.facts, new.status) == ({"spanish": True}, "active")
    assert db.session.scalars(sa.select(Act.why)).all()[-1] == "New brochure."
    public = read(client.get(f"/providers/{listing}")).text()
    assert "Longest stay: 7 days" in public
    assert "Room for 12 people" in public


WRONG = [
    ("level", "", "Choose a kind of care."),
    ("level", "spa", "Choose a kind of care."),
    ("max_stay_days", "0", "Enter a whole number from 1 to 3,650, or nothing."),
    ("max_stay_days", "90 days", "Enter a whole number from 1 to 3,650, or nothing."),
    ("capacity", "100001", "Enter a whole number from 0 to 100,000, or nothing."),
    ("name", "x" * 301, "Write at most 300 characters here."),
]


def test_what_is_wrong_with_a_program_is_said_at_its_field(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/programs/new")
    for name, text, message in WRONG:
        response = send(client, opened, "/new", **{"level": "detox", "capacity": "5", name: text})
        assert response.status_code == 422, (name, text)
        assert read(response).link(message) == f"#{name}"
    assert len(stored(listing).programs) == 2


def test_a_program_can_be_edited_and_its_facts_taken_back(staff: Staff, listing: int) -> None:
    client, number = staff(), stored(listing).programs[0].id
    path = f"/programs/{number}/edit"
    assert send(client, get(client, path), "/edit", facts_spanish="yes", max_stay_days="").status_code == 303
    assert (stored(listing).programs[0].facts, stored(listing).programs[0].max_stay_days) == ({"spanish": True}, None)
    assert send(client, get(client, path), "/edit", facts_spanish="").status_code == 303
    assert stored(listing).programs[0].facts == {}


def press(client: FlaskClient, listing: int, action: str, status: str = "") -> TestResponse:
    """Press a button of the listing's page."""
    form = next(
        form
        for form in forms_of(get(client, f"/listings/{listing}"))
        if form.action.endswith(action) and form.fields.get("status", "") == status
    )
    return client.post(form.action, data=form.fields)


def test_a_copy_of_a_program_is_there_once_it_is_changed_and_saved(staff: Staff, listing: int) -> None:
    client, first = staff(), stored(listing).programs[0]
    number = first.id
    first.facts = {"spanish": True}
    db.session.commit()
    page = read(get(client, f"/listings/{listing}"))
    assert f"/en/admin/programs/{number}/duplicate" in [link.get("href") for link in page.find("a")]
    opened = get(client, f"/programs/{number}/duplicate")
    assert "This copy is not saved yet." in read(opened).text()
    assert len(stored(listing).programs) == 2
    assert send(client, opened, "/new", name="North").status_code == 303
    copy = stored(listing).programs[-1]
    assert (copy.level, copy.max_stay_days, copy.capacity) == ("residential_long", 90, 20)
    assert (copy.name, copy.facts, copy.status) == ("North", {"spanish": True}, "active")
    assert stored(listing).programs[0].name == ""


@pytest.mark.parametrize("status", [status for status in STATUSES if status != "active"])
def test_a_program_is_closed_and_opened_again(staff: Staff, listing: int, status: str) -> None:
    client, number = staff(), stored(listing).programs[0].id
    assert press(client, listing, f"/programs/{number}/status", status).status_code == 303
    assert stored(listing).programs[0].status == status
    assert press(client, listing, f"/programs/{number}/status", "active").status_code == 303
    assert stored(listing).programs[0].status == "active"


def test_a_program_that_is_removed_stays_in_history(staff: Staff, listing: int) -> None:
    client, number = staff(), stored(listing).programs[0].id
    assert press(client, listing, f"/programs/{number}/status", "removed").status_code == 303
    assert [program.level for program in stored(listing).programs] == ["outpatient"]
    change = db.session.scalars(sa.select(Change).where(Change.field == "program", Change.new.is_(None))).one()
    old: dict[str, object] = change.old or {}
    assert (change.program_id, old["max_stay_days"]) == (number, 90)


def test_a_button_of_a_page_that_is_out_of_date_asks_first(staff: Staff, listing: int) -> None:
    client, number = staff(), stored(listing).programs[0].id
    form = next(
        form for form in forms_of(get(client, f"/listings/{listing}")) if form.fields.get("status") == "removed"
    )
    press(client, listing, f"/programs/{number}/status", "inactive")
    response = client.post(form.action, data=form.fields)
    assert response.status_code == 409
    assert len(stored(listing).programs) == 2
    assert send(client, response, "/status").status_code == 303
    assert db.session.get(Program, number) is None
