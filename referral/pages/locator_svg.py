"""The drawing of the map as SVG. In Python: a template takes three times as long for so many small numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from referral.locator import Locator, Marker, Text
from referral.pages.text import _


def svg(drawing: Locator, directions: Sequence[str]) -> Markup:
    """The SVG element. directions: the words for the eight directions, clockwise from north."""
    return Markup("".join(_parts(drawing, directions)))  # noqa: S704 - every text in it is escaped below


def _parts(drawing: Locator, directions: Sequence[str]) -> Iterator[str]:
    yield (
        f'<svg viewBox="0 0 {drawing.width} {drawing.height}" role="group" aria-labelledby="map-name" '
        'aria-describedby="map-about">\n<g aria-hidden="true">\n'
    )
    for href, x, y, size in drawing.tiles:
        yield f'<image href="{escape(href)}" x="{x}" y="{y}" width="{size}" height="{size}"/>\n'
    for ring in drawing.rings:
        yield f'<path class="ring{" limit" if ring.is_limit else ""}" d="{ring.path}"/>\n'
    if drawing.leaders:
        yield f'<path class="leader" d="{drawing.leaders}"/>\n<path class="spot" d="{drawing.leader_dots}"/>\n'
    yield f'<path class="town" d="{drawing.town_dots}"/>\n'
    for town in drawing.towns:
        yield _text(town)
    for ring in drawing.rings:
        yield f'<text class="miles" x="{ring.x}" y="{ring.y}">{escape(ring.text)}</text>\n'
    x, y = drawing.north
    yield f'<path class="north" d="M{x} {y - 48}l20 46-20-11-20 11z"/>\n'
    yield f'<text class="miles" x="{x}" y="{y + 27}">{escape(_("N"))}</text>\n'
    x, y = drawing.origin
    yield f'<circle class="start" cx="{x}" cy="{y}" r="16"/>\n'
    if drawing.origin_label:
        yield _text(drawing.origin_label, "start-name")
    yield "</g>\n"
    for marker in drawing.markers:
        yield _marker(marker, drawing.radius, directions)
    yield "</svg>"


def _text(text: Text, name: str = "") -> str:
    x, y, anchor, words = text
    named = f' class="{name}"' if name else ""
    anchored = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text{named} x="{x}" y="{y}"{anchored}>{escape(words)}</text>\n'


def _marker(marker: Marker, radius: int, directions: Sequence[str]) -> str:
    number, x, y, href, name, distance, direction, is_about, *_true = marker
    words = [str(number), name, distance, directions[direction] if direction is not None else ""]
    label = escape(", ".join(filter(None, words)))
    about = ' class="about"' if is_about else ""
    size = "" if number < 100 else ' class="long"' if number < 1000 else ' class="longer"'
    return (
        f'<a href="{escape(href)}" aria-label="{label}"{about}><circle cx="{x}" cy="{y}" r="{radius}"/>'
        f'<text x="{x}" y="{y}"{size}>{number}</text></a>\n'
    )
