"""Place: a ZIP, city, county or state with a point. Filled by `flask setup`, read-only after that."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from referral.models.base import Base, one_of

KINDS = ("zip", "city", "county", "state")
ZIP_KINDS = ("standard", "po_box", "unique", "military")


class Place(Base):
    """A place that people call by several names has a row for each: same label and point, another key."""

    __tablename__ = "place"
    __table_args__ = (
        sa.Index("ix_place_key", "key", "state"),
        sa.Index("ix_place_size", "kind", "state", "size"),
        sa.CheckConstraint(one_of("kind", KINDS), "kind_known"),
        sa.CheckConstraint(one_of("zip_kind", ZIP_KINDS), "zip_kind_known"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", "point_whole"),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", "point_on_earth"),
        sa.CheckConstraint("NOT (latitude = 0 AND longitude = 0)", "point_not_null_island"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    """The ZIP, or the name in the form in which names are compared (places/names.py)."""
    label: Mapped[str]
    """As it is shown, and what finds this place again: "40202 (Louisville, KY)", "Springfield, Bucks County, PA"."""
    state: Mapped[str] = mapped_column(sa.String(2))
    city: Mapped[str] = mapped_column(default="")
    """The main city of a ZIP, the name of a city; otherwise empty."""
    county: Mapped[str] = mapped_column(default="")
    """The county, parish, borough or municipio of a ZIP, city or county, where it is known."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """WGS-84 degrees of the middle; both or none."""
    size: Mapped[int] = mapped_column(default=0)
    """For ranking: people who live there; where that is not known, a guess from the number of ZIPs."""
    zip_kind: Mapped[str | None]


class PlaceData(Base):
    """One row: which data the places were made from."""

    __tablename__ = "place_data"
    __table_args__ = (sa.CheckConstraint("id = 1", "one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    fingerprint: Mapped[str] = mapped_column(default="")
    """Equal to the fingerprint of the data at hand: nothing to load. Empty: no places yet."""


PLACE_COLUMNS = (
    Place.kind,
    Place.key,
    Place.label,
    Place.state,
    Place.city,
    Place.county,
    Place.latitude,
    Place.longitude,
    Place.size,
    Place.zip_kind,
)

places_by_key = sa.select(*PLACE_COLUMNS).where(Place.key.in_(sa.bindparam("keys", expanding=True)))
"""All places that one of the `keys` names."""

largest_cities = (
    sa.select(*PLACE_COLUMNS)
    .where(Place.kind == "city", Place.state == sa.bindparam("state"))
    .order_by(Place.size.desc(), Place.label)
    .limit(sa.bindparam("limit"))
)
"""The largest cities of a `state`, at most `limit` rows; a city with several names comes more than once."""

_has_length = sa.func.length(Place.key).between(sa.bindparam("shortest"), sa.bindparam("longest"))

keys_in_state = sa.select(Place.key).where(
    Place.kind.in_(("city", "county")), Place.state == sa.bindparam("state"), _has_length
)
"""Keys of cities and counties of a `state`, of `shortest` to `longest` letters."""

keys_between = sa.select(Place.key).where(
    Place.key >= sa.bindparam("first"), Place.key < sa.bindparam("after"), _has_length
)
"""Keys of places of all kinds (a filter on the kind would lead SQLite to the wrong index) from `first` up to, not
including, `after`, of `shortest` to `longest` letters."""

keys_of_large_cities = sa.select(Place.key).where(
    Place.kind == "city", Place.size >= sa.bindparam("size"), _has_length
)

zip_labels_between = sa.select(Place.label).where(
    Place.key >= sa.bindparam("first"), Place.key < sa.bindparam("after"), Place.zip_kind.is_not(None)
)
"""Labels of the ZIPs from `first` up to, not including, `after`."""
