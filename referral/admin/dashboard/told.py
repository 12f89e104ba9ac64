"""Confirmations of a month in words."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from babel.dates import format_date
from sqlalchemy.orm import Session

from referral.admin.dashboard.reading import checks_page
from referral.admin.shared.addresses import listing_url
from referral.language import current_language
from referral.models.check import WAYS
from referral.pages.text import _


class CheckTold(NamedTuple):
    day: str
    name: str
    url: str
    how: str
    what: str
    who: str


def checks_told(session: Session, first: date, end: date, offset: int, size: int) -> list[CheckTold]:
    return [
        CheckTold(
            str(format_date(row.at, format="long", locale=current_language())),
            row.name,
            listing_url(row.id),
            _(WAYS[row.how]),
            _("in part") if row.parts else _("all of it"),
            row.user_name or "",
        )
        for row in checks_page(session, first, end, offset, size)
    ]


def month_text(first: date) -> str:
    return str(format_date(first, format="LLLL y", locale=current_language()))
