"""An application with all places, to render maps in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string

from referral.extensions import db
from referral.locator import Point
from referral.matching import Origin, Precision
from referral.pages.locator import locator_page
from tests.conftest import make_app
from tests.locator.reading import Figure, read_figure

MACRO = "{% from 'locator/_map.html' import locator %}{{ locator(page) }}"
HERE = Origin(38.2527, -85.7585, Precision.ZIP, "40202 (Louisville, KY)", "KY")

Render = Callable[..., Figure]


@pytest.fixture(scope="session")
def map_app(sqlite_places_template: Path) -> Iterator[Flask]:
    """For tests that only read."""
    app = make_app(f"sqlite:///{sqlite_places_template}")
    yield app
    with app.app_context():
        db.engine.dispose()


def render_in(app: Flask, points: Sequence[Point], origin: Origin = HERE, **asked: Any) -> str:
    with app.test_request_context(asked.get("path", "/")):
        return render_template_string(MACRO, page=locator_page(origin, points, asked.get("radius_miles")))


@pytest.fixture
def render(map_app: Flask) -> Render:
    """The map of these points, as a page would print it."""
    return lambda points, origin=HERE, **asked: read_figure(render_in(map_app, points, origin, **asked))
