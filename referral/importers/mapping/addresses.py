"""An address that stands in one cell, parted into street, unit, city, state and ZIP."""

from __future__ import annotations

import re

from referral.importers.contact import STATES, clean_text

_UNIT = re.compile(
    r"(?:suite|ste|unit|apt|apartment|floor|fl|bldg|building|room|rm|oficina|piso|edificio|depto)\b\.?\s*#?.+|#.+"
    r"|[0-9]+(?:st|nd|rd|th) (?:floor|fl)\b.*",
    re.IGNORECASE,
)
_STREET_END = re.compile(
    r"(?P<street>.*\S)[\s,]+(?P<unit>(?:suites?|ste\.?|unit|apt\.?|floor|bldg\.?|building|room|rm\.?|piso|oficina)"
    r"\s+#?[\w-]{1,10}|#\s?[\w-]{1,10})$",
    re.IGNORECASE,
)
_END = re.compile(r"(?:^|[\s,])(?P<zip>[0-9]{5}(?:-?[0-9]{4})?)\s*$", re.ASCII)
_COUNTRY = re.compile(r"[\s,]+(?:u\.?s\.?a?\.?|united states(?: of america)?)\s*$", re.IGNORECASE)
_STATE = re.compile(r"(?:^|[\s,])(?P<state>[A-Za-z]{2})\.?$")


def part_address(text: str) -> dict[str, str]:
    """street, unit, city, state and postal_code, each empty where it is not found.

    The parts before the state are told apart by commas or lines; without them all of it is the street.
    """
    rest = ", ".join(filter(None, map(clean_text, text.split("\n"))))
    rest = _COUNTRY.sub("", rest)
    found = dict.fromkeys(("street", "unit", "city", "state", "postal_code"), "")
    if end := _END.search(rest):
        found["postal_code"], rest = end["zip"], rest[: end.start()].rstrip(" ,")
    if (end := _STATE.search(rest)) and end["state"].upper() in STATES and (found["postal_code"] or "," in rest):
        found["state"], rest = end["state"].upper(), rest[: end.start()].rstrip(" ,")
    parts = [part for part in map(str.strip, rest.split(",")) if part]
    if len(parts) > 1 and not _UNIT.fullmatch(parts[-1]) and not any(mark.isdigit() for mark in parts[-1]):
        found["city"] = parts.pop()
    if len(parts) > 1:
        units = [part for part in parts[1:] if _UNIT.fullmatch(part)]
        found["unit"] = ", ".join(units)
        parts = [part for part in parts if part not in units]
    found["street"] = ", ".join(parts)
    if not found["unit"]:
        found["street"], found["unit"] = part_street(found["street"])
    return found


def part_street(street: str) -> tuple[str, str]:
    """(street, unit) of a street that may end with a suite, floor or building."""
    found = _STREET_END.match(street)
    return (found["street"].rstrip(" ,"), found["unit"]) if found else (street, "")
