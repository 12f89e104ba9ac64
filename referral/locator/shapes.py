"""What goes into a drawing and what comes out of it: degrees WGS-84 and miles in, whole drawing units out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT = 1000, 840
"""Drawing units. On a screen of 320 px the map is 288 px wide, so that a pixel there is about 3.5 units."""

MARKER = 46
"""Radius of a marker: 26 px across on the smallest screen."""
GAP = 6
"""Least room between two things."""
TEXT = 42
"""Height of the letters of names and distances: 12 px on the smallest screen."""
ORIGIN = 24
"""Radius of the mark of the origin."""


class Origin(NamedTuple):
    """Where the person starts from. `label` stands beside the mark; empty: none."""

    latitude: float
    longitude: float
    label: str = ""


class Point(NamedTuple):
    """One place of the list. Without coordinates it is not drawn, but named as missing."""

    number: int
    latitude: float | None
    longitude: float | None
    is_about: bool
    """The point is the middle of a ZIP or city."""
    name: str
    href: str
    """Address of its entry in the list: "#p123"."""
    distance: str = ""
    """How far it is, in the words of its entry."""


class Town(NamedTuple):
    latitude: float
    longitude: float
    name: str


class Box(NamedTuple):
    """An area in degrees. `west` and `east` are unwrapped around the origin: west < east, maybe beyond ±180."""

    south: float
    west: float
    north: float
    east: float


class Ring(NamedTuple):
    miles: int
    path: str
    """Data of an SVG path; runs beyond the drawing where the ring does."""
    x: int
    y: int
    """Middle of its label."""
    text: str
    is_limit: bool
    """As far as was searched."""


class Text(NamedTuple):
    x: int
    y: int
    anchor: str
    """The side of the text that stands at x: start, middle or end."""
    text: str


class Tile(NamedTuple):
    """One square picture of a tile server."""

    href: str
    x: float
    y: float
    size: float


class Marker(NamedTuple):
    number: int
    x: int
    y: int
    href: str
    name: str
    distance: str
    direction: int | None
    """Eighth of the compass as seen from the origin, clockwise: 0 north, 1 northeast; None: at the origin."""
    is_about: bool
    true_x: int
    true_y: int
    """Where the point is; differs from x and y where the marker had to be moved."""

    @property
    def is_moved(self) -> bool:
        return (self.x, self.y) != (self.true_x, self.true_y)


@dataclass(frozen=True, slots=True)
class Locator:
    """A drawing of WIDTH by HEIGHT units, y downwards, north up."""

    markers: tuple[Marker, ...]
    """In the order of the list."""
    undrawn: tuple[Point, ...]
    """Without coordinates, or more than the map holds."""
    rings: tuple[Ring, ...]
    """The smallest first."""
    towns: tuple[Text, ...]
    town_dots: str
    """Data of an SVG path that makes a dot of each town."""
    leaders: str
    """Data of an SVG path: a line from each moved marker to its true point. Empty: none was moved."""
    leader_dots: str
    origin: tuple[int, int]
    origin_label: Text | None
    north: tuple[int, int]
    """Middle of the north arrow."""
    tiles: tuple[Tile, ...]
    width: int = WIDTH
    height: int = HEIGHT
    radius: int = MARKER
