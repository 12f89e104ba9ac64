"""Every change of a listing through a session is counted and written into history, whoever makes it.

A change of a provider, program or report advances the change counter. A change of a provider or program makes a new
version of the provider, and is recorded with the values before and after under the act that is at work
(referral.history.act). Where staff change what imports fill, a correction keeps it from the next import.

Statements that go around the session (importers, `clear-demo`) do the same themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from referral.models.change import changed
from referral.models.correcting import keep_corrections_of
from referral.models.history import BY_STAFF, Act, Change
from referral.models.program import Program
from referral.models.provider import Provider
from referral.models.recording import (
    Difference,
    Values,
    differences,
    program_rows,
    program_values,
    provider_rows,
    provider_values,
)
from referral.models.report import Report


@dataclass
class ActAtWork:
    """What is being done in a session, and its number once something was changed in the transaction at work."""

    kind: str
    user_id: int | None = None
    why: str = ""
    import_run_id: int | None = None
    report_id: int | None = None
    undoes_id: int | None = None
    id: int | None = None

    def number(self, connection: sa.Connection) -> int:
        """Its number in history; written there now, if it was not yet."""
        if self.id is None:
            values = {name: value for name, value in vars(self).items() if name != "id"}
            self.id = connection.execute(sa.insert(Act).values(values).returning(Act.id)).scalar_one()
        return self.id


@dataclass
class _Before:
    """Values as the database has them before a flush."""

    providers: dict[int, Any] = field(default_factory=dict)
    programs: dict[int, tuple[int, Values]] = field(default_factory=dict)
    """By number of the program: its provider, and its values."""
    versions: dict[int, int] = field(default_factory=dict)
    is_taken_away: set[int] = field(default_factory=set)
    """Providers that are deleted."""


def _provider_of(thing: object) -> Provider | None:
    if isinstance(thing, Provider):
        return thing
    return thing.provider if isinstance(thing, Program | Report) else None


@event.listens_for(Session, "before_flush")
def _mark_changed(session: Session, _context: Any, _instances: Any) -> None:
    modified = [thing for thing in session.dirty if session.is_modified(thing)]
    things = [*modified, *session.new, *session.deleted]
    touched = {provider for thing in things if (provider := _provider_of(thing))}
    if not touched:
        return
    is_reload = any(isinstance(thing, Provider) for thing in session.deleted)
    # The counter comes first: whoever else changes listings waits, so that what is read now is what is changed.
    value = changed(session, is_reload=is_reload)
    written = {
        provider for thing in things if isinstance(thing, Provider | Program) and (provider := _provider_of(thing))
    }
    before = _read_before(session, {provider.id for provider in written if provider.id is not None})
    before.is_taken_away = {provider.id for provider in written if provider in session.deleted}
    for provider in touched - set(session.deleted):
        provider.change = value
    for provider in written - set(session.deleted):
        if provider.id in before.providers:
            provider.version = before.versions[provider.id] = _version(session, before.providers[provider.id])
    session.info["before_flush"] = before


def _version(session: Session, row: Any) -> int:
    """One more than before; the same for all flushes of a transaction."""
    made: dict[int, int] = session.info.setdefault("versions", {})
    return made.setdefault(row.id, row.version + 1)


def _read_before(session: Session, ids: set[int]) -> _Before:
    before = _Before()
    if ids:
        connection = session.connection()
        for row in connection.execute(provider_rows.where(Provider.id.in_(ids))):
            before.providers[row.id] = row
        for row in connection.execute(program_rows.where(Program.provider_id.in_(ids))):
            before.programs[row.id] = row.provider_id, program_values(row)
    return before


@event.listens_for(Session, "after_flush")
def _record(session: Session, _context: Any) -> None:
    before: _Before | None = session.info.pop("before_flush", None)
    if before is None:
        return
    connection = session.connection()
    for thing in session.new:
        provider = _provider_of(thing) if isinstance(thing, Provider | Program) else None
        if provider is not None:
            before.versions.setdefault(provider.id, 1)
    found = list(_differences(connection, before))
    if not found:
        return
    act: ActAtWork = session.info.get("act") or ActAtWork("command")
    write_changes(connection, act.number(connection), found, before.versions)
    if act.kind in BY_STAFF:
        sources = {number: row.source for number, row in before.providers.items()}
        keep_corrections_of(connection, found, sources, before.programs, act.user_id)


def _differences(connection: sa.Connection, before: _Before) -> list[Difference]:
    """What the flush changed: the database now against what it was."""
    found: list[Difference] = []
    stays = set(before.versions)
    programs_now = {
        row.id: (row.provider_id, program_values(row))
        for row in connection.execute(program_rows.where(Program.provider_id.in_(stays)))
    }
    for row in connection.execute(provider_rows.where(Provider.id.in_(stays))):
        old = before.providers.get(row.id)
        if old is None:
            found.append(Difference(row.id, None, "listing", None, provider_values(row)))
        else:
            found += differences(row.id, None, provider_values(old), provider_values(row))
    for number in before.is_taken_away:
        before.versions[number] = before.providers[number].version + 1
        found.append(Difference(number, None, "listing", provider_values(before.providers[number]), None))
    for program_id, (provider_id, values) in before.programs.items():
        if program_id not in programs_now:
            found.append(Difference(provider_id, program_id, "program", values, None))
    for program_id, (provider_id, values) in programs_now.items():
        known = before.programs.get(program_id)
        if known is None:
            found.append(Difference(provider_id, program_id, "program", None, values))
        else:
            found += differences(provider_id, program_id, known[1], values)
    return found


def write_changes(connection: sa.Connection, act_id: int, found: list[Difference], versions: dict[int, int]) -> None:
    """Write differences into history, with the version of their provider that has them."""
    if found:
        rows = [{**change._asdict(), "act_id": act_id, "version": versions[change.provider_id]} for change in found]
        connection.execute(sa.insert(Change), rows)


@event.listens_for(Session, "after_transaction_end")
def _forget_act(session: Session, transaction: Any) -> None:
    """An act that goes on after a commit or rollback is written anew with its next change."""
    session.info.pop("before_flush", None)
    if transaction.parent is not None:
        return
    session.info.pop("versions", None)
    act: ActAtWork | None = session.info.get("act")
    if act is not None:
        act.id = None
