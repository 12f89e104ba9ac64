"""A form for what is no longer there, or that comes twice: what was typed is kept, and nothing is made twice."""

from __future__ import annotations

import re
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.admin.editing.listing_values import own_program_values
from referral.models import Act, Change, Program, Provider
from referral.models.provider import MAX_ID
from referral.models.recording import Values

_KEY = re.compile(r"[0-9a-f]{32}")


def new_key() -> str:
    """What a form for a new listing carries: the listing keeps it, so that the form cannot make two."""
    return uuid4().hex


def key_of(text: str | None) -> str:
    """The key that was sent, or a new one where it is none."""
    return text if text and _KEY.fullmatch(text) else new_key()


def made_with(session: Session, key: str) -> int | None:
    """Number of the listing that a form with this key has made."""
    return session.scalar(sa.select(Provider.id).where(Provider.source == "staff", Provider.source_key == key))


def was_there(session: Session, provider_id: int) -> bool:
    """Whether there once was a listing with this number: taking an import back deletes what came with it."""
    told = sa.select(Change.id).where(Change.provider_id == provider_id, Change.field == "listing").limit(1)
    return provider_id <= MAX_ID and session.scalar(told) is not None


def listing_of_removed(session: Session, program_id: int) -> Provider | None:
    """The listing of a program that staff or an import has removed."""
    told = sa.select(Change.provider_id).where(Change.field == "program", Change.program_id == program_id)
    provider_id = session.scalar(told.order_by(Change.id.desc()).limit(1)) if program_id <= MAX_ID else None
    return None if provider_id is None else session.get(Provider, provider_id)


def is_added_already(session: Session, provider: Provider, values: Values, *, since: int, user_id: int) -> bool:
    """Whether this person added the very same program since they opened the form: then it comes twice."""
    added = session.scalars(
        sa.select(Change.program_id)
        .join(Act, Act.id == Change.act_id)
        .where(Change.provider_id == provider.id, Change.version > since, Change.field == "program")
        .where(Change.old.is_(None), Act.kind == "edit", Act.user_id == user_id)
    ).all()
    programs: list[Program] = [program for program in provider.programs if program.id in added]
    return any(_known(own_program_values(program)) == _known(values) for program in programs)


def _known(values: Values) -> Values:
    return {name: value for name, value in values.items() if value is not None}
