"""What to say and what to verify on the phone, printed from the listing itself."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

from flask import current_app

from referral.admin.confirming.parts import PARTS, known_codes, listed_facts, listed_programs, parts_of
from referral.language import current_language
from referral.models import Provider
from referral.pages.phones import PhoneLink, phone_link
from referral.pages.text import _, ngettext
from referral.pages.wording import address_text
from referral.phrases import fact_label, fact_question, family_label, level_label
from referral.vocabulary import ALTERNATIVES, FACTS_LISTED_IN_FULL, LEVELS

STAY_LEVELS = frozenset({"residential_long", "residential"})
"""Levels at which the longest stay decides whether 90 days are possible."""

HOW_LONG = ALTERNATIVES["residential_shorter"]
"""The need that asks for how long a person can stay."""

KEY_FACTS = ("co_occurring", "accepts_on_medication")
"""What most often decides whether a person can come, beside how it is paid."""


class Line(NamedTuple):
    """One part of the listing: what to ask, and what is listed."""

    code: str
    label: str
    question: str
    listed: list[str]


class Phone(NamedTuple):
    label: str
    link: PhoneLink


def opening(user_name: str) -> str:
    site = current_app.config["ONWARD"].site_name
    return _(
        "Hello, this is %(name)s from %(site)s, a free list of treatment programs. "
        "May I check what we say about you? It takes a few minutes.",
        name=user_name,
        site=site,
    )


def lines(provider: Provider) -> list[Line]:
    """What to verify, part by part, in the order of the call."""
    return [_line(provider, part) for part in parts_of(provider)]


def questions(provider: Provider) -> list[str]:
    """What is not known yet and matters most."""
    asked = []
    if not listed_facts(provider, "payment"):
        asked += [fact_question("takes_medicaid"), fact_question("sliding_fee")]
    known = known_codes(provider)
    asked += [fact_question(code) for code in KEY_FACTS if code not in known]
    programs = listed_programs(provider)
    if any(program.level in STAY_LEVELS and program.max_stay_days is None for program in programs):
        asked.append(_(HOW_LONG.ask))
    return asked


def phones(provider: Provider) -> list[Phone]:
    """The numbers of a listing, the one to call first."""
    labels = {"intake": _("To start treatment"), "hotline": _("Hotline")}
    main = phone_link(provider.phone, provider.phone_extension, current_language())
    found = [Phone(_("Main number"), main)] if main else []
    for other in provider.other_phones:
        link = phone_link(other.get("number", ""), other.get("extension", ""), current_language())
        if link:
            found.append(Phone(labels.get(other.get("kind", ""), _("Another number")), link))
    return found


def part_label(part: str) -> str:
    return _(PARTS[part]) if part in PARTS else family_label(part)


def _line(provider: Provider, part: str) -> Line:
    if part == "contact":
        question, listed = _("Is this the number that people should call?"), _contact(provider)
    elif part == "address":
        question, listed = _address(provider)
    elif part == "programs":
        question, listed = _("Do you still give these kinds of care?"), _programs(provider)
    else:
        question, listed = _("Is this still right?"), _facts(provider, part)
    return Line(part, part_label(part), question, listed)


def _contact(provider: Provider) -> list[str]:
    numbers = [f"{phone.label}: {phone.link.text}" for phone in phones(provider)]
    website = urlsplit(provider.website).netloc.removeprefix("www.")
    return [*(numbers or [_("No phone number is listed.")]), *filter(None, [website])]


def _address(provider: Provider) -> tuple[str, list[str]]:
    if provider.address_kind == "street":
        return _("Are you still at this address?"), [address_text(provider)]
    place = ", ".join(filter(None, (provider.street, provider.unit, provider.city, provider.state)))
    return _("Is it right that we do not show your address?"), [place]


def _programs(provider: Provider) -> list[str]:
    order = list(LEVELS)
    found = []
    for program in sorted(listed_programs(provider), key=lambda program: order.index(program.level)):
        words = [level_label(program.level)]
        if program.max_stay_days:
            words.append(ngettext("Longest stay: %(n)s day", "Longest stay: %(n)s days", program.max_stay_days))
        if program.capacity is not None:
            words.append(ngettext("Room for %(n)s person", "Room for %(n)s people", program.capacity))
        if program.status == "temporarily_closed":
            words.append(_("Closed for now."))
        found.append(" · ".join(words))
    return found or [_("Not listed. Ask which kinds of care they give.")]


def _facts(provider: Provider, family: str) -> list[str]:
    known = listed_facts(provider, family)
    yes = [fact_label(code) for code, is_yes in known.items() if is_yes]
    no = [fact_label(code) for code, is_yes in known.items() if not is_yes]
    heading = _("Not on its list:") if family in FACTS_LISTED_IN_FULL else _("Not here:")
    return [*yes, *([f"{heading} {', '.join(no)}"] if no else [])]
