"""Pictures behind the map: none unless the operator chose a server; then the right ones, and the page says so."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from config import Config, ConfigError
from referral.locator import Locator, Origin, draw
from tests.conftest import make_app
from tests.locator.conftest import render_in
from tests.locator.reading import read_figure, words
from tests.locator.worlds import origins, point, points
from tests.rounds import rounds

URL = "https://tiles.example.org/a/{z}/{x}/{y}.png"
CREDIT = "© Example map makers"
KEY = {"SECRET_KEY": "0123456789abcdef"}


def tile_of(latitude: float, longitude: float, zoom: int) -> tuple[float, float]:
    """Column and row with their fractions, by the formula of the OpenStreetMap wiki."""
    n, phi = 2**zoom, math.radians(latitude)
    return (longitude + 180) / 360 * n, (1 - math.log(math.tan(phi) + 1 / math.cos(phi)) / math.pi) / 2 * n


def pictures(drawing: Locator) -> dict[tuple[int, int, int], tuple[float, float, float]]:
    found = {}
    for href, x, y, size in drawing.tiles:
        match = re.fullmatch(r"https://tiles\.example\.org/a/(\d+)/(\d+)/(\d+)\.png", href)
        assert match, href
        zoom, column, row = (int(number) for number in match.groups())
        found[zoom, column, row] = (x, y, size)
    return found


@settings(max_examples=rounds(300), deadline=None)
@given(st.data())
def test_each_point_lies_on_its_place_in_the_right_picture(data: st.DataObject) -> None:
    origin = data.draw(origins())
    asked = data.draw(points(origin, most=10))
    drawing = draw(origin, asked, tiles_url=URL)
    found = pictures(drawing)
    zooms = {zoom for zoom, _, _ in found}
    assert len(zooms) == 1
    zoom = zooms.pop()
    for marker, where in zip(drawing.markers, asked, strict=True):
        assert where.latitude is not None
        assert where.longitude is not None
        column, row = tile_of(where.latitude, where.longitude, zoom)
        x, y, size = found[zoom, int(column) % 2**zoom, int(row)]
        assert x + (column % 1) * size == pytest.approx(marker.true_x, abs=1.5)
        assert y + (row % 1) * size == pytest.approx(marker.true_y, abs=1.5)


@settings(max_examples=rounds(300), deadline=None)
@given(st.data())
def test_pictures_cover_the_map_and_are_few(data: st.DataObject) -> None:
    origin = data.draw(origins())
    drawing = draw(origin, data.draw(points(origin, most=10)), tiles_url=URL)
    assert len(drawing.tiles) <= 16
    for x in range(1, drawing.width, 83):
        for y in range(1, drawing.height, 83):
            n = sum(tile.x <= x <= tile.x + tile.size and tile.y <= y <= tile.y + tile.size for tile in drawing.tiles)
            assert n or abs(origin.latitude) > 60  # near the poles such pictures end


def test_without_the_setting_there_are_no_pictures_and_the_headers_are_as_strict_as_ever(map_app: Flask) -> None:
    assert draw(Origin(38.25, -85.76), []).tiles == ()
    headers = map_app.test_client().get("/").headers
    assert "img-src 'self';" in headers["Content-Security-Policy"]
    assert "https:" not in headers["Content-Security-Policy"]
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"


@pytest.fixture
def tiles_app(sqlite_places_template: Path) -> Flask:
    return make_app(
        f"sqlite:///{sqlite_places_template}",
        map_tiles_url="https://tiles.example.org:8443/{z}/{x}/{y}?a=1&b=2",
        map_tiles_credit=CREDIT,
    )


def test_with_it_the_map_shows_them_and_says_who_learns_what(tiles_app: Flask) -> None:
    figure = read_figure(render_in(tiles_app, [point(1, 38.3, -85.7)]))
    images = figure.find("image")
    assert 4 <= len(images) <= 16
    assert all(str(e.get("href")).startswith("https://tiles.example.org:8443/") for e in images)
    assert all(str(e.get("href")).endswith("?a=1&b=2") for e in images)
    assert list(figure.svg()[0])[: len(images)] == images, "pictures lie behind all else, hidden from screen readers"
    caption = words(figure.find("figcaption")[0])
    assert "loads pictures from tiles.example.org:8443" in caption
    assert "roughly which area you look at, not what you ask for" in caption
    assert CREDIT in caption


def test_with_it_only_pictures_of_that_server_are_let_in(tiles_app: Flask) -> None:
    for path in ("/", "/nowhere"):
        headers = tiles_app.test_client().get(path).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
        assert policy["img-src"] == "'self' https://tiles.example.org:8443"
        assert [name for name, sources in policy.items() if "tiles" in sources] == ["img-src"]
        assert headers["Cross-Origin-Embedder-Policy"] == "credentialless"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_the_settings_are_read(tmp_path: Path) -> None:
    config = Config.from_env(KEY | {"MAP_TILES_URL": URL, "MAP_TILES_CREDIT": CREDIT}, tmp_path)
    assert (config.map_tiles_url, config.map_tiles_credit) == (URL, CREDIT)
    for off in ({}, {"MAP_TILES_URL": ""}, {"MAP_TILES_URL": " ", "MAP_TILES_CREDIT": ""}):
        assert Config.from_env(KEY | off, tmp_path).map_tiles_url == ""


@pytest.mark.parametrize(
    "url",
    [
        "http://tiles.example.org/{z}/{x}/{y}.png",
        "//tiles.example.org/{z}/{x}/{y}.png",
        "https:///{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}.png",
        "https://tiles.example.org/{z}/{x}/{x}.png",
        "https://tiles.example.org/{z}/{x}/{y}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}{r}.png",
        "https://{s}.tiles.example.org/{z}/{x}/{y}.png",
        "https://{z}/{x}/{y}",
        "https://user:word@tiles.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org; script-src *; /{z}/{x}/{y}.png",
        "https://tiles.example.org /{z}/{x}/{y}.png",
        "https://*.example.org/{z}/{x}/{y}.png",
        "https://tiles.example.org/{z}/{x}/{y}.png#x",
        "https://tiles.example.org/{z}/{x}/{y}.png\n",
        "tiles",
    ],
)
def test_an_address_that_would_not_do_stops_the_start_with_an_example(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="MAP_TILES_URL"):
        Config.from_env(KEY | {"MAP_TILES_URL": url, "MAP_TILES_CREDIT": CREDIT}, tmp_path)


def test_pictures_need_a_credit(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="MAP_TILES_CREDIT"):
        Config.from_env(KEY | {"MAP_TILES_URL": URL}, tmp_path)


@pytest.mark.parametrize("name", ["MAP_TILE_URL", "MAP_TILES", "MAP_CREDIT"])
def test_a_misspelt_map_setting_stops_the_start_with_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=rf"{name} is not a setting.*MAP_TILES_CREDIT, MAP_TILES_URL"):
        Config.from_env(KEY | {name: URL}, tmp_path)
