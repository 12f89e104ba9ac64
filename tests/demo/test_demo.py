"""The made-up directory: realistic, everywhere, never to be taken for real, and gone without a trace."""

from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from geopy.distance import geodesic

from referral.demo.loading import clear_demo, load_demo
from referral.extensions import db
from referral.models import DirectoryChange, Place, Program, Provider
from referral.vocabulary import NEEDS, Verdict
from tests.conftest import make_app, run_maintenance
from tests.demo.conftest import TODAY


@pytest.fixture(scope="module")
def providers(demo: sa.Connection) -> list[Any]:
    return list(demo.execute(sa.select(Provider.__table__).order_by(Provider.source_key)).all())


@pytest.fixture(scope="module")
def programs(demo: sa.Connection) -> list[Any]:
    return list(demo.execute(sa.select(Program.__table__).order_by(Program.id)).all())


def test_there_are_about_fifteen_hundred_in_every_state(providers: list[Any]) -> None:
    assert 1_400 <= len(providers) <= 1_600
    by_state = Counter(row.state for row in providers)
    assert len(by_state) >= 52
    assert min(by_state.values()) >= 1
    assert {state for state, _ in by_state.most_common(4)} == {"CA", "TX", "FL", "NY"}


def test_no_listing_can_be_taken_for_a_real_one(providers: list[Any]) -> None:
    for row in providers:
        assert row.name.endswith("(made up)")
        assert row.organization == "" or row.organization.endswith("(made up)")
        numbers = [row.phone, *(phone["number"] for phone in row.other_phones)]
        assert all(re.fullmatch(r"[2-9]\d\d-555-01\d\d", number) for number in numbers)
        assert row.website == "" or re.fullmatch(r"https://[a-z0-9.-]+\.example/", row.website)
        assert row.source == "demo"


def test_every_large_city_has_each_of_the_five_needs_within_25_miles(
    demo: sa.Connection, providers: list[Any], programs: list[Any]
) -> None:
    open_programs = defaultdict(list)
    for program in programs:
        if program.status == "active":
            open_programs[program.provider_id].append(program)
    meets: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for row in providers:
        if row.status != "active" or row.latitude is None:
            continue
        for code, need in NEEDS.items():
            if need.fact is None:
                is_met = any(
                    need.verdict(program.level, program.max_stay_days) is Verdict.YES
                    for program in open_programs[row.id]
                )
            else:
                is_met = bool(open_programs[row.id]) and row.facts.get(need.fact) is True
            if is_met:
                meets[code].append((row.latitude, row.longitude))
    large = demo.execute(
        sa.select(Place.label, Place.latitude, Place.longitude)
        .where(Place.kind == "city", Place.size >= 100_000)
        .distinct()
    ).all()
    assert len(large) > 300
    assert "Louisville, KY" in [city.label for city in large]
    for city in large:
        here = (city.latitude, city.longitude)
        for code in NEEDS:
            close = [point for point in meets[code] if abs(point[0] - here[0]) < 0.5 and abs(point[1] - here[1]) < 1]
            assert any(geodesic(here, point).miles <= 25 for point in close), (city.label, code)


def test_levels_are_about_as_common_as_in_the_national_directory(providers: list[Any], programs: list[Any]) -> None:
    """Shares in percent of 12,744 facilities: SAMHSA's National Directory 2023."""
    levels = defaultdict(set)
    for program in programs:
        levels[program.provider_id].add(program.level)
    detox = {"detox", "detox_hospital", "detox_residential", "detox_outpatient"}
    expected = [
        ({"outpatient"}, 76.5),
        ({"intensive_outpatient"}, 45.0),
        ({"partial_hospitalization"}, 14.7),
        ({"residential_long"}, 17.8),
        ({"residential_short"}, 16.4),
        (detox, 22.3),
        ({"hospital_inpatient"}, 6.5),
        ({"recovery_residence"}, 9.2),
    ]
    for wanted, share in expected:
        found = 100 * sum(bool(levels[row.id] & wanted) for row in providers) / len(providers)
        assert found == pytest.approx(share, abs=9), wanted


def test_facts_are_about_as_common_as_in_the_national_directory(providers: list[Any]) -> None:
    """The same source; sober living homes aside, which are no clinics."""
    expected = {
        "takes_medicaid": 74.5,
        "takes_private_insurance": 75.0,
        "sliding_fee": 38.0,
        "free_care": 1.7,
        "co_occurring": 76.3,
        "buprenorphine": 54.3,
        "methadone": 11.6,
        "spanish": 21.9,
        "telehealth": 76.5,
        "accepts_women": 93.0,
    }
    clinics = [row for row in providers if "home" not in row.name.lower() and "living" not in row.name.lower()]
    for code, share in expected.items():
        found = 100 * sum(row.facts.get(code) is True for row in clinics) / len(clinics)
        assert found == pytest.approx(share, abs=7), code


