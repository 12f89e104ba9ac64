"""Which pictures of a tile server lie behind a view: the numbering that OpenStreetMap and its kin share.

Source: https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames
"""

from __future__ import annotations

import math

from referral.locator.projection import View
from referral.locator.shapes import HEIGHT, WIDTH, Tile

LEAST_SIZE = 350
"""Drawing units that a picture of 256 pixels measures at least."""
MAX_ZOOM = 15


def tiles_of(template: str, view: View) -> tuple[Tile, ...]:
    """The pictures that cover the view. template: address with {z}, {x} and {y}."""
    world = 2 * math.pi * view.scale
    zoom = max(0, min(MAX_ZOOM, math.floor(math.log2(world / LEAST_SIZE))))
    n = 2**zoom
    side = world / n
    # Column and row of the upper left corner, in tiles: the numbering begins at 180° west and about 85° north.
    column = (view.left + math.radians(view.longitude) + math.pi) * view.scale / side
    row = (math.pi - view.top) * view.scale / side
    address = template.replace("{z}", str(zoom))
    return tuple(
        Tile(
            address.replace("{x}", str(x % n)).replace("{y}", str(y)),
            round((x - column) * side, 1),
            round((y - row) * side, 1),
            round(side + 0.5, 1),  # a little too large, or fine lines would show between them
        )
        for y in range(max(0, math.floor(row)), min(n, math.ceil(row + HEIGHT / side)))
        for x in range(math.floor(column), math.ceil(column + WIDTH / side))
    )
