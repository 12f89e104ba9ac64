"""What the address of a page of history asks for, and the form that asks for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from referral.history.fields import LABELS
from referral.history.reading import NOBODY, Wanted, people, with_merged
from referral.language import current_language
from referral.models.history import ACT_KINDS
from referral.models.provider import MAX_ID
from referral.pages.text import _
from referral.phrases import fact_label, family_label
from referral.vocabulary import FACTS, FACTS_BY_FAMILY

PARAMETERS = ("provider", "person", "kind", "field", "from", "to")

COMMAND = "command"
"""The value of `person` for what commands did."""


@dataclass
class Asked:
    wanted: Wanted
    provider_id: int | None
    """The listing that is asked about; `wanted` also names those that were merged into it."""
    values: dict[str, str]
    """What the address says, by parameter, without what is empty."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """(id of the field, what is wrong). Then nothing is listed: too much would be."""


def asked(session: Session, args: MultiDict[str, str]) -> Asked:
    values = {name: args[name].strip() for name in PARAMETERS if args.get(name, "").strip()}
    found = Asked(Wanted(), None, values)
    found.provider_id = _number(found, "provider", _("A listing has a number, such as 1234."))
    found.wanted = Wanted(
        provider_ids=() if found.provider_id is None else with_merged(session, found.provider_id),
        user_id=NOBODY if values.get("person") == COMMAND else _number(found, "person", _("Choose who did it.")),
        kind=_one_of(found, "kind", ACT_KINDS, _("Choose what was done.")),
        field=_one_of(found, "field", _known_fields(), _("Choose what was changed.")),
        since=_day(found, "from"),
        until=_day(found, "to"),
    )
    return found


def number_of(args: MultiDict[str, str], name: str) -> int | None:
    """A number that the address carries, also as pages write that of a listing: #1234. None where it is none."""
    text = args.get(name, "").removeprefix("#")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= MAX_ID else None


def _number(found: Asked, name: str, problem: str) -> int | None:
    if name not in found.values:
        return None
    number = number_of(MultiDict(found.values), name)
    if number is None or number == NOBODY:
        found.problems.append((name, problem))
        return None
    return number


def _one_of(found: Asked, name: str, known: Any, problem: str) -> str:
    value = found.values.get(name, "")
    if value and value not in known:
        found.problems.append((name, problem))
        return ""
    return value


def _day(found: Asked, name: str) -> date | None:
    text = found.values.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        found.problems.append((name, _("Write the day as year, month and day, for example 2026-03-31.")))
        return None


def _known_fields() -> set[str]:
    return {*LABELS, *(f"facts.{code}" for code in FACTS)}


class Choice(NamedTuple):
    value: str
    label: str


class Choices(NamedTuple):
    """What the form lets one choose from."""

    people: list[Choice]
    kinds: list[Choice]
    fields: tuple[tuple[str, tuple[Choice, ...]], ...]
    """In groups, each with its name."""


def choices(session: Session) -> Choices:
    return Choices(
        [*(Choice(str(row.id), row.name) for row in people(session)), Choice(COMMAND, _("A command"))],
        [Choice(kind, _(label)) for kind, label in ACT_KINDS.items()],
        _fields(current_language()),
    )


@lru_cache(maxsize=8)
def _fields(_language: str) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
    own = tuple(Choice(name, _(label)) for name, label in LABELS.items())
    facts = (
        (family_label(family), tuple(Choice(f"facts.{fact.code}", fact_label(fact.code)) for fact in found))
        for family, found in FACTS_BY_FAMILY.items()
        if found
    )
    return (_("The listing and its programs"), own), *facts
