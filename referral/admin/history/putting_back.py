"""The page on which somebody decides to put a change back: what it is now, and what it would become."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from referral.admin.history.told import ChangeLine, line_of, words_of
from referral.admin.shared.forms import StaffForm
from referral.admin.shared.times import when_text
from referral.history.putting_back import CannotPutBackError, current_value
from referral.history.reading import is_shown, levels_of, names_of
from referral.models import Change, Provider
from referral.models.history import ACT_KINDS, MAX_WHY
from referral.pages.text import _
from referral.vocabulary.words import N_

MAX_OTHERS = 30


class PutBackForm(StaffForm):
    version = HiddenField()
    """Of the listing when the page was made."""
    why = TextAreaField(N_("Why"), validators=[Length(max=MAX_WHY, message=N_("Use at most 500 characters."))])
    button_id = "put-back"


class Sight(NamedTuple):
    """A change, and the value as it stands."""

    change_id: int
    listing_id: int
    listing: str
    line: ChangeLine
    now: str
    becomes: str
    done: str
    """What was done then, when and by whom."""
    is_other_now: bool
    """Somebody changed it again since."""
    obstacle: str
    """Why it cannot be put back; empty where it can."""
    version: str
    others: list[ChangeLine]
    """What was changed with it and is still so: a street that goes back alone keeps the map point of another."""


def sight_of(session: Session, change: Change) -> Sight:
    provider = session.get(Provider, change.provider_id)
    name, _is_there = names_of(session, [change.provider_id]).get(change.provider_id, ("", False))
    line = line_of(change, levels_of(session, [change]))
    now, obstacle = _now(session, change)
    # An import notes of a new listing only its name.
    is_same = change.field == "listing" or now == change.new
    return Sight(
        change.id,
        change.provider_id,
        name or _("Listing %(number)s", number=change.provider_id),
        line,
        words_of(change.field, now),
        _("Taken off the list") if change.field == "listing" else words_of(change.field, change.old),
        _done(change),
        is_other_now=not obstacle and not is_same,
        obstacle=obstacle,
        version=str(provider.version) if provider else "",
        others=_others(session, change),
    )


def _others(session: Session, change: Change) -> list[ChangeLine]:
    of_act = sa.select(Change).where(Change.act_id == change.act_id, Change.provider_id == change.provider_id)
    rows = session.scalars(of_act.where(Change.id != change.id, is_shown).order_by(Change.id).limit(MAX_OTHERS))
    open_ones = [row for row in rows if not _now(session, row)[1]]
    levels = levels_of(session, open_ones)
    return [line_of(row, levels) for row in open_ones]


def _now(session: Session, change: Change) -> tuple[Any, str]:
    """The value as it stands, and what is in the way of putting it back."""
    if change.field == "listing" and change.old is not None:
        return None, _("The listing is no longer in the directory. It comes back with an import or as a new listing.")
    try:
        now = current_value(session, change)
    except CannotPutBackError as error:
        gone = _("The program is no longer there. Put its removal back first.")
        return None, gone if str(error) == "program" else _("The listing is no longer in the directory.")
    if change.field == "listing":
        is_off = now is None or now["status"] == "inactive"
        return now, _("The listing is off the list already.") if is_off else ""
    if now == change.old:
        return now, _("It is so already.")
    return now, ""


def _done(change: Change) -> str:
    done, who = change.act, change.act.user
    return _(
        "%(what)s by %(who)s, %(when)s",
        what=_(ACT_KINDS[done.kind]),
        who=who.name if who else _("a command"),
        when=when_text(done.at),
    )
