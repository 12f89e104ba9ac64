"""A made-up directory of listings for the staff list: names, towns and numbers as varied as in a real one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

import sqlalchemy as sa

from referral.finding import ListingEntry
from referral.matching import Whereabouts
from referral.models import Correction, Program, Provider, Report, changed
from referral.places.states import STATES
from referral.vocabulary import FACTS, LEVELS

_STARTS = "al bar cor dun el fair glen hart iron jun kel lan mar nor oak pine quin ros sil ton under ver wil york"
_MIDDLES = "a e i o u an en in on er ar or el ol and est ist"
_ENDS = "ton ville field burg wood river creek side mont land dale view port ford stead haven hill ridge brook"
_KINDS = [
    "Recovery Center", "Treatment Services", "Behavioral Health", "Counseling Associates", "Alcohol and Drug Program",
    "Recovery House", "Outpatient Clinic", "Community Health Center", "Detox", "Family Services Inc",
]  # fmt: skip
_WHEREABOUTS = [
    *[Whereabouts.LOCATED] * 17,
    Whereabouts.NO_MAP_POINT,
    Whereabouts.CONFIDENTIAL,
    Whereabouts.TELEHEALTH,
]


def made_up(n: int, seed: int = 4) -> Iterator[ListingEntry]:
    """The same on every run."""
    chance = random.Random(seed)
    draw = chance.randrange
    levels, facts, states = list(LEVELS), list(FACTS), sorted(STATES)
    now = datetime(2026, 11, 1, 12)  # noqa: DTZ001 - times are stored in UTC without a zone

    syllables = [_STARTS.split(), _MIDDLES.split(), _ENDS.split()]

    def word() -> str:
        return "".join(map(chance.choice, syllables))

    towns = [word().title() for _ in range(4000)]
    for number in range(1, n + 1):
        whereabouts = _WHEREABOUTS[draw(len(_WHEREABOUTS))]
        yield ListingEntry(
            id=number,
            name=f"{word().title()} {_KINDS[draw(len(_KINDS))]}",
            organization=f"{word().title()} Group" if draw(3) == 0 else "",
            city=towns[draw(len(towns))],
            state=states[draw(len(states))],
            postal_code=f"{draw(100_000):05}",
            phones=(f"{200 + draw(700)}-555-{draw(10_000):04}",),
            status="active" if draw(20) else "inactive",
            source="staff" if draw(50) == 0 else "samhsa_national_directory",
            whereabouts=whereabouts,
            is_approximate=draw(5) == 0 and whereabouts is Whereabouts.LOCATED,
            levels=tuple(chance.choices(levels, k=1 + draw(3))),
            facts={code: draw(4) > 0 for code in chance.choices(facts, k=12)},
            confirmed_on=date(2026, 11, 1) - timedelta(days=draw(1500)) if draw(2) else None,
            license_expires_on=date(2026, 1, 1) + timedelta(days=draw(1000)) if draw(4) == 0 else None,
            updated_at=now - timedelta(seconds=draw(10**8)),
            n_open_reports=draw(3) if draw(50) == 0 else 0,
            has_corrections=number % 20 == 0,
            has_offers=number % 200 == 0,
        )


_ADDRESS_KINDS = {Whereabouts.CONFIDENTIAL: "confidential", Whereabouts.TELEHEALTH: "telehealth"}


def load(connection: sa.Connection, n: int) -> None:
    """Write them into an empty database, with their programs, open reports and corrections."""
    entries = made_up(n)
    while some := list(islice(entries, 2000)):
        connection.execute(sa.insert(Provider), [_provider(entry) for entry in some])
        programs = [
            {"provider_id": entry.id, "level": level} for entry in some for level in sorted(set(entry.levels))
        ]
        connection.execute(sa.insert(Program), programs)
        codes = [(entry.id, f"{entry.id}-{k}") for entry in some for k in range(entry.n_open_reports)]
        reports = [{"provider_id": id_, "kind": "wrong_phone", "code": code, "nonce": code} for id_, code in codes]
        corrections = [
            {"provider_id": entry.id, "field": "name", "is_offered": entry.has_offers}
            for entry in some
            if entry.has_corrections
        ]
        for model, rows in ((Report, reports), (Correction, corrections)):
            if rows:
                connection.execute(sa.insert(model), rows)
    changed(connection, is_reload=True)


def _provider(entry: ListingEntry) -> dict[str, Any]:
    is_located = entry.whereabouts is Whereabouts.LOCATED
    return {
        **{name: getattr(entry, name) for name in ("id", "name", "organization", "city", "state", "postal_code")},
        **{name: getattr(entry, name) for name in ("status", "source", "confirmed_on", "license_expires_on")},
        "phone": entry.phones[0],
        "source_key": str(entry.id),
        "address_kind": _ADDRESS_KINDS.get(entry.whereabouts, "street"),
        "latitude": 38.25 if is_located else None,
        "longitude": -85.76 if is_located else None,
        "precision": ("zip" if entry.is_approximate else "exact") if is_located else None,
        "facts": dict(entry.facts),
        "created_at": entry.updated_at,
        "updated_at": entry.updated_at,
    }
