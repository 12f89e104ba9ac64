"""Forms that come twice make one thing, and a form for what has gone meanwhile gives back what was typed."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.models import Program, Provider
from tests.admin.conftest import Staff
from tests.admin.editing.test_two_at_once import at_once
from tests.admin.editing.world import form_of, get, send, stored
from tests.admin.people import csrf
from tests.pages.reading import read


def made(name: str) -> list[Provider]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Provider).where(Provider.name == name)))


def remove_program(client: FlaskClient, listing: int, number: int) -> None:
    data = {"csrf_token": csrf(client, f"/en/admin/listings/{listing}/status"), "status": "removed"}
    version = stored(listing).version
    assert client.post(f"/en/admin/programs/{number}/status", data=data | {"version": version}).status_code == 303


def test_a_new_listing_that_is_sent_twice_is_made_once(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, "/listings/new")
    typed = {"name": "Quiet Brook", "city": "Louisville", "phone": "502-555-0160", "facts_spanish": "yes"}
    answers = [send(client, opened, "/new", **typed) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert len(made("Quiet Brook")) == 1


def test_a_new_listing_that_is_sent_twice_at_once_is_made_once(staff: Staff, listing: int) -> None:
    clients = [staff("editor"), staff("admin")]
    opened, statuses = get(clients[0], "/listings/new"), set[int]()

    def save(client: FlaskClient) -> None:
        token = csrf(client, "/en/admin/listings/new")
        statuses.add(send(client, opened, "/new", name="Quiet Brook", csrf_token=token).status_code)

    at_once(lambda: save(clients[0]), lambda: save(clients[1]))
    assert len(made("Quiet Brook")) == 1
    assert statuses == {303}


def test_a_new_listing_sent_again_with_other_words_is_asked_about(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, "/listings/new")
    assert send(client, opened, "/new", name="Quiet Brook", city="Louisville").status_code == 303
    again = send(client, opened, "/new", name="Quiet Brook", city="Shively")
    assert again.status_code == 409
    assert form_of(again, "/edit").fields.getlist("asked") == ["city"]
    assert send(client, again, "/edit", choose_city="mine").status_code == 303
    assert [provider.city for provider in made("Quiet Brook")] == ["Shively"]


def test_two_new_listings_of_the_same_name_are_two(staff: Staff, listing: int) -> None:
    client = staff()
    for _time in range(2):
        assert send(client, get(client, "/listings/new"), "/new", name="Quiet Brook").status_code == 303
    assert len(made("Quiet Brook")) == 2


def test_a_program_that_is_sent_twice_is_added_once(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/programs/new")
    typed = {"level": "detox", "name": "West Wing", "facts_spanish": "yes"}
    for _time in range(2):
        assert send(client, opened, "/new", **typed).status_code == 303
    assert [program.name for program in stored(listing).programs] == ["", "", "West Wing"]
    assert send(client, opened, "/new", **typed | {"name": "East Wing"}).status_code == 303
    assert send(client, get(client, f"/listings/{listing}/programs/new"), "/new", **typed).status_code == 303
    assert len(stored(listing).programs) == 5


def test_what_was_typed_for_a_program_that_was_removed_meanwhile_can_be_added_again(
    staff: Staff, listing: int
) -> None:
    first, second = staff("editor"), staff("admin")
    number = stored(listing).programs[0].id
    opened = get(second, f"/programs/{number}/edit")
    remove_program(first, listing, number)
    typed = {"max_stay_days": "120", "name": "North", "facts_spanish": "yes", "why": "They told me."}
    response = send(second, opened, "/edit", **typed)
    assert response.status_code == 409
    assert "This program was removed while you changed it, by: Sam Editor." in read(response).text()
    assert [program.level for program in stored(listing).programs] == ["outpatient"]
    assert send(second, response, "/new").status_code == 303
    added = stored(listing).programs[-1]
    assert (added.level, added.max_stay_days, added.capacity) == ("residential_long", 120, 20)
    assert (added.name, added.facts) == ("North", {"spanish": True})


def test_what_was_typed_for_a_listing_that_was_deleted_meanwhile_can_be_saved_as_a_new_one(
    staff: Staff, listing: int
) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/edit")
    db.session.delete(stored(listing))
    db.session.commit()
    response = send(client, opened, "/edit", staff_note="An hour of work.", licensed_beds="17")
    assert response.status_code == 409
    assert "This listing was deleted while you changed it." in read(response).text()
    assert send(client, response, "/new").status_code == 303
    (new,) = made("Harbor Recovery")
    assert (new.id != listing, new.staff_note, new.licensed_beds) == (True, "An hour of work.", 17)
    assert new.facts == {"takes_medicaid": True, "spanish": False}


def test_what_there_never_was_is_not_found(staff: Staff, listing: int, app: Flask) -> None:
    client = staff()
    token = csrf(client, f"/en/admin/listings/{listing}/status")
    never = db.session.scalars(sa.select(sa.func.max(Program.id))).one() + 1000
    for path in (f"listings/{never}/edit", f"programs/{never}/edit", "listings/99999999999/edit"):
        assert client.post(f"/en/admin/{path}", data={"csrf_token": token, "name": "x"}).status_code == 404
