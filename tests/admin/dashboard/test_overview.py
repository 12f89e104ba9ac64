"""The overview: its numbers are those of the lists behind them, and the drawing says what the table says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.vocabulary import FACTS_BY_FAMILY
from tests.admin.conftest import Staff
from tests.admin.dashboard.world import fill
from tests.admin.people import StaffClient, email_of, make_user, sign_in
from tests.conftest import filled_copy, make_app
from tests.pages.reading import Page, read, text_of

PATH = "/en/admin/overview"


def _fill() -> None:
    fill()
    make_user("viewer")


@pytest.fixture(scope="module")
def viewer(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """Somebody who only reads, on the listings of world.py."""
    app = make_app(f"sqlite:///{filled_copy(sqlite_template, tmp_path_factory.mktemp('overview'), _fill)}")
    app.test_client_class = StaffClient
    with app.app_context():
        client = app.test_client()
        sign_in(client, email_of("viewer"))
        yield client
        db.engine.dispose()


def numbers(page: Page) -> dict[str, tuple[int, str]]:
    """Each number that leads somewhere: (number, address) by the words of its row and column."""
    found = {}
    for table in page.find("table", class_="numbers"):
        heads = [text_of(cell) for cell in next(table.iter("thead")).iter("th")]
        for row in next(table.iter("tbody")).iter("tr"):
            cells = list(row)
            for head, cell in zip(heads, cells, strict=True):
                for link in cell.iter("a"):
                    found[f"{text_of(cells[0])} / {head}"] = (text_of(link), str(link.get("href")))
    for term in page.find("div"):
        if [child.tag for child in term] == ["dt", "dd"]:
            for link in term[1].iter("a"):
                found[text_of(term[0])] = (text_of(link), str(link.get("href")))
    return {words: (int(n.replace(",", "")), url) for words, (n, url) in found.items() if "%" not in n}


def stated(page: Page) -> int:
    """The number that a list itself says it has: in its heading, or as "1 to 9 of 9" above its pages."""
    (heading,) = page.texts("h2", id="count") or [
        words.split(" of ")[1] for words in page.texts("nav", class_="pager")
    ]
    found = re.match(r"[\d,]+", heading)
    assert found or heading.startswith("No "), heading
    return int(found[0].replace(",", "")) if found else 0


def table(page: Page, caption: str) -> Element:
    return next(found for found in page.find("table") if text_of(next(found.iter("caption"))) == caption)


def cells(table: Element) -> list[list[str]]:
    return [[text_of(cell) for cell in row] for row in next(table.iter("tbody")).iter("tr")]


def test_every_number_is_the_one_that_the_list_behind_it_states(viewer: FlaskClient) -> None:
    page = read(viewer.get(PATH))
    found = numbers(page)
    assert len(found) > 40
    for family in {url for _n, url in percents(page)}:
        found |= {f"{family} {words}": number for words, number in numbers(read(viewer.get(family))).items()}
    assert len(found) > 300
    sample = {words: number for words, number in found.items() if number[0] or "/facts/" not in words}
    for words, (n, url) in sample.items():
        assert stated(read(viewer.get(url))) == n, words


def percents(page: Page) -> list[tuple[str, str]]:
    return [(text_of(a), str(a.get("href"))) for a in page.find("a") if text_of(a).endswith("%")]


def test_the_numbers_are_right(viewer: FlaskClient) -> None:
    found = {words: n for words, (n, _url) in numbers(read(viewer.get(PATH))).items()}
    expected = {
        "Open": 8,
        "Closed for now": 1,
        "Taken off the list": 1,
        "Open reports the oldest 2 days old": 3,
        "Listings with open reports": 2,
        "Listings whose source says otherwise than staff": 1,
        "Pairs that may be one listing": 1,
        "Licenses that have expired": 1,
        "Listings without a map point": 1,
        "Within the last 90 days / Listings": 2,
        "Within the last 180 days / Listings": 4,
        "Within the last 365 days / Listings": 5,
        "Longer ago / Listings": 1,
        "Never / Listings": 2,
        "Detox / Listings": 3,
        "Outpatient / Listings": 4,
        "No open program / Listings": 1,
        "Kentucky / Listings": 3,
        "Indiana / Listings": 2,
        "Puerto Rico / Listings": 1,
    }
    assert {words: found.get(words) for words in expected} == expected
    assert sum(n for words, n in found.items() if words.endswith("/ Confirmations made")) == 8


def test_shares_are_of_the_open_listings_and_of_the_facts_of_a_family(viewer: FlaskClient) -> None:
    page = read(viewer.get(PATH))
    rows = {text_of(row[0]): [text_of(cell) for cell in row[1:]] for row in page.find("tr") if row[0].tag == "th"}
    assert rows["Never"] == ["2", "25%"]
    n_known, n_ways = 2, len(FACTS_BY_FAMILY["payment"])
    assert rows["Ways to pay"] == [f"{round(100 * n_known / (8 * n_ways))}%"]
    assert rows["Licenses and quality marks"] == ["0%"]


def test_the_drawing_and_the_table_say_the_same(viewer: FlaskClient) -> None:
    page = read(viewer.get(PATH))
    rows = cells(table(page, "Confirmations by month"))
    assert len(rows) == 12
    (drawing,) = page.find(role="img")
    for kind in (1, 2):
        drawn = [n for row in rows if (n := int(row[kind]))]
        heights = [float(str(bar.get("height"))) for bar in drawing.iter() if bar.get("class") == f"bar-{kind}"]
        assert all(abs(height / heights[0] - n / drawn[0]) < 0.01 for height, n in zip(heights, drawn, strict=True))
    titled = {str(e.get("id")): text_of(e) for e in drawing}
    names = str(drawing.get("aria-labelledby")).split()
    assert titled[names[0]] == "Confirmations by month"
    assert "The table below" in titled[names[1]]


def test_confirmations_of_a_month_are_listed_with_who_and_how(viewer: FlaskClient) -> None:
    found = numbers(read(viewer.get(PATH)))
    last = [(n, url) for words, (n, url) in found.items() if words.endswith("/ Confirmations made")][-1]
    page = read(viewer.get(last[1]))
    rows = [[text_of(cell) for cell in row] for row in page.find("tr") if row[0].get("scope") == "row"]
    assert len(rows) == last[0]
    assert {(row[0], row[2], row[3]) for row in rows} == {
        ("Place a", "all of it", "By phone"),
        ("Place b", "all of it", "By phone"),
    }
    for wrong in ("", "2026", "2026-13", "9999-12", "x", "2026-01-01"):
        assert viewer.get(f"/en/admin/overview/confirmations?month={wrong}").status_code == 404


def test_the_last_imports_lead_to_their_pages(viewer: FlaskClient) -> None:
    page = read(viewer.get(PATH))
    imports = table(page, "Last imports")
    assert [row[2] for row in cells(imports)] == ["6 new", "5 new", "4 new", "3 new", "2 new"]
    for link in imports.iter("a"):
        assert viewer.get(str(link.get("href"))).status_code == 200


def test_a_family_that_there_is_not_is_not_found(viewer: FlaskClient) -> None:
    for family in ("nothing", "Payment", "payment/x", "%00"):
        assert viewer.get(f"/en/admin/overview/facts/{family}").status_code == 404


def test_the_overview_asks_the_database_little(viewer: FlaskClient) -> None:
    viewer.get(PATH)
    statements: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        assert viewer.get(PATH).status_code == 200
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    assert 3 < len([text for text in statements if not text.startswith(("BEGIN", "COMMIT", "ROLLBACK"))]) <= 8


def test_an_empty_directory_has_an_overview_on_either_database(app: Flask, staff: Staff) -> None:
    client = staff("viewer")
    page = read(client.get(PATH))
    assert "There are no open listings." in page.text()
    assert "Nothing has been imported yet." in page.text()
    assert {n for n, _url in numbers(page).values()} == {0}
    fill()
    found = numbers(read(client.get(PATH)))
    assert found["Open"][0] == 8
    assert sum(n for words, (n, _url) in found.items() if words.endswith("/ Confirmations made")) == 8


def test_the_start_page_leads_here(viewer: FlaskClient) -> None:
    assert viewer.get("/en/admin/").headers["Location"] == PATH
    assert read(viewer.get("/es/admin/overview")).find("html")[0].get("lang") == "es"
