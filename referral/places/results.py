"""What a lookup of a place can answer."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal


class Reason(enum.StrEnum):
    """Why a text did not lead to exactly one place. Each has its own message (messages.py)."""

    EMPTY = "empty"
    MALFORMED_ZIP = "malformed_zip"
    FOUR_DIGIT_ZIP = "four_digit_zip"
    UNKNOWN_ZIP = "unknown_zip"
    MILITARY_ZIP = "military_zip"
    ZIP_WITHOUT_POINT = "zip_without_point"
    ZIP_AND_CITY_DIFFER = "zip_and_city_differ"
    AMBIGUOUS_PLACE = "ambiguous_place"
    STATE_ONLY = "state_only"
    MISSPELT = "misspelt"
    UNKNOWN_PLACE = "unknown_place"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class Found:
    """One place. `label` says what the point stands on, and typed again leads to the same place."""

    label: str
    latitude: float
    longitude: float
    """Degrees WGS-84 of the middle."""
    precision: Literal["zip", "city"]
    """The middle of a ZIP, or of a city or county ("city")."""
    state: str
    kind: Literal["zip", "city", "county"]


@dataclass(frozen=True)
class Choices:
    """Several places may be meant: `options`, the largest first. Never more than 15."""

    reason: Reason
    options: tuple[Found, ...]


@dataclass(frozen=True)
class NotFound:
    """No place. `suggestions` may be empty; they are for the person to choose, never taken in silence."""

    reason: Reason
    suggestions: tuple[Found, ...] = ()


Result = Found | Choices | NotFound
