"""How large print may be, so that a list stays on two sheets and the script of a call on one.

Paper cannot be asked, so heights are estimated from the length of its texts, on the smaller of Letter
and A4 in each direction. The figures are those of handout.css; a browser test prints short and long lists and counts
sheets. Estimates were 1 to 15 % above the heights measured for 16 real listings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from referral.handout.listed import ListedProvider

SIZES_PT = (12.0, 11.0, 10.0, 9.0, 8.5, 8.0, 7.5, 7.0)
WHOLE_FROM_PT = 8.0
"""Down to this size places are kept whole; before the text gets smaller they may go on in the next column."""

COLUMN_WIDTH_PT, COLUMN_HEIGHT_PT = 257.0, 732.0
HEAD_PT = 125.0
"""Crisis numbers, title and QR code on the first sheet."""

LETTER_WIDTH_EM = 0.5
"""Mean width of a character of such texts in a common sans-serif face."""

LINE_EM, TITLE_EM, SPACE_PT = 1.26, 1.3, 15.0
N_COLUMNS = 4
"""Two on each of two sheets."""


SHEET_WIDTH_PT = 538.0
SCRIPT_SIZES_PT = (11.0, 10.0, 9.0, 8.5, 8.0, 7.5, 7.0)
SCRIPT_HEAD_PT = 55.0
"""Crisis numbers, and the warning about made-up listings."""
HEADING_EM, SECTION_PT, ROOM_TO_WRITE_EM = 1.5, 8.0, 2.0
SCRIPT_HEIGHT_PT = 1.08 * COLUMN_HEIGHT_PT
"""Estimates of scripts were 13 to 33 % above the heights measured for 60 of real listings in a wide typeface."""


def script_class(paragraphs: Sequence[str], questions: Sequence[str], n_headings: int) -> str:
    """CSS class of the script of a call, which stays on one sheet.

    `paragraphs` go across the sheet; questions stand in two columns, each with room to write.
    """
    for size in SCRIPT_SIZES_PT:
        lines = sum(_n_lines(text, size, SHEET_WIDTH_PT) for text in paragraphs)
        asks = sum(_n_lines(text, size, COLUMN_WIDTH_PT - 1.5 * size) + ROOM_TO_WRITE_EM for text in questions)
        # Columns end at whole questions.
        height = (lines + asks / 2 + ROOM_TO_WRITE_EM + n_headings * HEADING_EM) * LINE_EM * size
        if SCRIPT_HEAD_PT + n_headings * SECTION_PT + height <= SCRIPT_HEIGHT_PT:
            return _name(size)
    return _name(SCRIPT_SIZES_PT[-1])


def _n_lines(text: str, size: float, width: float) -> int:
    return math.ceil(len(text) * LETTER_WIDTH_EM * size / width)


def _name(size: float) -> str:
    return f"pt-{size:g}".replace(".", "-")


def print_classes(providers: Sequence[ListedProvider]) -> str:
    """CSS classes of the list: its size, `flows` where places may go on in the next column, and `short` where some
    facts are left out because not even the smallest print would hold them all."""
    return _classes(providers) or _classes(providers, is_short=True) or f"{_name(SIZES_PT[-1])} flows short"


def _classes(providers: Sequence[ListedProvider], *, is_short: bool = False) -> str:
    """Empty where no size is small enough."""
    for size in SIZES_PT:
        heights = [_height(provider, size, is_short=is_short) for provider in providers]
        name = f"{_name(size)} short" if is_short else _name(size)
        if size >= WHOLE_FROM_PT and _fits_whole(heights):
            return name
        if size <= WHOLE_FROM_PT and sum(heights) <= 0.97 * sum(_columns()):
            return f"{name} flows"
    return ""


def _columns() -> list[float]:
    """Heights of the columns, points."""
    first = COLUMN_HEIGHT_PT - HEAD_PT
    return [first, first, *[COLUMN_HEIGHT_PT] * (N_COLUMNS - 2)]


def _fits_whole(heights: Sequence[float]) -> bool:
    """Whether the places fit into the columns one after the other, none of them cut."""
    columns = iter(_columns())
    room = next(columns)
    for height in heights:
        while height > room:
            following = next(columns, None)
            if following is None:
                return False
            room = following
        room -= height
    return True


def _height(provider: ListedProvider, size: float, *, is_short: bool) -> float:
    """Points that a place takes at this size."""
    per_line = COLUMN_WIDTH_PT / (LETTER_WIDTH_EM * size)
    title = math.ceil((len(provider.name) + 4) * TITLE_EM / per_line) + 1
    lines = sum(math.ceil(length / per_line) for length in _lengths(provider, is_short=is_short))
    return SPACE_PT + (title * TITLE_EM + lines) * LINE_EM * size


def _lengths(provider: ListedProvider, *, is_short: bool) -> Iterator[int]:
    """Characters of each paragraph of a place."""
    yield from (len(text) for text in (provider.organization, provider.limits) if text)
    yield from (40 for is_said in (provider.is_closed, provider.is_reported) if is_said)
    reach = [provider.address, provider.website_name, *(f"{o.label}: {o.link.text}" for o in provider.to_call.others)]
    yield sum(len(text) + 3 for text in reach if text)
    yield 20 + sum(len(level) + len(stay) + 4 for level, stay in provider.levels)
    for row in provider.rows:
        if is_short and row.is_minor:
            continue
        yes = sum(len(label) + 2 for label in row.yes)
        no = sum(len(denied.words) + len(denied.facts) + 4 for denied in row.no)
        yield len(row.heading) + 2 + (yes + no or 20)
    yield 8 + sum(len(question) + 5 for question in provider.questions)
    yield len(provider.confirmed.text) + 30
