"""What staff corrected stays: staged values give way to corrections, and differences are noted to be settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from referral.importers.loading.staging import STAGED, STAGED_DETAIL, STAGED_LEVEL
from referral.models import Correction
from referral.models.correcting import OF_PROGRAMS, is_plain
from referral.models.recording import (
    POINT,
    PROGRAM,
    PROVIDER,
    Values,
    program_rows,
    program_values,
    provider_rows,
    provider_values,
)
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
    marked: list[tuple[int, str]] = field(default_factory=list)
    """The source lists a level that staff had added, and worked on: from now on the program stays like others that
    staff worked on."""
    unknown: list[Kept] = field(default_factory=list)
    """Differences in listings of which nobody knows what their source said, because they came in another way."""
    staged_before: list[dict[str, Any]] = field(default_factory=list)
    levels_added: list[tuple[int, str]] = field(default_factory=list)
    levels_removed: list[tuple[int, str, int]] = field(default_factory=list)
    details_before: list[tuple[int, str, Any]] = field(default_factory=list)


def mark_moved_points(connection: sa.Connection) -> None:
    """Rows in which nothing has changed but the point, where staff set another: that difference is one to settle."""
    columns = CORRECTION.c.is_offered, CORRECTION.c.offered_value, CORRECTION.c.source_value
    select = (
        sa.select(STAGED.c.id, *(STAGED.c[name] for name in STAGED_POINT), *columns)
        .join(CORRECTION, (CORRECTION.c.provider_id == STAGED.c.provider_id) & (CORRECTION.c.field == "point"))
        .where(STAGED.c.outcome == "unchanged", STAGED.c.precision == "exact")
    )
    moved = []
    for row in connection.execute(select):
        known = row.offered_value if row.is_offered else row.source_value
        if known != [row.latitude, row.longitude, row.precision]:
            moved.append({"b_id": row.id})
    if moved:
        this = sa.update(STAGED).where(STAGED.c.id == sa.bindparam("b_id"))
        connection.execute(this.values(outcome="changed"), moved)


class _Kept(NamedTuple):
    """What is read of a correction."""

    field: str
    source_value: Any


def keep_corrections(connection: sa.Connection) -> Corrected:
    """Put staff's values into the staged rows of changed listings, so that whatever is written keeps them."""
    done = Corrected()
    select = (
        sa.select(STAGED.c.id, CORRECTION.c.field, CORRECTION.c.source_value)
        .join(STAGED, STAGED.c.provider_id == CORRECTION.c.provider_id)
        .where(STAGED.c.outcome == "changed")
        .order_by(STAGED.c.id, CORRECTION.c.field)
    )
    found: dict[int, list[_Kept]] = defaultdict(list)
    for row in connection.execute(select):
        found[row.id].append(_Kept(row.field, row.source_value))
    with_unknown = _with_unknown(connection)
    for staged_id in sorted(found.keys() | with_unknown):
        listing = _Row(connection, staged_id)
        if staged_id in with_unknown:
            known = {one.field for one in found[staged_id]}
            new = [name for name in listing.differing() if name not in known]
            done.unknown += [
                Kept(listing.provider_id, name, listing.ours[name], listing.theirs.get(name)) for name in new
            ]
            found[staged_id] += [_Kept(name, listing.ours[name]) for name in new]
        _keep_of_one(connection, listing, found[staged_id], done)
    return done


HIDDEN_FIELDS = ("street", "unit")


def _with_unknown(connection: sa.Connection) -> set[int]:
    """Changed rows with values that are staff's though no correction says so: of listings that came in another way
    than from their source, and the addresses that staff have hidden."""
    is_of_other_way = (PROVIDER.c.source_content == "") & PROVIDER.c.import_run_id.is_not(None)
    is_other = sa.or_(*(PROVIDER.c[name].not_in(("", STAGED.c[name])) for name in HIDDEN_FIELDS))
    which = sa.or_(is_of_other_way, (PROVIDER.c.address_kind != "street") & is_other)
    select = sa.select(STAGED.c.id).join(PROVIDER, PROVIDER.c.id == STAGED.c.provider_id)
    return set(connection.execute(select.where(STAGED.c.outcome == "changed", which)).scalars())


