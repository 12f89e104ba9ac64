"""What the sources are called that mappings fill: by the name that somebody gave the mapping, never by a code."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.importers.formats import label_of
from referral.importers.mapping.rules import source_of
from referral.models import ImportMapping

OWN = "list:"
"""How the code of a source begins that a mapping fills."""


def source_of_kept(kept: ImportMapping) -> str:
    """The code of its source: from its first name, so that another name makes no new listings."""
    return str(kept.rules.get("source") or source_of(kept.name))


def kept_by_source(session: Session) -> dict[str, str]:
    """Name of each mapping by the code of its source."""
    by_name = sa.select(ImportMapping).order_by(sa.func.lower(ImportMapping.name), ImportMapping.id)
    return {source_of_kept(kept): kept.name for kept in session.scalars(by_name)}


def names_of(session: Session, sources: Iterable[str]) -> dict[str, str]:
    """What the sources among these are called that mappings fill. Asks the database only where there is one."""
    own = [source for source in sources if source.startswith(OWN)]
    names = kept_by_source(session) if own else {}
    return {source: names.get(source, source.removeprefix(OWN)) for source in own}


def source_label(session: Session, source: str, translate: Callable[[str], str]) -> str:
    """What a source is called: the name of the mapping, or of what its files are, without how they look.

    That is in the language in which `translate` gives message ids.
    """
    return names_of(session, [source]).get(source) or translate(label_of(source)).partition(" (")[0]
