"""What staff corrected stays: staged values give way to corrections, and differences are noted to be settled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa

from referral.importers.staging import STAGED, STAGED_DETAIL, STAGED_LEVEL
from referral.models import Correction, Program
from referral.models.correcting import OF_PROGRAMS
from referral.models.recording import POINT, PROVIDER, Values, provider_rows, provider_values
from referral.vocabulary import LEVELS

CORRECTION: sa.Table = Correction.__table__  # type: ignore[assignment]
ADDRESS_FIELDS = ("street", "city", "state", "postal_code")
"""What a point stands on: where staff corrected one of these, the point of a file is that of another address."""
STAGED_POINT = ("latitude", "longitude", "precision")


class Kept(NamedTuple):
    """A value of staff that the file would change to something that the source did not say before."""

    provider_id: int
    field: str
    ours: Any
    theirs: Any


@dataclass
class Corrected:
    """What became of the corrections of the listings that a file changes, and how to take the overlay back."""

    kept: list[Kept] = field(default_factory=list)
    """The source has changed its mind: to be settled."""
    quiet: list[tuple[int, str]] = field(default_factory=list)
    """The source says what it said when staff decided."""
    agreed: list[tuple[int, str]] = field(default_factory=list)
    """The source says what staff say: no correction any more."""
    staged_before: list[dict[str, Any]] = field(default_factory=list)
    levels_added: list[tuple[int, str]] = field(default_factory=list)
    levels_removed: list[tuple[int, str, int]] = field(default_factory=list)
    details_before: list[tuple[int, str, Any]] = field(default_factory=list)


def keep_corrections(connection: sa.Connection) -> Corrected:
    """Put staff's values into the staged rows of changed listings, so that whatever is written keeps them."""
    done = Corrected()
    select = (
        sa.select(STAGED.c.id, CORRECTION)
        .join(STAGED, STAGED.c.provider_id == CORRECTION.c.provider_id)
        .where(STAGED.c.outcome == "changed")
        .order_by(STAGED.c.id, CORRECTION.c.field)
    )
    found = connection.execute(select).all()
    for staged_id, corrections in groupby(found, key=lambda row: row.id):
        _keep_of_one(connection, staged_id, list(corrections), done)
    return done


def _keep_of_one(connection: sa.Connection, staged_id: int, corrections: list[Any], done: Corrected) -> None:
    staged = connection.execute(sa.select(STAGED).where(STAGED.c.id == staged_id)).one()
    provider_id: int = staged.provider_id
    provider = connection.execute(provider_rows.where(PROVIDER.c.id == provider_id)).one()
    ours = provider_values(provider) | {f"level.{level}": True for level in _levels(connection, provider_id)}
    ours |= _details(connection, provider_id)
    theirs = _said(staged) | {f"level.{level}": True for level in _staged_levels(connection, staged_id)}
    theirs |= _staged_details(connection, staged_id)
    changes, facts = Values(), dict(staged.facts)
    for row in corrections:
        kind, _, code = row.field.partition(".")
        if kind == "point":
            changes |= dict.fromkeys(STAGED_POINT)
            if staged.precision != "exact":
                done.quiet.append((provider_id, row.field))
                continue
        elif kind not in ("facts", "level") and row.field not in theirs:
            continue
        values = ours.get(row.field), theirs.get(row.field), row.source_value
        mine, said, before = (_flat(kind, value) for value in values)
        if said == mine:
            # A level whose program staff changed is marked with what the source says: that mark stays.
            (done.quiet if said == before else done.agreed).append((provider_id, row.field))
            continue
        if kind in ADDRESS_FIELDS:
            # The file's point is that of the file's address.
            changes |= dict.fromkeys(STAGED_POINT)
        if said == before:
            done.quiet.append((provider_id, row.field))
        else:
            done.kept.append(Kept(provider_id, row.field, mine, said))
        if kind == "facts":
            facts = _with_fact(facts, code, mine)
        elif kind == "level":
            _keep_level(connection, staged_id, code, is_there=mine, done=done)
        elif kind in OF_PROGRAMS:
            _keep_detail(connection, staged_id, row.field, mine, done)
        elif kind != "point":
            changes[row.field] = mine
    _overlay(connection, staged, changes, facts, done)


def _with_fact(facts: dict[str, bool], code: str, known: bool | None) -> dict[str, bool]:
    others = {other: value for other, value in facts.items() if other != code}
    return others if known is None else others | {code: known}


def _flat(kind: str, value: Any) -> Any:
    """Levels are there or not."""
    return bool(value) if kind == "level" else value


def _overlay(
    connection: sa.Connection, staged: Any, changes: Values, facts: dict[str, bool], done: Corrected
) -> None:
    if facts != staged.facts:
        changes["facts"] = facts
    if extras := {name: changes.pop(name) for name in staged.extras if name in changes}:
        changes["extras"] = staged.extras | extras
    if changes:
        done.staged_before.append({"b_id": staged.id, **{name: getattr(staged, name) for name in changes}})
        connection.execute(sa.update(STAGED).where(STAGED.c.id == staged.id).values(changes))


