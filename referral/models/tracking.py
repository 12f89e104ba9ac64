"""Every change of a provider, program or report through a session advances the change counter, whoever makes it.

Statements that go around the session (importers, `clear-demo`) call `changed` themselves.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from referral.models.change import changed
from referral.models.program import Program
from referral.models.provider import Provider
from referral.models.report import Report


def _provider_of(thing: object) -> Provider | None:
    if isinstance(thing, Provider):
        return thing
    return thing.provider if isinstance(thing, Program | Report) else None


@event.listens_for(Session, "before_flush")
def _mark_changed(session: Session, _context: Any, _instances: Any) -> None:
    touched = {_provider_of(thing) for thing in session.dirty if session.is_modified(thing)}
    touched |= {_provider_of(thing) for thing in (*session.new, *session.deleted)}
    touched.discard(None)
    if not touched:
        return
    is_reload = any(isinstance(thing, Provider) for thing in session.deleted)
    value = changed(session, is_reload=is_reload)
    for provider in touched:
        if provider is not None and provider not in session.deleted:
            provider.change = value
