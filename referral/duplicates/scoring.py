"""How likely two listings are one and the same place: a score from 0 to 100 with its reasons.

Three things count: the name, the place (address, point) and how it is reached (phone, website). Two of them must
agree for a pair to be worth a look; the same address and phone with clearly different names is a campus with several
programs. The weights were set on the national directory against two other sources (tests/duplicates).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz

from referral.duplicates.listing import Listing
from referral.duplicates.names import likeness
from referral.duplicates.reasons import in_order
from referral.geo import METERS_PER_MILE, distance_miles
from referral.vocabulary.words import codes

THRESHOLD = 60
"""Score from which a pair is shown to staff."""

COMMON = 8
"""A phone or website that more listings share is an organization's, and says little about the place."""

NEAR_METERS = 150
LIKE_STREET = 85
LIKE_NAME = 75
SAME_ORGANIZATION = 88


HOLDS = codes("same_name same_address same_house near same_phone same_website same_license")
"""Reasons of which one has to be there: a name that is only similar says little by itself."""


@dataclass(frozen=True)
class Shared:
    """Phones and hosts that more than COMMON listings share."""

    phones: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()


class Scored(NamedTuple):
    score: int
    reasons: list[str]


Part = tuple[float, list[str]]


def score(a: Listing, b: Listing, shared: Shared) -> Scored:
    """Symmetric. At or above THRESHOLD only where `blocking.candidates` finds the pair."""
    is_one_source = a.source == b.source and a.source != "staff"
    parts = (
        _names(a, b, is_one_source),
        _place(a, b, is_one_source),
        _reach(a, b, shared),
        _license(a, b),
        _care(a, b, is_one_source),
        # A source seldom lists one place twice: it counts them. Two sources list the same places.
        (-18, ["same_source"]) if is_one_source else (10, ["other_source"] if a.source != b.source else []),
    )
    total = sum(points for points, _reasons in parts)
    reasons = [reason for _points, found in parts for reason in found]
    if not any(reason.partition(":")[0] in HOLDS for reason in reasons):
        total -= 12
    return Scored(round(min(max(total, 0), 100)), in_order(reasons))


def _names(a: Listing, b: Listing, is_one_source: bool) -> Part:
    """-68 to 45."""
    alike, reasons = _alike(a, b, is_one_source)
    if alike == 100:
        return (45 if a.name.telling else 35), reasons
    points = max(-40.0, 40 - 1.2 * (99 - alike))
    if a.name.kinds - b.name.kinds and b.name.kinds - a.name.kinds:
        return points - 28, [*reasons, "other_program"]
    if a.name.kinds != b.name.kinds:
        return points - (14 if is_one_source else 4), [*reasons, "other_program"] if is_one_source else reasons
    return points, reasons


def _alike(a: Listing, b: Listing, is_one_source: bool) -> tuple[int, list[str]]:
    alike, part = likeness(a.name, b.name)
    if alike == 100:
        return alike, ["same_name"]
    if a.site and b.site and a.organization and b.organization:
        if likeness(a.organization, b.organization).whole >= SAME_ORGANIZATION:
            sites = likeness(a.site, b.site).whole
            if sites < LIKE_NAME:
                return min(sites, alike), ["same_organization"]
    elif not is_one_source:
        # Another source may name the organization alone, or its program alone.
        alike = max(alike, min(95, (alike + part) // 2))
    # "Blue Door" beside "Bay Health: Blue Door".
    beside = ((a.site, b.name), (a.name, b.site), (a.site, b.site))
    by_site = [likeness(one, other).whole for one, other in beside if one and other and one.telling and other.telling]
    alike = max(alike, min(95, max(by_site, default=0)))
    return alike, [f"like_names:{alike}" if alike >= LIKE_NAME else f"unlike_names:{alike}"]


def _place(a: Listing, b: Listing, is_one_source: bool) -> Part:
    """-15 to 32."""
    if a.address_kind != b.address_kind:
        return -12, ["other_kind"]
    where = _same_door(a, b)
    if where and a.address.unit and b.address.unit and not a.address.unit & b.address.unit:
        return 16, [where, "other_unit"]
    if where:
        return 32, [where]
    meters = _meters(a, b)
    is_elsewhere = bool(a.address.street and b.address.street) and a.address.number != b.address.number
    if meters is not None and meters <= NEAR_METERS:
        near = f"near:{round(meters)}"
        if is_elsewhere:
            # Many organizations have several houses in one street.
            return (-6 if is_one_source else 12), [near, "other_address"]
        return 28 - 10 * meters / NEAR_METERS, [near]
    is_same_zip = bool(a.zip5) and a.zip5 == b.zip5
    if not is_same_zip and (a.state, a.city) != (b.state, b.city):
        return -15, ["other_city"] if a.city and b.city else []
    points, reasons = (8, ["same_zip"]) if is_same_zip else (4, [])
    if meters is not None and meters > METERS_PER_MILE:
        return points - 14, [*reasons, f"far:{meters / METERS_PER_MILE:.1f}"]
    return (points - 12, [*reasons, "other_address"]) if is_elsewhere else (points, reasons)


def _same_door(a: Listing, b: Listing) -> str:
    """The reason that says so, where both stand at one address."""
    one, other = a.address, b.address
    if not one.street or one.number != other.number:
        return ""
    if not ((a.zip5 and a.zip5 == b.zip5) or (a.city and (a.city, a.state) == (b.city, b.state))):
        return ""
    if one.street == other.street:
        return "same_address"
    # Without a number, two streets that are written alike may be two streets.
    return "same_house" if one.number and fuzz.WRatio(one.street, other.street) >= LIKE_STREET else ""


def _meters(a: Listing, b: Listing) -> float | None:
    if a.latitude is None or b.latitude is None or a.longitude is None or b.longitude is None:
        return None
    return distance_miles(a.latitude, a.longitude, b.latitude, b.longitude) * METERS_PER_MILE


def _reach(a: Listing, b: Listing, shared: Shared) -> Part:
    """-8 to 27."""
    points, reasons = _phones(a, b, shared)
    if not (a.host and b.host):
        return points, reasons
    if a.host != b.host:
        return points - 3, [*reasons, "other_website"]
    if a.host in shared.hosts:
        return points + 3, [*reasons, "common_website"]
    # After the same phone, the same website says little more.
    return points + (3 if points > 10 else 12), [*reasons, "same_website"]


def _phones(a: Listing, b: Listing, shared: Shared) -> Part:
    both = a.phones & b.phones
    if both - shared.phones:
        if a.phone == b.phone and a.extension and b.extension and a.extension != b.extension:
            return 16, ["same_phone", "other_extension"]
        return (24 if a.phone == b.phone else 18), ["same_phone"]
    if both:
        return 6, ["common_phone"]
    return (-5, ["other_phone"]) if a.phones and b.phones else (0, [])


def _license(a: Listing, b: Listing) -> Part:
    if not (a.license and b.license):
        return 0, []
    return (25, ["same_license"]) if a.license == b.license else (-20, ["other_license"])


def _care(a: Listing, b: Listing, is_one_source: bool) -> Part:
    if not (a.levels and b.levels):
        return 0, []
    if a.levels == b.levels:
        return 3, ["same_levels"]
    return (0, []) if a.levels & b.levels else (-15 if is_one_source else -6, ["other_levels"])
