"""What keeps the form from floods, forgeries, machines and markup, without knowing who anybody is."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral import database
from referral.extensions import db
from referral.models.report import MAX_OPEN
from referral.reports.token import new_token, read_nonce
from referral.sealing import Seal
from tests.conftest import make_app
from tests.pages.reading import read
from tests.pages.world import fill
from tests.reports.sending import KEY, hidden, listing, open_form, post, rows, run, send

DAY = 86400


def test_the_same_form_sent_twice_is_one_report(site: Flask, client: FlaskClient) -> None:
    address = listing(site)
    token = open_form(client, address)
    codes = {
        send(client, address, token=token, text="First"),
        send(client, address, token=token, text="First"),
        send(client, address, token=token, kind="", text="Changed"),
    }
    assert len(codes) == 1
    [row] = rows(site)
    assert row.text == "First"


def at_once(site: Flask, address: str, tokens: list[str]) -> list[tuple[int, str]]:
    """Send these forms at the same moment; status and address of each answer."""
    start, answers = threading.Barrier(len(tokens)), list[tuple[int, str]]()

    def go(token: str) -> None:
        client = site.test_client()
        start.wait()
        response = post(client, address, token=token)
        answers.append((response.status_code, response.headers.get("Location", "")))

    threads = [threading.Thread(target=go, args=(token,)) for token in tokens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(tokens)
    return answers


def test_the_same_form_sent_twice_at_once_is_one_report(site: Flask) -> None:
    address = listing(site)
    for n_reports in range(1, 6):
        answers = at_once(site, address, [open_form(site.test_client(), address)] * 4)
        assert len(set(answers)) == 1
        assert answers[0][0] == 303
        assert len(rows(site)) == n_reports


def test_reports_that_come_at_once_do_not_pass_the_limit_of_a_listing(site: Flask, client: FlaskClient) -> None:
    address = listing(site)
    tokens = [open_form(client, address) for _ in range(6)]
    for _ in range(MAX_OPEN - 1):
        send(client, address)
    assert sorted(status for status, _ in at_once(site, address, tokens)) == [303] + [409] * 5
    assert len(rows(site)) == MAX_OPEN


def test_two_forms_are_two_reports_with_codes_of_their_own(site: Flask, client: FlaskClient) -> None:
    address = listing(site)
    assert len({send(client, address), send(client, address), send(client, listing(site, "hill"))}) == 3
    assert len({row.nonce for row in rows(site)}) == 3


def test_only_a_form_of_ours_for_this_listing_is_taken_and_nothing_is_lost(sqlite_site: Flask) -> None:
    client, address = sqlite_site.test_client(), listing(sqlite_site)
    number = int(address.rpartition("/")[2])
    ours = open_form(client, address)
    results = Seal(KEY, 30)._fernet
    for token in (
        "x",
        "é",
        "A" * 1000,
        ours[:-1],
        ours[:20] + ("A" if ours[20] != "A" else "B") + ours[21:],
        new_token(KEY, number + 1),
        new_token("another key for tests", number),
        results.encrypt(f'[{number}, "0123456789abcdef"]'.encode()).decode(),
    ):
        page = read(post(client, address, token=token, text="My words"))
        assert page.status == 422, token
        assert page.link("This form was open for too long. Send it once more.") == "#send"
        assert page.texts("textarea") == ["My words"]
        assert rows(sqlite_site) == []
    assert client.post(f"{address}/report", data={"kind": "wrong_phone"}).status_code == 422
    send(client, address, token=hidden(page, "token"), text="My words")


@pytest.mark.parametrize(("age", "is_taken"), [(0, True), (DAY - 60, True), (DAY + 60, False), (-DAY, False)])
def test_a_form_can_be_sent_for_a_day(monkeypatch: pytest.MonkeyPatch, age: int, is_taken: bool) -> None:
    token = new_token(KEY, 7)
    later = time.time() + age
    monkeypatch.setattr(time, "time", lambda: later)
    assert (read_nonce(KEY, 7, token) is not None) == is_taken


def test_a_token_tells_nothing_and_is_never_the_same() -> None:
    tokens = [new_token(KEY, 7) for _ in range(50)]
    assert len(set(tokens)) == 50
    assert len({read_nonce(KEY, 7, token) for token in tokens}) == 50


def test_a_machine_that_fills_in_what_nobody_sees_is_refused(site: Flask, client: FlaskClient) -> None:
    address = listing(site)
    page = read(client.get(f"{address}/report"))
    [trap] = page.find("input", name="homepage")
    assert (trap.get("tabindex"), trap.get("autocomplete")) == ("-1", "off")
    [around] = [e for e in page.find("div", class_="away") if trap in list(e)]
    assert around.get("aria-hidden") == "true"
    assert post(client, address, homepage="https://spam.example").status_code == 400
    assert rows(site) == []


def test_a_listing_takes_twenty_open_reports_and_then_says_so(site: Flask, client: FlaskClient) -> None:
    address = listing(site)
    late = open_form(client, address)
    codes = [send(client, address) for _ in range(MAX_OPEN)]
    for response in (post(client, address, token=late), client.get(f"{address}/report")):
        page = read(response)
        assert (page.status, page.texts("h1")) == (409, ["This listing is already being checked"])
    assert len(rows(site)) == MAX_OPEN
    send(client, listing(site, "hill"))
    run(site, "close", codes[0], "--outcome", "corrected")
    send(client, address)


def test_no_answer_sets_a_cookie_and_none_is_kept_or_indexed(sqlite_site: Flask) -> None:
    client, address = sqlite_site.test_client(), listing(sqlite_site)
    sent = post(client, address)
    answers = [
        sent,
        client.get(f"{address}/report"),
        client.get(sent.headers["Location"]),
        client.get("/reports"),
        client.post("/reports", data={"code": "x"}),
        client.get("/reports/K7QM-3XPT-9W"),
    ]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    for answer in answers[1:]:
        assert [tag.get("content") for tag in read(answer).find("meta", name="robots")] == ["noindex"]


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}])
def test_other_sites_cannot_send_reports(sqlite_site: Flask, headers: dict[str, str]) -> None:
    client, address = sqlite_site.test_client(), listing(sqlite_site)
    form = {"kind": "wrong_phone", "token": open_form(client, address)}
    assert client.post(f"{address}/report", data=form, headers=headers).status_code == 400
    assert client.post("/reports", data={"code": "K7QM-3XPT-9W"}, headers=headers).status_code == 400
    assert rows(sqlite_site) == []


def test_a_browser_that_hides_where_the_form_comes_from_can_report(sqlite_site: Flask) -> None:
    client, address = sqlite_site.test_client(), listing(sqlite_site)
    form = {"kind": "wrong_phone", "token": open_form(client, address)}
    assert client.post(f"{address}/report", data=form, headers={"Origin": "null"}).status_code == 303
    found = client.post("/reports", data={"code": "K7QM-3XPT-9W"}, headers={"Origin": "null"})
    assert found.status_code == 303


def test_fields_that_the_form_does_not_have_do_nothing(site: Flask, client: FlaskClient) -> None:
    forged = {"status": "closed", "outcome": "corrected", "answer": "x", "code": "0000000000", "provider_id": "2"}
    code = send(client, listing(site), id="99", created_on="2001-01-01", **forged)
    [row] = rows(site)
    assert (row.status, row.outcome, row.answer) == ("open", None, "")
    assert code != "0000-0000-00"
    assert f"/providers/{row.provider_id}" == listing(site)


HOSTILE = [
    "<script>alert(1)</script>",
    "</textarea><img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt; %(n)s %s",
    "]]><!--",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_words_are_never_markup(sqlite_site: Flask, text: str) -> None:
    client, address = sqlite_site.test_client(), listing(sqlite_site)
    again = read(post(client, address, kind="", text=text))
    assert again.texts("textarea") == [" ".join(text.split())]
    code = send(client, address, text=text)
    run(sqlite_site, "close", code, "--outcome", "corrected", "--answer", text)
    status = read(client.get(f"/reports/{code}"))
    assert " ".join(text.split()) in status.text()
    for page in (again, status, read(client.get(address))):
        assert not page.find("img")
        assert not page.find("svg")
        assert not [e for e in page.find("script") if "/static/" not in str(e.get("src"))]


@pytest.fixture
def limited(sqlite_url: str) -> Iterator[FlaskClient]:
    app = make_app(sqlite_url, ratelimit_enabled=True)
    with app.app_context():
        fill()
        engine = db.engine
    yield app.test_client()
    engine.dispose()
    make_app(sqlite_url)  # limits are off again


def test_five_reports_an_hour_and_the_sixth_is_kept_in_the_form(limited: FlaskClient) -> None:
    site = limited.application
    address = listing(site)
    for _ in range(10):
        assert post(limited, address, kind="").status_code == 422
    token = open_form(limited, address)
    codes = {send(limited, address, token=token) for _ in range(10)}
    assert len(codes) == 1, "mistakes and forms sent again do not count"
    for _ in range(4):
        send(limited, address)
    response = post(limited, address, kind="closed_or_moved", text="My words")
    page = read(response)
    assert page.status == 429
    assert 1 <= int(response.headers["Retry-After"]) <= 3601
    assert page.link("Many reports came from your network") == "#send"
    assert page.texts("textarea") == ["My words"]
    assert page.checked("kind") == ["closed_or_moved"]
    assert read_nonce(KEY, int(address.rpartition("/")[2]), hidden(page, "token"))
    assert len(rows(site)) == 5
    other = {"REMOTE_ADDR": "203.0.113.9"}
    form = {"kind": "wrong_phone", "token": hidden(page, "token")}
    assert limited.post(f"{address}/report", data=form, environ_base=other).status_code == 303


def test_a_thousand_reports_from_one_address_become_five(limited: FlaskClient) -> None:
    site = limited.application
    addresses = [listing(site, key) for key in ("harbor", "hill", "gate", "mill")]
    for number in range(1000):
        address = addresses[number % 4]
        token = new_token(KEY, int(address.rpartition("/")[2]))
        limited.post(f"{address}/report", data={"kind": "wrong_phone", "token": token})
    assert len(rows(site)) == 5


def test_codes_cannot_be_tried_in_numbers(limited: FlaskClient) -> None:
    answers = [limited.get(f"/reports/K7QM-3XPT-{number:02}").status_code for number in range(40)]
    assert answers == [404] * 30 + [429] * 10
    response = limited.get("/reports/K7QM-3XPT-99")
    assert "Many requests came at once" in read(response).text()
    assert 1 <= int(response.headers["Retry-After"]) <= 61
    assert limited.get("/").status_code == 200


def test_a_locked_database_is_told_and_nothing_is_half_written(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT_MS", 100)
    path = tmp_path / "x.db"
    shutil.copy(sqlite_template, path)
    site = make_app(f"sqlite:///{path}")
    site.testing = False
    with site.app_context():
        fill()
        engine = db.engine
    client, address = site.test_client(), listing(site)
    token = open_form(client, address)
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    page = read(post(client, address, token=token))
    assert page.status == 503
    writer.execute("ROLLBACK")
    writer.close()
    assert rows(site) == []
    send(client, address, token=token)
    engine.dispose()


def test_without_a_database_the_form_says_so(tmp_path: Path) -> None:
    site = make_app(f"sqlite:///{tmp_path}/no/such/folder/onward.db")
    site.testing = False
    client = site.test_client()
    answers = [
        client.get("/providers/1/report"),
        client.post("/providers/1/report", data={"kind": "wrong_phone", "token": new_token(KEY, 1)}),
        client.get("/reports/K7QM-3XPT-9W"),
    ]
    assert [answer.status_code for answer in answers] == [503] * 3
    assert client.get("/reports").status_code == 200
