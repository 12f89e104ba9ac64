"""A list as a message, an e-mail, plain text and a QR code: short enough, readable, and about the places alone."""

from __future__ import annotations

import re
from urllib.parse import unquote

import numpy as np
import pytest
import zxingcpp
from flask import Flask

from referral.handout.qr import qr_svg
from referral.handout.sending import MAX_SMS, MAX_SMS_UNICODE, sms_text
from referral.models import Provider
from tests.conftest import make_app
from tests.handout.conftest import Get, Ids
from tests.pages.reading import Page

PERSONAL = ("mile", "40202 (", "38.25", "detox", "Medicaid", "need")
"""Words that would say what somebody asked for, or where they are."""


def sent(page: Page, kind: str) -> str:
    """The body of the message that a link opens, as a phone reads it."""
    link = page.link(kind)
    assert "+" not in link  # a phone would show it as it is
    return unquote(link.rpartition("body=")[2])


def scanned(svg: str) -> str:
    """What a reader of QR codes sees. Draws the rows of the code's path without the library that made it."""
    size = int(re.findall(r'viewBox="0 0 (\d+) ', svg)[0])
    dots = np.full((size, size), 255, dtype=np.uint8)
    [path] = re.findall(r'<path stroke="#000" d="([^"]+)"', svg)
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path):
        if command == "h":
            dots[int(y), int(x) : int(x) + int(first)] = 0
            x += float(first)
        else:
            x = float(first) + (x if command == "m" else 0)
            y = float(second) + (y if command == "m" else 0)
    [code] = zxingcpp.read_barcodes(np.kron(dots, np.ones((8, 8), dtype=np.uint8)))
    return str(code.text)


def test_the_message_begins_with_the_link_and_fits_into_three(show_list: Get, ids: Ids) -> None:
    page = show_list("harbor", "lane", *(f"rich{n}" for n in range(6)))
    text = sent(page, "Text it")
    assert page.link("Text it").startswith("sms:?&body=Places%20to%20call%3A%20http")
    first, *places = text.split("\n")
    assert first.startswith(f"Places to call: http://localhost/en/list/{ids['harbor']}-{ids['lane']}-")
    assert places[:2] == ["Harbor <i>Recovery</i> 502-555-0111 ext. 3", "Long Lane 502-555-0100"]
    assert 2 < len(places) < 8
    assert len(text) <= MAX_SMS


def test_a_letter_outside_the_alphabet_of_messages_leaves_room_for_fewer_places() -> None:
    def text(name: str) -> str:
        places = [
            Provider(name=f"{name} {n}", phone="502-555-0100", phone_extension="", other_phones=[]) for n in range(16)
        ]
        return sms_text(places, "https://care.example/en/list/1")

    assert len(text("Ñandú")) <= MAX_SMS_UNICODE < len(text("Nandu")) <= MAX_SMS


def test_the_mail_names_every_place_and_the_link(show_list: Get) -> None:
    page = show_list("harbor", "lane", "screen")
    assert page.link("Email it").startswith("mailto:?subject=Places%20to%20call&body=")
    lines = sent(page, "Email it").split("\r\n")
    for line in ("Harbor <i>Recovery</i>", "12 Dock Street, Louisville, KY 40202", "Screen Care", "502-555-0100"):
        assert line in lines
    assert any(line.startswith("The whole list: http://localhost/en/list/") for line in lines)


def test_who_gets_a_message_learns_which_place_is_closed_for_now(show_list: Get) -> None:
    page = show_list("harbor", "repair")
    assert "Under Repair 502-555-0100 Closed for now." in sent(page, "Text it").split("\n")
    lines = sent(page, "Email it").split("\r\n")
    assert lines[lines.index("Under Repair") + 1] == "Closed for now."
    assert lines.count("Closed for now.") == 1


def test_a_mail_of_the_longest_list_is_short_enough_for_every_program(show_list: Get) -> None:
    assert len(show_list(*(f"rich{n}" for n in range(8))).link("Email it")) < 2000


def test_what_is_sent_says_nothing_about_the_person(show_list: Get) -> None:
    page = show_list("harbor", "plain1", "screen")
    for kind in ("Text it", "Email it"):
        assert not [word for word in PERSONAL if word in sent(page, kind)], kind


