"""The directory as JSON: one object with the list `listings`, a line for each. It is closed only when it is whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from referral.exporters.reading import Export, Listing
from referral.importers.own.columns import LISTING, STAFF_NOTE, program_columns
from referral.importers.own.file_format import LIST_KEY
from referral.models import utc_now

VERSION = 1
_PROGRAM = [(column.name.removeprefix("program_1_"), column.field) for column in program_columns(1)]


def write_json(export: Export) -> Iterator[bytes]:
    """The file, some listings at a time. Texts stand as they are; what is not known is null, facts are left out."""
    listing = [(c.name, c.field) for c in LISTING if export.choice.has_staff_notes or c is not STAFF_NOTE]
    exported_on = utc_now().date().isoformat()
    parts = [f'{{"onward": {VERSION}, "exported_on": "{exported_on}", "{LIST_KEY}": [']
    separator = "\n"
    for found in export.listings():
        parts.append(separator + json.dumps(_object(found, listing)))
        separator = ",\n"
        if len(parts) > 100:
            yield "".join(parts).encode()
            parts = []
    parts.append("\n]}\n")
    yield "".join(parts).encode()


def _object(found: Listing, listing: list[tuple[str, str]]) -> dict[str, Any]:
    values = {name: _value(getattr(found.provider, field)) for name, field in listing}
    programs = [{name: getattr(program, field) for name, field in _PROGRAM} for program in found.programs]
    return {**values, "facts": found.provider.facts, "programs": programs}


def _value(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
