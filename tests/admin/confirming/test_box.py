"""The box about confirming: what it shows, what it refuses, and where it stands."""

from __future__ import annotations

import pytest
from flask import Flask

from referral.extensions import db
from referral.models import Provider
from tests.admin.confirming.world import (
    add,
    ago,
    attempt,
    checks,
    confirm,
    known,
    listing,
    look,
    page_of,
    report,
    today,
)
from tests.admin.conftest import Staff
from tests.admin.people import csrf
from tests.pages.reading import read

ALL = ["contact", "address", "programs", "payment"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One database is enough here: nothing below depends on which."""
    return sqlite_url


@pytest.mark.parametrize(("days", "percent"), [(180, 100), (181, 0)])
def test_a_part_counts_as_confirmed_for_180_days(app: Flask, staff: Staff, days: int, percent: int) -> None:
    number = known()
    attempt(number, "confirmed", days)
    assert f"{percent}% complete" in look(staff("viewer"), page_of(number)).text()


def test_facts_of_programs_make_parts_too_and_telehealth_has_no_address(app: Flask, staff: Staff) -> None:
    number = add("screen", levels="outpatient", address_kind="telehealth", city="")
    db.session.get_one(Provider, number).programs[0].facts = {"spanish": True}
    db.session.commit()
    confirm(staff("editor"), number, what="parts", part=["contact", "programs", "language"])
    assert listing(number).confirmed_on == today()


def test_no_part_ticked_is_said_and_nothing_is_stored(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    page = read(confirm(editor, number, what="parts", how="site"))
    assert page.status == 422
    assert page.link("Tick the parts that are right.") == "#part"
    assert page.find("input", id="part")
    assert page.checked("how") == ["site", "phone"]
    assert page.texts("title")[0].startswith("Error:")
    assert checks(number) == []


def test_what_was_changed_while_the_page_was_open_is_not_confirmed_unseen(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    page = read(confirm(editor, number, version="0"))
    assert page.status == 409
    assert "The listing was changed while this page was open." in page.text()
    assert listing(number).confirmed_on == ago(400)
    assert checks(number) == []
    assert page.find("input", name="version")[0].get("value") == "1"


def test_what_is_off_the_list_cannot_be_confirmed(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    form = {"version": "1"}
    listing(number).status = "inactive"
    db.session.commit()
    assert "Still right today" not in look(editor, page_of(number)).html
    for path, more in (("confirm", {"what": "all"}), ("calls", {"outcome": "no_answer"})):
        data = {"csrf_token": csrf(editor, page_of(number)), "how": "phone", **form, **more}
        page = read(editor.post(f"/en/admin/listings/{number}/{path}", data=data))
        assert page.status == 409
        assert "This listing is off the list." in page.text()
    assert checks(number) == []


def test_the_page_says_what_to_verify(app: Flask, staff: Staff) -> None:
    facts = {"takes_medicaid": True, "takes_medicare": False}
    number = add(
        "bay",
        "Bay <i>House</i>",
        "residential_long outpatient",
        organization="Bay & Sons",
        street="12 Dock Street",
        phone_extension="7",
        other_phones=[{"kind": "intake", "number": "502-555-0111", "extension": ""}],
        website="https://www.bay.example/x",
        facts=facts,
        staff_note="Ring twice.",
    )
    page = look(staff("viewer"), page_of(number))
    for text in ("Bay <i>House</i>", "Bay & Sons", "Ring twice.", "Hello, this is Sam Viewer from Onward"):
        assert text in page.text()
    assert page.link("502-555-0100") == "tel:+15025550100;ext=7"
    assert page.link("502-555-0111") == "tel:+15025550111"
    for question in ("Can a person stay for 90 days?", "How long can a person stay?"):
        assert (question in page.text()) is question.startswith("How")
    assert "Do you take Medicaid?" not in page.text()
    page = look(staff("editor"), page_of(number))
    for text in (
        "12 Dock Street",
        "bay.example",
        "Live-in treatment, over 30 days",
        "Medicaid",
        "Not on its list: Medicare",
    ):
        assert text in page.text()


def test_viewers_see_how_it_stands_and_get_no_button(app: Flask, staff: Staff) -> None:
    number = known()
    attempt(number, "no_answer", 1, note="Rang <b>twice</b>\nNobody there")
    page = look(staff("viewer"), page_of(number))
    assert "Rang <b>twice</b>Nobody there" in page.texts("td")
    assert not page.find("form", action=f"/en/admin/listings/{number}/confirm")
    assert [text for text in page.texts("button") if text != "Sign out"] == []


def test_the_public_page_shows_the_day_at_once(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    before = read(app.test_client().get(f"/en/providers/{number}")).text()
    confirm(editor, number)
    after = read(app.test_client().get(f"/en/providers/{number}")).text()
    assert "over a year ago" in before
    assert "over a year ago" not in after


def test_the_page_of_the_listing_has_the_box_too(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    attempt(number, "no_answer", note="Nobody there")
    page = look(editor, f"/en/admin/listings/{number}")
    assert "Nobody there" in page.texts("td")
    [form] = page.find("form", action=f"/en/admin/listings/{number}/confirm")
    sent = {
        str(field.get("name")): field.get("value") for field in form.iter("input") if field.get("type") == "hidden"
    }
    assert sent["then"] == "listing"
    response = editor.post(str(form.get("action")), data={**sent, "what": "all", "how": "phone"})
    assert response.headers["Location"] == f"/en/admin/listings/{number}"
    assert listing(number).confirmed_on == today()


def test_the_caller_learns_what_was_reported(app: Flask, staff: Staff) -> None:
    number = known()
    report(number, "closed_or_moved", text="Secret words")
    page = look(staff("viewer"), page_of(number))
    assert "Reported: It has closed or moved" in page.text()
    assert "Secret words" not in page.html
    assert page.link("Read the reports") == f"/en/admin/reports?provider={number}"


def test_reports_stay_open_when_a_listing_is_confirmed(app: Flask, staff: Staff) -> None:
    editor, number = staff("editor"), known()
    report(number)
    confirm(editor, number)
    assert len(listing(number).open_reports) == 1
