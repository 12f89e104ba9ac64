"""Bars by month as SVG, drawn here: no script, no style attribute, nothing from another host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 48, 8, 12, 44
"""Room around the bars, in units of the drawing."""

GROUND = HEIGHT - BOTTOM
INNER_HEIGHT = GROUND - TOP
N_STEPS = 4


class Month(NamedTuple):
    label: str
    year: str
    """Empty where it is not to be said."""
    values: tuple[int, int]
    """The number of each of the two kinds of bar."""


def plot(months: Sequence[Month], title: str, about: str) -> Markup:
    """The drawing. A table beside it says the same in numbers, so for screen readers it is one picture."""
    return Markup("".join(_parts(months, title, about)))  # noqa: S704 - every text in it is escaped below


def scale_of(largest: int) -> int:
    """The number at the top of the scale: N_STEPS equal steps of 1, 2 or 5 times a power of ten."""
    step, power = 1, 1
    while step * N_STEPS < largest:
        for factor in (1, 2, 5):
            step = factor * power
            if step * N_STEPS >= largest:
                break
        power *= 10
    return step * N_STEPS


def _parts(months: Sequence[Month], title: str, about: str) -> Iterator[str]:
    yield (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="plot-title plot-about">\n'
        f'<title id="plot-title">{escape(title)}</title>\n<desc id="plot-about">{escape(about)}</desc>\n'
    )
    top = scale_of(max((value for month in months for value in month.values), default=0))
    yield from _scale(top)
    each = (WIDTH - LEFT - RIGHT) / max(1, len(months))
    for position, month in enumerate(months):
        left = LEFT + each * position
        yield from _bars(month.values, left + each * 0.12, each * 0.36, each * 0.4, top)
        # On a small screen there is room for every other label.
        yield _text("month other" if position % 2 else "month", left + each / 2, GROUND + 18, month.label)
        if month.year:
            yield _text("year", left + each / 2, GROUND + 38, month.year)
    yield f'<path class="ground" d="M{LEFT} {GROUND}H{WIDTH - RIGHT}"/>\n</svg>'


def _scale(top: int) -> Iterator[str]:
    for number in range(N_STEPS + 1):
        y = _round(GROUND - INNER_HEIGHT * number / N_STEPS)
        yield f'<path class="grid" d="M{LEFT} {y}H{WIDTH - RIGHT}"/>\n'
        yield _text("scale", LEFT - 8, GROUND - INNER_HEIGHT * number / N_STEPS, f"{top * number // N_STEPS:,}")


def _bars(values: Sequence[int], left: float, width: float, step: float, top: int) -> Iterator[str]:
    for kind, value in enumerate(values):
        if value:
            height = INNER_HEIGHT * value / top
            x, y = _round(left + kind * step), _round(GROUND - height)
            size = f'width="{_round(width)}" height="{_round(height)}"'
            yield f'<rect class="bar-{kind + 1}" x="{x}" y="{y}" {size}/>\n'


def _text(name: str, x: float, y: float, words: str) -> str:
    return f'<text class="{name}" x="{_round(x)}" y="{_round(y)}">{escape(words)}</text>\n'


def share_bar(share: float) -> Markup:
    """A bar that fills this share (0 to 1) of its width. The number stands beside it."""
    width = _round(100 * min(1.0, max(0.0, share)))
    return Markup(  # noqa: S704 - a number
        f'<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="all" width="100" height="8"/><rect class="part" width="{width}" height="8"/></svg>'
    )


def _round(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
