"""Provider: a place that gives care, at one address or none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from referral.models.base import JSON, VALUE, Base, FactsType, one_of, utc_now
from referral.models.report import Report

if TYPE_CHECKING:
    from referral.models.program import Program

MAX_ID = 2**31 - 1
"""The largest number that the column of ids can hold."""

STATUSES = ("active", "temporarily_closed", "inactive")
"""Only active providers and programs are published: answer searches."""

ADDRESS_KINDS = ("street", "confidential", "telehealth")
"""street: may be shown. confidential: exists and is told by phone. telehealth: no place to visit."""

PRECISIONS = ("exact", "zip", "city")
"""What a point stands on: the address itself, or the middle of its ZIP or city."""


class Provider(Base):
    __tablename__ = "provider"
    __table_args__ = (
        sa.UniqueConstraint("source", "source_key"),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 300", "name_length"),
        sa.CheckConstraint(one_of("status", STATUSES), "status_known"),
        sa.CheckConstraint(one_of("address_kind", ADDRESS_KINDS), "address_kind_known"),
        sa.CheckConstraint(one_of("precision", PRECISIONS), "precision_known"),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL) AND (latitude IS NULL) = (precision IS NULL)", "point_whole"
        ),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", "point_on_earth"),
        sa.CheckConstraint("NOT (latitude = 0 AND longitude = 0)", "point_not_null_island"),
        sa.CheckConstraint("address_kind = 'street' OR latitude IS NULL", "point_only_if_public"),
        sa.CheckConstraint("licensed_beds BETWEEN 0 AND 100000", "licensed_beds_range"),
        sa.CheckConstraint("website = '' OR website LIKE 'http://%' OR website LIKE 'https://%'", "website_scheme"),
        # A number once given is never given again: an old link must not show another place.
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    organization: Mapped[str] = mapped_column(default="")
    """Name of the parent organization, or empty."""
    address_kind: Mapped[str] = mapped_column(default="street")
    street: Mapped[str] = mapped_column(default="")
    unit: Mapped[str] = mapped_column(default="")
    """Suite, floor or building: shown, and never part of finding the point."""
    city: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(sa.String(2), default="", index=True)
    postal_code: Mapped[str] = mapped_column(default="")
    """Five digits, or five and four with a hyphen, or empty."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    """WGS-84 degrees; both or none."""
    precision: Mapped[str | None]
    hand_point: Mapped[list[float] | None] = mapped_column(VALUE)
    """Latitude and longitude that staff set by hand last: as long as they are the point, it was set by hand."""
    phone: Mapped[str] = mapped_column(default="")
    phone_extension: Mapped[str] = mapped_column(default="")
    other_phones: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """More numbers to call, best first: objects of kind (intake or hotline), number, extension."""
    website: Mapped[str] = mapped_column(default="")
    facts: Mapped[dict[str, bool]] = mapped_column(FactsType, default=dict)
    status: Mapped[str] = mapped_column(default="active")
    closed_until: Mapped[date | None]
    """The day on which a provider that is closed for now opens again, where it is known."""
    confirmed_on: Mapped[date | None]
    """The day on which somebody checked the listing with the provider."""
    license_number: Mapped[str] = mapped_column(server_default=sa.text("''"), default="")
    license_expires_on: Mapped[date | None]
    licensed_beds: Mapped[int | None]
    staff_note: Mapped[str] = mapped_column(server_default=sa.text("''"), default="")
    """For staff only."""
    version: Mapped[int] = mapped_column(server_default="1", default=1)
    """Grows with each change of the listing itself: a form that was opened before it must not overwrite it."""
    source: Mapped[str]
    """The kind of file (or "demo", "staff") that the listing came from."""
    source_key: Mapped[str]
    """Names the listing inside its source, the same from year to year."""
    source_content: Mapped[str] = mapped_column(default="")
    """Fingerprint of what the source said last: equal means unchanged."""
    import_run_id: Mapped[int | None] = mapped_column(sa.ForeignKey("import_run.id"), index=True)
    """The last import in whose file the listing stood."""
    change: Mapped[int] = mapped_column(default=0, index=True)
    """Value of the change counter at the last change of the provider or of a program of its."""
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    updated_at: Mapped[datetime] = mapped_column(default=utc_now, onupdate=utc_now)

    programs: Mapped[list[Program]] = relationship(
        back_populates="provider", cascade="all, delete-orphan", passive_deletes=True, order_by="Program.id"
    )
    open_reports: Mapped[list[Report]] = relationship(
        primaryjoin="and_(Provider.id == Report.provider_id, Report.status == 'open')",
        order_by="Report.id",
        viewonly=True,
    )

    @property
    def is_point_by_hand(self) -> bool:
        """Whether staff set the point themselves, so that no address is asked for another."""
        return self.hand_point is not None and self.hand_point == [self.latitude, self.longitude]

    @property
    def is_closed_for_now(self) -> bool:
        """Closed, and not yet open again by the day that was told."""
        until = self.closed_until
        return self.status == "temporarily_closed" and (until is None or until > utc_now().date())


def is_published(day: date) -> sa.ColumnElement[bool]:
    """Whether a provider answers searches on this day: it is open, or was closed until a day that has come."""
    until = Provider.closed_until
    is_back = sa.and_(Provider.status == "temporarily_closed", until.is_not(None), until <= day)
    return sa.or_(Provider.status == "active", is_back)


_is_reported = (
    # One column of the index: SELECT * would make SQLite look at the report itself.
    sa.select(Report.status).where(Report.provider_id == Provider.id, Report.status == "open").exists()
)

LISTING_COLUMNS = (
    Provider.id,
    Provider.name,
    Provider.organization,
    Provider.address_kind,
    Provider.street,
    Provider.unit,
    Provider.city,
    Provider.state,
    Provider.postal_code,
    Provider.latitude,
    Provider.longitude,
    Provider.precision,
    Provider.phone,
    Provider.phone_extension,
    Provider.other_phones,
    Provider.website,
    Provider.source,
    Provider.confirmed_on,
    _is_reported.label("is_reported"),
)

_LISTINGS = sa.select(*LISTING_COLUMNS).where(Provider.id.in_(sa.bindparam("ids", expanding=True)))


def listings_by_id(connection: sa.Connection, ids: list[int]) -> dict[int, Any]:
    """Plain rows (LISTING_COLUMNS) of these providers, by id: what a results page prints. No object graph."""
    if not ids:
        return {}
    return {row.id: row for row in connection.execute(_LISTINGS, {"ids": ids}).all()}


_FACTS = sa.select(Provider.id, Provider.facts).where(Provider.id.in_(sa.bindparam("ids", expanding=True)))


def facts_by_id(connection: sa.Connection, ids: Iterable[int]) -> dict[int, dict[str, bool]]:
    """Facts of these providers, by id."""
    return {row.id: row.facts for row in connection.execute(_FACTS, {"ids": list(ids)})}
