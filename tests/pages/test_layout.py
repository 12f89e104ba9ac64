"""What holds for all pages: static files, languages, privacy of addresses, and weight."""

from __future__ import annotations

import gzip
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import ROOT
from referral import serving
from referral.extensions import db
from tests.conftest import make_app, make_config
from tests.pages.conftest import Search
from tests.pages.reading import read, text_of, without_seals

PATHS = ["/", "/providers/1", "/providers/999999", "/results/damaged", "/no/such/page"]


def weight(body: bytes) -> int:
    return len(gzip.compress(body))


def fetched(client: FlaskClient, address: str) -> tuple[int, str, bytes]:
    """Status, Cache-Control and body of a file."""
    with client.get(address) as answer:
        return answer.status_code, answer.headers["Cache-Control"], answer.data


def test_static_files_are_kept_for_ever_by_their_content(client: FlaskClient) -> None:
    page = read(client.get("/es/"))
    addresses = [e.get("href") or e.get("src") for e in (*page.find("link"), *page.find("script"))]
    assert len(addresses) == 3
    for address in addresses:
        assert re.fullmatch(r"/static/[a-z]+\.[a-z]+\?v=[0-9a-f]{12}", str(address))
        assert fetched(client, str(address))[:2] == (200, "public, max-age=31536000, immutable")
        assert "immutable" not in fetched(client, str(address).partition("?")[0])[1]


def test_a_site_under_a_path_keeps_its_addresses_there(site: Flask) -> None:
    page = read(site.test_client().get("/es/", base_url="http://localhost/help"))
    assert all(str(e.get("href")).startswith("/help/static/") for e in page.find("link"))
    assert page.find("form")[0].get("action") == "/help/es/"


def test_pages_are_light(client: FlaskClient, search: Search) -> None:
    home = read(client.get("/"))
    parts = [str(e.get("href") or e.get("src")) for e in (*home.find("link"), *home.find("script"))]
    assert weight(client.get("/").data) + sum(weight(fetched(client, part)[2]) for part in parts) < 25_000
    assert weight((ROOT / "static" / "onward.css").read_bytes()) < 10_000
    results = search(need=["outpatient", "dual_diagnosis"], payment="takes_medicaid")
    assert len(results.find(class_="card")) >= 10
    assert weight(results.html.encode()) < 20_000


@pytest.mark.parametrize("path", PATHS)
def test_every_page_can_be_read_in_the_other_language(client: FlaskClient, path: str) -> None:
    page = read(client.get(path))
    spanish = page.link("Español")
    assert spanish == "/es" + path
    other = read(client.get(spanish))
    assert other.status == page.status
    assert other.find("html")[0].get("lang") == "es"
    assert other.link("English") == "/en" + path


@pytest.mark.parametrize("path", ["/", "/guide", "/providers/1/report", "/reports", "/en/reports"])
def test_a_page_with_an_error_can_be_read_in_the_other_language(client: FlaskClient, path: str) -> None:
    page = read(client.post(path, data={}))
    assert page.find(class_="problems")
    spanish = page.link("Español")
    assert spanish == "/es" + path.removeprefix("/en")
    assert read(client.get(spanish)).status == 200


def test_what_only_a_form_can_send_leads_to_the_first_page_in_the_other_language(client: FlaskClient) -> None:
    assert read(client.post("/refine/x", data={})).link("Español") == "/es/"


@pytest.mark.parametrize("path", ["/a%3Fb", "/%25", "/a%20b", "/caf%C3%A9"])
def test_an_odd_address_keeps_its_form_in_the_other_language(client: FlaskClient, path: str) -> None:
    assert read(client.get(path)).link("Español") == "/es" + path


def test_the_language_stays_through_the_journey(client: FlaskClient) -> None:
    answer = client.post("/es/", data={"near": "40202", "radius_miles": "25", "need": "detox"})
    assert answer.headers["Location"].startswith("/es/results/")
    page = read(client.get(answer.headers["Location"]))
    links = [str(a.get("href")) for a in page.find("main")[0].iter("a") if "out" not in str(a.get("class")).split()]
    assert links
    assert all(link.startswith(("/es/", "tel:", "?", "#")) for link in links)


def test_a_browser_that_prefers_spanish_gets_it_without_asking(client: FlaskClient) -> None:
    page = read(client.get("/", headers={"Accept-Language": "es-MX,es;q=0.9"}))
    assert page.find("html")[0].get("lang") == "es"


def test_no_address_says_what_was_asked(client: FlaskClient) -> None:
    canaries = ["detox", "40202", "louisville", "sober", "medicaid", "38.2", "-85.7"]
    form = {"near": "40202", "radius_miles": "25", "need": ["detox", "sober_living"], "payment": "takes_medicaid"}
    seen, to_see = set[str](), [client.post("/", data=form).headers["Location"]]
    while to_see and len(seen) < 25:
        address = to_see.pop()
        seen.add(address)
        for link in read(client.get(address)).find("a"):
            href = str(link.get("href"))
            # Pages that explain have the same addresses for everyone.
            if href.startswith("/") and "/learn" not in href and href not in seen:
                to_see.append(href)
    assert len(seen) > 10
    assert not [a for a in seen for canary in canaries if canary in without_seals(a).casefold()]


@pytest.mark.parametrize("path", PATHS)
def test_no_page_sets_a_cookie_or_may_be_kept(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_numbers_for_a_crisis_are_settings(sqlite_url: str) -> None:
    app = make_app(
        sqlite_url, site_name="Sunrise & Co", emergency_phone="112", crisis_phone="555", helpline_phone="502-555-0199"
    )
    answer = app.test_client().get("/")
    with app.app_context():
        db.engine.dispose()
    html = answer.get_data(as_text=True)
    assert "Sunrise &amp; Co" in html
    assert all(number in html for number in ("tel:112", "tel:555", "sms:555", "tel:+15025550199"))
    assert "911" not in html


def test_numbers_are_links_even_where_the_layout_fails(sqlite_url: str) -> None:
    app = make_app(sqlite_url, emergency_phone="112", crisis_phone="555", helpline_phone="502-555-0199")
    app.jinja_env.globals["layout_part"] = None
    html = app.test_client().get("/no/such/page").get_data(as_text=True)
    with app.app_context():
        db.engine.dispose()
    assert "Page not found" in html
    assert "Leave quickly" in html
    assert all(f'href="{to}"' in html for to in ("tel:112", "tel:555", "sms:555", "tel:+15025550199"))


def test_what_the_server_answers_alone_links_and_escapes_the_numbers() -> None:
    settings = make_config("sqlite://", crisis_phone='5"5<5', emergency_phone="112", helpline_phone="502-555-0199")
    html = serving.page(settings)
    assert f'href="{settings.exit_url}"' in html
    assert all(f'href="{to}"' in html for to in ("tel:112", "tel:555", "sms:5&#34;5&lt;5", "tel:+15025550199"))
    assert "5<5" not in html


def test_the_languages_are_a_way_around(client: FlaskClient) -> None:
    [languages] = [nav for nav in read(client.get("/")).find("nav") if nav.get("aria-label") == "Language"]
    assert text_of(languages) == "English Español"


def test_the_footer_says_that_nobody_is_diagnosed(client: FlaskClient) -> None:
    for path in PATHS:
        [footer] = read(client.get(path)).find("footer")
        assert "does not diagnose" in text_of(footer)