def _keep_level(connection: sa.Connection, staged_id: int, level: str, *, is_there: bool, done: Corrected) -> None:
    position = list(LEVELS).index(level)
    if is_there:
        row = {"staged_id": staged_id, "level": level, "position": position}
        connection.execute(sa.insert(STAGED_LEVEL).values(row))
        done.levels_added.append((staged_id, level))
    else:
        of_level = (STAGED_LEVEL.c.staged_id == staged_id, STAGED_LEVEL.c.level == level)
        connection.execute(sa.delete(STAGED_LEVEL).where(*of_level))
        done.levels_removed.append((staged_id, level, position))


def _keep_detail(connection: sa.Connection, staged_id: int, name: str, mine: Any, done: Corrected) -> None:
    done.details_before.append((staged_id, name, _set_detail(connection, staged_id, name, mine)))


def _set_detail(connection: sa.Connection, staged_id: int, name: str, value: Any) -> Any:
    """Give a value of a program ("capacity.outpatient") to a staged row; gives the one that it had."""
    column, _, level = name.partition(".")
    of_level = (STAGED_DETAIL.c.staged_id == staged_id, STAGED_DETAIL.c.level == level)
    before = connection.execute(sa.select(STAGED_DETAIL.c[column]).where(*of_level)).scalar()
    connection.execute(sa.update(STAGED_DETAIL).where(*of_level).values({column: value}))
    return before


def take_overlay_back(connection: sa.Connection, done: Corrected) -> None:
    """Let the staged rows say again what the file says, to compare them once more."""
    for values in done.staged_before:
        own = {name: value for name, value in values.items() if name != "b_id"}
        connection.execute(sa.update(STAGED).where(STAGED.c.id == values["b_id"]).values(own))
    for staged_id, name, value in done.details_before:
        _set_detail(connection, staged_id, name, value)
    for staged_id, level in done.levels_added:
        of_level = (STAGED_LEVEL.c.staged_id == staged_id, STAGED_LEVEL.c.level == level)
        connection.execute(sa.delete(STAGED_LEVEL).where(*of_level))
    for staged_id, level, position in done.levels_removed:
        row = {"staged_id": staged_id, "level": level, "position": position}
        connection.execute(sa.insert(STAGED_LEVEL).values(row))


def write_corrections(connection: sa.Connection, done: Corrected, run_id: int) -> None:
    """Offer what differs to be settled, and drop the corrections with which the source agrees now."""
    is_this = (CORRECTION.c.provider_id == sa.bindparam("b_id"), CORRECTION.c.field == sa.bindparam("b_field"))
    if done.kept:
        offer = sa.update(CORRECTION).where(*is_this)
        offer = offer.values(
            is_offered=True,
            offered_value=sa.bindparam("theirs", type_=CORRECTION.c.offered_value.type),
            offered_run_id=run_id,
        )
        connection.execute(
            offer, [{"b_id": one.provider_id, "b_field": one.field, "theirs": one.theirs} for one in done.kept]
        )
    if done.quiet:
        withdraw = sa.update(CORRECTION).where(*is_this, CORRECTION.c.is_offered)
        withdraw = withdraw.values(is_offered=False, offered_value=None, offered_run_id=None)
        connection.execute(withdraw, [{"b_id": number, "b_field": name} for number, name in done.quiet])
    if done.agreed:
        drop = sa.delete(CORRECTION).where(*is_this)
        connection.execute(drop, [{"b_id": number, "b_field": name} for number, name in done.agreed])


def _said(staged: Any) -> Values:
    """What the file says of a listing, under the names of the fields."""
    values = {name: getattr(staged, name) for name in SAID_FIELDS}
    point = [getattr(staged, name) for name in POINT]
    values["point"] = None if point[0] is None else point
    values |= staged.extras
    return values | {f"facts.{code}": known for code, known in staged.facts.items()}


SAID_FIELDS = (
    *("name", "organization", "street", "unit", "city", "state", "postal_code"),
    *("phone", "phone_extension", "other_phones", "website"),
)


def _levels(connection: sa.Connection, provider_id: int) -> Iterator[str]:
    yield from connection.execute(sa.select(Program.level).where(Program.provider_id == provider_id)).scalars()


def _details(connection: sa.Connection, provider_id: int) -> Values:
    """What the first program of each level says of itself."""
    columns = Program.level, *(getattr(Program, name) for name in OF_PROGRAMS)
    select = sa.select(*columns).where(Program.provider_id == provider_id).order_by(Program.id.desc())
    return {f"{name}.{row.level}": getattr(row, name) for row in connection.execute(select) for name in OF_PROGRAMS}


def _staged_details(connection: sa.Connection, staged_id: int) -> Values:
    rows = connection.execute(sa.select(STAGED_DETAIL).where(STAGED_DETAIL.c.staged_id == staged_id))
    said = {f"{name}.{row.level}": getattr(row, name) for row in rows for name in OF_PROGRAMS}
    return {name: value for name, value in said.items() if value is not None}


def _staged_levels(connection: sa.Connection, staged_id: int) -> Iterator[str]:
    yield from connection.execute(
        sa.select(STAGED_LEVEL.c.level).where(STAGED_LEVEL.c.staged_id == staged_id)
    ).scalars()
