"""From the form to the answer: each step of a report, as its sender and as everybody else sees it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from babel.dates import format_date
from flask import Flask
from flask.testing import FlaskClient

from referral import catalog, following
from referral.extensions import db
from referral.matching import Origin, Query
from referral.models import Provider
from referral.models.provider import LISTING_COLUMNS, listings_by_id
from referral.models.report import KINDS, MAX_TEXT, OUTCOMES
from referral.sealing import Asked
from tests.conftest import make_app
from tests.pages.reading import read, text_of
from tests.reports.sending import hidden, listing, open_form, post, rows, run, send

TODAY = format_date(datetime.now(UTC).date(), format="long", locale="en")
NOTICE = "Reported, being checked."


def test_the_whole_way_of_a_report(site: Flask, client: FlaskClient) -> None:
    address = listing(site)
    page = read(client.get(address))
    assert NOTICE not in page.text()
    assert page.link("Report a problem with this listing") == f"{address}/report"
    code = send(client, address, text="It rings and nobody answers.")

    notices = read(client.get(address)).texts(class_="notice")
    assert f"{NOTICE} Since {TODAY} we are checking: the phone number." in notices
    status = read(client.get(f"/reports/{code}"))
    assert status.texts("h1") == ["Thank you. We are checking it."]
    assert status.texts("h2") == [f"Write this code down: {code}"]
    for part in (
        "Being checked",
        "The phone number is wrong",
        "Harbor <i>Recovery</i>",
        TODAY,
        "Write this code down",
    ):
        assert part in status.text()
    assert status.link("Harbor") == address

    exit_code, _ = run(
        site, "close", code, "--outcome", "corrected", "--answer", "It is 502-555-0100 now.\nThank you."
    )
    assert exit_code == 0
    status = read(client.get(f"/reports/{code}"))
    assert status.texts("h1") == ["The report is closed"]
    assert "Being checked" not in status.text()
    for part in ("We corrected the listing.", "It is 502-555-0100 now. Thank you.", "Closed on"):
        assert part in status.text()
    assert NOTICE not in read(client.get(address)).text()


def test_a_card_of_results_says_that_its_place_is_reported(site: Flask, client: FlaskClient) -> None:
    asked = Asked(Query(Origin(38.25, -85.75), ("outpatient",)), "40202")
    results = f"/results/{site.extensions['seal'].seal(asked)}"
    assert "Reported, being checked" not in read(client.get(results)).text()
    send(client, listing(site))
    cards = [text_of(card) for card in read(client.get(results)).find(class_="card")]
    assert [("Harbor" in card) for card in cards if "Reported, being checked" in card] == [True]


def test_the_notice_stays_until_all_reports_are_closed(site: Flask, client: FlaskClient) -> None:
    address = listing(site)
    first, second = send(client, address), send(client, address, kind="not_treated_well")
    assert "the phone number, how people are treated." in read(client.get(address)).text()
    run(site, "close", first, "--outcome", "corrected")
    text = read(client.get(address)).text()
    assert NOTICE in text
    assert "the phone number." not in text
    run(site, "close", second, "--outcome", "passed_on")
    assert NOTICE not in read(client.get(address)).text()
    run(site, "reopen", second)
    assert NOTICE in read(client.get(address)).text()
    assert "Being checked" in read(client.get(f"/reports/{second}")).text()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_can_be_reported_and_says_what_is_checked(sqlite_site: Flask, kind: str) -> None:
    client, address = sqlite_site.test_client(), listing(sqlite_site)
    code = send(client, address, kind=kind, text="A few words")
    assert KINDS[kind].label in read(client.get(f"/reports/{code}")).text()
    assert KINDS[kind].checked in read(client.get(address)).text()


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_can_be_read_under_the_code(sqlite_site: Flask, outcome: str) -> None:
    client = sqlite_site.test_client()
    code = send(client, listing(sqlite_site))
    if outcome == "removed":
        with sqlite_site.app_context():
            db.session.execute(sa.update(Provider).values(status="inactive"))
            db.session.commit()
    assert run(sqlite_site, "close", code, "--outcome", outcome)[0] == 0
    assert OUTCOMES[outcome] in read(client.get(f"/reports/{code}")).text()


def test_a_listing_row_says_whether_it_is_reported(site: Flask, client: FlaskClient) -> None:
    harbor, hill = (int(listing(site, key).rpartition("/")[2]) for key in ("harbor", "hill"))

    def reported() -> list[object]:
        with site.app_context(), db.engine.connect() as connection:
            found = listings_by_id(connection, [harbor, hill])
        return [found[number].is_reported for number in (harbor, hill)]

    assert reported() == [False, False]
    code = send(client, listing(site))
    send(client, listing(site))
    assert reported() == [True, False]
    run(site, "close", code, "--outcome", "corrected")
    assert reported() == [True, False]


def test_whether_a_listing_is_reported_is_read_from_an_index(sqlite_site: Flask) -> None:
    with sqlite_site.app_context(), db.engine.connect() as connection:
        statement = sa.select(*LISTING_COLUMNS).where(Provider.id == 1)
        text = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
        plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}").all())
    assert "SEARCH report USING COVERING INDEX ix_report_provider_id (provider_id=? AND status=?)" in plan


def test_every_worker_learns_of_a_report_and_of_its_end(
    site: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "POLL_SECONDS", 0.0)
    other = make_app(database_url)
    with other.app_context():
        seen = [catalog.current()]
        code = send(site.test_client(), listing(site))
        seen.append(catalog.current())
        run(site, "close", code, "--outcome", "corrected")
        seen.append(catalog.current())
        db.engine.dispose()
    assert len({id(index) for index in seen}) == 3


@pytest.mark.parametrize(
    ("form", "target", "error"),
    [
        ({"kind": ""}, "#kind-0", "Choose what is wrong."),
        ({"kind": "expensive"}, "#kind-0", "Choose what is wrong."),
        ({"kind": "something_else"}, "#text", "Say in a few words what is wrong."),
        ({"kind": "something_else", "text": " \r\n\t\x07 "}, "#text", "Say in a few words what is wrong."),
        ({"text": "x" * 1001}, "#text", "Write at most 1,000 characters. These are 1,001."),
    ],
    ids=str,
)
def test_what_is_wrong_in_the_form_is_said_and_nothing_is_stored(
    sqlite_site: Flask, form: dict[str, str], target: str, error: str
) -> None:
    response = post(sqlite_site.test_client(), listing(sqlite_site), **form)
    page = read(response)
    assert page.status == 422
    [summary] = page.find("div", class_="problems")
    assert summary.get("data-focus") is not None
    assert page.link(error) == target
    assert page.find(id=target[1:])
    assert page.texts("title")[0].startswith("Error:")
    assert rows(sqlite_site) == []


def test_nothing_is_lost_when_something_is_wrong(sqlite_site: Flask) -> None:
    client, address = sqlite_site.test_client(), listing(sqlite_site)
    text = '\n\nFirst <b>line</b> & "more"\n' + "é" * 1000
    page = read(post(client, address, kind="not_as_listed", text=text))
    assert page.status == 422
    assert page.checked("kind") == ["not_as_listed"]
    [field] = page.find("textarea")
    assert "".join(field.itertext()).strip() == text.strip()
    token = hidden(page, "token")
    page = read(post(client, address, kind="", text="Kept", token=token))
    assert page.texts("textarea") == ["Kept"]
    assert hidden(page, "token") == token
    send(client, address, text="Kept", token=token)


def test_line_ends_count_once_and_control_characters_are_not_kept(site: Flask, client: FlaskClient) -> None:
    line = "a\x00\x1b[31m\x07\x85b"
    rest = "x" * (MAX_TEXT - 9 - 2)
    send(client, listing(site), text=f" {line}\r\n\r\n{rest}\r")
    [row] = rows(site)
    assert row.text == f"a[31mb\n\n{rest}"


def test_without_words_the_report_is_whole(site: Flask, client: FlaskClient) -> None:
    send(client, listing(site), kind="closed_or_moved")
    [row] = rows(site)
    assert (row.kind, row.text, row.status, row.outcome, row.answer) == ("closed_or_moved", "", "open", None, "")


def test_a_place_that_is_not_there_cannot_be_reported(site: Flask, client: FlaskClient) -> None:
    token = open_form(client, listing(site))
    for number in ("0", "999999", "2147483648", "9223372036854775808"):
        for response in (
            client.get(f"/providers/{number}/report"),
            client.post(f"/providers/{number}/report", data={"kind": "wrong_phone", "token": token}),
        ):
            assert response.status_code == 404, number
    gone = listing(site, "gone")
    for response in (client.get(f"{gone}/report"), client.post(f"{gone}/report", data={"kind": "wrong_phone"})):
        page = read(response)
        assert (page.status, page.texts("h1")) == (410, ["Gone Away is no longer listed"])
    assert rows(site) == []


def test_a_place_that_closes_while_the_form_is_open_is_not_reported(site: Flask, client: FlaskClient) -> None:
    address = listing(site)
    token = open_form(client, address)
    with site.app_context(), db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.execute(sa.text("UPDATE provider SET status = 'inactive'"))
    assert post(client, address, token=token).status_code == 410
    assert rows(site) == []


def test_closed_for_now_can_be_reported(sqlite_site: Flask) -> None:
    send(sqlite_site.test_client(), listing(sqlite_site, "repair"))


def test_reports_go_with_their_listing(site: Flask, client: FlaskClient) -> None:
    code = send(client, listing(site))
    send(client, listing(site, "hill"))
    with site.app_context(), db.engine.connect().execution_options(is_write=True) as connection, connection.begin():
        connection.execute(sa.text("DELETE FROM provider WHERE source_key = 'harbor'"))
    assert len(rows(site)) == 1
    page = read(client.get(f"/reports/{code}"))
    assert page.status == 404
    assert "There is no report with this code" in page.text()


def test_in_spanish_the_way_stays_spanish(sqlite_site: Flask) -> None:
    client, address = sqlite_site.test_client(), listing(sqlite_site)
    response = client.post(
        f"/es{address}/report", data={"kind": "wrong_phone", "token": open_form(client, f"/es{address}")}
    )
    assert response.headers["Location"].startswith("/es/reports/")
    page = read(client.get(response.headers["Location"]))
    assert page.find("html")[0].get("lang") == "es"
