"""Putting back: a value of a listing as it was before a change. Itself a change, and recorded as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.history.acts import act_number
from referral.models import Change, Correction, Program, Provider, changed
from referral.models.recording import POINT, PROGRAM_FIELDS, PROVIDER_FIELDS, Values, program_values, provider_values
from referral.vocabulary import FACTS, LEVELS

KEPT = "kept."
"""Before the field of a change that says: ours was kept against the source. `old` holds the question as it stood
("theirs", what the source had said "before", the "run" that asked), `new` our value ("ours")."""

DAYS = frozenset({"closed_until", "confirmed_on", "license_expires_on"})


class CannotPutBackError(ValueError):
    """What the value belongs to is no longer there, or the vocabulary no longer has it."""


def current_value(session: Session, change: Change) -> Any:
    """What the field of a change holds now. Raises CannotPutBackError where it is gone."""
    provider = session.get(Provider, change.provider_id)
    if change.field == "listing":
        return None if provider is None else provider_values(provider)
    if provider is None:
        raise CannotPutBackError("listing")
    if change.field.startswith(KEPT):
        return _decision_now(session, change)
    if change.program_id is None:
        return provider_values(provider).get(change.field)
    program = session.get(Program, change.program_id)
    if change.field == "program":
        return None if program is None else program_values(program)
    if program is None:
        raise CannotPutBackError("program")
    return program_values(program).get(change.field)


def put_back(session: Session, change: Change) -> Provider:
    """Give the field its old value again; gives the provider. Flushes nothing.

    A program that was removed comes back under its number; one that was added is removed. A listing that was added
    is taken off the list; one that was deleted comes back without its number only by an import.
    Raises CannotPutBackError.
    """
    provider = session.get(Provider, change.provider_id)
    if provider is None:
        raise CannotPutBackError("listing")
    if change.field == "listing":
        if change.old is not None:
            raise CannotPutBackError("listing")
        provider.status = "inactive"
    elif change.field.startswith(KEPT):
        _decide_again(session, change)
    elif change.field == "program":
        _put_program_back(session, provider, change)
    elif change.program_id is not None:
        program = session.get(Program, change.program_id)
        if program is None:
            raise CannotPutBackError("program")
        set_value(program, change.field, change.old)
    else:
        set_value(provider, change.field, change.old)
    return provider


def _decision_now(session: Session, change: Change) -> Any:
    """Which side of a decision to keep ours stands now. Where the source has moved on: the old one, as it is past."""
    old, new = _sides(change)
    correction = session.get(Correction, (change.provider_id, change.field.removeprefix(KEPT)))
    if correction is None:
        return old
    if correction.is_offered:
        return new if correction.offered_value == new.get("theirs", ...) else old
    return new if correction.source_value == old.get("theirs", ...) else old


def _decide_again(session: Session, change: Change) -> None:
    """The question is open again; or, where a question that was opened again is put back, closed."""
    old, new = _sides(change)
    correction = session.get(Correction, (change.provider_id, change.field.removeprefix(KEPT)))
    if correction is None or _decision_now(session, change) == old:
        raise CannotPutBackError("kept")
    if "theirs" in old:
        correction.source_value, correction.is_offered = old["before"], True
        correction.offered_value, correction.offered_run_id = old["theirs"], old["run"]
    else:
        correction.source_value, correction.is_offered = correction.offered_value, False
        correction.offered_value = correction.offered_run_id = None
    own = {"provider_id": change.provider_id, "field": change.field, "version": change.version}
    session.add(Change(act_id=act_number(session), old=new, new=old, **own))
    session.flush()
    tell_workers(session, change.provider_id)


def _sides(change: Change) -> tuple[Values, Values]:
    return change.old or {}, change.new or {}


def tell_workers(session: Session, provider_id: int) -> None:
    """A correction alone is no change of the listing, but the list of staff shows it."""
    told = sa.update(Provider).where(Provider.id == provider_id)
    told = told.values(change=changed(session), updated_at=Provider.updated_at)
    session.execute(told, execution_options={"synchronize_session": False})


def _put_program_back(session: Session, provider: Provider, change: Change) -> None:
    program = session.get(Program, change.program_id)
    if change.old is None:
        if program is not None:
            provider.programs.remove(program)
    elif program is None:
        provider.programs.append(program_of(change.old, change.program_id))


def program_of(values: Values, number: int | None = None) -> Program:
    """A program with these recorded values. Raises CannotPutBackError when its level is no longer known."""
    if values.get("level") not in LEVELS:
        raise CannotPutBackError("level")
    return Program(id=number, facts=facts_of(values), **{name: values.get(name) for name in PROGRAM_FIELDS})


def facts_of(values: Mapping[str, Any]) -> dict[str, bool]:
    """The facts among recorded values, as they are stored."""
    named = {name.removeprefix("facts."): known for name, known in values.items() if name.startswith("facts.")}
    return {code: known for code, known in named.items() if code in FACTS and known is not None}


def set_value(thing: Provider | Program, field: str, value: Any) -> None:
    """Set one field to a recorded value. Raises CannotPutBackError for a field that is no longer known."""
    kind, _, code = field.partition(".")
    if kind == "facts":
        if code not in FACTS:
            raise CannotPutBackError(field)
        others = {other: known for other, known in thing.facts.items() if other != code}
        thing.facts = others if value is None else others | {code: bool(value)}
    elif field == "point" and isinstance(thing, Provider):
        for name, part in zip(POINT, value or (None, None, None), strict=True):
            setattr(thing, name, part)
    elif field in (PROVIDER_FIELDS if isinstance(thing, Provider) else PROGRAM_FIELDS):
        setattr(thing, field, date.fromisoformat(value) if field in DAYS and value else value)
    else:
        raise CannotPutBackError(field)


def values_at(session: Session, provider: Provider, version: int) -> tuple[Values, dict[int, Values | None]]:
    """The values of a provider, and of its programs by number, as they were at an earlier version.

    None stands for a program that was not there. Only what changed since differs from what is there now.
    """
    own = provider_values(provider)
    programs: dict[int, Values | None] = {program.id: program_values(program) for program in provider.programs}
    for change in _changes_since(session, provider.id, version):
        if change.field == "program":
            programs[change.program_id] = change.old
        elif change.program_id is not None:
            of_program = programs.get(change.program_id)
            if of_program is not None:
                programs[change.program_id] = {**of_program, change.field: change.old}
        elif change.field != "listing":
            own = {**own, change.field: change.old}
    return own, programs


def _changes_since(session: Session, provider_id: int, version: int) -> Iterable[Any]:
    """The latest first, so that each undoes the one before it."""
    since = sa.select(Change.program_id, Change.field, Change.old).where(
        Change.provider_id == provider_id, Change.version > version
    )
    return session.execute(since.order_by(Change.id.desc()))
