"""From the body of POST /api/v1/match to a Query."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from referral.api.body import Faults, pointer, read_code, read_codes, read_count, read_number, read_object
from referral.matching import DEFAULT_RADIUS_MILES, Order, Origin, Precision, Query, Requirement
from referral.places.messages import message
from referral.places.results import Choices, Found, Result
from referral.vocabulary import ASKS, CONCERNS, FACTS_BY_FAMILY, GROUPS

KEYS = ("needs", "near", "radius_miles", "require", "concerns", "order", "page", "per_page")

MAX_RADIUS_MILES = 12_450.0
"""Half way round the Earth: within it lies everything."""

MAX_PAGE = 1_000_000
MAX_PER_PAGE = 100
DEFAULT_PER_PAGE = 20

FindPlace = Callable[[str], Result]


class BodyError(ValueError):
    """The body is JSON, but not a question that can be answered."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("the body has faults")
        self.faults = faults


@dataclass(frozen=True)
class Question:
    query: Query
    concerns: tuple[str, ...]
    """Said for safety: they add warnings and change no match."""
    page: int
    per_page: int


def read(body: Any, find_place: FindPlace) -> Question:
    """The question in a parsed body. Raises BodyError with all its faults.

    Left out: needs, require and concerns ask for nothing, radius_miles is 25 (null: any distance), order is best,
    page 1, per_page 20. Only `near` must be there.
    """
    faults = Faults()
    members = read_object(body, "", KEYS, faults)
    if not isinstance(body, dict):
        raise BodyError(faults)
    needs = read_codes(members.get("needs", []), "/needs", ASKS, faults)
    origin = _origin(members, find_place, faults)
    requirements = _requirements(members.get("require", {}), faults)
    concerns = read_codes(members.get("concerns", []), "/concerns", CONCERNS, faults)
    radius_miles = _radius(members.get("radius_miles", DEFAULT_RADIUS_MILES), faults)
    order = read_code(members.get("order", "best"), "/order", tuple(Order), faults)
    page = read_count(members.get("page", 1), "/page", MAX_PAGE, faults)
    per_page = read_count(members.get("per_page", DEFAULT_PER_PAGE), "/per_page", MAX_PER_PAGE, faults)
    if faults or origin is None or order is None or page is None or per_page is None:
        raise BodyError(faults)
    return Question(Query(origin, needs, requirements, radius_miles, Order(order)), concerns, page, per_page)


def _radius(value: Any, faults: Faults) -> float | None:
    if value is None:
        return None
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and 0 < value <= MAX_RADIUS_MILES:
        return float(value)
    most = f"{MAX_RADIUS_MILES:,.0f}"
    faults.note("/radius_miles", _("Send a number above 0 and up to %(most)s, or null for any distance.", most=most))
    return None


def _requirements(value: Any, faults: Faults) -> tuple[Requirement, ...]:
    requirements = []
    for group, wanted in read_object(value, "/require", GROUPS, faults).items():
        at = pointer("/require", group)
        codes = read_codes(wanted, at, [fact.code for fact in FACTS_BY_FAMILY[group]], faults)
        if codes:
            requirements.append(Requirement(group, codes))
        elif wanted == []:
            faults.note(at, _("Name at least one, or leave the group out."), [f.code for f in FACTS_BY_FAMILY[group]])
    return tuple(requirements)


def _origin(members: dict[str, Any], find_place: FindPlace, faults: Faults) -> Origin | None:
    near = members.get("near")
    if isinstance(near, str):
        return _place(near, find_place, faults)
    if isinstance(near, dict):
        return _point(near, faults)
    faults.note(
        "/near",
        _("Say where to search: a text such as a ZIP code or a city and state, or a latitude and longitude."),
    )
    return None


def _place(text: str, find_place: FindPlace, faults: Faults) -> Origin | None:
    result = find_place(text)
    if isinstance(result, Found):
        return Origin(result.latitude, result.longitude, Precision(result.precision), result.label, result.state)
    options = result.options if isinstance(result, Choices) else result.suggestions
    faults.note("/near", message(result), (option.label for option in options))
    return None


def _point(near: dict[str, Any], faults: Faults) -> Origin | None:
    members = read_object(near, "/near", ("latitude", "longitude"), faults)
    latitude = read_number(members.get("latitude"), "/near/latitude", -90, 90, faults)
    longitude = read_number(members.get("longitude"), "/near/longitude", -180, 180, faults)
    if latitude is None or longitude is None:
        return None
    return Origin(latitude, longitude, Precision.EXACT, f"{latitude:.4f}, {longitude:.4f}")
