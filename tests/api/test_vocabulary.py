"""GET /api/v1/vocabulary lists every word that a question or an answer may hold, in the language of the request."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from referral.vocabulary import FACTS, FAMILIES, LEVELS, NEEDS
from tests.api.world import DOWNTOWN

VOCABULARY = "/api/v1/vocabulary"


def fetch(client: FlaskClient, path: str = VOCABULARY) -> dict[str, Any]:
    response = client.get(path)
    assert response.status_code == 200
    document: dict[str, Any] = response.get_json()
    return document


def test_every_word_is_listed_with_its_label(sqlite_client: FlaskClient) -> None:
    document = fetch(sqlite_client)
    assert [need["code"] for need in document["needs"]] == list(NEEDS)
    assert [level["code"] for level in document["levels"]] == list(LEVELS)
    assert [fact["code"] for fact in document["facts"]] == list(FACTS)
    assert [family["code"] for family in document["families"]] == list(FAMILIES)
    assert all(entry["label"] for part in ("needs", "levels", "facts", "families") for entry in document[part])
    assert all(need["explanation"] for need in document["needs"])


def test_what_is_listed_can_be_asked(sqlite_client: FlaskClient) -> None:
    document = fetch(sqlite_client)
    groups = [family["code"] for family in document["families"] if family["is_group"]]
    require = {group: [fact["code"] for fact in document["facts"] if fact["family"] == group] for group in groups}
    needs = [need["code"] for need in (*document["needs"], *document["alternatives"])]
    response = sqlite_client.post("/api/v1/match", json={"near": DOWNTOWN, "needs": needs, "require": require})
    assert response.status_code == 200


def test_labels_follow_the_language(sqlite_client: FlaskClient) -> None:
    english, spanish = fetch(sqlite_client), fetch(sqlite_client, "/es" + VOCABULARY)
    assert (english["language"], spanish["language"]) == ("en", "es")
    same = [e["code"] for e, s in zip(english["needs"], spanish["needs"], strict=True) if e["label"] == s["label"]]
    assert same == []


def test_it_may_be_kept_and_is_not_sent_again_when_unchanged(sqlite_client: FlaskClient) -> None:
    first = sqlite_client.get(VOCABULARY)
    assert "max-age=3600" in first.headers["Cache-Control"]
    assert "Accept-Language" in first.headers["Vary"]
    again = sqlite_client.get(VOCABULARY, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = sqlite_client.get("/es" + VOCABULARY, headers={"If-None-Match": first.headers["ETag"]})
    assert other.status_code == 200
