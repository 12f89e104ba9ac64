"""Steps of a walk that settle, merge, or take something back."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from referral.duplicates import merging, undoing
from referral.duplicates.choices import default_choices, two_of
from referral.extensions import db
from referral.history.putting_back import KEPT, CannotPutBackError, current_value, put_back
from referral.history.settling import CHOICES, OURS, offered, settle_many
from referral.history.undoing import undo_import
from referral.models import Change, Merge, Report
from referral.models.duplicate import shown_ids
from tests.keeping.looking import Directory, changes_after, corrections, look, ours
from tests.keeping.model import FIELDS, NEVER, Model, is_left
from tests.keeping.walking import Walk

MARKS = ("source_content", "import_run_id")


class LongWalk(Walk):
    def settle(self) -> None:
        with self.engine.connect():
            db.session.rollback()
            rows = [tuple(row) for row in offered(db.session)]
            db.session.close()
        if not rows:
            return
        choice = self.chance.choice(CHOICES)
        if self.chance.random() < 0.6:
            rows = [self.chance.choice(rows)]
        self.note("settle", choice, rows)
        refused: list[Any] = []
        self.by_staff("settle", lambda: refused.extend(settle_many(db.session, choice, rows)[1]))
        self.look(["settle"], is_word=choice != OURS)
        for number, field, theirs in rows:
            if (number, field) in {one[:2] for one in refused}:
                continue
            assert (self.ours(number, field) == theirs) is (choice != OURS), (number, field)
            listing = self.model.listings[number]
            if choice == OURS:
                listing.against[field] = theirs

    def merge(self) -> None:
        db.session.rollback()
        listed = [number for number, values in self.now.items() if values["status"] != "inactive"]
        if len(listed) < 2:
            return
        first_id, second_id = self.chance.sample(listed, 2)
        picks = [self.chance.choice(("first", "second")) for _ in range(8)]
        self.note("merge", first_id, second_id, picks)
        before, kept = self.now, corrections(self.engine)
        model = self.model.copy()

        def do() -> None:
            first, second = merging.lock_two(db.session, first_id, second_id)
            two = two_of(db.session, first, second)
            choices = default_choices(two)
            choices.winner = picks[0]  # type: ignore[assignment]
            for part, side in zip(choices.parts, picks[1:], strict=False):
                choices.parts[part] = side  # type: ignore[assignment]
            merging.merge(db.session, two, choices, (first.version, second.version), self.user_id)

        self.by_staff("merge", do)
        self.look(["merge"])
        made = db.session.scalars(sa.select(Merge).order_by(Merge.id.desc()).limit(1)).one()
        self.merged[made.id] = model
        winner, loser, number = made.winner_id, made.loser_id, made.id
        db.session.close()
        assert self.now[loser]["status"] == "inactive"
        assert shown_ids(db.session, [loser]) == {loser: winner}
        db.session.close()
        if self.chance.random() < 0.2:
            self.note("and take it back at once")
            self._unmerge(number)
            expect_same(self.now, before)
            expect_same(same(corrections(self.engine)), same(kept))

    def unmerge(self) -> None:
        db.session.rollback()
        standing = db.session.scalars(sa.select(Merge.id).where(Merge.undone_at.is_(None)).order_by(Merge.id)).all()
        db.session.close()
        if not standing:
            return
        number = self.chance.choice(standing)
        self.note("unmerge", number)
        self._unmerge(number)

    def _unmerge(self, number: int) -> None:
        made = db.session.get_one(Merge, number)
        winner, loser, act_id, reports = made.winner_id, made.loser_id, made.act_id, made.moved["reports"]
        is_built_on = undoing.later_merge(db.session, made) is not None
        db.session.close()
        if is_built_on:
            return
        changes = [one for one in changes_after(self.engine, 0) if one.act_id == act_id]
        self.by_staff(
            "unmerge",
            lambda: undoing.undo(db.session, db.session.get_one(Merge, number), leaves_changed=True),
            undoes_id=act_id,
        )
        before, now = self.look(["unmerge"], is_word=False)
        expected = taken_back(before, changes)
        expect_same(now, expected)
        owners = {row.id: row.provider_id for row in db.session.scalars(sa.select(Report))}
        db.session.close()
        assert all(owners[one] == loser for one in reports if owners[one] != winner)
        self._recall(winner, before, self.merged.pop(number))

    def _recall(self, number: int, before: Directory, then: Model) -> None:
        """Staff's word is again what it was before the merge, where the value is; what the source said since is a
        difference that nobody has decided on."""
        listing, known = self.model.listings.get(number), then.listings.get(number)
        if listing is None or known is None:
            return
        rows = corrections(self.engine).get(number, {})
        for field in FIELDS:
            value = self.ours(number, field)
            is_changed = value != ours(before[number], field)
            is_mark = field.startswith("level.") and value is True and listing.said.get(field) is True
            if is_mark or field.startswith("capacity."):
                self._adopt(number, field, rows)
            elif is_changed:
                listing.word.pop(field, None)
                listing.against.pop(field, None)
                if value != listing.said.get(field) and not is_left(field, listing, self.now[number]):
                    listing.word[field] = value
                    listing.against[field] = known.against[field] if field in known.word else NEVER

    def _adopt(self, number: int, field: str, rows: dict[str, Any]) -> None:
        listing, row = self.model.listings[number], rows.get(field)
        listing.word.pop(field, None)
        listing.against.pop(field, None)
        is_listed = not field.startswith("capacity.") or self.ours(number, f"level.{field.partition('.')[2]}")
        if row is not None and is_listed:
            listing.word[field], listing.against[field] = self.ours(number, field), row.source_value

    def put_back(self) -> None:
        found = [
            one
            for one in changes_after(self.engine, 0)
            if one.field not in MARKS and not one.field.startswith("correction.") and one.field != "listing"
        ]
        if not found:
            return
        chosen = self.chance.choice(found[-40:])
        self.note("put back", chosen)
        db.session.rollback()
        try:
            now = current_value(db.session, db.session.get_one(Change, chosen.id))
            db.session.close()
            if now == chosen.old:
                return
            self.by_staff("put_back", lambda: put_back(db.session, db.session.get_one(Change, chosen.id)))
        except (CannotPutBackError, sa.exc.IntegrityError):
            db.session.rollback()
            db.session.close()
            assert look(self.engine) == self.now
            return
        self.look(["put_back"])
        if chosen.field.startswith(KEPT):
            rows = corrections(self.engine).get(chosen.provider_id, {})
            field = chosen.field.removeprefix(KEPT)
            assert rows[field].is_offered is ("theirs" in chosen.old)
            self._adopt(chosen.provider_id, field, rows)

    def undo_import(self) -> None:
        if not self.runs:
            return
        at = self.chance.choice((len(self.runs) - 1, self.chance.randrange(len(self.runs))))
        run_id, model, before, kept, act_before = self.runs.pop(at)
        is_last = self.last_act() == act_before + 1
        self.note("undo import", run_id, "is last" if is_last else "")
        changes = [one for one in changes_after(self.engine, 0) if one.kind == "import" and one.act_id > act_before]
        act_id = min((one.act_id for one in changes), default=0)
        changes = [one for one in changes if one.act_id == act_id]
        with self.engine.connect().execution_options(is_write=True) as connection, connection.begin():
            plan = undo_import(
                connection, run_id, user_id=self.user_id, why=f"because {len(self.told)}", even_partly=True
            )
        was, now = self.look(["undo"], is_word=False)
        if is_last:
            expect_same(now, before)
            assert plan.built_on == []
            expect_same(same(corrections(self.engine)), same(kept))
            self.model = model
            return
        built_on = {(one.provider_id, one.field) for one in plan.built_on}
        self._check_undone(was, now, changes, built_on)
        self.model.listings = {n: one for n, one in self.model.listings.items() if n in now}
        found = corrections(self.engine)
        for number in {one.provider_id for one in changes} & self.model.listings.keys():
            self._recall_before(number, was, found.get(number, {}), model)

    def _recall_before(self, number: int, was: Directory, rows: dict[str, Any], then: Model) -> None:
        """What the source says is what it said before; where that is not sure, the next import makes it so."""
        listing = self.model.listings[number]
        if number in then.listings:
            listing.said = dict(then.listings[number].said)
        for field in FIELDS:
            value = self.ours(number, field)
            if field in listing.word and field not in rows and value == ours(was[number], field):
                assert value == listing.said.get(field), (number, field, "a correction was lost")
            self._adopt(number, field, rows)
            row = rows.get(field)
            if row is not None:
                listing.said[field] = row.offered_value if row.is_offered else row.source_value
            elif field in listing.said:
                listing.said[field] = value

    def _check_undone(self, was: Directory, now: Directory, changes: list[Any], built_on: set[Any]) -> None:
        left = [
            one
            for one in changes
            if one.field != "program"
            and (one.provider_id, one.field) in built_on
            and (one.field in ("listing", "point") or _value(was, one) != one.new)
        ]
        gone = {one.provider_id for one in changes if one.field == "listing"} - {one.provider_id for one in left}
        expected = {number: values for number, values in taken_back(was, changes, left).items() if number not in gone}
        expect_same(now, expected)


def taken_back(directory: Directory, changes: list[Any], left: Iterable[Any] = ()) -> Directory:
    """The directory with each of these changes taken back, but for what is another value by now, or is left."""
    found = copy.deepcopy(directory)

    def is_doubled(one: Any) -> bool:
        """Whether another program of its level has come since in place of one that an import took away."""
        programs = directory[one.provider_id]["programs"]
        since = [own for number, own in programs.items() if number > came_before]
        return one.kind == "import" and any(own["level"] == one.old["level"] for own in since)

    came_before = max((one.program_id or 0 for one in changes), default=0)
    stays = {one.id for one in left}
    for one in reversed(changes):
        is_mark = one.field in MARKS or one.field == "listing" or one.field.startswith("correction.")
        if one.id in stays or is_mark or one.provider_id not in found or _value(found, one) != one.new:
            continue
        values = found[one.provider_id]
        if one.field == "program":
            if one.new is not None:
                del values["programs"][one.program_id]
            elif not is_doubled(one):
                values["programs"][one.program_id] = one.old
            values["programs"] = dict(sorted(values["programs"].items()))
            continue
        if one.program_id is not None:
            values = values["programs"][one.program_id]
        if one.old is None and one.field.startswith("facts."):
            del values[one.field]
        else:
            values[one.field] = one.old
    for values in found.values():
        # Staff have hidden the address since.
        if values["address_kind"] != "street":
            values["point"] = None
    return found


def _value(directory: Directory, change: Any) -> Any:
    values = directory[change.provider_id]
    if change.program_id is None:
        return values.get(change.field)
    program = values["programs"].get(change.program_id)
    if change.field == "program":
        return program
    return ... if program is None else program.get(change.field)


def expect_same(one: dict[Any, Any], other: dict[Any, Any]) -> None:
    found = differing(one, other)
    assert not found, found


def differing(one: dict[Any, Any], other: dict[Any, Any]) -> dict[Any, Any]:
    """What is not the same in two dicts of dicts."""
    found: dict[Any, Any] = {}
    for name in {**one, **other}:
        mine, theirs = one.get(name), other.get(name)
        if isinstance(mine, dict) and isinstance(theirs, dict):
            if inner := differing(mine, theirs):
                found[name] = inner
        elif mine != theirs:
            found[name] = (mine, theirs)
    return found


def same(found: dict[int, dict[str, Any]]) -> Any:
    """Corrections without who last touched them."""
    names = ("source_value", "is_offered", "offered_value")
    return {
        (number, field): [getattr(row, name) for name in names]
        for number, rows in found.items()
        for field, row in rows.items()
    }