def test_messages_are_in_the_language_of_the_page(show_list: Get, ids: Ids) -> None:
    page = show_list("lane", prefix="/es")
    links = [
        unquote(str(a.get("href"))) for a in page.find("a") if str(a.get("href")).startswith(("sms:?", "mailto:"))
    ]
    assert len(links) == 2
    assert all(f"http://localhost/es/list/{ids['lane']}" in link for link in links)


def plain(site: Flask, address: str, prefix: str = "") -> str:
    response = site.test_client().get(f"{prefix}/list/{address}/text")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    return response.get_data(as_text=True)


def test_plain_text_says_what_a_call_needs(site: Flask, ids: Ids) -> None:
    text = plain(site, f"{ids['harbor']}-{ids['repair']}-{ids['screen']}-{ids['gone']}")
    for words in (
        "1. Harbor <i>Recovery</i>\n",
        "Phone: 502-555-0111 ext. 3\n",
        "Main number: 502-555-0100 ext. 12\n",
        "Takes only people with opioid use disorder.",
        "12 Dock Street, Louisville, KY 40202\n",
        "Closed for now.",
        "No phone number is listed.",
        "Opening hours: not known. Call before you go.",
        "- Do you have a bed or a slot now?",
        "1 place of this list is no longer listed.",
        " 911\n",
        " 988\n",
        "1-800-662-4357\n",
        f"The whole list: http://localhost/en/list/{ids['harbor']}-{ids['repair']}-{ids['screen']}\n",
    ):
        assert words in text, words
    assert not [word for word in ("mile", "38.25") if word in text]


def test_lines_of_plain_text_are_short_but_for_the_link(site: Flask, ids: Ids) -> None:
    address = "/list/" + "-".join(str(ids[f"rich{n}"]) for n in range(8))
    whole = "https://a-long-host-name.department.county.example"
    text = site.test_client().get(f"{address}/text", base_url=whole).get_data(as_text=True)
    assert [line for line in text.splitlines() if len(line) > 72] == [f"The whole list: {whole}/en{address}"]


def test_plain_text_is_in_the_language_of_the_address(site: Flask, ids: Ids) -> None:
    text = plain(site, str(ids["lane"]), prefix="/es")
    assert f"http://localhost/es/list/{ids['lane']}" in text
    assert "Hable con alguien" in text


def test_the_code_opens_the_list_in_its_language(show_list: Get, ids: Ids) -> None:
    for prefix, language in (("", "en"), ("/es", "es"), ("/en", "en")):
        page = show_list("harbor", "lane", prefix=prefix, query="?size=large")
        assert scanned(page.html) == f"http://localhost/{language}/list/{ids['harbor']}-{ids['lane']}"
        [image] = page.find("div", role="img")
        assert image.get("aria-label")


def test_the_code_stays_readable_for_the_longest_list() -> None:
    address = "https://a-long-host-name.department.county.example/path/es/list/" + "-".join(["2147483647"] * 8)
    assert scanned(qr_svg(address)) == address


def test_behind_a_proxy_the_code_has_the_address_that_people_use(handout_path: object, ids: Ids) -> None:
    client = make_app(f"sqlite:///{handout_path}", proxy_hops=1).test_client()
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "find.example.org", "X-Forwarded-For": "192.0.2.1"}
    html = client.get(f"/es/list/{ids['lane']}", headers=headers).get_data(as_text=True)
    assert scanned(html) == f"https://find.example.org/es/list/{ids['lane']}"


def test_below_a_path_the_code_has_the_path(site: Flask, ids: Ids) -> None:
    html = site.test_client().get(f"/es/list/{ids['lane']}", base_url="http://localhost/care").get_data(as_text=True)
    assert scanned(html) == f"http://localhost/care/es/list/{ids['lane']}"


@pytest.mark.parametrize("colour", ["#fff", "#000"])
def test_the_code_has_its_own_colours_and_no_style(colour: str) -> None:
    svg = qr_svg("https://care.example/en/list/1")
    assert colour in svg
    assert "style" not in svg
    assert "currentColor" not in svg