class _Row:
    """A staged row beside its listing, each as values by field."""

    def __init__(self, connection: sa.Connection, staged_id: int) -> None:
        self.staged = connection.execute(sa.select(STAGED).where(STAGED.c.id == staged_id)).one()
        self.provider_id: int = self.staged.provider_id
        marked = provider_rows.add_columns(PROVIDER.c.source_content)
        provider = connection.execute(marked.where(PROVIDER.c.id == self.provider_id)).one()
        self._is_of_other_way = provider.source_content == ""
        select = program_rows.where(PROGRAM.c.provider_id == self.provider_id).order_by(PROGRAM.c.id.desc())
        self.programs = [program_values(row) for row in connection.execute(select)]
        self.ours = provider_values(provider) | {f"level.{program['level']}": True for program in self.programs}
        # What a file says of a level is said of its first program.
        self.ours |= {f"{name}.{own['level']}": own[name] for own in self.programs for name in OF_PROGRAMS}
        self.theirs = _said(self.staged)
        self.theirs |= {f"level.{level}": True for level in _staged_levels(connection, staged_id)}
        self.theirs |= _staged_details(connection, staged_id)

    def differing(self) -> list[str]:
        """Fields in which the listing says something that is staff's, and the row says something else."""
        if not self._is_of_other_way:
            return [name for name in HIDDEN_FIELDS if self.ours[name] not in ("", self.theirs[name])]
        names = [name for name in self.ours if name in self.theirs or name.startswith(("facts.", "level."))]
        is_said = [name for name in names if self.ours[name] not in (None, "", [])]
        return [name for name in is_said if self.ours[name] != self.theirs.get(name)]

    def has_work_of_staff(self, level: str) -> bool:
        own = [program for program in self.programs if program["level"] == level]
        return len(own) > 1 or not all(map(is_plain, own))


def _keep_of_one(connection: sa.Connection, row: _Row, corrections: list[_Kept], done: Corrected) -> None:
    staged = row.staged
    changes, facts = Values(), dict(staged.facts)
    for one in corrections:
        kind, _, code = one.field.partition(".")
        if kind == "point":
            changes |= dict.fromkeys(STAGED_POINT)
        if not _is_said(row, one.field, kind, code):
            continue
        mine = _flat(kind, row.ours.get(one.field))
        if not _note(row, one, kind, code, done):
            continue
        if kind in ADDRESS_FIELDS:
            # The file's point is that of the file's address.
            changes |= dict.fromkeys(STAGED_POINT)
        if kind == "facts":
            facts = _with_fact(facts, code, mine)
        elif kind == "level":
            _keep_level(connection, staged.id, code, is_there=mine, done=done)
        elif kind in OF_PROGRAMS:
            _keep_detail(connection, staged.id, one.field, mine, done)
        elif kind != "point":
            changes[one.field] = mine
    _overlay(connection, staged, changes, facts, done)


def _is_said(row: _Row, name: str, kind: str, code: str) -> bool:
    """Whether the file says anything of the field of a correction."""
    if kind == "point":
        # A file that has only the middle of a ZIP says nothing of the point.
        precision: str | None = row.staged.precision
        return precision == "exact"
    if kind in OF_PROGRAMS:
        return name in row.theirs and f"level.{code}" in row.ours
    return kind in ("facts", "level") or name in row.theirs


def _note(row: _Row, correction: _Kept, kind: str, code: str, done: Corrected) -> bool:
    """Note what becomes of a correction. Gives whether the file says something else than staff do."""
    values = row.ours.get(correction.field), row.theirs.get(correction.field), correction.source_value
    mine, said, before = (_flat(kind, value) for value in values)
    name = (row.provider_id, correction.field)
    is_listed = kind == "level" and mine and said
    if is_listed and not before and row.has_work_of_staff(code):
        done.marked.append(name)
    elif said == mine and not (is_listed and before):
        done.agreed.append(name)
    elif said == before:
        # A level that the source lists, and that staff worked on, stays marked.
        done.quiet.append(name)
    else:
        done.kept.append(Kept(*name, mine, said))
    is_other: bool = said != mine
    return is_other


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
    if done.unknown:
        new = [{"provider_id": one.provider_id, "field": one.field, "source_value": one.ours} for one in done.unknown]
        connection.execute(sa.insert(CORRECTION), new)
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
    if done.marked:
        mark = sa.update(CORRECTION).where(*is_this)
        mark = mark.values(source_value=True, is_offered=False, offered_value=None, offered_run_id=None)
        connection.execute(mark, [{"b_id": number, "b_field": name} for number, name in done.marked])
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


def _staged_details(connection: sa.Connection, staged_id: int) -> Values:
    rows = connection.execute(sa.select(STAGED_DETAIL).where(STAGED_DETAIL.c.staged_id == staged_id))
    said = {f"{name}.{row.level}": getattr(row, name) for row in rows for name in OF_PROGRAMS}
    return {name: value for name, value in said.items() if value is not None}


def _staged_levels(connection: sa.Connection, staged_id: int) -> Iterator[str]:
    yield from connection.execute(
        sa.select(STAGED_LEVEL.c.level).where(STAGED_LEVEL.c.staged_id == staged_id)
    ).scalars()
