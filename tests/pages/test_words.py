"""How the pages of the way to a call are worded: easy to read, and without a word that shames anyone."""

from __future__ import annotations

import re

import pytest
import textstat  # type: ignore[import-untyped]
from flask.testing import FlaskClient

from tests.learn.test_words import MAX_GRADE, MIN_EASE, STIGMA
from tests.pages.conftest import Search
from tests.pages.reading import Page, read, text_of

PATHS = [
    "/",
    "/guide",
    "/list",
    "/list/1-2",
    "/call/1",
    "/providers/1",
    "/providers/1/report",
    "/reports",
    "/results/damaged",
    "/no/such/page",
]
ASKED = {
    "need": ["detox", "dual_diagnosis", "sober_living"],
    "substance": "treats_opioid_use",
    "medication": "methadone",
    "population": "pregnant_postpartum",
    "concern": ["benzodiazepines", "hard_withdrawal"],
}
"""What calls for every warning there is."""


def sentences(page: Page) -> str:
    """The whole sentences of a page. A label or an address has no reading grade."""
    blocks = [e for e in page.root.iter() if e.tag in ("p", "li", "small", "legend", "h1", "h2")]
    inner = [text_of(e) for e in blocks if not [part for part in e.iter() if part is not e and part in blocks]]
    return "\n".join(text for text in inner if text.endswith((".", "?")) and len(text.split()) > 3)


def pages(client: FlaskClient, search: Search, language: str) -> dict[str, Page]:
    sealed = search(**ASKED).link("See the plan").rpartition("/")[2]
    paths = [*PATHS, f"/results/{sealed}", f"/plan/{sealed}", f"/call/1/{sealed}"]
    return {path: read(client.get(f"/{language}{path}")) for path in paths}


def test_english_can_be_read_after_eight_years_of_school(client: FlaskClient, search: Search) -> None:
    measure = type(textstat.textstat)()
    grades = {
        path: measure.flesch_kincaid_grade(sentences(page)) for path, page in pages(client, search, "en").items()
    }
    assert {path: grade for path, grade in grades.items() if not 0 < grade <= MAX_GRADE} == {}


def test_spanish_is_easy_to_read(client: FlaskClient, search: Search) -> None:
    measure = type(textstat.textstat)()
    measure.set_lang("es")
    eases = {path: measure.fernandez_huerta(sentences(page)) for path, page in pages(client, search, "es").items()}
    assert {path: ease for path, ease in eases.items() if ease < MIN_EASE} == {}


@pytest.mark.parametrize("language", STIGMA)
def test_no_word_shames_anyone(client: FlaskClient, search: Search, language: str) -> None:
    shaming = re.compile(rf"\b(?:{STIGMA[language]})\b", re.IGNORECASE)
    found = {path: shaming.findall(page.text()) for path, page in pages(client, search, language).items()}
    assert {path: words for path, words in found.items() if words} == {}
