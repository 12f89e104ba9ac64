"""Records on their way into the directory: held in temporary tables, so memory stays flat and nobody waits.

The tables belong to one connection and are seen by no other. Filling them takes no lock on the directory.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from referral.importers.records import Phone, ProgramRecord, ProviderRecord, join
from referral.importers.report import Report
from referral.models import Place
from referral.models.base import JSON, VALUE, FactsType
from referral.models.correcting import OF_PROGRAMS
from referral.models.recording import stored
from referral.vocabulary import LEVELS

CHUNK = 1000
"""Records that are staged at a time."""

LISTS = ("SU", "MH", "OTP", "BUPREN")
"""Lists of a source, the one whose details are kept first."""

_metadata = sa.MetaData()

STAGED = sa.Table(
    "onward_staged",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("base_key", sa.String, nullable=False, index=True),
    sa.Column("ordinal", sa.Integer, nullable=False),
    sa.Column("source_key", sa.String, nullable=False, unique=True),
    sa.Column("content", sa.String, nullable=False),
    sa.Column("record", sa.String, nullable=False),
    sa.Column("outcome", sa.String, nullable=False, default="added"),
    sa.Column("provider_id", sa.Integer, index=True),
    sa.Column("takes_zip_point", sa.Boolean, nullable=False),
    sa.Column("is_file_point", sa.Boolean, nullable=False),
    *(
        sa.Column(name, sa.String, nullable=False)
        for name in ("name", "organization", "street", "unit", "city", "state", "postal_code")
    ),
    sa.Column("latitude", sa.Double),
    sa.Column("longitude", sa.Double),
    sa.Column("precision", sa.String),
    sa.Column("phone", sa.String, nullable=False),
    sa.Column("phone_extension", sa.String, nullable=False),
    sa.Column("other_phones", JSON, nullable=False),
    sa.Column("website", sa.String, nullable=False),
    sa.Column("facts", FactsType, nullable=False),
    sa.Column("levels", sa.Integer, nullable=False),
    sa.Column("extras", JSON, nullable=False, default=dict),
    prefixes=["TEMPORARY"],
)
"""`extras`: values of further columns of Provider, in the form in which history keeps them."""

STAGED_LEVEL = sa.Table(
    "onward_staged_level",
    _metadata,
    sa.Column("staged_id", sa.Integer, primary_key=True),
    sa.Column("level", sa.String, primary_key=True),
    sa.Column("position", sa.Integer, nullable=False),
    prefixes=["TEMPORARY"],
)

STAGED_DETAIL = sa.Table(
    "onward_staged_detail",
    _metadata,
    sa.Column("staged_id", sa.Integer, primary_key=True),
    sa.Column("level", sa.String, primary_key=True),
    *(sa.Column(name, sa.Integer) for name in OF_PROGRAMS),
    prefixes=["TEMPORARY"],
)
"""What files say of the program of a level, besides that there is one; NULL: nothing."""

STAGED_CHANGE = sa.Table(
    "onward_staged_change",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("provider_id", sa.Integer, nullable=False, index=True),
    sa.Column("program_id", sa.Integer),
    sa.Column("field", sa.String, nullable=False),
    sa.Column("old", VALUE),
    sa.Column("new", VALUE),
    prefixes=["TEMPORARY"],
)
"""What writing the staged rows will change (models.recording.Difference)."""

_BIT = {level: 1 << position for position, level in enumerate(LEVELS)}
"""A record's levels are staged as the sum of these: one number instead of a row each."""
_PLAIN = (
    *("name", "organization", "street", "unit", "city", "state", "postal_code", "takes_zip_point"),
    *("latitude", "longitude", "precision", "phone", "phone_extension", "website", "facts"),
)


@dataclasses.dataclass
class _Entry:
    """A provider that is staged or about to be. `record` is None where rows of its source are never merged."""

    id: int
    ordinal: int
    content: str
    record: ProviderRecord | None
    is_new: bool = True
    is_dirty: bool = True


