"""The one listing of world.py, in a database of either kind."""

import pytest
from flask import Flask

from tests.admin.editing.world import add_listing, add_places


@pytest.fixture
def listing(app: Flask) -> int:
    """Its number."""
    add_places()
    return add_listing()
