"""The loaded places against their sources, read independently here, and properties that hold for all of them."""

from __future__ import annotations

import csv
import random
import tracemalloc
from collections import defaultdict
from typing import Any

import pytest
import sqlalchemy as sa
import zipcodes
from flask import Flask
from geopy.distance import geodesic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.extensions import db
from referral.models import Place, PlaceData
from referral.places.build import CITIES_FILE
from referral.places.gazetteer import lookup
from referral.places.loading import load_places
from referral.places.names import city_key
from referral.places.results import Choices, Found, NotFound, Reason
from referral.places.states import STATES
from tests.rounds import rounds

READS_ONLY = settings(
    max_examples=rounds(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    database=None,
)


@pytest.fixture(scope="module")
def raw_zips() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = zipcodes.list_all()  # type: ignore[no-untyped-call]
    return rows


@pytest.fixture(scope="module")
def raw_cities() -> list[dict[str, str]]:
    with CITIES_FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_zip_of_the_source_is_there_and_zero_is_no_point(
    sqlite_places: sa.Connection, raw_zips: list[dict[str, Any]]
) -> None:
    stored = {row.key: row for row in sqlite_places.execute(sa.select(Place.__table__).where(Place.kind == "zip"))}
    assert len(stored) == len(raw_zips) > 42_000
    for raw in raw_zips:
        row = stored[raw["zip_code"]]
        point = (row.latitude, row.longitude)
        assert point == ((None, None) if float(raw["lat"]) == 0 else (float(raw["lat"]), float(raw["long"])))
        assert row.zip_kind == raw["zip_code_type"].lower().replace(" ", "_")


def test_a_zip_gives_the_point_of_its_source(places: sa.Connection, raw_zips: list[dict[str, Any]]) -> None:
    for raw in random.Random(7).sample(raw_zips, 400):
        result = lookup(places, raw["zip_code"])
        if raw["state"] in ("AA", "AE", "AP"):
            assert isinstance(result, NotFound)
            assert result.reason is Reason.MILITARY_ZIP
        elif float(raw["lat"]) == 0:
            assert isinstance(result, NotFound)
        else:
            assert isinstance(result, Found)
            assert (result.latitude, result.longitude) == (float(raw["lat"]), float(raw["long"]))
            assert result.label == f"{raw['zip_code']} ({raw['city']}, {raw['state']})"


def test_a_city_lies_near_one_of_its_zips(places: sa.Connection, raw_zips: list[dict[str, Any]]) -> None:
    """The middle of a town is within 20 miles of a ZIP that carries its name, or the name is asked back.

    In Alaska the points of ZIPs, large as states, lie up to 120 miles from the town.
    """
    points = defaultdict(list)
    for raw in raw_zips:
        if raw["active"] and float(raw["lat"]) != 0:
            points[raw["city"], raw["state"]].append((float(raw["lat"]), float(raw["long"])))
    n_asked = 0
    towns = [at for at in sorted(points) if at[1] in STATES]
    for city, state in random.Random(8).sample(towns, 500):
        result = lookup(places, f"{city}, {state}")
        if isinstance(result, Choices):
            n_asked += 1
            continue
        assert isinstance(result, Found), (city, state, result)
        here = (result.latitude, result.longitude)
        limit = 120 if state == "AK" else 20
        assert min(geodesic(here, point).miles for point in points[city, state]) <= limit, (
            city,
            state,
            result,
        )
    assert n_asked <= 15


def test_every_states_largest_city_is_found_by_both_names_of_the_state(
    places: sa.Connection, raw_cities: list[dict[str, str]]
) -> None:
    largest: dict[str, dict[str, str]] = {}
    for row in raw_cities:
        if int(row["population"]) > int(largest.get(row["state"], {"population": "0"})["population"]):
            largest[row["state"]] = row
    assert len(largest) == 56
    for code, row in largest.items():
        for state in (code, code.lower(), STATES[code]):
            for text in (f"{row['name']}, {state}", f"{row['name']} {state}".upper()):
                result = lookup(places, text)
                assert isinstance(result, Found), (text, result)
                assert result.state == code
                assert (result.latitude, result.longitude) == (float(row["latitude"]), float(row["longitude"]))


def test_every_place_is_reached_by_its_own_label(sqlite_places: sa.Connection) -> None:
    rows = sqlite_places.execute(
        sa.select(Place.__table__).where(Place.latitude.is_not(None), Place.kind != "state", Place.state != "AP")
    ).all()
    for row in random.Random(9).sample(rows, 4_000):
        result = lookup(sqlite_places, row.label)
        assert isinstance(result, Found), (row, result)
        assert (result.label, result.latitude, result.longitude) == (row.label, row.latitude, row.longitude)


def test_every_state_by_itself_offers_its_cities(places: sa.Connection) -> None:
    for code, name in STATES.items():
        if code in ("NY", "DC", "FM", "MH", "PW"):
            continue
        for text in (code, name):
            result = lookup(places, text)
            assert isinstance(result, Choices), (text, result)
            assert sum(option.state == code for option in result.options) >= 1, (text, result)


TYPED = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="0123456789- ,.\x00٣４", max_size=14),
    st.lists(
        st.sampled_from(
            [*STATES, *STATES.values(), "Springfield", "40202", "St.", "County", ",", "co", "12", "York"]
        ),
        max_size=5,
    ).map(" ".join),
)


