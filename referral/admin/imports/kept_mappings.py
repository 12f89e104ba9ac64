"""The mappings that are kept, and the sources that their listings have."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.importers.formats import label_of
from referral.importers.mapping import source_of
from referral.models import ImportMapping

OWN = "list:"
"""How the code of a source begins that a mapping fills."""


def all_kept(session: Session) -> Sequence[ImportMapping]:
    return session.scalars(
        sa.select(ImportMapping).order_by(sa.func.lower(ImportMapping.name), ImportMapping.id)
    ).all()


def source_of_kept(kept: ImportMapping) -> str:
    """The code of its source: from its first name, so that another name makes no new listings."""
    return str(kept.rules.get("source") or source_of(kept.name))


def kept_by_source(session: Session) -> dict[str, str]:
    """Name of each mapping by the code of its source."""
    return {source_of_kept(kept): kept.name for kept in all_kept(session)}


def source_label(session: Session, source: str) -> str:
    """What a source is called: the name of the mapping, or of what its files are, without how they look."""
    if source.startswith(OWN):
        return kept_by_source(session).get(source, source.removeprefix(OWN))
    return label_of(source).partition(" (")[0]
