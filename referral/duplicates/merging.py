"""Merging: one of two listings takes over what was chosen from both, and the other is taken off the list.

The listing that goes keeps all its values, and imports go on to update it: an undone merge loses nothing. Its
reports, checks and assignment move along. The caller has begun to write (`start_writing`), is inside `history.act` of
kind "merge", and commits.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.duplicates.choices import ADD, LEAVE, PARTS, Choices, Two, default_programs, listed
from referral.history import act_number
from referral.models import Assignment, Check, Correction, DuplicatePair, Merge, Program, Provider, Report, utc_now
from referral.models.duplicate import merged_ids
from referral.models.recording import stored

__all__ = ["CannotMergeError", "ChangedMeanwhileError", "lock_two", "merge", "merged_ids"]

_CHECK: sa.Table = Check.__table__  # type: ignore[assignment]
_CORRECTION: sa.Table = Correction.__table__  # type: ignore[assignment]


class CannotMergeError(ValueError):
    """One of the two is not there or not on the list any more, or they are one."""


class ChangedMeanwhileError(ValueError):
    """Somebody has changed one of the two since the form was opened."""


def lock_two(session: Session, first_id: int, second_id: int) -> tuple[Provider, Provider]:
    """Both listings, kept as they are until the commit. Raises CannotMergeError."""
    if first_id == second_id:
        raise CannotMergeError
    locked = {
        number: session.get(Provider, number, with_for_update=True, populate_existing=True)
        for number in sorted((first_id, second_id))
    }
    first, second = locked[first_id], locked[second_id]
    if first is None or second is None or "inactive" in (first.status, second.status):
        raise CannotMergeError
    return first, second


def merge(session: Session, two: Two, choices: Choices, versions: tuple[int, int], user_id: int | None) -> Merge:
    """Make one listing of two, as chosen. `versions`: of the first and the second, as the form showed them.

    Raises ChangedMeanwhileError; then nothing was changed.
    """
    if (two.first.version, two.second.version) != versions:
        raise ChangedMeanwhileError
    winner, loser = two.sides(choices.winner)
    corrections = corrections_of(session, winner.id)
    _take_parts(two, choices, winner)
    winner.facts = _facts(two, choices)
    _take_programs(two, choices, winner, loser)
    loser.status, loser.closed_until = "inactive", None
    moved = _move(session, winner, loser)
    session.flush()
    moved["corrections"] = [corrections, corrections_of(session, winner.id)]
    made = Merge(loser_id=loser.id, winner_id=winner.id, act_id=act_number(session), user_id=user_id)
    moved["pair"] = _decide_pair(session, two, user_id)
    made.moved = moved
    session.add(made)
    session.flush()
    return made


def _take_parts(two: Two, choices: Choices, winner: Provider) -> None:
    taken = {part: two.side(side) for part, side in choices.parts.items()}
    values = {name: getattr(source, name) for part, source in taken.items() for name in PARTS[part]}
    values["other_phones"] = _all_phones(winner, taken.get("phone", winner), two)
    for name, value in values.items():
        setattr(winner, name, value)
    if winner.address_kind != "street":
        # A hidden address has no point on the map.
        winner.latitude = winner.longitude = winner.precision = None


def _all_phones(winner: Provider, main: Provider, two: Two) -> list[dict[str, str]]:
    """Every number of both but the main one, each once: first those of the listing that stays."""
    order = sorted((two.first, two.second), key=lambda one: one is not winner)
    known = {(main.phone, main.phone_extension)}
    found = []
    for one in order:
        own = {"kind": "intake", "number": one.phone, "extension": one.phone_extension}
        for phone in (own, *one.other_phones):
            key = phone.get("number", ""), phone.get("extension", "")
            if key[0] and key not in known:
                known.add(key)
                found.append(dict(phone))
    return found


def _facts(two: Two, choices: Choices) -> dict[str, bool]:
    """What either knows. Where they contradict each other: what was chosen, else not known."""
    a, b = two.first.facts, two.second.facts
    agreed = {code: known for code, known in (a | b).items() if a.get(code, known) is b.get(code, known)}
    chosen = {code: known for code, known in choices.facts.items() if code not in agreed and code in a | b}
    return agreed | {code: known for code, known in chosen.items() if known is not None}


def _take_programs(two: Two, choices: Choices, winner: Provider, loser: Provider) -> None:
    by_id = {str(program.id): program for program in winner.programs}
    for program in listed(loser.programs):
        chosen = choices.programs.get(program.id, default_programs(two)[program.id])
        if chosen == LEAVE:
            continue
        same = by_id.get(chosen) if chosen != ADD else None
        if same is None or same.level != program.level:
            winner.programs.append(_copy(program))
            continue
        same.name = same.name or program.name
        same.max_stay_days = same.max_stay_days if same.max_stay_days is not None else program.max_stay_days
        same.capacity = same.capacity if same.capacity is not None else program.capacity
        same.facts = program.facts | same.facts


def _copy(program: Program) -> Program:
    names = ("level", "name", "max_stay_days", "capacity", "status")
    return Program(facts=dict(program.facts), **{name: getattr(program, name) for name in names})


def _move(session: Session, winner: Provider, loser: Provider) -> dict[str, Any]:
    """Reports, checks and the assignment, with the numbers of what was moved."""
    reports = session.scalars(sa.select(Report).where(Report.provider_id == loser.id).order_by(Report.id)).all()
    for report in reports:
        report.provider = winner
    ids = sa.select(Check.id).where(Check.provider_id == loser.id).order_by(Check.id)
    checks = list(session.scalars(ids))
    if checks:
        session.execute(sa.update(_CHECK).where(_CHECK.c.id.in_(checks)).values(provider_id=winner.id))
    return {
        "reports": [report.id for report in reports],
        "checks": checks,
        "assignment": move_assignment(session, loser.id, winner.id),
    }


def move_assignment(session: Session, from_id: int, to_id: int) -> dict[str, Any] | None:
    """Who was assigned and since when, where there was one to move and nobody was assigned to the other."""
    there, here = session.get(Assignment, from_id), session.get(Assignment, to_id)
    if there is None or here is not None:
        return None
    moved = Assignment(provider_id=to_id, user_id=there.user_id, assigned_at=there.assigned_at)
    session.delete(there)
    session.flush()
    session.add(moved)
    return assigned(moved)


def assigned(assignment: Assignment) -> dict[str, Any]:
    return {"user_id": assignment.user_id, "assigned_at": stored(assignment.assigned_at)}


def corrections_of(session: Session, provider_id: int) -> list[dict[str, Any]]:
    """The corrections of a listing in the form in which a merge keeps them."""
    rows = sa.select(_CORRECTION).where(_CORRECTION.c.provider_id == provider_id).order_by(_CORRECTION.c.field)
    return [{name: stored(value) for name, value in row._mapping.items()} for row in session.execute(rows)]


def _decide_pair(session: Session, two: Two, user_id: int | None) -> dict[str, Any] | None:
    """The pair is settled; gives what stood there before, if there is one."""
    ids = sorted((two.first.id, two.second.id))
    this = sa.select(DuplicatePair).where(DuplicatePair.first_id == ids[0], DuplicatePair.second_id == ids[1])
    pair = session.scalars(this).one_or_none()
    if pair is None:
        return None
    before = {"status": pair.status, "user_id": pair.user_id, "decided_at": stored(pair.decided_at)}
    pair.status, pair.user_id, pair.decided_at = "merged", user_id, utc_now()
    return before
