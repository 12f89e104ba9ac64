"""Towns in an area: the largest of each part, each once, wherever the box lies, and kept up to date."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from flask import Flask

from referral.extensions import db
from referral.models import Place, PlaceData
from referral.places import towns as towns_module
from referral.places.towns import KnownTowns, Towns


@pytest.fixture(scope="session")
def every(map_app: Flask) -> Towns:
    with map_app.app_context(), db.engine.connect() as connection:
        return Towns.read(connection)


def names_in(towns: Towns, *box: float) -> list[str]:
    return [name for _, _, name in towns.within(*box)]


def test_every_town_of_five_hundred_people_is_known_once(every: Towns, map_app: Flask) -> None:
    with map_app.app_context(), db.engine.connect() as connection:
        wanted = connection.execute(
            sa.select(Place.latitude, Place.longitude, Place.city)
            .where(Place.kind == "city", Place.size >= 500, Place.latitude.is_not(None))
            .distinct()
        ).all()
    assert len(every.names) == len(wanted) > 25_000
    assert np.all(np.diff(every.latitude) >= 0)


def test_all_of_them_fit_into_a_few_megabytes(every: Towns) -> None:
    columns = every.latitude.nbytes + every.longitude.nbytes + every.people.nbytes
    assert columns < 500_000
    assert sum(map(len, every.names)) < 1_000_000


def test_the_largest_come_first_and_all_are_inside(every: Towns) -> None:
    box = (38.0, -86.1, 38.5, -85.4)
    found = every.within(*box)
    assert found[0][2] == "Louisville"
    assert len(found) <= 12
    assert all(box[0] <= latitude <= box[2] and box[1] <= longitude <= box[3] for latitude, longitude, _ in found)


def test_each_part_of_the_area_gives_one(every: Towns) -> None:
    south, west, north, east = 33.5, -118.9, 34.5, -117.4
    parts = [
        (int((latitude - south) / (north - south) * 3), int((longitude - west) / (east - west) * 4))
        for latitude, longitude, _ in every.within(south, west, north, east)
    ]
    assert len(parts) == len(set(parts))
    assert len(parts) > 6


def test_in_a_whole_country_only_cities_are_named(every: Towns) -> None:
    found = names_in(every, 25.0, -125.0, 49.0, -67.0)
    assert {"New York", "Los Angeles", "Chicago"} <= set(found)


@pytest.mark.parametrize(
    ("box", "expected"),
    [
        ((13.2, 144.5, 13.7, 145.0), "Tamuning"),
        ((21.2, -158.3, 21.7, -157.6), "Honolulu"),
        ((10.0, 140.0, 25.0, 206.0), "Honolulu"),
        ((10.0, -220.0, 25.0, -150.0), "Honolulu"),
    ],
)
def test_islands_and_boxes_across_the_antimeridian_have_their_towns(
    every: Towns, box: tuple[float, float, float, float], expected: str
) -> None:
    assert expected in names_in(every, *box)


def test_the_sea_has_no_towns(every: Towns) -> None:
    assert every.within(30.0, -50.0, 31.0, -49.0) == []


def city(name: str, size: int, **values: Any) -> dict[str, Any]:
    known = {"kind": "city", "key": name.lower(), "label": f"{name}, KY", "state": "KY", "city": name, "county": ""}
    return known | {"latitude": 38.0, "longitude": -85.0, "size": size, "zip_kind": None} | values


def write(*rows: dict[str, Any], fingerprint: str) -> None:
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.execute(sa.delete(Place))
        if rows:
            connection.execute(sa.insert(Place), list(rows))
        connection.execute(sa.update(PlaceData).values(fingerprint=fingerprint))


def known_names(known: KnownTowns) -> list[str]:
    towns = known.current()
    assert towns is not None
    return names_in(towns, 37.0, -86.0, 39.0, -84.0)


def test_places_are_read_once_and_again_when_setup_has_changed_them(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = KnownTowns(db.engine.connect)
    assert known_names(known) == []
    write(city("Ames", 900), city("Hamlet", 499), city("Ames", 900, key="aims"), fingerprint="one")
    assert known_names(known) == []
    monkeypatch.setattr(towns_module, "ASK_SECONDS", 0.0)
    assert known_names(known) == ["Ames"]
    first = known.current()
    assert known.current() is first
    write(city("Boone", 12_000), fingerprint="two")
    assert known_names(known) == ["Boone"]


def test_without_a_database_there_are_no_towns_and_what_is_known_is_kept(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = sa.create_engine("sqlite:////no/such/folder/onward.db")
    assert KnownTowns(nowhere.connect).current() is None
    write(city("Ames", 900), fingerprint="one")
    known = KnownTowns(db.engine.connect)
    monkeypatch.setattr(towns_module, "ASK_SECONDS", 0.0)
    assert known_names(known) == ["Ames"]
    known.connect = nowhere.connect
    assert known_names(known) == ["Ames"]


def test_threads_that_come_together_read_once(app: Flask) -> None:
    write(city("Ames", 900), fingerprint="one")
    engine, n_connections = db.engine, []

    def connect() -> sa.Connection:
        n_connections.append(1)
        return engine.connect()

    known = KnownTowns(connect)
    found: list[list[str]] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait()
        found.append(known_names(known))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [["Ames"]] * 8
    assert len(n_connections) == 1
