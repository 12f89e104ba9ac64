"""Whatever is sent, the site answers below 500 and repeats no markup. ONWARD_TORTURE=1 sends very much more."""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from referral.vocabulary import ASKS, FACTS, GROUPS
from tests.rounds import rounds
from tests.security.requests import rules, sealed


def fuzz(n_examples: int) -> settings:
    return settings(
        max_examples=rounds(n_examples), deadline=None, suppress_health_check=list(HealthCheck), database=None
    )


MARKUP = "<x-mark"

HOSTILE = [
    "", "0", "-1", "1e999", "NaN", "9" * 30, str(2**63), str(2**31), "٣", "１", "\x00", "a\x00b", "\r\nX: y", "%00",
    "%", "../../etc/passwd", "//evil.example", "{{7*7}}", "${x}", "' OR 1=1--", '"><script>', f"{MARKUP}>", "\ud7ff",
    "\U0010ffff", "é" * 50, "e\u0301" * 20, "\u202e", "A" * 2000, "Springfield", "40202", "00000", "12345-6789",
    "KY", "St. Louis, MO", "Louisville, KY 40202", ",", ",,,,", "-", "09340", "a,b,c,d,e", "(", "\\", "%s%n", "null",
    "true", "[]", "{}",
]  # fmt: skip
HEADER_NAMES = [
    "Accept-Language",
    "Cookie",
    "If-None-Match",
    "If-Modified-Since",
    "Range",
    "Accept",
    "Host",
    "Origin",
]
FORM = "application/x-www-form-urlencoded"
CONTENT_TYPES = [FORM, "multipart/form-data; boundary=x", "multipart/form-data", "application/json", ""]

words = st.sampled_from([*HOSTILE, *ASKS, *GROUPS, *list(FACTS)[:20]]) | st.text(max_size=30)
names = (
    st.sampled_from(["need", "near", "radius_miles", "page", "order", "latitude", "longitude", "v", *GROUPS]) | words
)
fields = st.lists(st.tuples(names, words), max_size=8)
languages = st.sampled_from(["", "", "/es", "/en", "/ES", "/es/es"])
latin_1 = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40)
headers = st.dictionaries(
    st.sampled_from(HEADER_NAMES), latin_1 | st.sampled_from(["*", "a;q=x", "bytes=9-1"]), max_size=2
)


def check(response: Any) -> None:
    assert response.status_code < 500, response.status_code
    assert MARKUP.encode() not in response.data
    assert response.headers["Referrer-Policy"] == "no-referrer"


@fuzz(1000)
@given(data=st.data(), query=fields, asked_headers=headers, language=languages)
def test_every_page_survives_any_address(
    site: Flask, data: st.DataObject, query: list[tuple[str, str]], asked_headers: dict[str, str], language: str
) -> None:
    rule, _ = data.draw(st.sampled_from([(rule, m) for rule, m in rules(site, {"GET"}) if rule.endpoint != "crash"]))
    token = sealed(site, "detox", "sober_living")
    path = "".join(
        text if not is_dynamic else quote(data.draw(words | st.just(token) | st.integers().map(str)), safe="")
        for is_dynamic, text in rule._trace
        if text != "|"
    )
    address = f"{language}{path}?{urlencode(query, errors='replace')}"
    check(site.test_client().get(address, headers=asked_headers, buffered=True))


@fuzz(300)
@given(form=fields)
def test_the_form_survives_anything(site: Flask, form: list[tuple[str, str]]) -> None:
    body = urlencode([(k.encode("utf-8", "replace"), v.encode("utf-8", "replace")) for k, v in form])
    check(site.test_client().post("/", data=body, content_type=FORM))


@fuzz(150)
@given(
    body=st.binary(max_size=300),
    content_type=st.sampled_from(CONTENT_TYPES),
    path=st.sampled_from(["/", "/api/v1/match"]),
)  # fmt: skip
def test_any_bytes_are_survived(site: Flask, body: bytes, content_type: str, path: str) -> None:
    check(site.test_client().post(path, data=body, content_type=content_type))


