"""The answer to a small form whose listing was changed meanwhile: what changed, and the same form once more."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa
from flask import render_template

from referral.admin.editing.conflict import who_since, words_of
from referral.admin.editing.fields import Pairs
from referral.extensions import db
from referral.history.fields import label_of
from referral.models import Change, Provider
from referral.pages.text import _

MAX_SHOWN = 200


class Moved(NamedTuple):
    label: str
    old: str
    new: str


def moved_page(provider: Provider, version: str | None, action: str, pairs: Pairs) -> tuple[str, int]:
    """409, with what was sent carried along, so that nothing has to be typed again."""
    seen = int(version) if version and version.isascii() and version.isdigit() and len(version) < 10 else 0
    rows = db.session.execute(
        sa.select(Change.field, Change.old, Change.new)
        .where(Change.provider_id == provider.id, Change.version > seen)
        .order_by(Change.id)
        .limit(MAX_SHOWN)
    )
    changes = [Moved(_label(row.field), words_of(row.field, row.old), words_of(row.field, row.new)) for row in rows]
    page = render_template(
        "admin/editing/moved.html",
        provider=provider,
        changes=changes,
        who=who_since(db.session, provider.id, seen),
        action=action,
        carried=[("version", str(provider.version)), *pairs],
    )
    return page, 409


def _label(field: str) -> str:
    label, about = label_of(field)
    return f"{_(label)}: {_(about)}" if about else _(label)
