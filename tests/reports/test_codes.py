"""Codes: typed in any manner they are found, and nobody guesses one."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from referral.models.report_code import ALPHABET, LENGTH, new_code, read_code, shown
from tests.pages.reading import read
from tests.reports.sending import listing, send

codes = st.text(ALPHABET, min_size=LENGTH, max_size=LENGTH)


def test_a_code_is_ten_marks_of_thirty_two_that_look_different() -> None:
    assert len(set(ALPHABET)) == 32
    assert not set("ILOU") & set(ALPHABET)
    made = [new_code() for _ in range(20_000)]
    assert {len(code) for code in made} == {10}
    assert len(set(made)) == len(made)
    for position in range(LENGTH):
        counts = [sum(code[position] == mark for code in made) for mark in ALPHABET]
        # 625 expected of each; seven standard deviations to either side.
        assert min(counts) > 450
        assert max(counts) < 800


def test_people_read_it_in_groups() -> None:
    assert shown("K7QM3XPT9W") == "K7QM-3XPT-9W"


@pytest.mark.parametrize(
    "typed",
    [
        "K7QM-3XPT-01",
        "k7qm3xpt01",
        " k7qm 3xpt 01 ",
        "K7-QM3-XPT-0-1",
        "K7QM–3XPT—01",
        "K7QM-3XPT-OI",
        "k7qm-3xpt-ol",
        "K7QM‑3XPT‑０１",
        "\tK7QM\u00a03XPT\n01",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert read_code(typed) == "K7QM3XPT01"


@pytest.mark.parametrize(
    "typed", ["", " ", "-", "K7QM-3XPT-0", "K7QM-3XPT-011", "K7QM-3XPT-U1", "K7QM/3XPT01", "é" * 10, "1" * 5000, "\0"]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


@given(codes)
def test_what_is_shown_is_read_again(code: str) -> None:
    assert read_code(shown(code)) == code
    assert read_code(shown(code).lower()) == code


@given(st.text())
def test_any_text_is_a_whole_code_or_none(text: str) -> None:
    code = read_code(text)
    assert code is None or (len(code) == LENGTH and set(code) <= set(ALPHABET))


def test_a_typed_code_leads_to_its_report(site: Flask) -> None:
    client = site.test_client()
    code = send(client, listing(site))
    for typed in (code, code.lower(), code.replace("-", " "), f" {code.replace('-', '')} "):
        response = client.post("/reports", data={"code": typed})
        assert (response.status_code, response.headers["Location"]) == (303, f"/reports/{code}")
        assert client.get(f"/reports/{quote(typed)}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Enter the code of the report."),
        ("  ", "Enter the code of the report."),
        ("K7QM-3XP", "This is not a whole code."),
        ('"><script>', "This is not a whole code."),
    ],
)
def test_what_is_no_code_is_said_and_kept(sqlite_site: Flask, typed: str, error: str) -> None:
    page = read(sqlite_site.test_client().post("/reports", data={"code": typed}))
    assert page.status == 422
    assert page.link(error) == "#code"
    [field] = page.find("input", id="code")
    assert field.get("value") == typed.strip()
    assert field.get("aria-invalid") == "true"


def test_an_unknown_code_leads_to_the_form_and_not_to_a_dead_end(site: Flask) -> None:
    client = site.test_client()
    for path in ("/reports/K7QM-3XPT-9W", "/reports/nonsense", "/reports/%F0%9F%98%80"):
        page = read(client.get(path))
        assert page.status == 404
        assert "There is no report with this code" in page.text()
        assert page.find("form", method="post")
    assert client.get("/reports/%00").status_code == 404
    [field] = read(client.get("/reports/k7qm-3xpt-9w")).find("input", id="code")
    assert field.get("value") == "k7qm-3xpt-9w"