class Staging:
    """Fills the temporary tables. Rows of one facility on different lists become one; equal keys get a number."""

    def __init__(self, connection: sa.Connection, report: Report) -> None:
        self._connection = connection
        self._report = report
        self._waiting: list[ProviderRecord] = []
        self._n_staged = 0

    def create(self) -> None:
        with self._connection.begin():
            _metadata.create_all(self._connection, checkfirst=False)

    def add(self, record: ProviderRecord) -> None:
        self._waiting.append(record)
        if len(self._waiting) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        """Stage the records that wait, in a short transaction of their own."""
        if not self._waiting:
            return
        with self._connection.begin():
            entries = self._place_by_key(self._waiting)
            points = self._zip_points([entry.record for entry in entries if entry.is_dirty and entry.record])
            self._write([entry for entry in entries if entry.is_dirty], points)
        self._waiting = []

    def finish(self) -> None:
        """Stage what still waits, and give each level of each staged record its row."""
        self.flush()
        each = (
            sa.select(
                sa.literal(level).label("level"), sa.literal(position).label("position"), sa.literal(bit).label("bit")
            )
            for position, (level, bit) in enumerate(_BIT.items())
        )
        known = sa.union_all(*each).subquery()
        rows = sa.select(STAGED.c.id, known.c.level, known.c.position)
        rows = rows.join_from(STAGED, known, STAGED.c.levels.bitwise_and(known.c.bit) != 0)
        with self._connection.begin():
            self._connection.execute(STAGED_LEVEL.insert().from_select(["staged_id", "level", "position"], rows))

    def _place_by_key(self, records: Sequence[ProviderRecord]) -> list[_Entry]:
        by_key = self._staged_with({record.key for record in records})
        for record in records:
            entries = by_key.setdefault(record.key, [])
            same = next((entry for entry in entries if _is_same(entry, record)), None)
            if same is None:
                self._n_staged += 1
                entries.append(_Entry(self._n_staged, len(entries) + 1, record.fingerprint, record))
                self._report.take_contradictions(record)
                continue
            self._report.merged += 1
            if same.record:
                self._report.take_contradictions(same.record, -1)
                unite = join if record.is_part else merge
                same.record, same.is_dirty = unite(same.record, record), True
                same.content = same.record.fingerprint
                self._report.take_contradictions(same.record)
        return [entry for entries in by_key.values() for entry in entries]

    def _staged_with(self, keys: set[str]) -> dict[str, list[_Entry]]:
        columns = STAGED.c.base_key, STAGED.c.id, STAGED.c.ordinal, STAGED.c.content, STAGED.c.record
        select = sa.select(*columns).where(STAGED.c.base_key.in_(keys)).order_by(STAGED.c.ordinal)
        found: dict[str, list[_Entry]] = {}
        for key, number, ordinal, content, text in self._connection.execute(select):
            record = _load(text) if text else None
            found.setdefault(key, []).append(_Entry(number, ordinal, content, record, is_new=False, is_dirty=False))
        return found

    def _zip_points(self, records: Sequence[ProviderRecord]) -> dict[str, tuple[float, float]]:
        zips = {record.postal_code[:5] for record in records if record.latitude is None and record.takes_zip_point}
        if not zips:
            return {}
        columns = Place.key, Place.latitude, Place.longitude
        found = self._connection.execute(sa.select(*columns).where(Place.kind == "zip", Place.key.in_(zips)))
        return {key: (lat, lon) for key, lat, lon in found if lat is not None and lon is not None}

    def _write(self, entries: Sequence[_Entry], points: dict[str, tuple[float, float]]) -> None:
        again = [entry.id for entry in entries if not entry.is_new]
        if again:
            self._connection.execute(STAGED.delete().where(STAGED.c.id.in_(again)))
            self._connection.execute(STAGED_DETAIL.delete().where(STAGED_DETAIL.c.staged_id.in_(again)))
        rows = [_row(entry, entry.record, points) for entry in entries if entry.record]
        if rows:
            self._connection.execute(STAGED.insert(), rows)
        details = [
            {"staged_id": entry.id, **dataclasses.asdict(program)}
            for entry in entries
            for program in (entry.record.programs if entry.record else ())
        ]
        if details:
            self._connection.execute(STAGED_DETAIL.insert(), details)