numbers = st.integers() | st.floats() | st.sampled_from([2**63, -(2**63) - 1, 10**400, 1e-320, -0.0, 90, 180, 12_450])
plain = st.none() | st.booleans() | numbers | words | st.sampled_from(list(FACTS))
anything = st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4))
points = st.fixed_dictionaries({"latitude": numbers | anything, "longitude": numbers | anything})
bodies = st.fixed_dictionaries(
    {},
    optional={
        "near": st.sampled_from(["40202", "Louisville, KY"]) | points | words | anything,
        "needs": st.lists(st.sampled_from(list(ASKS)), max_size=3, unique=True) | anything,
        "radius_miles": numbers | anything,
        "require": st.dictionaries(st.sampled_from(GROUPS), st.lists(words, max_size=3), max_size=3) | anything,
        "order": st.sampled_from(["best", "distance"]) | anything,
        "page": st.integers(1, 5) | anything,
        "per_page": st.integers(1, 100) | anything,
        "other": anything,
    },
)


@fuzz(700)
@given(body=bodies | anything)
def test_the_api_survives_any_json(site: Flask, body: Any) -> None:
    data = json.dumps(body).replace("1e400", "1e999")
    response = site.test_client().post("/api/v1/match", data=data, content_type="application/json")
    assert response.status_code in (200, 400, 413)
    answer = response.get_json()
    assert ("matches" in answer) == (response.status_code == 200)
    if response.status_code == 400:
        assert answer["errors"]


def test_the_dearest_questions_stay_cheap(site: Flask) -> None:
    client = site.test_client()
    everything = {
        "needs": list(ASKS),
        "near": {"latitude": 38.25, "longitude": -85.76},
        "radius_miles": None,
        "per_page": 100,
        "require": {group: [fact.code for fact in FACTS.values() if fact.family == group] for group in GROUPS},
    }
    long_texts = [
        {"near": (piece * 30_000)[:30_000]} for piece in ("a", " ", ",", "a ", "1", "-", "st. ", "\u0301", "é,")
    ]
    for body in (everything, *long_texts):
        client.post("/api/v1/match", json=body)
        started_at = time.process_time()
        client.post("/api/v1/match", json=body)
        assert time.process_time() - started_at < 0.25


@pytest.mark.parametrize("path", ["/", "/api/v1/match"])
def test_ten_times_the_largest_body_is_refused(site: Flask, path: str) -> None:
    client = site.test_client()
    for content_type in CONTENT_TYPES:
        response = client.post(path, data=b"a" * 655_360, content_type=content_type)
        assert response.status_code in (413, 415)


def test_thousands_of_fields_are_refused_or_ignored(site: Flask) -> None:
    client = site.test_client()
    assert client.post("/", data=urlencode([(f"f{n}", "x") for n in range(3000)])).status_code in (413, 422)
    many = [("need", "detox")] * 3000
    assert client.post("/", data=urlencode(many), content_type=FORM).status_code in (413, 422)
    parts = "".join(f'--x\r\nContent-Disposition: form-data; name="f{n}"\r\n\r\nx\r\n' for n in range(600)) + "--x--"
    assert client.post("/", data=parts, content_type="multipart/form-data; boundary=x").status_code == 413
    assert client.get("/?" + urlencode([("need", "detox")] * 300)).status_code == 200
    body = json.dumps({f"k{n}": n for n in range(3000)})
    assert client.post("/api/v1/match", data=body, content_type="application/json").status_code == 400


def test_numbers_beyond_any_column_are_not_found(site: Flask) -> None:
    client = site.test_client()
    for number in (2**31, 2**63 - 1, 2**63, 10**30, 10**400):
        assert client.get(f"/providers/{number}").status_code == 404
    for text in ("-1", "1.5", "٣", "0x1", "1e3", "NaN", "%00", "1%0a"):
        assert client.get(f"/providers/{text}").status_code == 404
