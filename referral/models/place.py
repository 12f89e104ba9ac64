"""Place: a ZIP, city, county or state with a point. Filled by `flask setup`, read-only after that."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from referral.models.base import Base, one_of

KINDS = ("zip", "city", "county", "state")
ZIP_KINDS = ("standard", "po_box", "unique", "military")


class Place(Base):
    __tablename__ = "place"
    __table_args__ = (
        sa.Index("ix_place_key", "kind", "key", "state"),
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
    name: Mapped[str]
    """As it is shown: "40202", "Louisville", "Jefferson County"."""
    state: Mapped[str] = mapped_column(sa.String(2))
    city: Mapped[str] = mapped_column(default="")
    """The main city of a ZIP."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """WGS-84 degrees of the middle; both or none."""
    size: Mapped[int] = mapped_column(default=0)
    """For ranking: people who live there; where that is not known, a small number."""
    zip_kind: Mapped[str | None]
