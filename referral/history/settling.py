"""Settling differences: a value of staff against what the source of the listing says now, one by one or many.

To keep ours means that the source may go on saying this: it is not asked again. To take theirs writes the value into
the listing, through the session, so that history knows and the correction ends by itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.history.acts import act_number
from referral.history.putting_back import KEPT, CannotPutBackError, set_value, tell_workers
from referral.models import Change, Correction, DirectoryChange, Program, Provider
from referral.models.correcting import OF_PROGRAMS
from referral.models.recording import POINT, provider_values
from referral.vocabulary import LEVELS

OURS, THEIRS = "ours", "theirs"
CHOICES = (OURS, THEIRS)


class CannotSettleError(ValueError):
    """The difference cannot be settled. `reason` says why: one of these codes."""

    GONE = "gone"
    """Nothing is offered any more: somebody has settled it, or the source has changed its mind again."""
    OTHER = "other"
    """Something else is offered now than what the person saw."""
    HIDDEN = "hidden"
    """A point cannot be taken for a listing whose address is not shown."""
    UNKNOWN = "unknown"
    """The directory no longer knows what it is about."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def offered(session: Session, *which: sa.ColumnElement[bool]) -> Sequence[Any]:
    """Rows (provider_id, field, offered_value) of the differences to settle, by listing and field."""
    select = sa.select(Correction.provider_id, Correction.field, Correction.offered_value)
    select = select.join(Provider, Provider.id == Correction.provider_id).where(Correction.is_offered, *which)
    return session.execute(select.order_by(Correction.provider_id, Correction.field)).all()


def digest(rows: Iterable[Any]) -> str:
    """Names what was shown, so that nothing is settled that the person did not see."""
    found = hashlib.blake2b(digest_size=16)
    for row in rows:
        found.update(json.dumps([row.provider_id, row.field, row.offered_value], sort_keys=True).encode())
    return found.hexdigest()


def our_value(provider: Provider, field: str) -> Any:
    """Our value of the field of a correction."""
    kind, _, code = field.partition(".")
    if kind == "level":
        return any(program.level == code for program in provider.programs)
    if kind in OF_PROGRAMS and code:
        return next((getattr(program, kind) for program in provider.programs if program.level == code), None)
    return provider_values(provider).get(field)


def lock(session: Session) -> None:
    """Wait until nobody else changes listings: first, as imports do, so that nobody waits for the other for ever."""
    session.execute(sa.select(DirectoryChange.latest).with_for_update())


def settle(session: Session, provider_id: int, field: str, choice: str, expected: Any) -> None:
    """Settle one difference inside the caller's act "settle". `expected`: the offered value that the person saw.

    Raises CannotSettleError; then nothing was changed. Commits nothing.
    """
    lock(session)
    _settle(session, provider_id, field, choice, expected)


def settle_many(
    session: Session, choice: str, rows: Iterable[tuple[int, str, Any]]
) -> tuple[int, list[tuple[int, str, str]]]:
    """Settle several differences as `settle` does. Gives how many, and (provider id, field, reason) of others."""
    lock(session)
    n_settled, refused = 0, list[tuple[int, str, str]]()
    for provider_id, field, expected in rows:
        try:
            _settle(session, provider_id, field, choice, expected)
            n_settled += 1
        except CannotSettleError as error:
            refused.append((provider_id, field, error.reason))
    return n_settled, refused


def _settle(session: Session, provider_id: int, field: str, choice: str, expected: Any) -> None:
    correction = session.get(Correction, (provider_id, field), populate_existing=True)
    if correction is None or not correction.is_offered:
        raise CannotSettleError(CannotSettleError.GONE)
    if correction.offered_value != expected:
        raise CannotSettleError(CannotSettleError.OTHER)
    provider = session.get_one(Provider, provider_id, populate_existing=True)
    if choice == OURS:
        _keep_ours(session, provider, correction)
        tell_workers(session, provider_id)
        return
    _take(session, provider, field, expected)
    session.flush()
    # It has gone with the change; where nothing had to change, it goes here.
    of_field = (Correction.provider_id == provider_id, Correction.field == field)
    session.expunge(correction)
    session.execute(sa.delete(Correction).where(*of_field), execution_options={"synchronize_session": False})
    tell_workers(session, provider_id)


def _keep_ours(session: Session, provider: Provider, correction: Correction) -> None:
    """End the question. The listing stays as it is, so history is told of the decision itself."""
    question = {"theirs": correction.offered_value, "before": correction.source_value}
    kept = Change(
        act_id=act_number(session),
        provider_id=provider.id,
        field=f"{KEPT}{correction.field}",
        old=question | {"run": correction.offered_run_id},
        new={"ours": our_value(provider, correction.field)},
        version=provider.version,
    )
    correction.source_value = correction.offered_value
    correction.is_offered, correction.offered_value, correction.offered_run_id = False, None, None
    session.add(kept)
    session.flush()


def _take(session: Session, provider: Provider, field: str, value: Any) -> None:
    """Give the field of a correction the value that the source says."""
    kind, _, code = field.partition(".")
    if kind == "level":
        _take_level(provider, code, is_there=bool(value))
    elif kind in OF_PROGRAMS and code:
        first = next((program for program in provider.programs if program.level == code), None)
        if first is not None:
            setattr(first, kind, value)
    elif field in POINT or field == "point":
        if value is not None and provider.address_kind != "street":
            raise CannotSettleError(CannotSettleError.HIDDEN)
        set_value(provider, "point", value)
    else:
        try:
            set_value(provider, field, value)
        except CannotPutBackError as error:
            raise CannotSettleError(CannotSettleError.UNKNOWN) from error


def _take_level(provider: Provider, level: str, *, is_there: bool) -> None:
    if level not in LEVELS:
        raise CannotSettleError(CannotSettleError.UNKNOWN)
    of_level = [program for program in provider.programs if program.level == level]
    if is_there and not of_level:
        provider.programs.append(Program(level=level))
    elif not is_there:
        for program in of_level:
            provider.programs.remove(program)
