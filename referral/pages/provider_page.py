"""Everything that is known about one provider, ready to print. What is not known is said to be not known.

The page of the directory shows it, and the preview of staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from babel.dates import format_date
from flask import url_for
from sqlalchemy.orm import object_session

from referral.extensions import db
from referral.importers.sources import names_of
from referral.language import current_language
from referral.models import Program, Provider
from referral.models.report import KINDS
from referral.pages.reaching import ToCall, to_call
from referral.pages.text import _, ngettext
from referral.pages.wording import Confirmed, address_text, confirmed_text, organization_text
from referral.phrases import fact_label, family_label, level_label
from referral.vocabulary import FACTS, FACTS_BY_FAMILY, FACTS_LISTED_IN_FULL, FAMILIES, LEVELS, NEEDS, Fact
from referral.vocabulary.words import N_


class FactLine(NamedTuple):
    label: str
    explanation: str


@dataclass(frozen=True, slots=True)
class FamilyPart:
    code: str
    heading: str
    yes: list[FactLine]
    no: list[str]
    no_heading: str
    ask: list[str]
    """What is not known."""


@dataclass(frozen=True, slots=True)
class ProgramPart:
    label: str
    name: str
    explanation: str
    stay: str
    capacity: str
    counterpart: str
    notes: list[str]
    """Where the program differs from its provider."""
    is_closed: bool


@dataclass(frozen=True, slots=True)
class ProviderPage:
    name: str
    organization: str
    address: str
    is_closed: bool
    opens_again: str
    """About when, while it is closed for now and the day is known; else empty."""
    limits: list[str]
    """Whom it takes only, where it does not take everyone."""
    to_call: ToCall
    website: str
    website_name: str
    directions: str
    """A map of the way there; empty without an exact point."""
    address_search: str
    """A search of a map for the address, where the way there is not given; else empty."""
    is_approximate: bool
    programs: list[ProgramPart]
    families: list[FamilyPart]
    confirmed: Confirmed
    source: str
    reported: str
    """What is being checked after reports, and since when; empty without an open one."""
    report_url: str


SOURCES = {
    "samhsa_national_directory": N_("SAMHSA, National Directory of Drug and Alcohol Use Treatment Facilities"),
    "locator_export": N_("SAMHSA, FindTreatment.gov"),
    "locator_json": N_("SAMHSA, FindTreatment.gov"),
    "staff": N_("Entered by the people who keep this directory"),
    "demo": N_("Made up, for trying out"),
}
"""Where a listing comes from, in words."""


def source_text(provider: Provider) -> str:
    """Where a listing comes from, in words; a table of somebody's own by the name that it was given."""
    named = names_of(object_session(provider) or db.session, [provider.source])
    return named.get(provider.source) or _(SOURCES.get(provider.source, provider.source))


NEEDED_FACTS = frozenset(need.fact for need in NEEDS.values() if need.fact)


def provider_page(provider: Provider) -> ProviderPage:
    """The page of a provider that is published or closed for now."""
    said_by_programs = frozenset(code for program in provider.programs for code in program.facts)
    website = provider.website if urlsplit(provider.website).scheme in ("http", "https") else ""
    is_at_address = provider.address_kind == "street"
    directions = _directions(provider) if is_at_address else ""
    return ProviderPage(
        name=provider.name,
        organization=organization_text(provider),
        address=address_text(provider),
        is_closed=provider.is_closed_for_now,
        opens_again=_opens_again(provider),
        limits=[fact_label(fact.code) for fact in FACTS_BY_FAMILY["limits"] if provider.facts.get(fact.code)],
        to_call=to_call(provider),
        website=website,
        website_name=urlsplit(website).netloc.removeprefix("www."),
        directions=directions,
        address_search=_address_search(provider) if is_at_address and not directions else "",
        is_approximate=provider.precision in ("zip", "city"),
        programs=_programs(provider),
        families=[
            part
            for family in FAMILIES
            if family != "limits" and (part := _family(family, provider.facts, said_by_programs))
        ],
        confirmed=confirmed_text(provider.confirmed_on, current_language()),
        source=source_text(provider),
        reported=_reported(provider),
        report_url=url_for("reports.form", provider_id=provider.id),
    )


