"""A random walk through all that is done to the directory, looked at after each step.

The same seed walks the same way: it stands in every failure, with the steps that were taken.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from referral.exporters import FORMATS, Choice, open_export
from referral.extensions import db
from referral.history import act
from referral.importers.loading.load import load
from referral.models import Act, Check, Program, Provider, Report, utc_now
from referral.models.change import start_changing
from tests.exporters.worlds import take
from tests.keeping.looking import Directory, changes_after, corrections, look, n_reports, ours, replay
from tests.keeping.model import Listing, Model
from tests.keeping.sources import (
    FACTS,
    LEVELS,
    PHONES,
    POINTS,
    SOURCES,
    STREETS,
    WEBSITES,
    Row,
    change_row,
    new_row,
    records,
    said,
)

KEYS = ("a", "b", "c")


class Walk:
    """`now` is the directory as it was seen after the last step."""

    def __init__(self, engine: sa.Engine, seed: int, folder: Path, user_id: int) -> None:
        self.engine, self.folder, self.user_id = engine, folder, user_id
        self.chance = Random(seed)
        self.model = Model()
        self.files: dict[str, list[dict[str, Row]]] = {source: [{}] for source in SOURCES}
        self.now: Directory = {}
        self.n_reports = 0
        self.told: list[str] = []
        self.last_change = 0
        self.runs: list[tuple[int, Model, Directory, Any, int]] = []
        """Of each import: its number, and model, directory, corrections and last act before it."""
        self.exported: list[Path] = []
        self.merged: dict[int, Model] = {}
        """The model before each merge that stands."""

    def note(self, *words: object) -> None:
        self.told.append(" ".join(map(str, words)))

    def one(self, *, is_listed: bool = False) -> int | None:
        """The number of some listing."""
        numbers = [n for n, values in self.now.items() if not is_listed or values["status"] != "inactive"]
        return self.chance.choice(numbers) if numbers else None

    def last_act(self) -> int:
        with self.engine.connect() as connection:
            return connection.execute(sa.select(sa.func.max(Act.id))).scalar() or 0

    def by_staff(self, kind: str, do: Callable[[], object], **more: Any) -> None:
        """Somebody does something, in one transaction."""
        db.session.rollback()
        start_changing(db.session)
        with act(db.session, kind, user_id=self.user_id, why=f"because {len(self.told)}", **more):
            do()
            db.session.commit()
        db.session.close()

    def look(self, kinds: Iterable[str], *, is_word: bool = True) -> tuple[Directory, Directory]:
        """See what a step did: history tells all of it. Gives the directory before and after."""
        before, self.now = self.now, look(self.engine)
        changes = changes_after(self.engine, self.last_change)
        for change in changes:
            assert change.kind in kinds, change
            assert (change.user_id, change.why) == (self.user_id, f"because {len(self.told)}"), change
            self.last_change = change.id
        assert replay(before, changes, self.now) == self.now, "history does not tell what happened"
        if is_word:
            self.model.staff_changed(before, self.now)
        return before, self.now

    def check(self) -> None:
        """What holds after every step."""
        found = corrections(self.engine)
        for number in self.model.listings:
            self.model.check_offers(number, self.now[number], found.get(number, {}))
        assert n_reports(self.engine) == self.n_reports
        levels = {program["level"] for values in self.now.values() for program in values["programs"].values()}
        assert levels <= set(LEVELS)

    # Imports

    def import_source(self) -> None:
        source = self.chance.choice(SOURCES)
        rows = self._next_rows(source)
        if not rows:
            return
        self.note("import", source, rows)
        before = (self.model.copy(), self.now, corrections(self.engine), self.last_act())
        author: dict[str, Any] = {"user_id": self.user_id, "why": f"because {len(self.told)}"}
        report = load(self.engine, source, records(rows), **author)
        self.files[source].append(rows)
        was, _now = self.look(["import"], is_word=False)
        self._take_in(source, rows, was)
        if report.run_id is not None:
            self.runs.append((report.run_id, *before))
        again = load(self.engine, source, records(rows), **author)
        assert again.is_without_effect, f"the same file once more changes something: {again}"

    def _next_rows(self, source: str) -> dict[str, Row]:
        """The rows of the newest file changed a little, or an older file that comes once more."""
        if self.chance.random() < 0.15:
            return self.chance.choice(self.files[source])
        rows = dict(self.files[source][-1])
        for key in KEYS:
            roll = self.chance.random()
            if key not in rows:
                if roll < 0.5:
                    rows[key] = new_row(self.chance, source)
            elif roll < 0.1:
                del rows[key]
            elif roll < 0.6:
                rows[key] = change_row(self.chance, source, rows[key])
        return rows

    def _take_in(self, source: str, rows: dict[str, Row], was: Directory) -> None:
        with self.engine.connect() as connection:
            select = sa.select(Provider.source_key, Provider.id).where(Provider.source == source)
            numbers: dict[str, int] = dict(connection.execute(select).all())
        for key, row in rows.items():
            number = numbers[key]
            if number not in self.model.listings:
                self.model.listings[number] = Listing(source, said(row))
            self.model.imported(number, said(row), was.get(number, self.now[number]), self.now[number])

    def export(self) -> None:
        path = self.folder / f"{len(self.exported)}.json"
        with open_export(self.engine, Choice()) as found:
            path.write_bytes(b"".join(FORMATS["json"].write(found)))
        self.exported.append(path)
        self.note("export", path.name)

    def import_own(self) -> None:
        """An export that was edited, at once or later, comes back."""
        if not self.exported or self.chance.random() < 0.6:
            self.export()
        content = json.loads(self.chance.choice(self.exported[-3:]).read_text(encoding="utf-8"))
        listings = self.chance.sample(content["listings"], min(2, len(content["listings"])))
        for listing in listings:
            self._edit_own(listing)
        if self.chance.random() < 0.3:
            name = f"Added {len(self.told)}"
            listings.append({"name": name, "city": "Paris", "programs": [{"level": "outpatient"}]})
        listings.append({"name": "Always There", "programs": []})
        path = self.folder / "own.json"
        path.write_text(json.dumps(content | {"listings": listings}), encoding="utf-8")
        self.note("own format", listings)
        before = (self.model.copy(), self.now, corrections(self.engine), self.last_act())
        author: dict[str, Any] = {"user_id": self.user_id, "why": f"because {len(self.told)}"}
        report, _told = take(self.engine, path, **author)
        self.look(["import"])
        if report.run_id is not None:
            self.runs.append((report.run_id, *before))

    def _edit_own(self, listing: dict[str, Any]) -> None:
        chance = self.chance
        if chance.random() < 0.4:
            # A file made elsewhere, which does not say what it was made of.
            listing.pop("version")
        for name, values in (("phone", PHONES), ("street", STREETS), ("website", WEBSITES)):
            if chance.random() < 0.4:
                listing[name] = chance.choice(values)
        if chance.random() < 0.4:
            listing["facts"] = listing["facts"] | {chance.choice(FACTS): chance.choice((True, False))}
        if chance.random() < 0.3 and listing["programs"]:
            chance.choice(listing["programs"])["capacity"] = chance.choice((5, 8, None))
        if chance.random() < 0.2 and listing["programs"]:
            listing["programs"].pop()
        if chance.random() < 0.2:
            listing["programs"].append({"level": chance.choice(LEVELS)})

    # Work of staff on a listing

    def edit(self) -> None:
        number = self.one()
        if number is None:
            return
        values: dict[str, Any] = {
            name: self.chance.choice(known)
            for name, known in (("phone", PHONES), ("street", STREETS), ("website", WEBSITES), ("city", ("Paris",)))
            if self.chance.random() < 0.4
        }
        if self.chance.random() < 0.3:
            values["other_phones"] = [{"kind": "hotline", "number": self.chance.choice(PHONES), "extension": ""}]
        if self.chance.random() < 0.2:
            values["licensed_beds"] = self.chance.choice((None, 10, 30))
        fact = (self.chance.choice(FACTS), self.chance.choice((True, False, None)))
        point = self.chance.choice(POINTS) if self.chance.random() < 0.3 else ...
        self.note("edit", number, values, fact, point)

        def do() -> None:
            provider = db.session.get_one(Provider, number)
            for name, value in values.items():
                setattr(provider, name, value)
            known: dict[str, bool | None] = {**provider.facts, fact[0]: fact[1]}
            provider.facts = {code: is_yes for code, is_yes in known.items() if is_yes is not None}
            if point is not ... and provider.address_kind == "street":
                provider.latitude, provider.longitude = point or (None, None)
                provider.precision = "exact" if point else None

        self.by_staff("edit", do)
        self.look(["edit"])

    def work_on_programs(self) -> None:
        number = self.one()
        if number is None:
            return
        what = self.chance.choice(("add", "change", "duplicate", "remove", "close", "level"))
        level, capacity = self.chance.choice(LEVELS), self.chance.choice((None, 5, 9))
        pick = self.chance.random()
        self.note("program", what, number, level, capacity, pick)

        def do() -> None:
            provider = db.session.get_one(Provider, number)
            program = provider.programs[int(pick * len(provider.programs))] if provider.programs else None
            if what == "add" or program is None:
                provider.programs.append(Program(level=level, capacity=capacity))
            elif what == "change":
                program.capacity, program.name = capacity, "Evenings"
                program.facts = {"hiv": True}
            elif what == "duplicate":
                provider.programs.append(Program(level=program.level, name=program.name, capacity=program.capacity))
            elif what == "remove":
                provider.programs.remove(program)
            elif what == "close":
                program.status = "temporarily_closed"
            else:
                program.level = level

        self.by_staff("close" if what == "close" else "edit", do)
        self.look(["close", "edit"])

    def close_or_reopen(self) -> None:
        number = self.one()
        if number is None:
            return
        what = self.chance.choice(("active", "temporarily_closed", "inactive", "confidential", "street"))
        self.note("stand", number, what)

        def do() -> None:
            provider = db.session.get_one(Provider, number)
            if what in ("confidential", "street"):
                provider.address_kind = what
                if what == "confidential":
                    provider.latitude = provider.longitude = provider.precision = None
                return
            until = utc_now().date() + timedelta(days=9) if what == "temporarily_closed" else None
            provider.status, provider.closed_until = what, until

        self.by_staff("close", do)
        self.look(["close"])

    def confirm(self) -> None:
        number = self.one(is_listed=True)
        if number is None:
            return
        self.note("confirm", number)

        def do() -> None:
            provider = db.session.get_one(Provider, number)
            db.session.add(Check(provider=provider, user_id=self.user_id, how="phone", outcome="confirmed"))
            provider.confirmed_on = utc_now().date()

        self.by_staff("confirm", do)
        self.look(["confirm"])

    def report(self) -> None:
        """Somebody reports a listing; staff find that it has closed, and take it off the list."""
        number = self.one(is_listed=True)
        if number is None:
            return
        is_closed = self.chance.random() < 0.3
        self.note("report", number, is_closed)
        code = f"CODE{self.n_reports}"

        def do() -> None:
            provider = db.session.get_one(Provider, number)
            report = Report(provider=provider, kind="something_else", code=code, nonce=code)
            db.session.add(report)
            if is_closed:
                provider.status, provider.closed_until = "inactive", None
                report.close("removed", "", self.user_id)

        self.by_staff("report", do)
        self.n_reports += 1
        self.look(["report"])

    def ours(self, number: int, field: str) -> Any:
        return ours(self.now[number], field)
