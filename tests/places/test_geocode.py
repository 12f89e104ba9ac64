"""The one online call: whatever a geocoder does, a point comes in time, and it is never a silly one."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from config import Config, ConfigError
from referral.places.geocode import Address, Geocoder, Located, Point, Trouble, find_point
from tests.places import fake_geocoder as fakes
from tests.places.fake_geocoder import AT_DOOR, FakeGeocoder, Reply, running_fake

HERE = Address("12 Dock Street", "Louisville", "KY", "40202")
MAX_SECONDS = 3.0


@pytest.fixture
def fake() -> Iterator[FakeGeocoder]:
    with running_fake() as server:
        yield server


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def geocoder(fake: FakeGeocoder, kind: str = "nominatim", **options: Any) -> Geocoder:
    return Geocoder(kind, fake.url, **{"deadline_seconds": 0.4} | options)


def middle(located: Located) -> bool:
    """Whether it is the middle of 40202."""
    return (
        located.point is not None and located.point.precision == "zip" and abs(located.point.latitude - 38.25) < 0.02
    )


def test_without_a_geocoder_the_point_is_the_middle_of_the_zip(sqlite_places: sa.Connection) -> None:
    located = find_point(sqlite_places, Geocoder(), HERE)
    assert middle(located)
    assert located.trouble is Trouble.NO_GEOCODER


def test_without_a_zip_and_a_geocoder_there_is_no_point(sqlite_places: sa.Connection) -> None:
    assert find_point(sqlite_places, Geocoder(), HERE._replace(postal_code="")).point is None
    assert find_point(sqlite_places, Geocoder(), HERE._replace(postal_code="00000")).point is None


def test_an_address_that_is_known_gets_its_own_point(sqlite_places: sa.Connection, fake: FakeGeocoder) -> None:
    located = find_point(sqlite_places, geocoder(fake), HERE)
    assert located == (Point(*AT_DOOR, "exact"), None)
    assert fake.asked[0]["q"] == "12 Dock Street, Louisville, KY 40202"
    assert fake.agents == ["Onward (Onward directory)"]


def test_the_server_learns_the_name_of_the_site_whatever_its_letters(fake: FakeGeocoder) -> None:
    assert geocoder(fake, site_name="Después 救").ask(HERE) == AT_DOOR
    assert fake.agents == ["Despus  (Onward directory)"]


def feature(point: tuple[float, float], **properties: str) -> Reply:
    """As Photon and Pelias answer."""
    known = {"geometry": {"coordinates": [point[1], point[0]]}, "properties": {"name": "Dock Street", **properties}}
    return fakes.says({"features": [known]})


def candidate(point: tuple[float, float], kind: str) -> Reply:
    """As ArcGIS answers."""
    where, about = {"x": point[1], "y": point[0]}, {"Addr_type": kind}
    return fakes.says({"candidates": [{"address": "there", "location": where, "score": 98, "attributes": about}]})


STREET = (38.2, -85.7)
ANSWERS: dict[str, tuple[Reply, Reply]] = {
    "photon": (feature(AT_DOOR, housenumber="12"), feature(STREET)),
    "pelias": (feature(AT_DOOR, layer="address"), feature(STREET, layer="street")),
    "arcgis": (candidate(AT_DOOR, "PointAddress"), candidate(STREET, "Locality")),
    "nominatim": (
        fakes.found(),
        fakes.says(
            [{"lat": "38.2", "lon": "-85.7", "display_name": "Dock Street", "address": {"road": "Dock Street"}}]
        ),
    ),
}


@pytest.mark.parametrize("kind", sorted(ANSWERS))
def test_a_house_is_exact_and_a_street_or_town_is_not(
    sqlite_places: sa.Connection, fake: FakeGeocoder, kind: str
) -> None:
    house, street = ANSWERS[kind]
    fake.reply = house
    assert find_point(sqlite_places, geocoder(fake, kind), HERE) == (Point(*AT_DOOR, "exact"), None)
    fake.reply = street
    located = find_point(sqlite_places, geocoder(fake, kind), HERE)
    assert middle(located)
    assert located.trouble is Trouble.NOT_FOUND


def test_the_key_goes_where_its_server_wants_it(sqlite_places: sa.Connection, fake: FakeGeocoder) -> None:
    fake.reply = ANSWERS["pelias"][0]
    find_point(sqlite_places, geocoder(fake, "pelias", key="k1"), HERE)
    assert fake.asked[-1]["api_key"] == "k1"
    fake.reply = ANSWERS["arcgis"][0]
    find_point(sqlite_places, geocoder(fake, "arcgis", key="k2"), HERE)
    assert fake.asked[-1]["forStorage"] == "true"
    assert "k2" not in fake.asked[-1]["path"]


BAD: dict[str, Reply] = {
    "hangs": fakes.hang,
    "trickles": fakes.trickle,
    "trickles its headers": fakes.trickle_headers,
    "fails": fakes.status(500, b"<h1>Oops</h1>"),
    "refuses": fakes.status(403),
    "is asked too often": fakes.status(429, b"", Retry_After="3600"),
    "says HTML": fakes.status(200, b"<!doctype html><p>Hello", Content_Type="text/html"),
    "says nothing": fakes.status(200),
    "says another shape": fakes.says({"a": 1}),
    "says a number": fakes.says(7),
    "says NaN": fakes.status(200, b'[{"lat": NaN, "lon": NaN, "address": {"house_number": "12"}}]'),
    "says not a number": fakes.found("nan", "nan"),
    "says infinity": fakes.found("1e999", "5"),
    "is off Earth": fakes.found(999, -85.75),
    "is in the Atlantic": fakes.found(0, 0),
    "says words": fakes.found("north", "west"),
    "packs a bomb": fakes.status(200, gzip.compress(b" " * 20_000_000), Content_Encoding="gzip"),
    "sends ten megabytes": fakes.flood,
    "nests too deep": fakes.status(200, b"[" * 100_000),
    "leads elsewhere": lambda handler: handler.send(b"", 302, Location=f"{handler.server.url}/elsewhere"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_geocoder_costs_no_time_and_moves_no_point(
    sqlite_places: sa.Connection, fake: FakeGeocoder, name: str
) -> None:
    fake.reply = BAD[name]
    own = geocoder(fake)
    started = time.monotonic()
    located = find_point(sqlite_places, own, HERE)
    assert time.monotonic() - started < MAX_SECONDS
    assert middle(located)
    assert located.trouble is Trouble.NO_ANSWER
    assert find_point(sqlite_places, own, HERE).trouble is Trouble.PAUSED
    assert len(fake.asked) == 1


def test_a_server_that_is_not_there_is_no_answer(sqlite_places: sa.Connection) -> None:
    located = find_point(sqlite_places, Geocoder("nominatim", fakes.nobody_there()), HERE)
    assert middle(located)
    assert located.trouble is Trouble.NO_ANSWER


def test_the_usual_deadline_holds_against_a_trickle(sqlite_places: sa.Connection, fake: FakeGeocoder) -> None:
    fake.reply = fakes.trickle
    started = time.monotonic()
    assert middle(find_point(sqlite_places, Geocoder("nominatim", fake.url), HERE))
    assert time.monotonic() - started < MAX_SECONDS


@pytest.mark.parametrize(
    "point",
    [(39.7684, -86.1581), (38.6856, -85.7702), (48.85, 2.35), (-38.25, 85.75), (-85.7514, 38.2567)],
    ids=["Indianapolis", "over the border", "Paris", "signs turned", "swapped"],
)
def test_a_point_elsewhere_is_silly_and_not_taken(
    sqlite_places: sa.Connection, fake: FakeGeocoder, point: tuple[float, float]
) -> None:
    fake.reply = fakes.found(*point)
    own = geocoder(fake)
    located = find_point(sqlite_places, own, HERE)
    assert middle(located)
    assert located.trouble is Trouble.SILLY
    fake.reply = fakes.found()
    assert find_point(sqlite_places, own, HERE).trouble is None


def test_where_the_zip_has_no_point_the_state_must_be_right(sqlite_places: sa.Connection, fake: FakeGeocoder) -> None:
    nowhere = HERE._replace(postal_code="")
    assert find_point(sqlite_places, geocoder(fake), nowhere).trouble is None
    fake.reply = fakes.found(39.7684, -86.1581)
    assert find_point(sqlite_places, geocoder(fake), nowhere) == (None, Trouble.SILLY)


UNITS = [
    "",
    " #2",
    ", Suite 300",
    " Ste. B",
    " suite 12-A",
    ", Floor 2",
    " 3rd Floor",
    " Apt 4",
    ", Bldg C, Unit 7",
    " # 9",
]


@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_changes_neither_the_question_nor_the_point(
    sqlite_places: sa.Connection, fake: FakeGeocoder, unit: str
) -> None:
    located = find_point(sqlite_places, geocoder(fake), HERE._replace(street=f"12 Dock Street{unit}"))
    assert located.point == Point(*AT_DOOR, "exact")
    assert fake.asked[0]["q"] == "12 Dock Street, Louisville, KY 40202"


@pytest.mark.parametrize(
    "street", ["100 Unit Street", "5 Floor Avenue", "12 Suite Road", "1 Route 9", "77 Highway 2", "4 Lot Lane"]
)
def test_a_street_that_only_sounds_like_a_unit_is_asked_for(street: str) -> None:
    assert HERE._replace(street=street).door == street


def test_no_street_is_not_asked_for(sqlite_places: sa.Connection, fake: FakeGeocoder) -> None:
    located = find_point(sqlite_places, geocoder(fake), HERE._replace(street=""))
    assert middle(located)
    assert (located.trouble, fake.asked) == (Trouble.NO_STREET, [])


def test_after_a_failure_one_call_in_thirty_seconds_looks_whether_it_is_back(fake: FakeGeocoder) -> None:
    clock = Clock()
    own = geocoder(fake, clock=clock)
    fake.reply = fakes.status(500)
    for _ in range(120):
        own.ask(HERE)
        clock.now += 1
    assert len(fake.asked) == 4
    fake.reply = fakes.found()
    clock.now += 30
    assert own.ask(HERE) == AT_DOOR
    assert own.ask(HERE) == AT_DOOR


def test_a_public_server_is_asked_once_a_second(monkeypatch: pytest.MonkeyPatch, fake: FakeGeocoder) -> None:
    own = geocoder(fake, deadline_seconds=2.5)
    monkeypatch.setattr(own, "_interval", 1.0)
    started = time.monotonic()
    assert own.ask(HERE) == AT_DOOR
    assert own.ask(HERE) == AT_DOOR
    assert 1.0 <= time.monotonic() - started < MAX_SECONDS
    assert Geocoder("nominatim")._interval == 1.0


def test_nothing_of_an_address_or_an_answer_is_logged(
    fake: FakeGeocoder, caplog: pytest.LogCaptureFixture, sqlite_places: sa.Connection
) -> None:
    caplog.set_level("DEBUG")
    for reply in (fakes.found(), fakes.status(500, b"canary in the answer"), fakes.status(200, b"canary")):
        fake.reply = reply
        find_point(sqlite_places, geocoder(fake), HERE._replace(street="99 Canary Lane"))
    assert len(fake.asked) == 3
    assert "canary" not in json.dumps([record.getMessage() for record in caplog.records]).lower()


KEY = {"SECRET_KEY": "a key for tests only"}


@pytest.mark.parametrize(
    ("env", "says"),
    [
        ({"GEOCODER": "google"}, "GEOCODER must be one of none, nominatim, photon, pelias, arcgis"),
        ({"GEOCODR": "none"}, "GEOCODR is not a setting"),
        ({"GEOCODER_HOST": "x"}, "GEOCODER_HOST is not a setting.*GEOCODER_URL"),
        ({"GEOCODER_URL": "https://a.example"}, "GEOCODER must say what kind of server"),
        ({"GEOCODER": "pelias"}, "GEOCODER_URL must be set for pelias"),
        ({"GEOCODER": "arcgis"}, "GEOCODER_KEY must be set for arcgis"),
        ({"GEOCODER": "nominatim", "GEOCODER_URL": "a.example"}, "GEOCODER_URL must begin with https://"),
        ({"GEOCODER": "nominatim", "GEOCODER_URL": "https://u:p@a.example"}, "GEOCODER_URL must begin with https://"),
        ({"GEOCODER": "nominatim", "GEOCODER_URL": "file:///etc/passwd"}, "GEOCODER_URL must begin with https://"),
    ],
)
def test_a_setting_that_cannot_work_stops_the_start(tmp_path: Path, env: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        Config.from_env(KEY | env, tmp_path)


def test_settings_are_read(tmp_path: Path) -> None:
    assert Config.from_env(KEY, tmp_path).geocoder == "none"
    env = {"GEOCODER": "pelias", "GEOCODER_URL": "https://a.example/v1", "GEOCODER_KEY": "k"}
    config = Config.from_env(KEY | env, tmp_path)
    assert (config.geocoder, config.geocoder_url, config.geocoder_key) == ("pelias", "https://a.example/v1", "k")