def test_everything_that_a_page_must_cope_with_occurs(providers: list[Any], programs: list[Any]) -> None:
    assert {row.address_kind for row in providers} == {"street", "confidential", "telehealth"}
    assert {row.precision for row in providers} == {"exact", "zip", "city", None}
    assert any(row.address_kind == "street" and row.latitude is None for row in providers)
    assert {row.status for row in providers} == {"active", "temporarily_closed"}
    assert {row.status for row in programs} == {"active", "temporarily_closed"}
    for code in ("co_occurring", "spanish", "takes_medicaid", "accepts_on_medication"):
        assert {row.facts.get(code) for row in providers} == {True, False, None}, code
    stays = {program.max_stay_days for program in programs if program.level == "residential_long"}
    assert {None, 60, 90, 180} <= stays
    assert any(program.facts for program in programs)
    ages = [(TODAY - row.confirmed_on).days for row in providers if row.confirmed_on]
    assert 0.6 < len(ages) / len(providers) < 0.8
    assert min(ages) >= 1
    assert max(ages) > 700
    assert any(row.phone_extension for row in providers)
    assert Counter(program.provider_id for program in programs).most_common(1)[0][1] >= 4


def test_the_listings_are_the_same_each_time_but_for_the_day_of_confirmation(
    app_with_places: Flask, providers: list[Any], programs: list[Any]
) -> None:
    with db.engine.begin() as connection:
        load_demo(connection, date(2025, 3, 1))
        again = connection.execute(sa.select(Provider.__table__).order_by(Provider.source_key)).all()
        programs_again = connection.execute(sa.select(Program.__table__).order_by(Program.id)).all()
    varying = {"confirmed_on", "created_at", "updated_at"}
    for one, other in zip(providers, again, strict=True):
        assert {k: v for k, v in one._mapping.items() if k not in varying} == {
            k: v for k, v in other._mapping.items() if k not in varying
        }
    assert [tuple(row) for row in programs] == [tuple(row) for row in programs_again]


def count(model: type[Provider] | type[Program]) -> int:
    n_rows = db.session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()
    db.session.rollback()
    return n_rows


def test_loading_twice_does_not_double_and_clearing_takes_only_the_made_up(app_with_places: Flask) -> None:
    own = Provider(name="Blue Door", source="staff", source_key="1", programs=[Program(level="detox")])
    db.session.add(own)
    db.session.commit()
    runner = app_with_places.test_cli_runner()
    first = runner.invoke(args=["directory", "load-demo"])
    assert first.exit_code == 0, first.output
    n_loaded = count(Provider) - 1
    assert f"Added {n_loaded:,} made-up listings." in first.output
    again = runner.invoke(args=["directory", "load-demo"])
    assert "already there" in again.output
    assert count(Provider) == n_loaded + 1
    before = db.session.execute(sa.select(DirectoryChange.latest)).scalar_one()
    db.session.rollback()
    cleared = runner.invoke(args=["directory", "clear-demo"])
    assert f"Took out {n_loaded:,} made-up listings." in cleared.output
    assert (count(Provider), count(Program)) == (1, 1)
    change = db.session.execute(sa.select(DirectoryChange.__table__)).one()
    db.session.rollback()
    assert change.latest == change.reloaded > before
    nothing = runner.invoke(args=["directory", "clear-demo"])
    assert nothing.exit_code == 0
    assert "There are no made-up listings." in nothing.output
    assert db.session.execute(sa.select(DirectoryChange.latest)).scalar_one() == change.latest


def test_without_places_loading_says_what_to_run_first(sqlite_url: str) -> None:
    result = make_app(sqlite_url).test_cli_runner().invoke(args=["directory", "load-demo"])
    assert result.exit_code == 1
    assert "flask setup" in result.output


@pytest.mark.postgresql
def test_the_same_listings_load_and_clear_on_postgresql(
    postgresql_server: str, postgresql_places_template: str, sqlite_places_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_places_template, tmp_path / "places.db")
    run_maintenance(postgresql_server, f"CREATE DATABASE onward_demo TEMPLATE {postgresql_places_template}")
    postgresql_url = postgresql_server.rsplit("/", 1)[0] + "/onward_demo"
    facts = sa.select(Provider.source_key, Provider.name, Provider.facts, Provider.latitude).order_by(
        Provider.source_key
    )
    loaded = []
    for url in (postgresql_url, f"sqlite:///{tmp_path / 'places.db'}"):
        with make_app(url).app_context():
            with db.engine.begin() as connection:
                n_loaded = load_demo(connection, TODAY)
                loaded.append([tuple(row) for row in connection.execute(facts)])
                assert clear_demo(connection) == n_loaded == len(loaded[-1])
                assert connection.execute(sa.select(sa.func.count()).select_from(Program)).scalar_one() == 0
            db.engine.dispose()
    assert loaded[0] == loaded[1]
