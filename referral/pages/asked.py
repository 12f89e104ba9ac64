"""What was asked, in words, and addresses that ask it again with one part changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import current_app

from referral.matching import Precision, Query
from referral.pages.links import link
from referral.pages.text import _
from referral.pages.wording import radius_text
from referral.phrases import fact_label, family_label, need_label
from referral.sealing import Asked, Seal


@dataclass(frozen=True, slots=True)
class AskedWords:
    needs: str
    where: str
    requirements: tuple[tuple[str, str], ...]
    """(group, what was chosen in it)."""


def place_label(query: Query) -> str:
    if query.origin.precision is Precision.ROUNDED:
        return _("your location (about)")
    return query.origin.label or f"{query.origin.latitude:.2f}, {query.origin.longitude:.2f}"


def asked_words(query: Query) -> AskedWords:
    """The question in one line."""
    either = _("or")
    where = {"place": place_label(query), "radius": radius_text(query.radius_miles)}
    return AskedWords(
        needs=" + ".join(map(need_label, query.needs)) or _("Any kind of program"),
        where=_("%(radius)s of %(place)s", **where)
        if query.radius_miles is not None
        else _("at any distance from %(place)s", **where),
        requirements=tuple(
            (family_label(item.group), f" {either} ".join(map(fact_label, item.facts))) for item in query.requirements
        ),
    )


def sealed(asked: Asked) -> str:
    seal: Seal = current_app.extensions["seal"]
    return seal.seal(asked)


def unsealed(text: str) -> Asked:
    """Raises SealError."""
    seal: Seal = current_app.extensions["seal"]
    return seal.unseal(text)


def results_url(asked: Asked, query: Query | None = None, **changes: Any) -> str:
    """Address of the results of this question: as `query` where given, with some of its parts changed."""
    changed = replace(query or asked.query, **changes)
    return link("intake.results", sealed(replace(asked, query=changed)))
