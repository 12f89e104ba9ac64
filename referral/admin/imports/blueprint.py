"""The blueprint that the routes of this part stand on."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

FORM_BYTES = 1_000_000
"""The largest form without files: a mapping of a table with many columns. Also what is held of a file at a time."""

LARGE = frozenset({"admin.imports.upload", "admin.imports.save_mapping"})

imports = Blueprint("imports", __name__)


@imports.url_value_preprocessor
def make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before the form is read for its token. How much is read at all, `needs(…, max_bytes=…)` says."""
    if endpoint in LARGE:
        request.max_form_memory_size = FORM_BYTES
