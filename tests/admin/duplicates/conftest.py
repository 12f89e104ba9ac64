"""The two listings of world.py in the database of the application at work."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.admin.duplicates.world import World, fill


@pytest.fixture
def world(app: Flask) -> World:
    return fill()
