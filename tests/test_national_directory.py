"""The main job on the real National Directory of 2023, against the figures of the order book and a plain loop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral import catalog
from referral.extensions import db
from referral.matching import MatchIndex, Origin, ProgramEntry, ProviderEntry, Query, Requirement, Whereabouts, search
from referral.models import Program, Provider
from tests.conftest import make_app
from tests.matching.plain_loop import answer
from tests.matching.test_search_against_plain_loop import allowed_error

pytestmark = pytest.mark.shared

HOUSTON, DENVER = (29.7604, -95.3698), (39.7392, -104.9903)
AMARILLO, MILES_CITY = (35.2220, -101.8313), (46.4083, -105.8406)
MEDICAID = {"payment": ["takes_medicaid"]}
FREE = {"payment": ["free_care"]}
BOTH = ["outpatient", "dual_diagnosis"]

FIGURES: list[tuple[tuple[float, float], list[str], dict[str, list[str]], int, int, float | None]] = [
    (HOUSTON, ["detox"], {}, 19, 0, None),
    (HOUSTON, ["residential_90"], {}, 0, 9, None),
    (HOUSTON, ["sober_living"], {}, 5, 0, None),
    (HOUSTON, BOTH, MEDICAID, 24, 11, None),
    (HOUSTON, ["detox"], FREE, 1, 0, None),
    (DENVER, ["detox"], {}, 19, 0, None),
    (DENVER, ["residential_90"], {}, 0, 11, None),
    (DENVER, ["sober_living"], {}, 14, 0, None),
    (DENVER, BOTH, MEDICAID, 65, 17, None),
    (DENVER, ["detox"], FREE, 0, 0, None),
    (AMARILLO, ["detox"], {}, 3, 0, None),
    (AMARILLO, ["residential_90"], {}, 0, 0, 67.0),
    (AMARILLO, ["sober_living"], {}, 1, 0, None),
    (AMARILLO, BOTH, MEDICAID, 3, 2, None),
    (AMARILLO, ["detox"], FREE, 0, 0, None),
    (MILES_CITY, ["detox"], {}, 0, 0, 122.5),
    (MILES_CITY, ["residential_90"], {}, 0, 0, 122.5),
    (MILES_CITY, ["sober_living"], {}, 0, 0, None),
    (MILES_CITY, BOTH, MEDICAID, 1, 0, None),
    (MILES_CITY, ["detox"], FREE, 0, 0, None),
]


@pytest.fixture(scope="module")
def directory(sqlite_template: Path, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application on the National Directory, imported by the command."""
    path = tmp_path_factory.mktemp("national") / "onward.db"
    path.write_bytes(sqlite_template.read_bytes())
    app = make_app(f"sqlite:///{path}")
    file = shared_data / "samhsa" / "samhsa_su_directory_2023_with_coords.csv.gz"
    done = app.test_cli_runner().invoke(args=["directory", "import", str(file)])
    assert done.exit_code == 0, done.output
    assert "Rows read: 12,744" in done.output
    assert "Programs: 27,440" in done.output
    with app.app_context():
        engine = db.engine
    yield app
    engine.dispose()


def ask(directory: Flask, origin: tuple[float, float], needs: list[str], require: dict[str, list[str]]) -> Any:
    body = {"needs": needs, "near": {"latitude": origin[0], "longitude": origin[1]}, "require": require}
    response = directory.test_client().post("/api/v1/match", json=body | {"radius_miles": 25})
    assert response.status_code == 200, response.text
    return response.get_json()


@pytest.mark.parametrize(("origin", "needs", "require", "meets_all", "may_meet_all", "nearest_miles"), FIGURES)
def test_counts_at_25_miles(
    directory: Flask,
    origin: tuple[float, float],
    needs: list[str],
    require: dict[str, list[str]],
    meets_all: int,
    may_meet_all: int,
    nearest_miles: float | None,
) -> None:
    given = ask(directory, origin, needs, require)
    assert (given["totals"]["meets_all"], given["totals"]["may_meet_all"]) == (meets_all, may_meet_all)
    if nearest_miles is not None:
        assert round(given["nearest_miles"], 1) == nearest_miles


def test_without_the_payment_group_denver_has_19(directory: Flask) -> None:
    given = ask(directory, DENVER, ["detox"], FREE)
    assert given["relaxations"] == [{"drop": "payment", "matches": 19}]


def test_three_steps_at_houston(directory: Flask) -> None:
    given = ask(directory, HOUSTON, ["detox", "residential_90", "sober_living"], {})
    assert given["totals"] == {"meets_all": 0, "may_meet_all": 2, "meets_some": 24}
    assert [step["need"] for step in given["plan"]["steps"]] == ["detox", "residential_90", "sober_living"]


def plain_entries() -> list[ProviderEntry]:
    """The directory as plain values, read with its own select and not through the catalog."""
    programs: dict[int, list[ProgramEntry]] = {}
    for row in db.session.execute(sa.select(Program).order_by(Program.id)).scalars():
        programs.setdefault(row.provider_id, []).append(ProgramEntry(row.id, row.level, row.max_stay_days, row.facts))
    return [
        ProviderEntry(
            id=row.id,
            name=row.name,
            state=row.state,
            latitude=row.latitude,
            longitude=row.longitude,
            is_approximate=False,
            whereabouts=Whereabouts.NO_MAP_POINT if row.latitude is None else Whereabouts.LOCATED,
            facts=row.facts,
            programs=tuple(programs.get(row.id, ())),
        )
        for row in db.session.execute(sa.select(Provider)).scalars()
    ]


def in_full(index: MatchIndex, query: Query) -> dict[int, float]:
    results = search(index, query, per_page=2000)
    return {match.provider_id: match.distance_miles or 0.0 for match in results.matches}


def test_the_real_directory_is_answered_as_by_a_plain_loop_with_geodesics(directory: Flask) -> None:
    questions = [
        Query(Origin(*origin, state="TX"), tuple(needs), tuple(Requirement(g, tuple(f)) for g, f in require.items()))
        for origin, needs, require, *_figures in FIGURES
    ]
    questions.append(Query(Origin(*HOUSTON), ("detox", "residential_90", "sober_living")))
    with directory.app_context():
        index, providers = catalog.current(), plain_entries()
        # The plain loop takes a geodesic of 12,730 points a question: near ones are enough for those at 25 miles.
        for query in questions:
            near = [p for p in providers if p.latitude is None or abs(p.latitude - query.origin.latitude) < 1]
            plain, found = answer(near, query), in_full(index, query)
            assert list(found) == plain.order
            for identity, miles in found.items():
                assert abs(miles - plain.miles[identity]) <= allowed_error(plain.miles[identity])
