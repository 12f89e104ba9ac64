"""An answer of the FindTreatment.gov locator's JSON: rows[] with services[] of f1, f2 (category) and f3 (names).

Services stand by name, in the wording of their year, parted by "; ".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from referral.importers.messages import Message, say
from referral.importers.reading.files import SourceFile
from referral.importers.reading.json_rows import read_json
from referral.importers.reading.tables import NUL
from referral.importers.records import Item, Rejected, Skipped
from referral.importers.samhsa.codes import MAX_SHOWN, code_of_name
from referral.importers.samhsa.locator_export import LISTS, NO_ADDICTION_TREATMENT, SAID_BY_LIST, other_list
from referral.importers.samhsa.record import CONTACT_COLUMNS, Said, build
from referral.importers.samhsa.rules import facts_of, levels_of
from referral.vocabulary.words import N_

SOURCE = "locator_json"
LABEL = say(N_("FindTreatment.gov locator JSON (an object with rows[].services[])"))


def parse(source: SourceFile, *, include_mental_health: bool = False) -> Iterator[Item]:
    """A record for each row that is addiction treatment (or any MH row, where asked for).

    `row` is the position in the list, from 1. Raises UnreadableFileError.
    """
    for found in read_json(source, "rows"):
        if isinstance(found, Rejected):
            yield found
            continue
        number, row = found
        codes, unknown, problem = _codes(row.get("services"))
        cells = {name: _text(row.get(name)) for name in CONTACT_COLUMNS}
        stated = _text(row.get("typeFacility")).strip().upper()
        listed_as = LISTS.get(stated, "")
        if problem or any("\0" in cell for cell in cells.values()):
            yield Rejected(number, problem or NUL)
        elif not listed_as:
            yield Skipped(number, other_list(stated))
        elif listed_as == "MH" and "SA" not in codes and not include_mental_health:
            yield Skipped(number, NO_ADDICTION_TREATMENT)
        else:
            said = SAID_BY_LIST.get(listed_as) or Said(levels_of(codes), *facts_of(codes), tuple(unknown))
            has_points = "latitude" in row or "longitude" in row
            yield build(number, cells, said, listed_as=listed_as, has_points=has_points)


def _text(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value)


def _codes(services: Any) -> tuple[set[str], list[str], Message | None]:
    """2023 codes of a row's services, the names that are not known, and what is wrong with the list."""
    codes: set[str] = set()
    unknown: list[str] = []
    for service in services if isinstance(services, list) else [services]:
        if not isinstance(service, dict) or not isinstance(service.get("f3"), str):
            return codes, unknown, say(N_("has no list of services with names"))
        for name in filter(None, (part.strip() for part in service["f3"].split(";"))):
            code = code_of_name(name, _text(service.get("f2")))
            if code is None:
                unknown.append(name[:MAX_SHOWN])
            elif code:
                codes.add(code)
    return codes, unknown, None
