"""The page on which the second of two people sees both versions, field by field, and chooses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from referral.admin.editing.fields import Pairs
from referral.admin.editing.merging import Row, choose, merge, merged, whole
from referral.history.fields import label_of, value_words
from referral.history.putting_back import values_at
from referral.models import Act, Change, Provider, User
from referral.models.history import ACT_KINDS
from referral.models.recording import Values
from referral.pages.text import _

MAX_FIELD_NAME, MAX_ASKED = 80, 300


class Choice(NamedTuple):
    field: str
    label: str
    base: str
    mine: str
    theirs: str
    outcome: str
    chosen: str
    """mine, theirs, or empty while nothing is chosen."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What the page shows, and what its form sends back."""

    choices: list[Choice]
    carried: Pairs
    version: int
    began: int
    """The version that I had before me when I began, however often somebody else has saved since."""
    is_unanswered: bool
    """It was sent without all choices."""

    @property
    def is_saved_already(self) -> bool:
        return all(choice.outcome == "both" for choice in self.choices)

    @property
    def asked(self) -> list[str]:
        return [choice.field for choice in self.choices if choice.outcome == "ask"]

    def summary(self) -> list[tuple[str, str]]:
        return [
            (f"choose-{choice.field}-mine", _("Choose which to keep: %(what)s", what=choice.label))
            for choice in self.choices
            if choice.outcome == "ask" and not choice.chosen
        ]


def base_values(session: Session, provider: Provider, version: int) -> tuple[Values, dict[int, Values | None]] | None:
    """The values when the form was opened; None where its version is none that there was."""
    return values_at(session, provider, version) if 0 < version <= provider.version else None


class Sent(NamedTuple):
    """What came in from the form, after the choices that came with it."""

    mine: Values
    undecided: list[str]
    chosen: dict[str, str]


def sent(mine: Values, base: Values | None) -> Sent:
    """Apply the choices of a conflict page: they were made between mine and `base`, which it showed as theirs."""
    asked = [field for field in request.form.getlist("asked") if len(field) < MAX_FIELD_NAME][:MAX_ASKED]
    chosen = {field: request.form.get(f"choose-{field}", "") for field in asked}
    if base is None:
        return Sent(mine, asked, chosen)
    return Sent(*choose(mine, base, asked, chosen), chosen)


def find_conflict(came: Sent, base: Values | None, theirs: Values) -> tuple[list[Choice], Values] | None:
    """What to show, and my values with what only the other changed; None where nobody else changed what I see.

    Two who changed something to the same are shown it, too: each may have counted one up.
    """
    rows = merge(base, came.mine, theirs, came.undecided)
    if all(row.outcome == "mine" for row in rows):
        return None
    return [choice_of(row, came.chosen) for row in rows], merged(came.mine, rows)


def version_at_first(seen: int) -> int:
    """The version in the form with which all began; `seen` is the one of the page that was sent."""
    text = request.form.get("began", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
    return number if 0 < number <= seen else seen


def since_it_began(
    session: Session, provider: Provider, choices: list[Choice], began: int, program_id: int | None = None
) -> list[Choice]:
    """The choices with what each value was in the first form, not on the last page that showed a conflict."""
    known = base_values(session, provider, began)
    first = known and (known[0] if program_id is None else known[1].get(program_id))
    if not first:
        return choices
    return [choice._replace(base=words_of(choice.field, whole(first, choice.field))) for choice in choices]


def who_since(session: Session, provider_id: int, version: int) -> str:
    """Who changed the listing after that version: people by name, anything else by what was done."""
    rows = session.execute(
        sa.select(User.name, Act.kind)
        .select_from(Change)
        .join(Act, Act.id == Change.act_id)
        .outerjoin(User, User.id == Act.user_id)
        .where(Change.provider_id == provider_id, Change.version > version)
        .order_by(Change.id)
    )
    return ", ".join(dict.fromkeys(row.name or _(ACT_KINDS[row.kind]) for row in rows))


def choice_of(row: Row, chosen: dict[str, str]) -> Choice:
    label, about = label_of(row.field)
    return Choice(
        field=row.field,
        label=f"{_(label)}: {_(about)}" if about else _(label),
        base=words_of(row.field, row.base),
        mine=words_of(row.field, row.mine),
        theirs=words_of(row.field, row.theirs),
        outcome=row.outcome,
        chosen=chosen.get(row.field, "") if row.outcome == "ask" else "",
    )


def words_of(field: str, value: Any) -> str:
    """A value of history in the language of the request."""
    if isinstance(value, list) and field == "phone":
        number, extension = value
        return " ".join(filter(None, (number, extension))) or _("nothing")
    text, is_english = value_words(field, value)
    return _(text) if is_english else text


def conflict_page(conflict: Conflict, provider_id: int, *, action: str, title: str, who: str) -> tuple[str, int]:
    """409; or 422 where the same page was sent back without all choices."""
    status = 422 if conflict.is_unanswered else 409
    listing_url = url_for("admin.editing.listing", provider_id=provider_id)
    page = render_template(
        "admin/editing/conflict.html",
        conflict=conflict,
        action=action,
        title=title,
        who=who,
        listing_url=listing_url,
    )
    return page, status
