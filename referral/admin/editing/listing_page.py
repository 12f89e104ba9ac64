"""Everything about one listing that staff see, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from babel.dates import format_date
from flask import current_app, url_for
from sqlalchemy.orm import object_session

from referral.extensions import db
from referral.history.fields import ADDRESS_LABELS, PRECISION_LABELS, STATUS_LABELS, label_of, value_words
from referral.history.settling import our_value
from referral.language import current_language
from referral.models import Program, Provider
from referral.models.correction import corrections_of
from referral.models.report import KINDS
from referral.pages.phones import phone_link
from referral.pages.provider_page import source_text
from referral.pages.text import _, ngettext
from referral.pages.wording import address_text, today
from referral.phrases import fact_label, family_label, level_label
from referral.vocabulary import FACTS_BY_FAMILY, LEVELS
from referral.vocabulary.words import N_

STATUS_BADGES = {"active": "good", "temporarily_closed": "ask", "inactive": "bad"}

LINKS = (
    ("admin.why.index", "provider", N_("Why (not) shown")),
    ("admin.duplicates.new", "first", N_("Duplicates")),
)
"""Pages of other parts about one listing; a part that is not there is left out."""


class Badge(NamedTuple):
    text: str
    kind: str


class Link(NamedTuple):
    text: str
    url: str


class ProgramRow(NamedTuple):
    id: int
    label: str
    name: str
    stay: str
    capacity: str
    status: Badge
    status_code: str
    facts: list[str]


class FamilyRow(NamedTuple):
    label: str
    yes: str
    no: str
    n_unknown: int


class Difference(NamedTuple):
    field: str
    label: str
    ours: str
    theirs: str
    is_offered: bool
    is_level: bool


@dataclass(frozen=True, slots=True)
class ListingPage:
    status: Badge
    opens_again: str
    source: str
    address: str
    """As the public sees it."""
    address_kind: str
    phones: list[tuple[str, Any]]
    point: str
    point_stands_on: str
    license_expires: str
    is_license_expired: bool
    programs: list[ProgramRow]
    families: list[FamilyRow]
    differences: list[Difference]
    reports: list[str]
    reports_url: str
    history_url: str
    links: list[Link]
    public_url: str
    updated: str


def listing_page(provider: Provider) -> ListingPage:
    is_public = provider.status != "inactive"
    return ListingPage(
        status=_badge(provider),
        opens_again=_day(provider.closed_until) if provider.status == "temporarily_closed" else "",
        source=source_text(provider),
        address=address_text(provider),
        address_kind=_(ADDRESS_LABELS[provider.address_kind]),
        phones=_phones(provider),
        point="" if provider.latitude is None else f"{provider.latitude:.5f}, {provider.longitude:.5f}",
        point_stands_on=_(PRECISION_LABELS[provider.precision]) if provider.precision else "",
        license_expires=_day(provider.license_expires_on),
        is_license_expired=provider.license_expires_on is not None and provider.license_expires_on < today(),
        programs=[_program(program) for level in LEVELS for program in provider.programs if program.level == level],
        families=[_family(family, provider.facts) for family in FACTS_BY_FAMILY],
        differences=_differences(provider),
        reports=[f"{_(KINDS[report.kind].label)} ({_day(report.created_on)})" for report in provider.open_reports],
        reports_url=_url("admin.inbox.index", provider=provider.id),
        history_url=_url("admin.history.listing", provider_id=provider.id),
        links=[Link(_(text), url) for name, key, text in LINKS if (url := _url(name, **{key: provider.id}))],
        public_url=url_for("directory.provider", provider_id=provider.id) if is_public else "",
        updated=str(format_date(provider.updated_at, format="long", locale=current_language())),
    )


def status_badge(status: str) -> Badge:
    return Badge(_(STATUS_LABELS[status]), STATUS_BADGES[status])


def _badge(provider: Provider) -> Badge:
    if provider.status == "temporarily_closed" and not provider.is_closed_for_now:
        return Badge(_("Open again since the day it was closed until"), "good")
    return status_badge(provider.status)


def _url(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def _day(day: date | None) -> str:
    return "" if day is None else str(format_date(day, format="long", locale=current_language()))


def _phones(provider: Provider) -> list[tuple[str, Any]]:
    labels = {"intake": _("To start treatment"), "hotline": _("Hotline")}
    main = [(_("Phone"), phone_link(provider.phone, provider.phone_extension, current_language()))]
    others = [
        (
            labels.get(one.get("kind", ""), _("Another number")),
            phone_link(one.get("number", ""), one.get("extension", ""), current_language()),
        )
        for one in provider.other_phones
    ]
    return [(label, link) for label, link in (*main, *others) if link]


def _program(program: Program) -> ProgramRow:
    days, capacity = program.max_stay_days, program.capacity
    return ProgramRow(
        id=program.id,
        label=level_label(program.level),
        name=program.name,
        stay=ngettext("%(n)s day", "%(n)s days", days) if days else "",
        capacity="" if capacity is None else f"{capacity:,}",
        status=status_badge(program.status),
        status_code=program.status,
        facts=[f"{fact_label(code)}: {_('yes') if known else _('no')}" for code, known in program.facts.items()],
    )


def _family(family: str, known: dict[str, bool]) -> FamilyRow:
    facts = FACTS_BY_FAMILY[family]
    return FamilyRow(
        label=family_label(family),
        yes=", ".join(_(fact.label) for fact in facts if known.get(fact.code)),
        no=", ".join(_(fact.label) for fact in facts if known.get(fact.code) is False),
        n_unknown=sum(fact.code not in known for fact in facts),
    )


def _differences(provider: Provider) -> list[Difference]:
    session = object_session(provider) or db.session
    rows = []
    for correction in corrections_of(session, provider.id):
        label, about = label_of(correction.field)
        theirs = correction.offered_value if correction.is_offered else correction.source_value
        ours = our_value(provider, correction.field)
        if ours == theirs and not correction.is_offered:
            continue
        rows.append(
            Difference(
                field=correction.field,
                label=f"{_(label)}: {_(about)}" if about else _(label),
                ours=_words(correction.field, ours),
                theirs=_words(correction.field, theirs),
                is_offered=correction.is_offered,
                is_level=correction.field.startswith("level."),
            )
        )
    return rows


def _words(field: str, value: Any) -> str:
    text, is_english = value_words(field, value)
    return _(text) if is_english else text
