"""The map on a page of results: the drawing with its words, towns and settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import current_app
from markupsafe import Markup

from config import Config
from referral import locator
from referral.extensions import db
from referral.language import current_language
from referral.locator import Box, Locator, Point, Town
from referral.matching import Match, Origin, Precision
from referral.pages.locator_svg import svg
from referral.pages.text import _
from referral.places.towns import KnownTowns
from referral.vocabulary.words import N_

COMPASS = (
    N_("north"),
    N_("northeast"),
    N_("east"),
    N_("southeast"),
    N_("south"),
    N_("southwest"),
    N_("west"),
    N_("northwest"),
)
"""Clockwise, as `locator.Marker.direction` counts."""


class LocatorPage(NamedTuple):
    """What templates/locator/_map.html prints."""

    map: Locator
    svg: Markup
    has_about: bool
    has_limit: bool
    tiles_host: str
    tiles_credit: str


def locator_page(origin: Origin, points: Sequence[Point], radius_miles: float | None) -> LocatorPage:
    """The map of a page of results. `points`: its entries in their order, those without coordinates too."""
    config: Config = current_app.config["ONWARD"]
    drawing = locator.draw(
        locator.Origin(origin.latitude, origin.longitude, _origin_label(origin)),
        points,
        radius_miles,
        towns_within,
        distance_text=_miles,
        tiles_url=config.map_tiles_url,
    )
    return LocatorPage(
        drawing,
        svg(drawing, _directions(current_language())),
        any(marker.is_about for marker in drawing.markers),
        any(ring.is_limit for ring in drawing.rings),
        urlsplit(config.map_tiles_url).netloc,
        config.map_tiles_credit,
    )


def points_of(
    matches: Iterable[Match], rows: Mapping[int, Any], distances: Mapping[int, str], first_number: int
) -> list[Point]:
    """The entries of a list of matches, numbered and linked as its cards are.

    rows: their listings, distances: how far they are in words; both by id.
    """
    points = []
    for number, match in enumerate(matches, first_number):
        identity = match.provider_id
        row = rows.get(identity)
        if row is not None:
            points.append(
                Point(
                    number,
                    row.latitude,
                    row.longitude,
                    match.is_approximate,
                    row.name,
                    f"#p{identity}",
                    distances.get(identity, ""),
                )
            )
    return points


def towns_within(box: Box) -> list[Town]:
    """Towns worth naming on a map of the box, those that matter most first; none while there is no database."""
    known: KnownTowns | None = current_app.extensions.get("towns")
    if known is None:
        known = current_app.extensions.setdefault("towns", KnownTowns(db.engine.connect))
    towns = known.current()
    return [Town(*town) for town in towns.within(*box)] if towns is not None else []


@lru_cache
def _directions(_language: str) -> list[str]:
    return [_(name) for name in COMPASS]


def _origin_label(origin: Origin) -> str:
    """What stands beside the mark of the origin: short, for the map is small."""
    if origin.precision is Precision.ROUNDED:
        return _("About where you are")
    # "40202 (Louisville, KY)" and "Springfield, Bucks County, PA" are known by their first part.
    name = origin.label.split(" (")[0].split(",")[0]
    if origin.precision is Precision.EXACT or not name:
        return _("Start")
    return _("Middle of %(place)s", place=name)


def _miles(miles: int) -> str:
    return _("%(n)s mi", n=f"{miles:,}")
