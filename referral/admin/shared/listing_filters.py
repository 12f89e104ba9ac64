"""The state of the staff list as it stands in its address: read, checked, and written again.

The list and the exports read it with the same function, so that an export of a list holds what the list shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from werkzeug.datastructures import MultiDict

from referral.admin.shared.forms import clean_line
from referral.admin.shared.staff_index import current_staff_index
from referral.admin.shared.typed_place import words_and_state
from referral.finding import MAX_TERMS, FactFilter, Filters, Known, Order, Point, terms_of
from referral.finding.filters import NO_LEVEL
from referral.models.provider import STATUSES
from referral.pages.text import _
from referral.pages.wording import today
from referral.places.states import STATES
from referral.vocabulary import FACTS, LEVELS
from referral.vocabulary.words import N_

MAX_Q = 200
MAX_FACTS = 3
MAX_SOURCE = 100

FLAGS = {
    "reports": "has_reports",
    "corrections": "has_corrections",
    "offers": "has_offers",
    "license": "is_license_expired",
    "never": "never_confirmed",
}
"""Parameters that are 1 or absent, and the field of Filters that each sets. `license=1`: it has expired."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_Choice = TypeVar("_Choice", bound=StrEnum)


class BadFilterError(ValueError):
    """Something in the address of a list cannot be understood."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems
        """What is wrong, by parameter, as people read it."""


@dataclass
class Asked:
    """What an address asks for."""

    filters: Filters = field(default_factory=Filters)
    order: Order = Order.BEST
    q: str = ""
    """What was typed into the search field, in one line."""
    page: int = 1
    problems: dict[str, str] = field(default_factory=dict)
    """What is wrong, by parameter, as people read it. Then nothing may be listed: too much would be."""


def asked(args: MultiDict[str, str]) -> Asked:
    """What the query of a request asks for. Unknown parameters do nothing; wrong values are told in `problems`."""
    found = Asked(page=_page(args.get("page", "")))
    values: dict[str, Any] = {
        "terms": _terms(found, args),
        "state": _one_of(found, args, "state", STATES, N_("There is no such state.")),
        "level": _one_of(found, args, "level", {NO_LEVEL, *LEVELS}, N_("There is no such kind of care.")),
        "status": _one_of(found, args, "status", STATUSES, N_("There is no such status.")),
        "source": clean_line(args.get("source"))[:MAX_SOURCE],
        "facts": _facts(found, args),
        "confirmed_before": _day(found, args, "before"),
        "confirmed_since": _day(found, args, "since"),
        "point": _choice(found, args, "point", Point, N_("There is no such choice for the map point.")),
    }
    values |= {name: _flag(found, args, parameter) for parameter, name in FLAGS.items()}
    words, state = words_and_state(found.q)
    if state and not found.problems and values["state"] in ("", state):
        found.q, values["terms"], values["state"] = words, terms_of(words), state
    found.filters = Filters(**values)
    found.order = _choice(found, args, "order", Order, N_("There is no such order.")) or Order.BEST
    return found


def filters_from(args: MultiDict[str, str]) -> Filters:
    """The filters that the query of a request asks for. Raises BadFilterError."""
    found = asked(args)
    if found.problems:
        raise BadFilterError(found.problems)
    return found.filters


def order_from(args: MultiDict[str, str]) -> Order:
    """The order that the query of a request asks for. Raises BadFilterError."""
    found = asked(args)
    if found.problems:
        raise BadFilterError(found.problems)
    return found.order


def matching_ids(filters: Filters, order: Order = Order.BEST) -> npt.NDArray[np.int64]:
    """The ids of all listings that the list with these filters shows, in its order."""
    return current_staff_index().all_ids(filters, order, today=today())


def query_of(found: Asked, *, without: str = "", **changes: str) -> list[tuple[str, str]]:
    """The parameters that ask for the same, without one part (a name of Filters.parts) and with others changed.

    The page is never kept: another list begins at its first page.
    """
    filters = found.filters.without(without) if without else found.filters
    plain = {
        "q": "" if without == "q" else found.q,
        "state": filters.state,
        "level": filters.level,
        "status": filters.status,
        "source": filters.source,
        "since": filters.confirmed_since.isoformat() if filters.confirmed_since else "",
        "before": filters.confirmed_before.isoformat() if filters.confirmed_before else "",
        "point": filters.point or "",
        "order": "" if found.order is Order.BEST else str(found.order),
    }
    plain |= {parameter: "1" for parameter, name in FLAGS.items() if getattr(filters, name)}
    pairs = [(name, str(value)) for name, value in (plain | changes).items() if value]
    for wanted in filters.facts:
        pairs += [("fact", wanted.fact), ("is", str(wanted.known))]
    return pairs


def _page(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 8 else 1


def _one_of(found: Asked, args: MultiDict[str, str], name: str, known: Any, problem: str) -> str:
    value = args.get(name, "")
    if value and value not in known:
        found.problems[name] = _(problem)
        return ""
    return value


def _choice(
    found: Asked, args: MultiDict[str, str], name: str, kind: Callable[[str], _Choice], problem: str
) -> _Choice | None:
    value = args.get(name, "")
    if not value:
        return None
    try:
        return kind(value)
    except ValueError:
        found.problems[name] = _(problem)
        return None


def _flag(found: Asked, args: MultiDict[str, str], name: str) -> bool:
    value = args.get(name, "")
    if value not in ("", "1"):
        found.problems[name] = _("“%(name)s” can only be 1, or be left out.", name=name)
    return value == "1"


def _day(found: Asked, args: MultiDict[str, str], name: str) -> date | None:
    value = args.get(name, "").strip()
    if not value:
        return None
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    found.problems[name] = _("Write the day as year, month and day, for example 2026-03-31.")
    return None


def _facts(found: Asked, args: MultiDict[str, str]) -> tuple[FactFilter, ...]:
    wanted: dict[FactFilter, None] = {}
    for fact, known in zip_longest(args.getlist("fact"), args.getlist("is"), fillvalue=""):
        if not fact:
            continue
        try:
            value = Known(known or "yes")
        except ValueError:
            found.problems["is"] = _("A fact can be yes, no or unknown.")
            continue
        if fact not in FACTS:
            found.problems["fact"] = _("There is no such fact.")
            continue
        wanted[FactFilter(fact, value)] = None
    if len(wanted) > MAX_FACTS:
        found.problems["fact"] = _("Choose at most %(n)s facts.", n=MAX_FACTS)
        return ()
    return tuple(wanted)


def _terms(found: Asked, args: MultiDict[str, str]) -> Any:
    found.q = clean_line(args.get("q"))
    if len(found.q) > MAX_Q:
        found.problems["q"] = _("Search for at most %(n)s characters.", n=MAX_Q)
        found.q = found.q[:MAX_Q]
        return ()
    terms = terms_of(found.q)
    if len(terms) > MAX_TERMS:
        found.problems["q"] = _("Search for at most %(n)s words.", n=MAX_TERMS)
        return ()
    if found.q and not terms:
        found.problems["q"] = _("Search for letters or digits.")
    return terms
