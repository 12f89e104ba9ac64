"""The staff list over a database: what each part of its address narrows it to, and what stands in a row."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.admin.listings.page import PER_PAGE
from referral.database import start_writing
from referral.extensions import db
from referral.models import ImportMapping
from tests.admin.conftest import Staff
from tests.admin.listings.world import LIST, add, add_each_kind, add_many, ago
from tests.pages.reading import Page, read, text_of

ALL = ["Alder House", "Birch Center", "Cedar Clinic", "Dogwood", "Elm", "Fir"]
A, B, C, D, E, F = ALL


def look(client: FlaskClient, query: str = "") -> Page:
    page = read(client.get(f"{LIST}?{query}" if query else LIST))
    assert page.status == 200
    return page


def names(page: Page) -> list[str]:
    return [text_of(row.find("a")) for row in page.find("th", scope="row")]  # type: ignore[arg-type]


def row_of(page: Page, name: str) -> str:
    (found,) = [text_of(row) for row in page.find("tr") if name in text_of(row)]
    return found


def follow(client: FlaskClient, page: Page, text: str) -> Page:
    return read(client.get(page.link(text)))


CASES = {
    "": ALL,
    "q=birch": [B],
    "q=brich": [B],
    "q=conifers": [F],
    "q=bismarck": [B],
    "q=58501": [B],
    "q=bismarck+nd": [B],
    "q=bismarck,+ND": [B],
    "q=BISMARCK+ND": [B],
    "q=bismarck+ND&state=ND": [B],
    "q=bismarck+ky": [],
    "q=louisville+fi": [F],
    "q=bismarck+north+dakota": [B],
    "q=North+Dakota,+Kentucky": [],
    "q=alder+SC": [],
    "q=KY+40202": [D, E, F, A, C],
    "q=birch+Bismarck,+ND+58501-1234": [B],
    "q=701-555-0142+ext.+12": [B],
    "q=%28701%29+555-0142": [B],
    "q=8775550177": [B],
    "q=house+louisville": [A],
    "state=ND": [B],
    "level=intensive_outpatient": [B],
    "level=none": [E],
    "fact=spanish": [A],
    "fact=spanish&is=no": [B],
    "fact=spanish&is=unknown": [C, D, E, F],
    "fact=spanish&is=unknown&fact=carf&is=unknown&fact=hiv&is=yes": [],
    "status=temporarily_closed": [C],
    "source=staff": [D],
    f"before={ago(100)}": [B],
    f"since={ago(100)}": [A],
    f"since={ago(400)}&before={ago(10)}": [B],
    "never=1": [C, D, E, F],
    f"never=1&before={ago(100)}": [B, C, D, E, F],
    "point=none": [C],
    "point=approximate": [E],
    "point=exact": [A, B, F],
    "point=confidential": [D],
    "reports=1": [A],
    "corrections=1": [B, E],
    "offers=1": [E],
    "license=1": [E],
    "state=KY&never=1&point=exact": [F],
    "order=name": ALL,
    "order=place": [A, C, D, E, F, B],
    "order=confirmed": [C, D, E, F, B, A],
    "order=updated": [E, B, A, F, D, C],
}
"""Queries, and the names that they list in order."""


def test_a_county_list_is_called_by_the_name_of_its_mapping(app: Flask, staff: Staff) -> None:
    rules = {"columns": {"a": {"role": "name"}}, "source": "list:river-county"}
    add("one", source="list:river-county")
    db.session.rollback()
    start_writing(db.session)
    db.session.add(ImportMapping(name="River County 2026", rules=rules))
    db.session.commit()
    page = look(staff("viewer"), "source=list:river-county")
    assert "Source: River County 2026" in page.text()
    assert "River County 2026" in page.texts("option")
    assert "list:river-county" not in page.text()


def test_each_part_of_the_address_narrows_the_list(app: Flask, staff: Staff) -> None:
    add_each_kind()
    client = staff("viewer")
    assert {query: names(look(client, query)) for query in CASES} == CASES


def test_a_number_finds_the_listing_that_has_it(app: Flask, staff: Staff) -> None:
    ids = add_each_kind()
    assert names(look(staff("viewer"), f"q=%23{ids[D]}")) == [D]


def test_a_row_says_what_staff_need_between_two_calls(app: Flask, staff: Staff) -> None:
    ids = add_each_kind()
    page = look(staff("viewer"))
    first = row_of(page, A)
    for text in (
        f"#{ids[A]}",
        "Louisville, KY 40202",
        "Detox",
        "502-555-0100",
        "Open",
        "10 days ago",
        "1 open report",
    ):
        assert text in first
    assert "13 months ago" in row_of(page, B)
    assert "Corrected by staff" in row_of(page, B)
    assert "Never" in row_of(page, C)
    assert "Closed for now" in row_of(page, C)
    assert "License expired" in row_of(page, E)
    assert "Source says otherwise" in row_of(page, E)
    assert "none" in row_of(page, E)
    assert "Conifers United" in row_of(page, F)
    assert "Made up" in row_of(page, F)
    assert "License expired" not in row_of(page, F)
    links = {text_of(link): link.get("href", "") for link in page.find("a")}
    assert links[A].endswith(f"/admin/listings/{ids[A]}")
    assert links["502-555-0100"] == "tel:+15025550100"


def test_what_a_row_shows_finds_it_when_it_is_typed_or_pasted(app: Flask, staff: Staff) -> None:
    add("z", name="Addiction Treatment and Recovery Services of the Upper Valley: Women and Children House",
        city="Bismarck", state="ND", postal_code="58501", phone="701-555-0142", phone_extension="12")  # fmt: skip
    add("y", name="Elm Clinic SC")
    client = staff("viewer")
    for row in look(client).find("tr")[1:]:
        name, place, phone = (text_of(cell) for cell in (row.find(".//a"), row[1], row[3]) if cell is not None)
        for typed in (name, place, phone, f"{name} {place}", f"{name} {place} {phone}"):
            assert name in names(look(client, urlencode({"q": typed}))), typed


def test_a_state_behind_a_city_is_a_state_and_behind_a_name_a_word(app: Flask, staff: Staff) -> None:
    add("one", name="Kentucky House", city="Louisville")
    add("two", name="Birch", city="Louisville")
    add("three", name="Washington Center", city="Lexington")
    client = staff("viewer")
    assert names(look(client, "q=louisville+kentucky")) == ["Birch", "Kentucky House"]
    assert names(look(client, "q=kentucky")) == ["Kentucky House"]
    assert names(look(client, "q=lexington+washington")) == ["Washington Center"]


def test_closed_until_says_the_day(app: Flask, staff: Staff) -> None:
    add("z", status="temporarily_closed", closed_until=date(2031, 3, 5))
    assert "Closed for now, until Mar 5, 2031" in row_of(look(staff("viewer")), "Place z")


def test_what_is_asked_for_is_said_and_each_part_can_be_removed(app: Flask, staff: Staff) -> None:
    add_each_kind()
    client = staff("viewer")
    page = look(client, "state=KY&fact=spanish&is=unknown&fact=carf&is=unknown&never=1&order=confirmed")
    said = {text_of(span) for item in page.find("ul", **{"aria-labelledby": "in-use"}) for span in item.iter("span")}
    assert {"Kentucky", "Spanish: not known", "Accredited by CARF: not known", "Never confirmed"} <= said
    shorter = follow(client, page, "remove Spanish: not known")
    assert names(shorter) == [C, D, E, F]
    assert "fact=carf" in shorter.link("remove Kentucky")
    assert "order=confirmed" in shorter.link("remove Kentucky")
    assert names(follow(client, page, "Remove all")) == [C, D, E, F, B, A]


def test_the_form_shows_what_is_asked_for(app: Flask, staff: Staff) -> None:
    add_each_kind()
    page = look(
        staff("viewer"), "q=+fir++&state=KY&level=detox&fact=spanish&is=unknown&source=demo&never=1&point=exact"
    )
    assert page.find("input", id="q")[0].get("value") == "fir"
    selected = {s.get("id"): o.get("value") for s in page.find("select") for o in s.iter("option") if _is_selected(o)}
    assert selected == {
        "state": "KY", "level": "detox", "fact-1": "spanish", "is-1": "unknown", "source": "demo", "point": "exact",
    }  # fmt: skip
    assert page.checked("never") == ["1"]
    assert page.find("details")[0].get("open") is not None
    assert page.find("select", id="fact-2")


def _is_selected(option: object) -> bool:
    return option.get("selected") is not None  # type: ignore[attr-defined]


def test_the_folded_filters_are_folded_while_they_are_not_used(app: Flask, staff: Staff) -> None:
    add_each_kind()
    assert look(staff("viewer"), "q=fir&state=KY").find("details")[0].get("open") is None


def test_a_form_that_was_sent_leads_to_a_short_address(app: Flask, staff: Staff) -> None:
    add_each_kind()
    client = staff("viewer")
    answer = client.get(f"{LIST}?q=elm&state=&level=&status=&fact=&is=yes&before=&since=&point=&source=&page=")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"{LIST}?q=elm"
    assert client.get(f"{LIST}?q=&fact=&is=yes").headers["Location"] == LIST


def test_pages_hold_every_listing_once_and_lead_to_each_other(app: Flask, staff: Staff) -> None:
    n = 2 * PER_PAGE + 3
    add_many(n)
    client = staff("viewer")
    page = look(client, "state=KY")
    seen = names(page)
    assert "1 to 25 of 53" in page.text()
    assert "Page 1 of 3" in page.text()
    for _ in range(2):
        page = follow(client, page, "Next page")
        seen += names(page)
    assert seen == [f"Place {number:03}" for number in range(n)]
    assert "51 to 53 of 53" in page.text()
    assert names(follow(client, page, "Page before")) == seen[25:50]
    assert names(follow(client, page, "First page")) == seen[:25]
    assert names(follow(client, look(client), "Last page")) == seen[50:]
    assert names(look(client, "page=99")) == seen[50:]


def test_an_empty_list_says_what_to_leave_out(app: Flask, staff: Staff) -> None:
    add_each_kind()
    client = staff("viewer")
    page = look(client, "state=ND&status=inactive&q=elm")
    assert "0 listings" in page.text()
    assert "Nothing fits, whichever one of these is left out." in page.text()
    page = look(client, "state=ND&point=none")
    assert "Without North Dakota 1 listing" in page.text()
    assert "Without No map point 1 listing" in page.text()
    assert names(follow(client, page, "Without North Dakota")) == [C]


def test_words_that_nothing_has_exactly_say_so(app: Flask, staff: Staff) -> None:
    add_each_kind()
    client = staff("viewer")
    assert "These come close." in look(client, "q=brich").text()
    assert "These come close." not in look(client, "q=birch").text()


def test_ready_views_tell_how_many_there_are_and_lead_there(app: Flask, staff: Staff) -> None:
    add_each_kind()
    client = staff("viewer")
    page = look(client)
    for text, expected in {
        "Never confirmed (4)": [C, D, E, F],
        "Has open reports (1)": [A],
        "Source says otherwise (1)": [E],
        "License expired (1)": [E],
        "No map point (1)": [C],
    }.items():
        assert names(follow(client, page, text)) == expected


def test_orders_are_links_that_keep_the_filters(app: Flask, staff: Staff) -> None:
    add_each_kind()
    client = staff("viewer")
    page = look(client, "never=1")
    assert names(follow(client, page, "State and city")) == [C, D, E, F]
    assert "never=1" in page.link("Changed last")
    with_words = look(client, "q=louisville&order=name")
    assert "order=" not in with_words.link("Best match")


def test_a_directory_without_listings_says_so(app: Flask, staff: Staff) -> None:
    page = look(staff("viewer"))
    assert "There are no listings yet." in page.text()


def test_the_list_speaks_spanish(app: Flask, staff: Staff) -> None:
    add_each_kind()
    page = read(staff("viewer").get("/es/admin/listings?never=1"))
    assert page.status == 200
    assert page.find("html")[0].get("lang") == "es"
    assert page.link("Cedar Clinic").startswith("/es/admin/listings/")


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("state=ZZ", "state", "There is no such state."),
        ("level=spa", "level", "There is no such kind of care."),
        ("status=gone", "status", "There is no such status."),
        ("fact=beach", "fact-1", "There is no such fact."),
        ("fact=spanish&is=maybe", "is-1", "A fact can be yes, no or unknown."),
        ("fact=hiv&fact=carf&fact=spanish&fact=trauma", "fact-1", "Choose at most 3 facts."),
        ("before=yesterday", "before", "Write the day as year, month and day"),
        ("since=2026-02-30", "since", "Write the day as year, month and day"),
        ("never=yes", "never", "“never” can only be 1, or be left out."),
        ("point=moon", "point", "There is no such choice for the map point."),
        ("order=luck", "find", "There is no such order."),
        ("q=" + "a" * 300, "q", "Search for at most 200 characters."),
        ("q=" + "+".join("abcdefghijklmnopqrstu"), "q", "Search for at most 20 words."),
        ("q=%21%21", "q", "Search for letters or digits."),
    ],
)
def test_an_address_that_cannot_be_understood_is_told_and_lists_nothing(
    sqlite_staff: FlaskClient, query: str, field: str, message: str
) -> None:
    page = read(sqlite_staff.get(f"{LIST}?{query}"))
    assert page.status == 422
    (problem,) = [a for a in page.find("a") if (a.get("href") or "").startswith("#") and message in text_of(a)]
    assert page.find("*", id=str(problem.get("href")).removeprefix("#"))
    assert field == str(problem.get("href")).removeprefix("#")
    assert not page.find("table")
