"""Whatever is asked, of whatever listing: it says "shown" exactly where a search shows it, at the same number."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from referral import catalog
from referral.admin.why.answer import why_answer
from referral.extensions import db
from referral.matching import MatchIndex, Order, Origin, Precision, Query, Requirement, search
from referral.models import Program, Provider
from referral.models.provider import STATUSES
from referral.pages.wording import today
from referral.vocabulary import ASKS, FACTS, GROUPS, LEVELS
from tests.rounds import rounds

LOUISVILLE = (38.2507, -85.7476)
RADII = (5.0, 10.0, 25.0, 50.0, 100.0, None)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of the database."""
    return sqlite_url


def made_up(chance: random.Random, number: int) -> Provider:
    """A listing somewhere around Louisville, open or not, with a point or without."""
    kind = chance.choice(["street"] * 6 + ["confidential", "telehealth"])
    point = {
        "latitude": LOUISVILLE[0] + chance.gauss(0, 0.5),
        "longitude": LOUISVILLE[1] + chance.gauss(0, 0.5),
        "precision": chance.choice(["exact", "zip"]),
    }
    return Provider(
        name=f"Place {number}", source="county", source_key=str(number), state=chance.choice(["KY", "IN"]),
        address_kind=kind, **(point if kind == "street" and chance.random() < 0.9 else {}),
        status=chance.choice([*STATUSES, "active", "active"]),
        closed_until=chance.choice([None, today() + timedelta(days=chance.choice([-1, 0, 1]))]),
        facts=some_facts(chance),
        programs=[
            Program(
                level=chance.choice(list(LEVELS)), max_stay_days=chance.choice([None, 30, 89, 90, 120]),
                facts=some_facts(chance), status=chance.choice([*STATUSES, "active", "active"]),
            )
            for _program in range(chance.choice([0, 1, 1, 2, 3]))
        ],
    )  # fmt: skip


def some_facts(chance: random.Random) -> dict[str, bool]:
    return {code: chance.random() < 0.7 for code in FACTS if chance.random() < 0.4}


def question(chance: random.Random) -> Query:
    origin = Origin(*LOUISVILLE, chance.choice(list(Precision)), "Louisville, KY", "KY")
    groups = chance.sample(list(GROUPS), chance.choice([0, 0, 1, 1, 2]))
    wanted = {group: [code for code in FACTS if FACTS[code].family == group] for group in groups}
    requirements = tuple(
        Requirement(group, tuple(chance.sample(codes, min(2, len(codes))))) for group, codes in wanted.items()
    )
    needs = tuple(need for need in ASKS if chance.random() < 0.25)
    return Query(origin, needs, requirements, chance.choice(RADII), chance.choice(list(Order)))


def numbers_shown(index: MatchIndex, query: Query) -> dict[int, str]:
    """The number of each listing that a search shows: in the list, or in its group without a point."""
    results = search(index, query, per_page=10_000)
    groups = [results.matches, *(group.matches for group in results.find_unlocated())]
    return {match.provider_id: f"Number {n} of " for group in groups for n, match in enumerate(group, 1)}


def test_it_says_shown_exactly_where_a_search_shows_it(app: Flask) -> None:
    chance = random.Random(20)
    db.session.add_all([made_up(chance, number) for number in range(80)])
    db.session.commit()
    said = Counter[bool]()
    with app.test_request_context("/admin/why"):
        index, providers = catalog.current(), db.session.scalars(sa.select(Provider)).all()
        for _question in range(rounds(12)):
            query = question(chance)
            shown = numbers_shown(index, query)
            for provider in providers:
                answer = why_answer(db.session, index, provider, query)
                is_shown = provider.id in shown
                assert answer.headline.startswith("Shown." if is_shown else "Not shown."), (provider.id, query)
                assert bool(answer.reasons) is not is_shown
                places = [line.place for line in answer.standing.lines]
                assert any(place.startswith(shown.get(provider.id, "")) for place in places) is is_shown
                said[is_shown] += 1
    assert min(said.values()) > 100
