"""The template environment of the pages."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask.templating import Environment


class PlainGlobals(Environment):
    """Globals as one plain dict: with Jinja's chain of two, each imported macro file costs 25 µs a page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}
