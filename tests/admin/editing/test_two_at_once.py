"""Two people change one listing at once: one saves, the other sees both versions, and nothing is lost."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.models import Act, Program, Provider
from tests.admin.conftest import Staff
from tests.admin.editing.world import edit, form_of, get, send, stored
from tests.admin.people import csrf
from tests.pages.reading import read, text_of


def test_the_second_of_two_sees_both_versions_and_chooses(staff: Staff, listing: int) -> None:
    first, second = staff("editor"), staff("admin")
    opened = get(second, f"/listings/{listing}/edit")
    assert edit(first, listing, name="Theirs", city="Shively", facts_spanish="").status_code == 303
    response = send(second, opened, "/edit", name="Mine", street="14 Dock Street", facts_spanish="yes", why="Called.")
    assert response.status_code == 409
    page = read(response)
    assert "While you were working, this was changed by: Sam Editor." in page.text()
    rows = {cells[0]: cells[1:] for row in page.find("tr")[1:] if (cells := [text_of(cell) for cell in row])}
    assert rows["Name"] == ["Harbor Recovery", "Mine", "Theirs", "What you choose"]
    assert rows["Street"] == ["12 Dock Street", "14 Dock Street", "12 Dock Street", "Yours"]
    assert rows["City"] == ["Louisville", "Louisville", "Shively", "Theirs"]
    assert stored(listing).name == "Theirs"
    assert page.checked("choose-name") == page.checked("choose-facts.spanish") == []
    unanswered = send(second, response, "/edit", choose_name="mine")
    assert unanswered.status_code == 422
    assert form_of(unanswered, "/edit").fields.getlist("asked") == ["facts.spanish"]
    assert read(unanswered).link("Choose which to keep: Spanish") == "#choose-facts.spanish-mine"
    assert "While you were working, this was changed by: Sam Editor." in read(unanswered).text()
    rows = {
        cells[0]: cells[1:] for row in read(unanswered).find("tr")[1:] if (cells := [text_of(cell) for cell in row])
    }
    assert rows["Spanish"] == ["no", "yes", "not known", "What you choose"]
    assert rows["Name"] == ["Harbor Recovery", "Mine", "Theirs", "Yours"]
    done = send(second, unanswered, "/edit", **{"choose-facts.spanish": "theirs"})
    assert done.status_code == 303
    now = stored(listing)
    assert (now.name, now.street, now.city) == ("Mine", "14 Dock Street", "Shively")
    assert now.facts == {"takes_medicaid": True}
    assert db.session.scalars(sa.select(Act.why).order_by(Act.id.desc())).first() == "Called."


def test_nothing_typed_is_lost_over_several_rounds(staff: Staff, listing: int) -> None:
    first, second = staff("editor"), staff("admin")
    opened = get(second, f"/listings/{listing}/edit")
    typed = {
        "name": "Mine", "organization": "My Org", "unit": "My Unit", "license_number": "M-1",
        "staff_note": "my\nnote",
        "facts_veterans": "yes", "phones-1-number": "502-555-0199", "licensed_beds": "33",
        "website": "https://my.example",
    }  # fmt: skip
    assert edit(first, listing, name="Theirs 0").status_code == 303
    response = send(second, opened, "/edit", **typed)
    for number in range(1, 4):
        assert response.status_code == 409
        assert edit(first, listing, name=f"Theirs {number}", city=f"City {number}").status_code == 303
        response = send(second, response, "/edit", choose_name="mine")
    assert send(second, response, "/edit", choose_name="mine").status_code == 303
    now = stored(listing)
    assert (now.name, now.organization, now.unit, now.license_number) == ("Mine", "My Org", "My Unit", "M-1")
    assert (now.staff_note, now.licensed_beds, now.website) == ("my\nnote", 33, "https://my.example")
    assert now.facts == {"takes_medicaid": True, "spanish": False, "veterans": True}
    assert [one["number"] for one in now.other_phones] == ["502-555-0111", "502-555-0199"]
    assert now.city == "City 3"


def test_a_choice_that_was_not_made_is_asked_again_after_another_change(staff: Staff, listing: int) -> None:
    first, second = staff("editor"), staff("admin")
    opened = get(second, f"/listings/{listing}/edit")
    edit(first, listing, name="Theirs")
    response = send(second, opened, "/edit", name="Mine")
    edit(first, listing, city="Shively")
    again = send(second, response, "/edit")
    assert again.status_code == 409
    assert form_of(again, "/edit").fields.getlist("asked") == ["name"]
    assert stored(listing).name == "Theirs"


def test_what_the_other_did_elsewhere_does_not_stop_a_save(staff: Staff, listing: int) -> None:
    first, second = staff("editor"), staff("admin")
    opened = get(second, f"/listings/{listing}/edit")
    number = stored(listing).programs[0].id
    assert send(first, get(first, f"/programs/{number}/edit"), "/edit", capacity="21").status_code == 303
    response = send(second, opened, "/edit", name="Mine")
    assert response.status_code == 303
    assert "Somebody else changed other parts" in read(second.get(response.headers["Location"])).text()
    assert (stored(listing).name, stored(listing).programs[0].capacity) == ("Mine", 21)


def test_a_form_that_does_not_say_what_it_saw_overwrites_nothing(staff: Staff, listing: int) -> None:
    client = staff()
    edit(client, listing, city="Shively")
    opened = get(client, f"/listings/{listing}/edit")
    for version in ("", "0", "99", "-1", "x", "9" * 40):
        response = send(client, opened, "/edit", version=version, name="Mine", city="Louisville")
        assert response.status_code == 409, version
        assert form_of(response, "/edit").fields.getlist("asked") == ["name", "city"]
    assert (stored(listing).name, stored(listing).city) == ("Harbor Recovery", "Shively")


def test_two_edits_of_a_program_are_put_together_too(staff: Staff, listing: int) -> None:
    first, second = staff("editor"), staff("admin")
    path = f"/programs/{stored(listing).programs[0].id}/edit"
    opened = get(second, path)
    assert send(first, get(first, path), "/edit", max_stay_days="60", name="North").status_code == 303
    response = send(second, opened, "/edit", max_stay_days="120", capacity="5", facts_spanish="yes")
    assert response.status_code == 409
    assert send(second, response, "/edit", choose_max_stay_days="mine").status_code == 303
    program = stored(listing).programs[0]
    assert (program.max_stay_days, program.capacity, program.name) == (120, 5, "North")
    assert program.facts == {"spanish": True}


def test_a_small_form_says_what_changed_meanwhile_and_can_be_sent_again(staff: Staff, listing: int) -> None:
    first, second = staff("editor"), staff("admin")
    opened = get(second, f"/listings/{listing}/status")
    edit(first, listing, name="Theirs")
    response = send(second, opened, "/status", status="inactive", why="It has closed.")
    assert response.status_code == 409
    assert "Harbor Recovery" in read(response).text()
    assert stored(listing).status == "active"
    assert send(second, response, "/status").status_code == 303
    assert stored(listing).status == "inactive"
    assert db.session.scalars(sa.select(Act.why).order_by(Act.id.desc())).first() == "It has closed."


def test_a_form_that_is_sent_twice_is_told_that_it_is_saved(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/edit")
    assert send(client, opened, "/edit", name="Mine").status_code == 303
    again = send(client, opened, "/edit", name="Mine")
    assert again.status_code == 409
    assert "There is nothing left to save." in read(again).text()
    assert stored(listing).version == 2


def at_once(*actions: Callable[[], None]) -> None:
    """Run these in threads that begin together; their errors come up here."""
    barrier, errors = threading.Barrier(len(actions)), list[BaseException]()

    def run(action: Callable[[], None]) -> None:
        try:
            barrier.wait()
            action()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def poster(client: FlaskClient, listing: int) -> Callable[..., int]:
    """Sends only some fields, as quickly as it can be done: what is not sent stays."""
    token = csrf(client, f"/en/admin/listings/{listing}/status")

    def post(**fields: Any) -> int:
        return client.post(f"/en/admin/listings/{listing}/edit", data={"csrf_token": token, **fields}).status_code

    return post


def test_of_two_saves_at_the_same_moment_exactly_one_wins(staff: Staff, listing: int) -> None:
    clients = [poster(staff("editor"), listing), poster(staff("admin"), listing)]
    version, answers = stored(listing).version, Counter[tuple[int, ...]]()
    for number in range(40):
        statuses = race(clients, version, number)
        answers[tuple(sorted(statuses))] += 1
        now = stored(listing)
        assert (now.name, now.version) == (f"{statuses.index(303)} of {number}", version + 1)
        version += 1
    assert answers == {(303, 409): 40}


def race(clients: list[Callable[..., int]], version: int, number: int) -> list[int]:
    """Both save a name of their own over the same version; gives the status of each."""
    statuses = [0, 0]

    def save(who: int) -> None:
        statuses[who] = clients[who](version=version, name=f"{who} of {number}")

    at_once(lambda: save(0), lambda: save(1))
    return statuses


def test_no_update_of_a_counter_is_lost(staff: Staff, listing: int, app: Flask) -> None:
    clients = [poster(staff(role), listing) for role in ("editor", "admin")]
    n_each = 20

    def count(post: Callable[..., int]) -> None:
        done = 0
        while done < n_each:
            with db.engine.connect() as connection:
                row = connection.execute(sa.select(Provider.version, Provider.licensed_beds)).one()
            status = post(version=row.version, licensed_beds=row.licensed_beds + 1)
            assert status in (303, 409)
            done += status == 303

    start = stored(listing).licensed_beds
    assert start is not None
    at_once(lambda: in_context(app, count, clients[0]), lambda: in_context(app, count, clients[1]))
    assert stored(listing).licensed_beds == start + 2 * n_each


def in_context(app: Flask, action: Callable[[Any], None], argument: Any) -> None:
    with app.app_context():
        action(argument)


def test_programs_that_two_add_at_once_are_both_there(staff: Staff, listing: int) -> None:
    clients = [staff("editor"), staff("admin")]
    opened = [get(client, f"/listings/{listing}/programs/new") for client in clients]

    def add(who: int) -> None:
        assert send(clients[who], opened[who], "/new", level="detox", name=f"of {who}").status_code == 303

    at_once(lambda: add(0), lambda: add(1))
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Program.name).where(Program.level == "detox"))) == {"of 0", "of 1"}
