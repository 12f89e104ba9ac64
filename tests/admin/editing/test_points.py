"""The map point: found from the address when it changes, set by hand, and never in the way of saving."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from referral.places.geocode import Geocoder
from tests.admin.conftest import Staff
from tests.admin.editing.world import LOUISVILLE, add_listing, add_places, edit, form_of, get, send, stored, sure
from tests.pages.reading import read
from tests.places import fake_geocoder as fakes
from tests.places.fake_geocoder import FakeGeocoder, running_fake


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of the database."""
    return sqlite_url


BY_HAND = {"point_how": "hand", "latitude": "38.2600", "longitude": "-85.7600"}


@pytest.fixture
def fake(app: Flask) -> Iterator[FakeGeocoder]:
    """The application asks this one."""
    with running_fake() as server:
        app.extensions["geocoder"] = Geocoder("nominatim", server.url, deadline_seconds=0.4)
        yield server


def point_of(listing: int) -> tuple[float | None, float | None, str | None]:
    now = stored(listing)
    return now.latitude, now.longitude, now.precision


OLD = (38.2567, -85.7514, "exact")
ZIP = (*LOUISVILLE, "zip")


def test_without_a_geocoder_a_new_address_gets_the_middle_of_its_zip(staff: Staff, listing: int) -> None:
    client = staff()
    response = edit(client, listing, street="14 Dock Street")
    assert point_of(listing) == ZIP
    said = read(client.get(response.headers["Location"])).text()
    assert "The point is the middle of the ZIP code: approximate." in said


def test_a_unit_moves_no_point_and_asks_nobody(staff: Staff, listing: int, fake: FakeGeocoder) -> None:
    client = staff()
    assert edit(client, listing, unit="Suite 900", street="12 Dock Street #4").status_code == 303
    assert (point_of(listing), fake.asked) == (OLD, [])


def test_a_new_address_is_found_and_said(staff: Staff, listing: int, fake: FakeGeocoder) -> None:
    client = staff()
    fake.reply = fakes.found(38.2611, -85.7522)
    response = edit(client, listing, street="14 Dock Street", unit="Suite 5")
    assert point_of(listing) == (38.2611, -85.7522, "exact")
    assert [one["q"] for one in fake.asked] == ["14 Dock Street, Louisville, KY 40202"]
    assert "The point is that of the address." in read(client.get(response.headers["Location"])).text()


BAD = {
    "hangs": (fakes.hang, "The geocoder did not answer."),
    "fails": (fakes.status(500), "The geocoder did not answer."),
    "knows nothing": (fakes.says([]), "The geocoder does not know this address."),
    "is silly": (fakes.found(48.85, 2.35), "The geocoder gave a point far from this ZIP code"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_geocoder_never_stops_a_save(staff: Staff, listing: int, fake: FakeGeocoder, name: str) -> None:
    client = staff()
    fake.reply, said = BAD[name]
    response = edit(client, listing, street="14 Dock Street")
    assert response.status_code == 303
    assert (stored(listing).street, point_of(listing)) == ("14 Dock Street", ZIP)
    assert said in read(client.get(response.headers["Location"])).text()


def test_what_was_not_found_is_looked_for_again_at_the_next_save(
    staff: Staff, listing: int, fake: FakeGeocoder
) -> None:
    client = staff()
    fake.reply = fakes.says([])
    edit(client, listing, street="14 Dock Street")
    fake.reply = fakes.found()
    edit(client, listing)
    assert point_of(listing) == (*fakes.AT_DOOR, "exact")


def test_a_point_by_hand_stays_when_the_address_changes(staff: Staff, listing: int) -> None:
    client = staff()
    assert edit(client, listing, **BY_HAND).status_code == 303
    assert point_of(listing) == (38.26, -85.76, "exact")
    assert form_of(get(client, f"/listings/{listing}/edit"), "/edit").fields["point_how"] == "hand"
    assert edit(client, listing, street="14 Dock Street").status_code == 303
    assert point_of(listing) == (38.26, -85.76, "exact")


def test_a_point_by_hand_that_came_with_a_new_address_stays_too(
    staff: Staff, listing: int, fake: FakeGeocoder
) -> None:
    client = staff()
    edit(client, listing, street="14 Dock Street", **BY_HAND)
    assert edit(client, listing, street="16 Dock Street").status_code == 303
    assert (point_of(listing), fake.asked) == ((38.26, -85.76, "exact"), [])


def test_after_a_point_was_found_once_more_the_next_is_found_too(
    staff: Staff, listing: int, fake: FakeGeocoder
) -> None:
    client = staff()
    edit(client, listing, **BY_HAND)
    fake.reply = fakes.found(38.261, -85.75)
    edit(client, listing, point_how="auto", street="14 Dock Street")
    fake.reply = fakes.found(38.262, -85.75)
    edit(client, listing, street="16 Dock Street")
    assert point_of(listing) == (38.262, -85.75, "exact")


def test_a_point_that_was_found_is_found_again_for_the_next_address(
    staff: Staff, listing: int, fake: FakeGeocoder
) -> None:
    client = staff()
    for number, latitude in (("14", 38.261), ("16", 38.262)):
        fake.reply = fakes.found(latitude, -85.75)
        edit(client, listing, street=f"{number} Dock Street")
        assert point_of(listing) == (latitude, -85.75, "exact")


def test_no_point_stays_no_point(staff: Staff, listing: int, fake: FakeGeocoder) -> None:
    client = staff()
    assert edit(client, listing, point_how="none").status_code == 303
    assert edit(client, listing, city="Shively").status_code == 303
    assert (point_of(listing), fake.asked) == ((None, None, None), [])


def test_a_point_that_is_none_is_refused(staff: Staff, listing: int) -> None:
    client = staff()
    opened = get(client, f"/listings/{listing}/edit")
    points = [("", ""), ("north", "-85"), ("999", "-85"), ("0", "0"), ("nan", "1"), ("38.25", ""), ("1e999", "2")]
    for latitude, longitude in points:
        response = send(client, opened, "/edit", point_how="hand", latitude=latitude, longitude=longitude)
        assert response.status_code == 422, (latitude, longitude)
        assert "Enter two numbers in degrees" in response.get_data(as_text=True)
    assert point_of(listing) == OLD


@pytest.mark.parametrize(
    ("latitude", "longitude", "text"),
    [
        ("39.7713", "-86.1544", "This point is 107 miles from the middle of the ZIP code."),
        ("48.85", "2.35", "This point is not in the United States or its territories."),
    ],
)
def test_a_point_far_away_is_asked_about_and_can_be_saved(
    staff: Staff, listing: int, latitude: str, longitude: str, text: str
) -> None:
    client = staff()
    response = edit(client, listing, point_how="hand", latitude=latitude, longitude=longitude)
    assert response.status_code == 422
    assert text in read(response).text()
    assert send(client, response, "/edit", sure=sure(response)).status_code == 303
    assert point_of(listing) == (float(latitude), float(longitude), "exact")


def test_a_point_of_the_other_is_kept_with_what_it_stands_on(staff: Staff, app: Flask) -> None:
    add_places()
    listing = add_listing(latitude=None, longitude=None, precision=None)
    first, second = staff("editor"), staff("admin")
    opened = get(second, f"/listings/{listing}/edit")
    edit(first, listing, name="Theirs")
    assert point_of(listing) == ZIP
    response = send(second, opened, "/edit", **BY_HAND)
    assert send(second, response, "/edit", choose_point="theirs").status_code == 303
    assert point_of(listing) == ZIP
