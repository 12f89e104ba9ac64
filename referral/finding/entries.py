"""What the staff index is made of: one entry for each provider, as the bridge reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import NamedTuple

from referral.matching import Whereabouts


class ListingEntry(NamedTuple):
    id: int
    name: str
    organization: str
    city: str
    state: str
    postal_code: str
    phones: tuple[str, ...]
    """Every number of the listing, as it is written there."""
    status: str
    source: str
    whereabouts: Whereabouts
    is_approximate: bool
    """The point is the middle of a ZIP or city."""
    levels: tuple[str, ...]
    """Of its published programs; may repeat."""
    facts: Mapping[str, bool]
    """The provider's own, without those of its programs."""
    confirmed_on: date | None
    license_expires_on: date | None
    updated_at: datetime
    n_open_reports: int = 0
    has_corrections: bool = False
    has_offers: bool = False
    """Its source says otherwise than staff, and nobody has settled that."""
