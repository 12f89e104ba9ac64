"""Saying that a listing is still right: whole or part by part, by whom and how."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.history import act
from referral.models import Act, Change, Provider, User
from tests.admin.confirming.world import (
    add,
    ago,
    assign,
    assignments,
    attempt,
    checks,
    confirm,
    known,
    listing,
    log,
    look,
    me,
    page_of,
    today,
)
from tests.admin.conftest import Staff
from tests.pages.reading import Page, text_of

ALL = ["contact", "address", "programs", "payment"]


def states(page: Page) -> dict[str, str]:
    """What is said about each part."""
    return {text_of(label).split(" ")[0]: text_of(label) for label in page.find("label", class_="check")}


def test_one_tap_confirms_the_whole_listing_and_history_says_who(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    response = confirm(editor, number, how="visit")
    assert (response.status_code, response.headers["Location"]) == (303, f"/en/admin/listings/{number}")
    assert listing(number).confirmed_on == today()
    [check] = checks(number)
    sam = db.session.scalars(sa.select(User)).one()
    assert (check.outcome, check.how, check.parts, check.user_id) == ("confirmed", "visit", [], sam.id)
    done = sa.select(Act.user_id, Change.field, Change.new).join(Change, Change.act_id == Act.id)
    rows = db.session.execute(done.where(Act.kind == "confirm")).all()
    assert rows == [(sam.id, "confirmed_on", today().isoformat())]
    page = look(editor, page_of(number))
    assert "100% complete: staff confirmed 4 of 4 parts in the last 180 days" in page.text()
    assert "Right as listed" in page.texts("td")
    assert "Sam Editor" in page.texts("td")
    assert "By a visit" in page.texts("td")


def test_parts_are_confirmed_one_by_one_until_the_listing_is(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    confirm(editor, number, what="parts", part=["contact", "address", "no such part"])
    assert listing(number).confirmed_on == ago(400)
    assert checks(number)[0].parts == ["contact", "address"]
    page = look(editor, page_of(number))
    assert "50% complete: staff confirmed 2 of 4 parts" in page.text()
    assert "by Sam Editor" in states(page)["Address"]
    assert "Not confirmed yet" in states(page)["Ways"]
    confirm(editor, number, what="parts", part=["programs", "payment"])
    assert listing(number).confirmed_on == today()


@pytest.mark.parametrize(("days", "is_whole"), [(30, True), (31, False)])
def test_parts_make_a_whole_when_all_were_confirmed_within_30_days(
    app: Flask, staff: Staff, days: int, is_whole: bool
) -> None:
    editor, number = staff("editor"), known()
    attempt(number, "confirmed", days, parts=["contact", "address", "programs"])
    confirm(editor, number, what="parts", part=["payment"])
    assert (listing(number).confirmed_on == today()) is is_whole


def test_a_part_that_an_import_changed_since_is_no_longer_confirmed(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    attempt(number, "confirmed", 5)
    for kind, phone, percent in (("edit", "502-555-0123", 100), ("import", "502-555-0124", 75)):
        with act(db.session, kind):
            db.session.get_one(Provider, number).phone = phone
            db.session.commit()
        assert f"{percent}% complete" in look(editor, page_of(number)).text(), kind
    assert "changed by an import since" in states(look(editor, page_of(number)))["Phone"]
    confirm(editor, number, what="parts", part=["address", "programs", "payment"])
    assert listing(number).confirmed_on == ago(400)


def test_a_confirmed_listing_is_nobodys_to_check(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    assign(db.session.scalars(sa.select(User.id)).one(), number)
    confirm(editor, number, what="parts", part=["contact"])
    assert list(assignments()) == [number]
    confirm(editor, number)
    assert assignments() == {}


def test_what_has_closed_is_taken_off_the_list_at_once(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), add("one", status="temporarily_closed", closed_until=ago(-9))
    assign(me(), number)
    log(editor, number, "closed", take_off="y", note="The owner says so.")
    assert (listing(number).status, listing(number).closed_until) == ("inactive", None)
    assert assignments() == {}
    history = sa.select(Act.kind, Act.user_id, Act.why, Change.field, Change.new).join(Change).order_by(Change.field)
    assert db.session.execute(history).all() == [
        ("close", me(), "The owner says so.", "closed_until", None),
        ("close", me(), "The owner says so.", "status", "inactive"),
    ]
    assert app.test_client().get(f"/en/providers/{number}").status_code == 410
