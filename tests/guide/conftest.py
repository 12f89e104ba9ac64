"""The site of tests/pages, and the way through the guide on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.pages.conftest import client, pages_path, site
from tests.pages.reading import Page, read

__all__ = ["client", "pages_path", "site"]

SEIZURES = ("alcohol", "very_ill", "yes", "no", "no", "none")
"""Answers, one a question: drinking with seizures, and a safe home."""

Walk = Callable[..., Page]


@pytest.fixture
def walk(client: FlaskClient) -> Walk:
    """Give these answers, one step each (several of one question as a list), and read the page one ends at."""

    def send(*answers: str | list[str], start: str = "/guide") -> Page:
        page = read(client.get(start))
        for chosen in answers:
            answer = client.post(str(page.find("form")[0].get("action")), data={"answer": chosen})
            assert answer.status_code == 303, answer.get_data(as_text=True)
            page = read(client.get(answer.headers["Location"]))
        return page

    return send