def _row(entry: _Entry, record: ProviderRecord, points: dict[str, tuple[float, float]]) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(record, name) for name in _PLAIN}
    row |= {
        "id": entry.id,
        "base_key": record.key,
        "ordinal": entry.ordinal,
        "source_key": record.key if entry.ordinal == 1 else f"{record.key}-{entry.ordinal}",
        "content": entry.content,
        "record": _dump(record) if record.listed_as or record.is_part else "",
        "other_phones": record.stored_phones,
        "is_file_point": record.latitude is not None,
        "outcome": "added",
        "levels": sum(map(_BIT.__getitem__, record.levels)),
        "extras": {name: stored(value) for name, value in record.extras.items()},
    }
    middle = points.get(record.postal_code[:5])
    if record.latitude is None and record.takes_zip_point and middle:
        row |= {"latitude": middle[0], "longitude": middle[1], "precision": "zip"}
    return row


def _is_same(entry: _Entry, record: ProviderRecord) -> bool:
    """Two rows with one key are one provider when they stand on different lists, are parts, or say the same."""
    if entry.content == record.fingerprint or (record.is_part and entry.record is not None):
        return True
    if not record.listed_as or entry.record is None:
        return False
    return record.listed_as not in entry.record.listed_as.split()


def merge(first: ProviderRecord, second: ProviderRecord) -> ProviderRecord:
    """One record of two rows of one facility: all programs and facts, the contact details of the better list."""
    if _rank(second) < _rank(first):
        first, second = second, first
    lists = dict.fromkeys([*first.listed_as.split(), *second.listed_as.split()])
    known = {(phone.number, phone.extension) for phone in first.other_phones} | {(first.phone, first.phone_extension)}
    further = tuple(phone for phone in second.other_phones if (phone.number, phone.extension) not in known)
    merged = dataclasses.replace(
        first,
        listed_as=" ".join(lists),
        levels=tuple(level for level in LEVELS if level in first.levels or level in second.levels),
        yes=first.yes | second.yes,
        no=first.no | second.no,
        other_phones=first.other_phones + further,
        website=first.website or second.website,
    )
    if not first.phone:
        merged = dataclasses.replace(merged, phone=second.phone, phone_extension=second.phone_extension)
    if first.latitude is None:
        point = {name: getattr(second, name) for name in ("latitude", "longitude", "precision")}
        merged = dataclasses.replace(merged, **point)
    return merged


def _rank(record: ProviderRecord) -> int:
    return min((LISTS.index(name) for name in record.listed_as.split()), default=0)


DAYS = frozenset({"closed_until", "confirmed_on", "license_expires_on"})
"""Columns that hold a day."""

_FIELDS = [field.name for field in dataclasses.fields(ProviderRecord)]


def _dump(record: ProviderRecord) -> str:
    values = {name: getattr(record, name) for name in _FIELDS}
    return json.dumps(values | {"yes": sorted(record.yes), "no": sorted(record.no)}, default=_plain_value)


def _plain_value(value: Phone | ProgramRecord | date) -> Any:
    return value.isoformat() if isinstance(value, date) else [getattr(value, name) for name in value.__slots__]


def _load(text: str) -> ProviderRecord:
    values = json.loads(text)
    values |= {name: tuple(values[name]) for name in ("levels", "unknown_codes", "notes")}
    values |= {name: frozenset(values[name]) for name in ("yes", "no")}
    values["other_phones"] = tuple(Phone(*phone) for phone in values["other_phones"])
    values["programs"] = tuple(ProgramRecord(*program) for program in values["programs"])
    for name in DAYS & values["extras"].keys():
        if values["extras"][name]:
            values["extras"][name] = date.fromisoformat(values["extras"][name])
    return ProviderRecord(**values)
