"""Everything that the page of one report shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from referral.admin.inbox import found
from referral.admin.inbox.forms import CloseForm
from referral.admin.shared.addresses import edit_url, history_url, listing_url, status_url
from referral.admin.shared.assigning import Person, people
from referral.extensions import db
from referral.language import current_language
from referral.models import Provider, Report, User
from referral.models.report import KINDS, OUTCOMES
from referral.pages.phones import PhoneLink, phone_link
from referral.pages.text import _
from referral.pages.wording import Confirmed, address_text, confirmed_text
from referral.phrases import level_label
from referral.vocabulary import LEVELS


@dataclass(frozen=True, slots=True)
class ListingNow:
    """What the listing says today, to hold against the report."""

    name: str
    status: str
    address: str
    phone: PhoneLink | None
    website: str
    levels: list[str]
    confirmed: Confirmed


@dataclass(frozen=True, slots=True)
class ReportPage:
    report: Report
    kind: str
    created_on: str
    text: list[str]
    """Lines, the empty ones between them too."""
    outcome: str
    closed_on: str
    closed_by: str
    answer: list[str]
    listing: ListingNow
    others: list[Any]
    assigned: Person | None
    people: list[Person]
    listing_url: str
    edit_url: str
    status_url: str
    history_url: str
    form: CloseForm
    preview: list[str] | None
    """Lines of the answer as the public will read it; None where nobody asked to see it."""
    preview_outcome: str


def report_page(report: Report, form: CloseForm | None = None, *, is_preview: bool = False) -> ReportPage:
    provider, form = report.provider, form or CloseForm(formdata=None)
    person = db.session.get(User, report.assigned_to_id) if report.assigned_to_id else None
    closer = db.session.get(User, report.closed_by_id) if report.closed_by_id else None
    return ReportPage(
        report=report,
        kind=_(KINDS[report.kind].label),
        created_on=day_text(report.created_on),
        text=report.text.splitlines(),
        outcome=_(OUTCOMES[report.outcome]) if report.outcome else "",
        closed_on=day_text(report.closed_on) if report.closed_on else "",
        closed_by=closer.name if closer else "",
        answer=lines(report.answer),
        listing=_listing_now(provider),
        others=list(found.others_on(db.session, report)),
        assigned=Person(person.id, person.name) if person else None,
        people=people(db.session),
        listing_url=listing_url(provider.id),
        edit_url=edit_url(provider.id, report_id=report.id),
        status_url=status_url(provider.id, report_id=report.id),
        history_url=history_url(provider.id),
        form=form,
        preview=lines(form.answer.data or "") if is_preview else None,
        preview_outcome=_(OUTCOMES[form.outcome.data]) if is_preview else "",
    )


def lines(answer: str) -> list[str]:
    """An answer as the public page prints it."""
    return [line for line in answer.splitlines() if line]


def day_text(day: date) -> str:
    return str(format_date(day, format="long", locale=current_language()))


def _listing_now(provider: Provider) -> ListingNow:
    levels = {program.level for program in provider.programs if program.status != "inactive"}
    return ListingNow(
        name=provider.name,
        status=provider.status,
        address=address_text(provider),
        phone=phone_link(provider.phone, provider.phone_extension, current_language()),
        website=provider.website,
        levels=[level_label(level) for level in LEVELS if level in levels],
        confirmed=confirmed_text(provider.confirmed_on, current_language()),
    )
