"""Directories with listings of every kind, made up: databases, and the values that they can hold."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from referral import database
from referral.exporters import FORMATS, Choice, open_export
from referral.importers.formats import loader_of, open_items
from referral.importers.own import cells
from referral.importers.reading.files import open_source
from referral.importers.report import Report
from referral.models import Program, Provider
from referral.models.provider import ADDRESS_KINDS, STATUSES
from referral.models.recording import PROGRAM, PROVIDER
from referral.vocabulary import FACTS, LEVELS

PLAIN: dict[str, Any] = {
    "organization": "",
    "street": "",
    "unit": "",
    "city": "",
    "state": "",
    "postal_code": "",
    "phone": "",
    "phone_extension": "",
    "other_phones": [],
    "website": "",
    "facts": {},
    "address_kind": "street",
    "status": "active",
    "license_number": "",
    "staff_note": "",
    "latitude": None,
    "longitude": None,
    "precision": None,
    "closed_until": None,
    "confirmed_on": None,
    "license_expires_on": None,
    "licensed_beds": None,
    "version": 1,
    "source": "staff",
    "programs": [],
}
KEPT_BACK = {"created_at", "updated_at", "change", "import_run_id", "source_content", "version"}
"""Columns of which a file says nothing."""


def listing(name: str = "Blue Door", **values: Any) -> dict[str, Any]:
    """Values of a provider with its programs; the key is made of the name."""
    return PLAIN | {"name": name, "source_key": name} | values


def program(level: str = "outpatient", **values: Any) -> dict[str, Any]:
    known: dict[str, Any] = {"name": "", "max_stay_days": None, "capacity": None, "status": "active", "facts": {}}
    return known | {"level": level} | values


def fill(engine: sa.Engine, listings: Iterable[Mapping[str, Any]]) -> None:
    """Put listings into a database as they are, around everything that would clean them."""
    world = list(listings)
    own = [{name: value for name, value in values.items() if name != "programs"} for values in world]
    with engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.execute(sa.insert(PROVIDER), own)
        found = connection.execute(sa.select(Provider.source, Provider.source_key, Provider.id))
        ids = {(source, key): number for source, key, number in found}
        programs = [
            {**one, "provider_id": ids[values["source"], values["source_key"]]}
            for values in world
            for one in values["programs"]
        ]
        if programs:
            connection.execute(sa.insert(PROGRAM), programs)


@contextmanager
def engine_of(template: Path, folder: Path, name: str = "onward.db") -> Iterator[sa.Engine]:
    """A new SQLite database without an application: a copy of this one."""
    path = folder / name
    for left in folder.glob(f"{name}*"):
        left.unlink()
    shutil.copy(template, path)
    engine = sa.create_engine(**database.engine_options(f"sqlite:///{path}"))
    database.prepare(engine)
    yield engine
    engine.dispose()


def write(engine: sa.Engine, kind: str, path: Path, choice: Choice | None = None) -> Path:
    """Export into a file."""
    with open_export(engine, choice or Choice()) as export:
        path.write_bytes(b"".join(FORMATS[kind].write(export)))
    return path


def take(engine: sa.Engine, path: Path, **options: Any) -> tuple[Report, list[str]]:
    """Import a file; gives the report, and the reason of each row that was rejected."""
    told: list[str] = []
    with open_source(path) as source:
        name, items = open_items(source)
        report = loader_of(name)(engine, name, items, tell=lambda one: told.append(one.reason), **options)
    return report, told


def content(engine: sa.Engine) -> list[dict[str, Any]]:
    """All listings with their programs, in the order of their numbers."""
    with engine.connect() as connection:
        providers = connection.execute(sa.select(Provider.__table__).order_by(Provider.id)).mappings().all()
        programs = connection.execute(sa.select(Program.__table__).order_by(Program.id)).mappings().all()
    return [
        {
            **{name: value for name, value in provider.items() if name not in KEPT_BACK},
            "programs": [dict(one) for one in programs if one["provider_id"] == provider["id"]],
        }
        for provider in providers
    ]


TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    st.text(st.sampled_from("=+-@'\"\t\r\n ＝＋－＠,;|_x0041#N/A\x1b\u200f\ufffe\x85aé💊1"), max_size=12),
    st.sampled_from(["=1+1", "'=1", "''", '\'"a"', "-5", "1e9", "#REF!", "_x000D_", "TRUE", "a\r\nb", " a ", "yes"]),
)
DAYS = st.none() | st.dates(date(1990, 1, 1), date(2026, 1, 1))
KNOWN = st.dictionaries(st.sampled_from(list(FACTS)), st.booleans(), max_size=8).map(
    lambda known: {code: known[code] for code in FACTS if code in known}
)
PHONE_NUMBERS = st.sampled_from(["502-555-0100", "502-555-0101", "888-555-0102", "+44 20 7946 0018"])
PHONES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(cells.PHONE_KINDS),
        "number": PHONE_NUMBERS,
        "extension": st.sampled_from(["", "5", "1234"]),
    }
)
PROGRAMS = st.builds(
    program,
    st.sampled_from(list(LEVELS)),
    name=TEXTS,
    max_stay_days=st.none() | st.integers(1, 3650),
    capacity=st.none() | st.integers(0, 100_000),
    status=st.sampled_from(STATUSES),
    facts=KNOWN,
)
POINTS = st.none() | st.tuples(
    st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(["exact", "zip", "city"])
).filter(lambda point: point[:2] != (0, 0))


@st.composite
def listings(draw: st.DrawFn) -> dict[str, Any]:
    """Whatever a database can hold."""
    values: dict[str, Any] = draw(
        st.fixed_dictionaries(
            {
                "name": TEXTS.filter(bool),
                **dict.fromkeys(("organization", "street", "unit", "city", "license_number", "staff_note"), TEXTS),
                "state": st.sampled_from(["", "KY", "PR", "MA"]),
                "postal_code": st.sampled_from(["", "40202", "02139-0001", "00901", "40202-1234"]),
                "phone": st.just("") | PHONE_NUMBERS,
                "website": st.sampled_from(["", "http://a.example", "https://b.example/x?y=1&z=%20#q"]),
                "other_phones": st.lists(PHONES, max_size=3),
                "facts": KNOWN,
                "address_kind": st.sampled_from(ADDRESS_KINDS),
                "status": st.sampled_from(STATUSES),
                "closed_until": DAYS,
                "confirmed_on": DAYS,
                "license_expires_on": DAYS,
                "licensed_beds": st.none() | st.integers(0, 100_000),
                "version": st.integers(1, 50),
                "source": st.sampled_from(["staff", "list:county", "samhsa_national_directory"]),
                "programs": st.lists(PROGRAMS, max_size=4),
            }
        )
    )
    values["phone_extension"] = draw(st.sampled_from(["", "7", "0123"])) if values["phone"] else ""
    point = draw(POINTS) if values["address_kind"] == "street" else None
    values |= dict(zip(("latitude", "longitude", "precision"), point or (None, None, None), strict=True))
    return PLAIN | values
