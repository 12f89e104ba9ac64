"""The parts of a listing that are confirmed one by one, and how each stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from referral.models import Act, Change, Check, Program, Provider
from referral.models.history import BY_STAFF
from referral.models.provider import MAX_ID
from referral.vocabulary import FACTS, FACTS_BY_FAMILY, FAMILIES
from referral.vocabulary.words import N_

PARTS = {"contact": N_("Phone and website"), "address": N_("Address"), "programs": N_("Kinds of care")}
"""Those that every listing has; the others are families of facts."""

COMPLETE_DAYS = 180
"""A part that was confirmed longer ago no longer counts as confirmed."""

TOGETHER_DAYS = 30
"""When every part was confirmed within so many days, the listing was."""

SAME = ("user_id", "outcome", "how", "parts", "note")
"""What two attempts have in common that are one form sent twice."""

_FIELDS = {
    "contact": ("name", "organization", "phone", "phone_extension", "other_phones", "website"),
    "address": ("address_kind", "street", "unit", "city", "state", "postal_code", "point"),
    "programs": ("program", "level", "max_stay_days", "capacity"),
}
_PART_OF = {field: part for part, fields in _FIELDS.items() for field in fields}


class PartState(NamedTuple):
    code: str
    check: Check | None
    """The last one that confirmed it."""
    is_changed: bool
    """A source or a command has changed it since: what was confirmed is not what is listed."""

    def is_confirmed(self, today: date, within_days: int) -> bool:
        if self.check is None or self.is_changed:
            return False
        return self.check.at.date() >= today - timedelta(days=within_days)


def parts_of(provider: Provider) -> list[str]:
    """Codes of the parts of a listing: the address unless it has none, and each family that something is known of."""
    known = known_codes(provider)
    always = [part for part in PARTS if part != "address" or provider.address_kind != "telehealth"]
    return always + [family for family in FAMILIES if any(fact.code in known for fact in FACTS_BY_FAMILY[family])]


def known_codes(provider: Provider) -> set[str]:
    """Codes of the facts that something is known of, for the whole place or for a program."""
    return {code for program in listed_programs(provider) for code in program.facts} | set(provider.facts)


def listed_programs(provider: Provider) -> list[Program]:
    return [program for program in provider.programs if program.status != "inactive"]


def checks_of(session: Session, provider_id: int) -> Sequence[Check]:
    """All attempts to check a listing with who made them, the last first."""
    checks = sa.select(Check).options(joinedload(Check.user)).where(Check.provider_id == provider_id)
    return session.scalars(checks.order_by(Check.at.desc(), Check.id.desc())).all()


def changes_by_sources(session: Session, provider_id: int) -> dict[str, datetime]:
    """When each part of a listing was last changed by anything but staff."""
    found = session.execute(
        sa.select(Change.field, Change.program_id, sa.func.max(Act.at))
        .join(Act, Act.id == Change.act_id)
        .where(Change.provider_id == provider_id, Act.kind.not_in(BY_STAFF))
        .group_by(Change.field, Change.program_id)
    )
    latest: dict[str, datetime] = {}
    for field, program_id, at in found:
        part = part_of(field, program_id)
        if part:
            latest[part] = max(at, latest.get(part, at))
    return latest


def part_of(field: str, program_id: int | None) -> str:
    """The part that a field of history belongs to; empty for one that nobody is asked about."""
    code = field.removeprefix("facts.")
    if code != field:
        return FACTS[code].family if code in FACTS else ""
    return "programs" if program_id is not None else _PART_OF.get(field, "")


def states(parts: Iterable[str], checks: Sequence[Check], changes: dict[str, datetime]) -> list[PartState]:
    """How each part stands. `checks`: the last first."""
    confirming = [check for check in checks if check.outcome == "confirmed"]
    found = []
    for part in parts:
        check = next((check for check in confirming if not check.parts or part in check.parts), None)
        changed_at = changes.get(part)
        found.append(PartState(part, check, bool(check and changed_at and changed_at > check.at)))
    return found


def n_confirmed(found: Sequence[PartState], today: date, within_days: int = COMPLETE_DAYS) -> int:
    return sum(state.is_confirmed(today, within_days) for state in found)


def confirm(session: Session, provider: Provider, check: Check, today: date) -> bool:
    """Add a check that confirms a listing or parts of it; gives whether the whole listing is confirmed by it."""
    session.add(check)
    is_whole = not check.parts
    if check.parts:
        checks = checks_of(session, provider.id)
        found = states(parts_of(provider), checks, changes_by_sources(session, provider.id))
        is_whole = n_confirmed(found, today, TOGETHER_DAYS) == len(found)
    if is_whole:
        provider.confirmed_on = today
    return is_whole


def is_logged_already(session: Session, check: Check, after: str | None) -> bool:
    """Whether this person logged the very same since they opened the form: then it comes twice."""
    if not (after and after.isascii() and after.isdigit() and len(after) <= len(str(MAX_ID))):
        return False
    return any(
        known.id > int(after) and all(getattr(known, name) == getattr(check, name) for name in SAME)
        for known in checks_of(session, check.provider_id)
    )


def listed_facts(provider: Provider, family: str) -> dict[str, bool]:
    """What is listed of a family, by code. Yes for some of its programs is yes here."""
    programs = [provider.facts | program.facts for program in listed_programs(provider)] or [provider.facts]
    said = {fact.code: [facts.get(fact.code) for facts in programs] for fact in FACTS_BY_FAMILY[family]}
    return {code: any(answers) for code, answers in said.items() if any(answer is not None for answer in answers)}
