"""Putting a change back: seen first, decided by an editor, and recorded as an act of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from referral.extensions import db
from referral.history import act
from referral.models import Act, Change, Correction, Program, Provider
from tests.admin.conftest import Staff
from tests.admin.history.conftest import edit, last_change
from tests.admin.people import csrf
from tests.pages.reading import Page, read


@pytest.fixture
def editor(listing: Provider, staff: Staff) -> FlaskClient:
    return staff("editor")


def path(change: Change) -> str:
    return f"/en/admin/history/{change.id}/put-back"


def hidden(page: Page) -> dict[str, str]:
    return {str(e.get("name")): str(e.get("value")) for e in page.find("input", type="hidden")}


def confirm(client: FlaskClient, change: Change, **more: str) -> TestResponse:
    """Open the page and send its form."""
    address = path(change)
    return client.post(address, data=hidden(read(client.get(address))) | more)


def stored(number: int) -> Provider:
    db.session.expire_all()
    provider = db.session.get(Provider, number)
    assert provider is not None
    return provider


def test_the_page_shows_what_it_is_now_and_what_it_will_be(listing: Provider, editor: FlaskClient) -> None:
    page = read(editor.get(path(last_change("phone"))))
    about = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert (about["It is now"], about["It will be"]) == ("502-555-0101", "502-555-0100")
    assert "Edited by Sam Editor" in about["The change"]
    assert "changed again since" not in page.text()


def test_the_value_is_put_back_and_the_act_names_the_one_it_takes_back(
    listing: Provider, editor: FlaskClient
) -> None:
    change, number, version = last_change("phone"), listing.id, listing.version
    response = confirm(editor, change, why="It was right before.")
    assert (response.status_code, response.headers["Location"]) == (303, f"/en/admin/history?provider={number}")
    provider = stored(number)
    assert (provider.phone, provider.facts, provider.version) == ("502-555-0100", {"spanish": True}, version + 1)
    done = db.session.scalars(sa.select(Act).order_by(Act.id.desc())).first()
    assert done is not None
    assert (done.kind, done.why, done.undoes_id) == ("put_back", "It was right before.", change.act_id)
    assert done.user is not None
    assert done.user.name == "Sam Editor"
    page = read(editor.get(response.headers["Location"]))
    assert "It is put back." in page.text()
    assert f"act={change.act_id}" in page.link("What it takes back")


def test_what_imports_fill_is_a_correction_no_more_once_it_is_as_the_source_said(
    listing: Provider, editor: FlaskClient
) -> None:
    fields = sa.select(Correction.field).where(Correction.provider_id == listing.id)
    assert set(db.session.scalars(fields)) == {"phone", "facts.spanish"}
    confirm(editor, last_change("phone"))
    assert set(db.session.scalars(fields)) == {"facts.spanish"}


def test_the_page_names_what_was_changed_with_it_until_that_is_put_back_too(
    listing: Provider, editor: FlaskClient
) -> None:
    edit(listing, street="99 Elm Street", latitude=38.2453, longitude=-85.7643, precision="zip")
    street, point = last_change("street"), last_change("point")
    assert confirm(editor, street).status_code == 303
    page = read(editor.get(path(street)))
    assert "The same save also changed" in page.text()
    assert page.link("Put back: Map point") == path(point)
    assert confirm(editor, point).status_code == 303
    assert "The same save also changed" not in read(editor.get(path(street))).text()


def test_a_value_that_was_changed_again_is_shown_before_it_is_overwritten(
    listing: Provider, editor: FlaskClient
) -> None:
    first = last_change("phone")
    edit(listing, phone="502-555-0102")
    page = read(editor.get(path(first)))
    assert "It was changed again since" in page.text()
    about = dict(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert (about["It became"], about["It is now"]) == ("502-555-0101", "502-555-0102")
    assert confirm(editor, first).status_code == 303
    assert stored(listing.id).phone == "502-555-0100"


def test_a_listing_that_moved_on_while_the_page_was_open_is_not_overwritten(
    listing: Provider, editor: FlaskClient
) -> None:
    change = last_change("phone")
    form = hidden(read(editor.get(path(change))))
    edit(listing, phone="502-555-0102", role="admin")
    response = editor.post(path(change), data=form | {"why": "Mine."})
    page = read(response)
    assert response.status_code == 409
    assert "502-555-0102" in page.texts("dd")
    assert "Mine." in page.texts("textarea")[0]
    assert stored(listing.id).phone == "502-555-0102"
    assert editor.post(path(change), data=hidden(page)).status_code == 303
    assert stored(listing.id).phone == "502-555-0100"


def put_back_last(client: FlaskClient, field: str) -> int:
    return confirm(client, last_change(field)).status_code


def test_every_kind_of_value_can_be_put_back(listing: Provider, editor: FlaskClient) -> None:
    number, program = listing.id, listing.programs[0].id
    day = datetime(2026, 3, 9, tzinfo=UTC).date()
    values: dict[str, Any] = {
        "latitude": 38.25,
        "longitude": -85.75,
        "precision": "exact",
        "license_expires_on": day,
        "other_phones": [{"kind": "intake", "number": "502-555-0111", "extension": ""}],
        "licensed_beds": 12,
        "status": "temporarily_closed",
    }
    edit(listing, **values)
    with act(db.session, "edit"):
        listing.programs[0].capacity = 7
        listing.programs[0].facts = {"hiv": True}
        db.session.commit()
        listing.programs.remove(listing.programs[0])
        listing.programs.append(Program(level="detox"))
        db.session.commit()
    changes = db.session.scalars(sa.select(Change).where(Change.field == "program").order_by(Change.id)).all()
    for change in changes[-2:]:
        assert confirm(editor, change).status_code == 303
    for field in ("point", "license_expires_on", "other_phones", "licensed_beds", "status", "capacity", "facts.hiv"):
        assert put_back_last(editor, field) == 303, field
    provider = stored(number)
    assert (provider.latitude, provider.license_expires_on, provider.other_phones) == (None, None, [])
    assert (provider.licensed_beds, provider.status) == (None, "active")
    (own,) = provider.programs
    assert (own.id, own.level, own.capacity, own.facts, own.max_stay_days) == (program, "outpatient", None, {}, 30)


def test_putting_back_that_a_listing_was_added_takes_it_off_the_list(listing: Provider, editor: FlaskClient) -> None:
    change = last_change("listing")
    page = read(editor.get(path(change)))
    assert "Taken off the list" in page.texts("dd")
    assert "changed again" not in page.text()
    assert confirm(editor, change).status_code == 303
    assert stored(listing.id).status == "inactive"
    assert "off the list already" in read(editor.get(path(change))).text()


def test_what_is_so_already_or_gone_offers_no_button(listing: Provider, editor: FlaskClient) -> None:
    phone = last_change("phone")
    edit(listing, phone="502-555-0100")
    with act(db.session, "edit"):
        listing.programs[0].capacity = 7
        db.session.commit()
        capacity = last_change("capacity")
        listing.programs.remove(listing.programs[0])
        db.session.commit()
    version = str(listing.version)
    for change, words in ((phone, "It is so already."), (capacity, "The program is no longer there.")):
        page = read(editor.get(path(change)))
        assert words in page.text()
        assert not page.find("button", id="put-back")
        data = {"csrf_token": csrf(editor, "/en/admin/account"), "version": version}
        assert editor.post(path(change), data=data).status_code == 409
    assert stored(listing.id).version == int(version)


def test_a_listing_that_was_deleted_says_so(listing: Provider, editor: FlaskClient) -> None:
    phone = last_change("phone")
    db.session.delete(listing)
    db.session.commit()
    for change in (phone, last_change("listing")):
        page = read(editor.get(path(change)))
        assert "no longer in the directory" in page.text()
        assert not page.find("button", id="put-back")


def test_a_value_that_the_listing_as_it_is_cannot_take_is_refused_in_words(
    listing: Provider, editor: FlaskClient
) -> None:
    edit(listing, latitude=38.25, longitude=-85.75, precision="exact")
    edit(listing, latitude=None, longitude=None, precision=None, address_kind="confidential")
    response = confirm(editor, last_change("point"))
    assert response.status_code == 422
    assert "does not go with this value" in read(response).text()
    assert stored(listing.id).latitude is None


def test_a_reason_that_is_too_long_is_asked_for_again(listing: Provider, editor: FlaskClient) -> None:
    response = confirm(editor, last_change("phone"), why="x" * 501)
    assert response.status_code == 422
    assert "at most 500 characters" in read(response).text()
    assert stored(listing.id).phone == "502-555-0101"


def test_no_page_of_history_changes_what_history_says(listing: Provider, editor: FlaskClient) -> None:
    def everything() -> list[Any]:
        rows = db.session.execute(sa.select(Change.id, Change.field, Change.old, Change.new).order_by(Change.id))
        return [tuple(row) for row in rows]

    before = everything()
    confirm(editor, last_change("phone"))
    editor.get("/en/admin/history")
    assert everything()[: len(before)] == before


def test_a_change_that_there_never_was_is_not_found(listing: Provider, editor: FlaskClient) -> None:
    data = {"csrf_token": csrf(editor, "/en/admin/account")}
    for number in ("999", "99999999999", "9223372036854775808"):
        assert editor.get(f"/en/admin/history/{number}/put-back").status_code == 404
        assert editor.post(f"/en/admin/history/{number}/put-back", data=data).status_code == 404