def _opens_again(provider: Provider) -> str:
    if provider.closed_until is None or not provider.is_closed_for_now:
        return ""
    return str(format_date(provider.closed_until, format="long", locale=current_language()))


def _reported(provider: Provider) -> str:
    """Never what the senders wrote: it is not checked, and may be about a person."""
    reports = provider.open_reports
    if not reports:
        return ""
    day = format_date(reports[0].created_on, format="long", locale=current_language())
    kinds = {report.kind for report in reports}
    what = ", ".join(_(kind.checked) for code, kind in KINDS.items() if code in kinds)
    return _("Since %(day)s we are checking: %(what)s.", day=day, what=what)


def _directions(provider: Provider) -> str:
    """A map of the way there on OpenStreetMap. From an exact point only: another would lead to the wrong door."""
    if provider.precision != "exact":
        return ""
    return f"https://www.openstreetmap.org/directions?to={provider.latitude:.6f}%2C{provider.longitude:.6f}"


def _address_search(provider: Provider) -> str:
    """A search of OpenStreetMap for the address as it is written; empty without a street."""
    if not provider.street:
        return ""
    state = f"{provider.state} {provider.postal_code}".strip()
    address = ", ".join(filter(None, (provider.street, provider.city, state)))
    return f"https://www.openstreetmap.org/search?query={quote(address, safe='')}"


def _programs(provider: Provider) -> list[ProgramPart]:
    shown = [program for program in provider.programs if program.status != "inactive"]
    return [_program(program) for level in LEVELS for program in shown if program.level == level]


def _program(program: Program) -> ProgramPart:
    level = LEVELS[program.level]
    stay = ""
    if program.max_stay_days:
        stay = ngettext("Longest stay: %(n)s day", "Longest stay: %(n)s days", program.max_stay_days)
    elif program.level.startswith("residential"):
        stay = _("Longest stay: not listed. Ask.")
    label = level_label(program.level)
    return ProgramPart(
        label=label,
        name=program.name if program.name != label else "",
        explanation=_(level.explanation),
        stay=stay,
        capacity=_capacity(program.capacity),
        counterpart=level.counterpart,
        notes=[
            fact_label(code) if known else f"{_no_heading(FACTS[code].family)} {fact_label(code)}"
            for code, known in program.facts.items()
        ],
        is_closed=program.status == "temporarily_closed",
    )


def _capacity(capacity: int | None) -> str:
    return ngettext("Room for %(n)s person", "Room for %(n)s people", capacity) if capacity else ""


def _family(family: str, known: Mapping[str, bool], said_by_programs: frozenset[str]) -> FamilyPart | None:
    """What is known of a family, and what is not although a person may ask for it."""
    facts = FACTS_BY_FAMILY[family]
    yes = [
        FactLine(_(fact.label), _(fact.explanation) if fact.explanation else "")
        for fact in facts
        if known.get(fact.code)
    ]
    no = [fact_label(fact.code) for fact in facts if known.get(fact.code) is False]
    ask = [
        fact_label(fact.code)
        for fact in facts
        if _can_be_asked_for(fact) and fact.code not in known and fact.code not in said_by_programs
    ]
    if not (yes or no or ask):
        return None
    return FamilyPart(
        code=family,
        heading=family_label(family),
        yes=yes,
        no=no,
        no_heading=_no_heading(family),
        ask=ask,
    )


def _no_heading(family: str) -> str:
    return _("Not on its list:") if family in FACTS_LISTED_IN_FULL else _("Not here:")


def _can_be_asked_for(fact: Fact) -> bool:
    return fact.on_intake or fact.code in NEEDED_FACTS
