"""From an origin and points to a drawing in which nothing lies on anything else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from referral.locator.bearings import directions_from
from referral.locator.labels import labelled_rings, north_arrow, origin_label, town_names
from referral.locator.markers import settle
from referral.locator.placing import Rect, square
from referral.locator.projection import View, fit, mercator
from referral.locator.rings import ring_radii
from referral.locator.shapes import ORIGIN, Box, Locator, Marker, Origin, Point, Town
from referral.locator.tiles import tiles_of

MOST_MARKERS = 20

Towns = Callable[[Box], Iterable[Town]]


def no_towns(_box: Box) -> tuple[Town, ...]:
    return ()


def draw(
    origin: Origin,
    points: Sequence[Point],
    radius_miles: float | None = None,
    towns: Towns = no_towns,
    *,
    distance_text: Callable[[int], str] = "{:,} mi".format,
    tiles_url: str = "",
) -> Locator:
    """The drawing of the origin and the points (at most 20), no larger than they need.

    radius_miles: how far was searched; a ring there is marked. towns: gives names for a box in degrees, those that
    matter most first. distance_text: what stands on a ring of so many miles. tiles_url: address of pictures to lie
    behind, with {z}, {x} and {y}; empty: none. Raises ValueError for coordinates that are not on Earth.
    """
    drawn, where, undrawn = _parted(points)
    view, spots = _fitted(origin, where)
    here = view.place(origin.latitude, origin.longitude)
    taken: list[Rect] = [square(*here, ORIGIN)]
    north = north_arrow(taken, spots)
    label = origin_label(here, origin.label, taken, spots)
    radii = ring_radii(view, origin.latitude, here)
    rings = labelled_rings(view, origin.latitude, radii, radius_miles, distance_text, taken, spots)
    markers = _markers(origin, drawn, where, spots, taken)
    # Pictures carry names of their own.
    names, dots = town_names(view, () if tiles_url else towns(view.box()), markers, taken)
    moved = [marker for marker in markers if marker.is_moved]
    return Locator(
        markers=markers,
        undrawn=tuple(undrawn),
        rings=rings,
        towns=names,
        town_dots=_dots(dots),
        leaders="".join([f"M{m.x} {m.y}L{m.true_x} {m.true_y}" for m in moved]),
        leader_dots=_dots(dict.fromkeys([(m.true_x, m.true_y) for m in moved])),
        origin=here,
        origin_label=label,
        north=north,
        tiles=tiles_of(tiles_url, view) if tiles_url else (),
    )


def _fitted(origin: Origin, where: Sequence[tuple[float, float]]) -> tuple[View, list[tuple[int, int]]]:
    """A view of the origin and of places in degrees, and where these places are in it."""
    on_map = [mercator(latitude, longitude - origin.longitude) for latitude, longitude in where]
    view = fit(origin.latitude, origin.longitude, [mercator(origin.latitude, 0.0), *on_map])
    return view, [view.on_drawing(*point) for point in on_map]


def _parted(points: Sequence[Point]) -> tuple[list[Point], list[tuple[float, float]], list[Point]]:
    """Those that are drawn, where they are, and the others."""
    drawn: list[Point] = []
    where: list[tuple[float, float]] = []
    undrawn: list[Point] = []
    for point in points:
        _, latitude, longitude, *_ = point
        if latitude is None or longitude is None or len(drawn) == MOST_MARKERS:
            undrawn.append(point)
        else:
            drawn.append(point)
            where.append((latitude, longitude))
    return drawn, where, undrawn


def _markers(
    origin: Origin,
    points: Sequence[Point],
    where: Sequence[tuple[float, float]],
    true: Sequence[tuple[int, int]],
    taken: Sequence[Rect],
) -> tuple[Marker, ...]:
    direction = directions_from(origin.latitude, origin.longitude)
    return tuple(
        [
            Marker(number, x, y, href, name, distance, direction(*there), is_about, *at)
            for (number, _, _, is_about, name, href, distance), there, (x, y), at in zip(
                points, where, settle(true, taken), true, strict=True
            )
        ]
    )


def _dots(spots: Iterable[tuple[int, int]]) -> str:
    """Data of an SVG path with a line of no length at each place: with round ends, dots."""
    return "".join([f"M{x} {y}h0" for x, y in spots])
