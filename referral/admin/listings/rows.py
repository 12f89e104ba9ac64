"""The rows of a page: read by one select of plain columns, and said in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa

from referral.admin.listings.links import listing_url
from referral.admin.listings.words import age_text, day_text, levels_text, status_word
from referral.extensions import db
from referral.finding import StaffIndex
from referral.language import current_language
from referral.models import Provider
from referral.pages.phones import PhoneLink, phone_link
from referral.pages.text import _, ngettext
from referral.pages.wording import organization_text, today

_ROWS = sa.select(
    Provider.id,
    Provider.name,
    Provider.organization,
    Provider.city,
    Provider.state,
    Provider.postal_code,
    Provider.phone,
    Provider.phone_extension,
    Provider.status,
    Provider.closed_until,
    Provider.confirmed_on,
    Provider.source,
).where(Provider.id.in_(sa.bindparam("ids", expanding=True)))


class Badge(NamedTuple):
    text: str
    mood: str
    """ask, bad, or empty."""


class ListRow(NamedTuple):
    id: int
    url: str
    name: str
    organization: str
    place: str
    care: str
    phone: PhoneLink | None
    status: str
    is_open: bool
    confirmed: str
    age: str
    badges: list[Badge]


class Known(NamedTuple):
    """What the index knows of a listing."""

    levels: int
    n_open_reports: int
    is_expired: bool
    has_offers: bool
    has_corrections: bool


def list_rows(index: StaffIndex, places: Sequence[int], ids: Sequence[int]) -> list[ListRow]:
    """The rows with these ids, which stand at these places of the index. One that was just deleted is left out."""
    if not ids:
        return []
    with db.engine.connect() as connection:
        read = {row.id: row for row in connection.execute(_ROWS, {"ids": list(ids)})}
    language, day = current_language(), today()
    known = zip(ids, _known(index, places, day), strict=True)
    return [_list_row(read[id_], more, language, day) for id_, more in known if id_ in read]


def _known(index: StaffIndex, places: Sequence[int], day: date) -> Iterator[Known]:
    columns, at = index.columns, list(places)
    expires = columns.license_expires[at]
    values = (
        columns.levels[at],
        columns.n_open_reports[at],
        (expires > 0) & (expires < day.toordinal()),
        columns.has_offers[at],
        columns.has_corrections[at],
    )
    return map(Known._make, zip(*(value.tolist() for value in values), strict=True))


def _list_row(row: Any, known: Known, language: str, day: date) -> ListRow:
    confirmed, status = row.confirmed_on, status_word(row.status)
    if row.closed_until and row.status == "temporarily_closed":
        status = _("%(status)s, until %(day)s", status=status, day=day_text(row.closed_until, language))
    where = f"{row.state} {row.postal_code}".strip()
    return ListRow(
        row.id,
        listing_url(row.id),
        row.name,
        organization_text(row),
        f"{row.city}, {where}" if row.city and where else row.city or where,
        levels_text(known.levels, language),
        phone_link(row.phone, row.phone_extension, language),
        status,
        row.status == "active",
        day_text(confirmed, language) if confirmed else _("Never"),
        age_text(confirmed, day, language) if confirmed else "",
        _badges(known, row.source),
    )


def _badges(known: Known, source: str) -> list[Badge]:
    badges = []
    if known.n_open_reports:
        text = ngettext("%(n)s open report", "%(n)s open reports", known.n_open_reports)
        badges.append(Badge(text, "bad"))
    if known.is_expired:
        badges.append(Badge(_("License expired"), "bad"))
    if known.has_offers:
        badges.append(Badge(_("Source says otherwise"), "ask"))
    if known.has_corrections:
        badges.append(Badge(_("Corrected by staff"), ""))
    if source == "demo":
        badges.append(Badge(_("Made up"), ""))
    return badges
