"""Origins and points of all sorts: spread, clumped, at one spot, at the origin, across the antimeridian."""

from __future__ import annotations

from hypothesis import strategies as st

from referral.locator import Origin, Point, Town

PLACES = {
    "Louisville": (38.25, -85.76),
    "Honolulu": (21.31, -157.86),
    "Guam": (13.44, 144.79),
    "Adak, on the antimeridian": (51.88, -176.65),
    "Taveuni, on the antimeridian": (-16.8, 179.99),
    "Utqiagvik": (71.29, -156.79),
    "far north": (75.0, 20.0),
    "far south": (-75.0, -60.0),
    "the equator": (0.0, 0.0),
}

LABELS = ["", "Start", "Middle of 40202", "About where you are", "Middle of Rancho Cucamonga"]

spreads = st.sampled_from([0.0, 1e-5, 0.001, 0.01, 0.1, 0.5, 2.0, 10.0])
offsets = st.floats(-1, 1)


@st.composite
def origins(draw: st.DrawFn) -> Origin:
    latitude, longitude = draw(
        st.one_of(st.sampled_from(sorted(PLACES.values())), st.tuples(st.floats(-75, 75), st.floats(-180, 180)))
    )
    return Origin(latitude, longitude, draw(st.sampled_from(LABELS)))


def point(
    number: int, latitude: float | None, longitude: float | None, name: str = "", *, about: bool = False
) -> Point:
    return Point(
        number, latitude, longitude, about, name or f"Place {number}", f"#p{100 - number}", f"{number} miles"
    )


@st.composite
def points(draw: st.DrawFn, origin: Origin, most: int = 20) -> list[Point]:
    """Up to `most` points in one to three clumps, each somewhere around the origin; some of them on one spot."""
    clumps = draw(st.lists(st.tuples(offsets, offsets, spreads, spreads), min_size=1, max_size=3))
    found = []
    for number in range(1, draw(st.integers(0, most)) + 1):
        north, east, far, wide = draw(st.sampled_from(clumps))
        latitude = origin.latitude + far * north + wide * draw(offsets)
        longitude = origin.longitude + far * east + wide * draw(offsets)
        found.append(point(number, max(-80.0, min(80.0, latitude)), (longitude + 180) % 360 - 180))
    return found


@st.composite
def towns_around(draw: st.DrawFn, origin: Origin) -> list[Town]:
    names = st.sampled_from(["Ames", "Saint Matthews", "Winston-Salem", "Truth or Consequences", "WWWWWW", "Ñuñoa"])
    spread = draw(spreads)
    return [
        Town(
            max(-80.0, min(80.0, origin.latitude + spread * draw(offsets))),
            (origin.longitude + spread * draw(offsets) + 180) % 360 - 180,
            draw(names),
        )
        for _ in range(draw(st.integers(0, 15)))
    ]
