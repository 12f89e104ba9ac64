"""A search through the whole directory: compare what shares something, and keep the pairs that are worth a look.

Every search compares everything anew: with 12,744 listings it takes two seconds, with 100,000 about twenty, so that
nothing that was found before can be out of date. What staff decided stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from referral.duplicates.blocking import candidates, shared_by_many
from referral.duplicates.listing import Listing, read_listings
from referral.duplicates.scoring import THRESHOLD, Scored, score
from referral.models import DirectoryChange, DuplicatePair, Provider, utc_now
from referral.models.duplicate import DuplicateSearch

STEP = 2000
"""Comparisons between two words about progress."""

Found = dict[tuple[int, int], Scored]
"""By the numbers of the two listings, the smaller first."""

Tell = Callable[[int], None]


def _nobody(_percent: int) -> None:
    return


def find(listings: Sequence[Listing], tell: Tell = _nobody) -> Found:
    """Pairs with a score of THRESHOLD or more. `tell` hears how many percent are done."""
    shared = shared_by_many(listings)
    pairs = candidates(listings, shared).tolist()
    found: Found = {}
    for number, (one, other) in enumerate(pairs):
        if number % STEP == 0:
            tell(100 * number // len(pairs))
        a, b = sorted((listings[one], listings[other]), key=lambda listing: listing.id)
        scored = score(a, b, shared)
        if scored.score >= THRESHOLD:
            found[a.id, b.id] = scored
    return found


def begin(connection: sa.Connection, user_id: int | None) -> int:
    """Write down that a search begins; gives its number. The caller commits."""
    seen = connection.execute(sa.select(DirectoryChange.latest)).scalar_one()
    row = sa.insert(DuplicateSearch).values(user_id=user_id, seen_change=seen)
    return int(connection.execute(row.returning(DuplicateSearch.id)).scalar_one())


def run(engine: sa.Engine, search_id: int, tell: Tell = _nobody) -> DuplicateSearch:
    """Do a search that has begun, in a few short transactions. What goes wrong is written down and raised."""
    try:
        with engine.connect() as connection:
            listings = read_listings(connection)
        _note(engine, search_id, n_listings=len(listings), percent=20)

        def both(percent: int) -> None:
            tell(percent)
            _note(engine, search_id, percent=30 + percent * 6 // 10)

        found = find(listings, both)
        with _writing(engine) as connection:
            n_new = keep(connection, found)
            is_open = sa.select(sa.func.count()).where(DuplicatePair.status == "open")
            n_open = connection.execute(is_open).scalar_one()
            values = {"n_open": n_open, "n_new": n_new, "percent": 100, "finished_at": utc_now()}
            row = connection.execute(_update(search_id, values).returning(DuplicateSearch)).one()
    except Exception:
        _note(engine, search_id, has_failed=True)
        raise
    return DuplicateSearch(**row._mapping)


def keep(connection: sa.Connection, found: Found) -> int:
    """Bring the open pairs up to what was found; gives the number of new ones. Decided pairs stay as they are."""
    listed = set(connection.execute(sa.select(Provider.id).where(Provider.status != "inactive")).scalars())
    known = {(row.first_id, row.second_id): row for row in connection.execute(sa.select(DuplicatePair.__table__))}
    new, again = list[dict[str, Any]](), list[dict[str, Any]]()
    for (first_id, second_id), scored in found.items():
        row = known.get((first_id, second_id))
        values = {"score": scored.score, "reasons": scored.reasons}
        if row is None and {first_id, second_id} <= listed:
            new.append(values | {"first_id": first_id, "second_id": second_id, "status": "open", "why": ""})
        elif row is not None and (row.score, row.reasons) != (scored.score, scored.reasons):
            again.append({"b_id": row.id, "b_score": scored.score, "b_reasons": scored.reasons})
    gone = [row.id for ids, row in known.items() if row.status == "open" and ids not in found]
    if new:
        connection.execute(sa.insert(DuplicatePair), new)
    if again:
        this = sa.update(DuplicatePair).where(DuplicatePair.id == sa.bindparam("b_id"))
        reasons = sa.bindparam("b_reasons", type_=DuplicatePair.reasons.type)
        connection.execute(this.values(score=sa.bindparam("b_score"), reasons=reasons), again)
    is_open = DuplicatePair.status == "open"  # somebody may have decided meanwhile
    for ids in _chunks(gone):
        connection.execute(sa.delete(DuplicatePair).where(DuplicatePair.id.in_(ids), is_open))
    return len(new)


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), 500):
        yield ids[start : start + 500]


def _writing(engine: sa.Engine) -> Any:
    return engine.execution_options(is_write=True).begin()


def _note(engine: sa.Engine, search_id: int, **values: Any) -> None:
    with _writing(engine) as connection:
        connection.execute(_update(search_id, values))


def _update(search_id: int, values: dict[str, Any]) -> sa.Update:
    this = sa.update(DuplicateSearch).where(DuplicateSearch.id == search_id)
    return this.values({"alive_at": utc_now(), **values})