@READS_ONLY
@given(text=TYPED)
def test_no_text_makes_a_lookup_fail(places: sa.Connection, text: str) -> None:
    result = lookup(places, text)
    assert isinstance(result, Found | Choices | NotFound)
    if isinstance(result, Found):
        assert -90 <= result.latitude <= 90
        assert -180 <= result.longitude <= 180


@READS_ONLY
@given(
    name=st.one_of(
        st.sampled_from(
            ["Springfield", "Washington", "Portland", "Salem", "Jefferson County", "Kansas City", "New York"]
        ),
        st.text(alphabet="abeilnorstw '-.", min_size=1, max_size=12),
    ),
    code=st.sampled_from(sorted(STATES)),
    is_spelt_out=st.booleans(),
)
def test_a_place_in_another_state_than_the_one_typed_is_never_taken(
    places: sa.Connection, name: str, code: str, is_spelt_out: bool
) -> None:
    result = lookup(places, f"{name}, {STATES[code] if is_spelt_out else code}")
    if isinstance(result, Found) and city_key(name):
        assert result.state == code


def test_a_place_that_is_found_costs_one_select(sqlite_places: sa.Connection) -> None:
    statements: list[str] = []
    sa.event.listen(sqlite_places, "before_cursor_execute", lambda *arguments: statements.append(arguments[2]))
    texts = ["40202", "Louisville, KY", "st. louis mo", "Los Angeles", "Jefferson County, KY", "Springfield"]
    for text in texts:
        lookup(sqlite_places, text)
    assert len(statements) == len(texts)


def test_lookups_keep_nothing_in_memory(sqlite_places: sa.Connection) -> None:
    texts = ["Louisvile KY", "Cinncinnati", "Springfield", "40202", "99999", "Kansas"]
    for text in texts:
        lookup(sqlite_places, text)
    tracemalloc.start()
    for _ in range(10):
        for text in texts:
            lookup(sqlite_places, text)
    kept, _peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kept < 1_000_000


def test_setup_loads_the_places_once_and_again_when_their_data_changed(app_with_places: Flask) -> None:
    count = sa.select(sa.func.count()).select_from(Place)
    n_places = db.session.execute(count).scalar_one()
    db.session.rollback()
    runner = app_with_places.test_cli_runner()
    again = runner.invoke(args=["setup"])
    assert again.exit_code == 0
    assert "Places are up to date." in again.output
    with db.engine.begin() as connection:
        connection.execute(sa.update(PlaceData).values(fingerprint="of an older version"))
        connection.execute(sa.delete(Place).where(Place.state != "KY"))
    renewed = runner.invoke(args=["setup"])
    assert f"Loaded {n_places:,} places." in renewed.output
    assert db.session.execute(count).scalar_one() == n_places


def test_places_are_loaded_all_or_not_at_all(sqlite_url: str) -> None:
    engine = sa.create_engine(sqlite_url)
    with engine.connect() as connection:
        load_places(connection)
        connection.rollback()
        assert connection.execute(sa.select(PlaceData.fingerprint)).scalar_one() == ""
        assert connection.execute(sa.select(sa.func.count()).select_from(Place)).scalar_one() == 0
    engine.dispose()
