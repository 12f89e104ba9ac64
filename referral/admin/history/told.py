"""Acts and their changes in words, ready to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from babel.dates import format_date
from flask import current_app, url_for
from sqlalchemy.orm import Session

from referral.admin.shared.addresses import listing_url
from referral.admin.shared.times import when_text
from referral.history.fields import PRECISION_LABELS, label_of, value_words
from referral.history.putting_back import DAYS
from referral.history.reading import Wanted, first_changes, levels_of, names_of
from referral.language import current_language
from referral.models.history import ACT_KINDS
from referral.pages.text import _
from referral.phrases import level_label
from referral.vocabulary import LEVELS

LISTINGS_OF_AN_ACT = 5
"""So many listings of an act are shown among others; all of them on a page of its own."""

CHANGES_OF_AN_ACT = 40

IMPORT = "admin.imports.run"
REPORT = "admin.inbox.report"


class ChangeLine(NamedTuple):
    id: int
    program: str
    """Level of the program that it is about; empty: the listing itself."""
    label: str
    old: str
    new: str
    can_be_put_back: bool


class ListingPart(NamedTuple):
    """What an act changed of one listing."""

    id: int
    name: str
    url: str
    """Empty where the listing is no longer in the directory."""
    changes: list[ChangeLine]


class ActTold(NamedTuple):
    id: int
    kind: str
    when: str
    at: str
    """For a machine."""
    who: str
    why: str
    links: list[tuple[str, str]]
    """(what it belongs to, its address)."""
    listings: list[ListingPart]
    has_more: bool


def told(session: Session, rows: Sequence[Any], wanted: Wanted) -> list[ActTold]:
    """Acts with the first of their changes."""
    changes = first_changes(session, [row.id for row in rows], wanted, limit=CHANGES_OF_AN_ACT + 1)
    cut = {number: _first_listings(found) for number, found in changes.items()}
    parts = parts_of(session, [change for found in cut.values() for change in found])
    acts = []
    for row in rows:
        own = parts.get(row.id, [])
        acts.append(act_told(row, own, has_more=len(changes.get(row.id, ())) > len(cut.get(row.id, ()))))
    return acts


def _first_listings(changes: list[Any]) -> list[Any]:
    shown = list(dict.fromkeys(change.provider_id for change in changes))[:LISTINGS_OF_AN_ACT]
    return [change for change in changes[:CHANGES_OF_AN_ACT] if change.provider_id in shown]


def act_told(row: Any, listings: list[ListingPart], *, has_more: bool = False) -> ActTold:
    return ActTold(
        row.id,
        _(ACT_KINDS[row.kind]),
        when_text(row.at),
        f"{row.at:%Y-%m-%dT%H:%M:%SZ}",
        row.user_name or _("a command"),
        row.why,
        _links(row),
        listings,
        has_more,
    )


def _links(row: Any) -> list[tuple[str, str]]:
    links = []
    if row.undoes_id is not None:
        links.append((_("What it takes back"), url_for("admin.history.index", act=row.undoes_id)))
    if row.import_run_id is not None and IMPORT in current_app.view_functions:
        links.append((_("The import"), url_for(IMPORT, run_id=row.import_run_id)))
    if row.report_id is not None and REPORT in current_app.view_functions:
        links.append((_("The report"), url_for(REPORT, report_id=row.report_id)))
    return links


def parts_of(session: Session, changes: Sequence[Any]) -> dict[int, list[ListingPart]]:
    """What was changed of each listing, by act."""
    names = names_of(session, (change.provider_id for change in changes))
    levels = levels_of(session, changes)
    parts: dict[int, dict[int, ListingPart]] = {}
    for change in changes:
        own = parts.setdefault(change.act_id, {})
        part = own.setdefault(change.provider_id, _part(change.provider_id, names))
        part.changes.append(line_of(change, levels))
    return {number: list(own.values()) for number, own in parts.items()}


def _part(provider_id: int, names: dict[int, tuple[str, bool]]) -> ListingPart:
    name, is_there = names.get(provider_id, ("", False))
    return ListingPart(
        provider_id,
        name or _("Listing %(number)s", number=provider_id),
        listing_url(provider_id) if is_there else "",
        [],
    )


def line_of(change: Any, levels: dict[int, str]) -> ChangeLine:
    level = levels.get(change.program_id, "") if change.program_id is not None else ""
    label, about = label_of(change.field)
    return ChangeLine(
        change.id,
        level_label(level) if level in LEVELS else level or (_("Program") if change.program_id else ""),
        ", ".join(filter(None, (_(label), _(about) if about else ""))),
        words_of(change.field, change.old),
        words_of(change.field, change.new),
        can_be_put_back=not (change.field == "listing" and change.old is not None),
    )


def words_of(field: str, value: Any) -> str:
    """A value as staff read it."""
    text, is_english = value_words(field, value)
    if is_english:
        text = _(text)
    if not value:
        return text
    if field in DAYS:
        return str(format_date(date.fromisoformat(value), format="long", locale=current_language()))
    if field == "point":
        return f"{text} ({_(PRECISION_LABELS.get(value[2], value[2]))})"
    if field == "program" and isinstance(value, dict) and value.get("max_stay_days"):
        return ", ".join((text, _("up to %(n)s days", n=value["max_stay_days"])))
    return text
