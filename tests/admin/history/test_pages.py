"""The pages of history: who changed what, when and why, of the whole directory and of one listing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from referral.extensions import db
from referral.history import act
from referral.models import Act, Change, ImportRun, Merge, Program, Provider
from tests.admin.conftest import Staff
from tests.admin.history.conftest import add_listing, edit, last_change
from tests.pages.reading import Page, read, text_of


def history(client: FlaskClient, query: str = "") -> Page:
    return read(client.get(f"/en/admin/history{query}"))


def rows(page: Page) -> list[list[str]]:
    """The cells of each change."""
    return [[text_of(cell) for cell in row] for row in page.find("tr") if row[0].get("scope") == "row"]


def test_a_change_is_told_with_who_when_why_and_both_values(listing: Provider, viewer: FlaskClient) -> None:
    page = history(viewer)
    assert rows(page)[:2] == [["Phone", "502-555-0100", "502-555-0101"], ["Spanish", "not known", "yes"]]
    told = page.texts("section", class_="act")[0]
    at = db.session.scalars(sa.select(Act.at).order_by(Act.id.desc())).first()
    assert at is not None
    for words in ("Edited", "by Sam Editor", "“They called.”", "Blue Door", f"{at:%H:%M} UTC", f"{at.year}"):
        assert words in told


def test_days_points_and_programs_read_as_people_say_them(listing: Provider, viewer: FlaskClient) -> None:
    day = datetime(2026, 3, 9, tzinfo=UTC).date()
    edit(listing, confirmed_on=day, status="temporarily_closed", latitude=38.25, longitude=-85.75, precision="zip")
    with act(db.session, "edit"):
        listing.programs[0].max_stay_days = 90
        listing.programs.append(Program(level="residential", max_stay_days=60))
        db.session.commit()
    told = rows(history(viewer, f"?provider={listing.id}"))
    assert ["Confirmed on", "nothing", "March 9, 2026"] in told
    assert ["Map point", "nothing", "38.25000, -85.75000 (middle of the ZIP)"] in told
    assert ["Status", "Open", "Closed for now"] in told
    assert ["Longest stay in days Outpatient", "30", "90"] in told
    assert ["Program Live-in treatment", "nothing", "Live-in treatment, up to 60 days"] in told


def test_each_filter_leaves_what_it_names(listing: Provider, viewer: FlaskClient, staff: Staff) -> None:
    staff("admin")
    other = add_listing("Green Gate")
    edit(other, "confirm", role="admin", phone="502-555-0199")
    editor = db.session.scalar(sa.select(Act.user_id).where(Act.kind == "edit"))
    today = datetime.now(UTC).date()
    expected = {
        f"provider={other.id}": {"502-555-0199", "Green Gate", "Outpatient, up to 30 days"},
        f"person={editor}": {"502-555-0101", "yes"},
        "person=command": {"Green Gate", "Blue Door", "Outpatient, up to 30 days"},
        "kind=confirm": {"502-555-0199"},
        "field=facts.spanish": {"yes"},
        f"from={today}&to={today}&field=phone": {"502-555-0101", "502-555-0199"},
        f"from={today + timedelta(days=1)}": set(),
        f"to={today - timedelta(days=1)}": set(),
        f"provider={other.id}&field=facts.spanish": set(),
    }
    for query, values in expected.items():
        assert {row[2] for row in rows(history(viewer, f"?{query}"))} == values, query


def test_a_filter_that_cannot_be_understood_lists_nothing_and_says_why(
    listing: Provider, viewer: FlaskClient
) -> None:
    wrong = (
        "provider=x",
        "provider=0",
        "person=9999999999",
        "kind=bake",
        "field=secret",
        "from=now",
        "to=2026-02-31",
    )
    for query in wrong:
        page = history(viewer, f"?{query}")
        assert page.status == 422, query
        assert not page.find("section", class_="act")
        (link,) = page.find(class_="problems")[0].iter("a")
        assert page.find(id=str(link.get("href")).removeprefix("#"))


def test_history_of_a_listing_goes_on_with_what_was_merged_into_it(listing: Provider, viewer: FlaskClient) -> None:
    first, second = add_listing("First"), add_listing("Second")
    numbers: list[tuple[int, int, datetime | None]] = [(first.id, second.id, None), (second.id, listing.id, None)]
    undone = add_listing("Undone")
    numbers.append((undone.id, listing.id, datetime(2026, 3, 9)))  # noqa: DTZ001 - stored in UTC without a zone
    act_id = db.session.scalar(sa.select(sa.func.max(Act.id)))
    for loser, winner, undone_at in numbers:
        db.session.add(Merge(loser_id=loser, winner_id=winner, act_id=act_id, undone_at=undone_at))
    db.session.commit()
    told = history(viewer, f"?provider={listing.id}").text()
    assert "(First)" in told
    assert "(Second)" in told
    assert "Undone" not in told


def test_history_of_a_listing_that_is_gone_stays_readable(listing: Provider, viewer: FlaskClient) -> None:
    number = listing.id
    db.session.delete(listing)
    db.session.commit()
    for query in ("", f"?provider={number}"):
        page = history(viewer, query)
        assert "Blue Door no longer in the directory" in page.text() or "History of Blue Door" in page.text()
        assert ["Phone", "502-555-0100", "502-555-0101"] in rows(page)


def test_marks_of_imports_are_not_told(listing: Provider, viewer: FlaskClient) -> None:
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        act_id = connection.execute(sa.insert(Act).values(kind="import").returning(Act.id)).scalar_one()
        for name in ("source_content", "import_run_id", "correction.phone", "website"):
            values = {"act_id": act_id, "provider_id": listing.id, "field": name, "new": f"new {name}", "version": 9}
            connection.execute(sa.insert(Change).values(values))
    for query in ("", f"?act={act_id}", f"?provider={listing.id}"):
        page = history(viewer, query)
        assert ["Website", "nothing", "new website"] in rows(page)
        assert not [name for name in ("source_content", "import_run_id", "correction.phone") if name in page.text()]
    assert "1 change" in history(viewer, f"?act={act_id}").text()


def add_import(n: int) -> int:
    """An import that brought n listings; gives the number of its act."""
    with db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        run = {"source": "county", "file_name": "county.csv", "file_sha256": "0"}
        run_id = connection.execute(sa.insert(ImportRun).values(run).returning(ImportRun.id)).scalar_one()
        values = {"kind": "import", "import_run_id": run_id}
        act_id: int = connection.execute(sa.insert(Act).values(values).returning(Act.id)).scalar_one()
        new = [
            {"act_id": act_id, "provider_id": 1000 + number, "field": field, "new": f"{field} {number}", "version": 2}
            for number in range(n)
            for field in ("name", "phone")
        ]
        connection.execute(sa.insert(Change), new)
    return act_id


def test_a_large_import_is_cut_and_all_of_it_stands_on_pages_of_its_own(
    listing: Provider, viewer: FlaskClient
) -> None:
    act_id = add_import(150)
    page = read(viewer.get("/en/admin/history"))
    first = page.find("section", class_="act")[0]
    assert len(list(first.iter("h3"))) == 5
    url, seen = page.link("All that this changed"), []
    while url:
        page = read(viewer.get(url))
        assert "300 changes" in page.text()
        seen += [row[2] for row in rows(page)]
        following = [a.get("href") for a in page.find("a") if text_of(a) == "Next page"]
        url = str(following[0]) if following else ""
    assert len(seen) == 300
    assert len(set(seen)) == 300
    assert f"act={act_id}" in page.link("The first")


def test_pages_lead_from_the_newest_act_to_the_oldest_and_none_is_missed(
    listing: Provider, viewer: FlaskClient
) -> None:
    for number in range(45):
        edit(listing, phone=f"502-555-01{number:02}", why=f"why {number}")
    url, seen = "/en/admin/history?kind=edit", list[str]()
    while url:
        page = read(viewer.get(url))
        seen += [text_of(e).strip("“”").removeprefix("Why: “") for e in page.find(class_="reason")]
        older = [a.get("href") for a in page.find("a", rel="next")]
        url = str(older[0]) if older else ""
        assert page.find("a", rel="next") or seen[-1] == "They called."
    assert seen == [*(f"why {number}" for number in reversed(range(45))), "They called."]


def test_no_address_of_history_breaks_it(listing: Provider, viewer: FlaskClient) -> None:
    odd = ("%00", "9" * 30, "-1", "%D9%A1", "1e9", "0001-01-01", "9999-12-31", "2147483648")
    act_id = last_change("phone").act_id
    for name in (
        "provider",
        "person",
        "kind",
        "from",
        "to",
        "act",
        "before",
        f"act={act_id}&field",
        f"act={act_id}&after",
    ):
        for value in odd:
            status = viewer.get(f"/en/admin/history?{name}={value}").status_code
            assert status in (200, 404, 422), (name, value, status)


def test_the_address_of_a_listings_history_leads_there(listing: Provider, viewer: FlaskClient) -> None:
    response = viewer.get(f"/en/admin/listings/{listing.id}/history")
    assert response.headers["Location"] == f"/en/admin/history?provider={listing.id}"


def test_what_people_wrote_is_shown_as_text(listing: Provider, viewer: FlaskClient) -> None:
    edit(listing, why="<b>bold</b> & <script>x</script>", name="Door <i>x</i>", organization="javascript:alert(1)")
    page = history(viewer, f"?provider={listing.id}")
    assert not [e for e in page.find("main")[0].iter() if e.tag in ("b", "i", "script")]
    assert "<script>x</script>" in page.text()


def test_a_viewer_is_offered_nothing_to_put_back(listing: Provider, viewer: FlaskClient, staff: Staff) -> None:
    assert "put-back" not in history(viewer).html
    assert "put-back" in history(staff("editor")).html


def test_the_last_acts_of_a_listing_stand_on_its_page(app: Flask, listing: Provider) -> None:
    """As any page about a listing includes them."""
    for number in range(6):
        edit(listing, phone=f"502-555-01{number:02}", why=f"why {number}")
    with app.test_request_context("/en/admin"):
        html = render_template_string('{% include "admin/history/_recent.html" %}', provider=listing)
    assert [f"why {number}" in html for number in range(6)] == [False, *[True] * 5]
    assert f"/admin/history?provider={listing.id}" in html


def test_pages_of_history_ask_the_database_little(listing: Provider, viewer: FlaskClient) -> None:
    for number in range(30):
        edit(add_listing(f"Door {number}"), phone="502-555-0199")
    viewer.get("/en/admin/history")
    statements: list[str] = []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    assert viewer.get("/en/admin/history").status_code == 200
    assert len([text for text in statements if text.lstrip().upper().startswith(("SELECT", "WITH"))]) <= 8
