"""Attacks on the pages of a search: names that look like slots, odd hosts, memory, languages side by side."""

from __future__ import annotations

import gc
import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import _lru_cache_wrapper
from itertools import combinations
from pathlib import Path

import pytest
from flask import Flask

from referral.database import start_writing
from referral.extensions import db
from referral.matching import Origin, Precision, Query
from referral.models import Program, Provider
from referral.sealing import Asked
from referral.vocabulary import ASKS
from tests.api.world import DOWNTOWN
from tests.security.conftest import prepared_site
from tests.security.requests import sealed

PLACES = ("Alphaville", "Betatown", "Gammaburg", "Deltaport")
PREFIX = {"": "/", "/es": "/es/", "/en": "/en/"}


@pytest.fixture
def own_site(site_path: Path, tmp_path: Path) -> Iterator[Flask]:
    """A site with nothing remembered yet, on a database that may be changed."""
    shutil.copy(site_path, tmp_path / "own.db")
    app = prepared_site(f"sqlite:///{tmp_path / 'own.db'}")
    yield app
    with app.app_context():
        db.engine.dispose()


def sealed_at(app: Flask, place: str) -> str:
    origin = Origin(DOWNTOWN["latitude"], DOWNTOWN["longitude"], Precision.CITY, f"{place}, KY", "KY")
    text: str = app.extensions["seal"].seal(Asked(Query(origin, ("detox", "outpatient")), place))
    return text


def links(html: str) -> set[str]:
    """Addresses within the site, without files and without the choice of a language."""
    addresses = re.findall(r'(?:href|action|data-base)="(/[^"]*)"(?! lang=)', html)
    return {address for address in addresses if not address.startswith("/static/")}


@pytest.mark.parametrize("first", ["/", "/es/"])
def test_links_keep_the_language_of_their_page_whoever_came_first(own_site: Flask, first: str) -> None:
    client = own_site.test_client()
    client.get(first, headers={"Accept-Language": "es"})
    chosen = client.get("/es/", headers={"Accept-Language": "en"}).text
    assert {link for link in links(chosen) if not link.startswith("/es/")} == set()
    negotiated = client.get("/", headers={"Accept-Language": "es"}).text
    assert '<html lang="es">' in negotiated
    assert {link for link in links(negotiated) if link.startswith("/es/")} == set()


def test_a_name_that_looks_like_a_slot_is_printed_as_it_is(own_site: Flask) -> None:
    name = "100% \x01keep\x01 %(query)s %s {0} {{7*7}} \x01anchor\x01"
    with own_site.app_context():
        start_writing(db.session)
        db.session.add(
            Provider(
                name=name, state="KY", source="test", source_key="slots", precision="exact",
                programs=[Program(level="detox"), Program(level="outpatient")], **DOWNTOWN,
            )
        )  # fmt: skip
        db.session.commit()
    text = sealed(own_site, "detox", "outpatient")
    for path in (f"/results/{text}", f"/plan/{text}"):
        assert f">{name}</a>" in own_site.test_client().get(path).text


def test_every_combination_of_kinds_of_care_has_a_page(site: Flask) -> None:
    client = site.test_client()
    for number in range(len(ASKS) + 1):
        for needs in combinations(ASKS, number):
            assert client.get(f"/results/{sealed(site, *needs)}?filters=1").status_code == 200, needs


@pytest.mark.parametrize("path", ["/list/1-2", "/list/1-2/text", "/"])
def test_an_endless_host_name_is_refused(site: Flask, path: str) -> None:
    client = site.test_client()
    assert client.get(path, headers={"Host": "a." * 126 + "a:65535"}).status_code == 200
    assert client.get(path, headers={"Host": "a." * 1500}).status_code == 400


def test_what_was_typed_for_a_place_is_in_no_cache(site: Flask) -> None:
    # A name that no other test sends anywhere.
    for near in (
        "Zephyrine Hollow County, KY",
        "Zephyrine",
        "Near Zephyrine Hollow, Kentucky 40999",
    ):
        site.test_client().post("/", data={"near": near, "need": "detox", "radius_miles": "25"})
    caches = [each for each in gc.get_objects() if isinstance(each, _lru_cache_wrapper)]
    assert len(caches) > 10
    assert [cache for cache in caches if "zephyrine" in repr(gc.get_referents(cache)).lower()] == []


def test_people_who_search_at_once_never_get_a_part_of_anothers_page(own_site: Flask) -> None:
    seal = own_site.extensions["seal"]

    def ask(number: int) -> list[str]:
        place, prefix = PLACES[number % len(PLACES)], ("", "/es", "/en")[number % 3]
        accepted = ("en", "es")[number % 2]
        kept = f"{number % 9 + 1}"
        path = ("results", "plan")[number // 4 % 2]
        text = sealed_at(own_site, place)
        page = own_site.test_client().get(
            f"{prefix}/{path}/{text}?list={kept}", headers={"Accept-Language": accepted}
        ).text  # fmt: skip
        asked = [seal.unseal(other) for other in re.findall(r"/(?:results|plan|change)/([\w-]{99,})", page)]
        lists = {ids for ids in re.findall(r"list=([\d-]+)", page) if kept not in ids.split("-") and "-" in ids}
        faults = {
            "language": f'<html lang="{prefix[1:] or accepted}">' not in page,
            "text": ("Leave quickly" in page) is ((prefix[1:] or accepted) == "es"),
            "place": any(other in page for other in PLACES if other != place),
            "question": any(each.near != place for each in asked) or not asked,
            "list": bool(lists),
            "links": any(not link.startswith(PREFIX[prefix]) for link in links(page)),
        }
        return [f"{number} {what}" for what, is_wrong in faults.items() if is_wrong]

    with ThreadPoolExecutor(8) as pool:
        assert [fault for faults in pool.map(ask, range(400)) for fault in faults] == []
