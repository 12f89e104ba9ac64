"""The geocoders that an operator can choose by name, all through geopy: how each is asked and what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

Ask = Callable[[str, float], tuple[float, float] | None]
"""(address, seconds) → point in degrees of the house itself, or None where it is not known. May raise anything."""

US_CODES = ("us", "pr", "vi", "gu", "as", "mp", "fm", "mh", "pw")

_HOUSE_TYPES = frozenset({"PointAddress", "Subaddress", "StreetAddress", "BuildingName"})
"""ArcGIS' types of match that are an address and no street, town or ZIP (its page "Service output")."""

_LEAST_SCORE = 85
"""Of 100: what ArcGIS gives less is another address."""


def make_ask(kind: str, url: str, key: str, site_name: str) -> Ask:
    """How to ask the geocoder of this name. `url`: of an own server, empty for the public one."""
    # Here and not above: geopy knows dozens of services, and whoever uses none need not load them.
    from geopy.geocoders import ArcGIS, Nominatim, Pelias, Photon

    from referral.places.bounded_http import BoundedAdapter

    # Headers hold ASCII only.
    agent = f"{site_name} (Onward directory)".encode("ascii", "ignore").decode().strip()
    shared: dict[str, Any] = {"user_agent": agent, "adapter_factory": BoundedAdapter}
    if url:
        parts = urlsplit(url)
        shared |= {"scheme": parts.scheme, "domain": parts.netloc + parts.path.rstrip("/")}
    if kind == "nominatim":
        options = {"country_codes": list(US_CODES), "addressdetails": True, "language": "en"}
        return _asking(Nominatim(**shared).geocode, _is_house_of_nominatim, **options)
    if kind == "photon":
        return _asking(Photon(**shared).geocode, _is_house_of_photon, language="en")
    if kind == "pelias":
        pelias = Pelias(api_key=key or None, **shared)
        return _asking(pelias.geocode, _is_house_of_pelias, countries=[code.upper() for code in US_CODES])
    arcgis = ArcGIS(**shared)
    if key:
        arcgis.headers["X-Esri-Authorization"] = f"Bearer {key}"
        # Points are kept, which Esri wants to be told.
        arcgis.adapter.always_asked = "&forStorage=true"
    return _asking(arcgis.geocode, _is_house_of_arcgis, out_fields=["Addr_type"])


def _asking(geocode: Callable[..., Any], is_house: Callable[[dict[str, Any]], bool], **options: Any) -> Ask:
    def ask(address: str, seconds: float) -> tuple[float, float] | None:
        location = geocode(address, timeout=seconds, **options)
        if location is None or not is_house(location.raw):
            return None
        return float(location.latitude), float(location.longitude)

    return ask


def _is_house_of_nominatim(raw: dict[str, Any]) -> bool:
    return "house_number" in raw.get("address", {})


def _is_house_of_photon(raw: dict[str, Any]) -> bool:
    return "housenumber" in raw.get("properties", {})


def _is_house_of_pelias(raw: dict[str, Any]) -> bool:
    known = raw.get("properties", {})
    return known.get("layer") in ("address", "venue") and known.get("match_type") != "fallback"


def _is_house_of_arcgis(raw: dict[str, Any]) -> bool:
    return raw.get("attributes", {}).get("Addr_type") in _HOUSE_TYPES and raw.get("score", 0) >= _LEAST_SCORE
