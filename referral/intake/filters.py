"""The filters of a results page: every choice of the intake with how many places it would give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from referral.matching import MatchIndex
from referral.matching.facets import facets
from referral.pages.question import radius_value
from referral.pages.text import _, ngettext
from referral.pages.wording import radius_text
from referral.phrases import fact_label, family_label, need_label
from referral.sealing import Asked
from referral.vocabulary import GROUPS, INTAKE_FACTS_BY_GROUP


class Choice(NamedTuple):
    value: str
    label: str
    places: str
    """How many places would fit, in words."""
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    name: str
    """Of the form field."""
    legend: str
    kind: str
    """checkbox or radio."""
    choices: list[Choice]
    is_open: bool
    """Whether something is chosen in it."""


@dataclass(frozen=True, slots=True)
class Filters:
    action: str
    order: str
    groups: list[Group]


def filters(index: MatchIndex, asked: Asked, action: str) -> Filters:
    """action: where the form is sent."""
    query, counts = asked.query, facets(index, asked.query)
    wanted = {code for item in query.requirements for code in item.facts}
    radii = (
        Choice(radius_value(radius), _capital(radius_text(radius)), _places(n), radius == query.radius_miles)
        for radius, n in counts.radii.items()
    )
    needs = (Choice(code, need_label(code), _places(n), code in query.needs) for code, n in counts.needs.items())
    return Filters(
        action,
        asked.query.order.value,
        [
            _group("need", _("Kinds of care"), needs),
            _group("radius_miles", _("How far"), radii, kind="radio"),
            *(
                _group(
                    group,
                    family_label(group),
                    (
                        Choice(code, fact_label(code), _places(n), code in wanted)
                        for code, n in ((fact.code, counts.facts[fact.code]) for fact in INTAKE_FACTS_BY_GROUP[group])
                    ),
                )
                for group in GROUPS
            ),
        ],
    )


def _group(name: str, legend: str, choices: Iterable[Choice], kind: str = "checkbox") -> Group:
    listed = list(choices)
    return Group(name, legend, kind, listed, is_open=any(choice.is_chosen for choice in listed))


def _places(n: int) -> str:
    return ngettext("%(n)s place", "%(n)s places", n) if n else _("none")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
