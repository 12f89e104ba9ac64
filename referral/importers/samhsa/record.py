"""One row of any SAMHSA file as a record: its contact columns, and what its codes say."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from referral.importers import contact
from referral.importers.messages import Message
from referral.importers.records import ProviderRecord, Rejected, stable_key
from referral.importers.samhsa.codes import Codebook
from referral.importers.samhsa.rules import facts_of, levels_of
from referral.vocabulary.words import codes

OTHER_PHONES = dict.fromkeys(("intake1", "intake2", "intake1a", "intake2a"), "intake") | {"hotline1": "hotline"}
"""Column of a further number: its kind."""

REQUIRED_COLUMNS = ("name1", "street1", "city", "state", "zip")
CONTACT_COLUMNS = codes(
    "name1 name2 street1 street2 city state zip zip4 county phone intake_prompt website latitude longitude"
) | frozenset(OTHER_PHONES)

APPROXIMATE_SOURCES = frozenset({"zcta_centroid", "zip_median_of_known"})
"""Values of coord_source that stand for the middle of a ZIP."""


_MAX_LENGTHS = dict.fromkeys(sorted(CONTACT_COLUMNS), contact.MAX_TEXT) | {"website": contact.MAX_WEBSITE}
_BLANK = dict.fromkeys(CONTACT_COLUMNS, "")


@dataclass(frozen=True)
class Said:
    """What a row says about care: levels, facts (yes, no), and the codes that nobody knows."""

    levels: tuple[str, ...] = ()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    unknown_codes: tuple[str, ...] = ()


def said_by(stated: Iterable[str], codebook: Codebook) -> Said:
    """What the codes of a row say, read through the codebook of its file."""
    known, unknown = codebook.read(stated)
    yes, no = facts_of(known)
    return Said(levels_of(known), yes, no, unknown)


def _too_long(cells: Mapping[str, str]) -> str:
    """The first contact column that holds more than a listing can, or empty."""
    long = [name for name, text in cells.items() if len(text) > contact.MAX_TEXT]
    return min((name for name in long if len(cells[name]) > _MAX_LENGTHS.get(name, math.inf)), default="")


def build(
    number: int, cells: Mapping[str, str], said: Said, *, listed_as: str = "", has_points: bool = True
) -> ProviderRecord | Rejected:
    """The record of a row. `cells` holds the contact columns by name; one that is absent counts as blank."""
    if too_long := _too_long(cells):
        return Rejected(number, contact.over_long(too_long, _MAX_LENGTHS[too_long]))
    text = _BLANK | {name: contact.clean_text(cells[name]) for name in CONTACT_COLUMNS & cells.keys()}
    name, organization = contact.names(text["name1"], text["name2"])
    if not name:
        return Rejected(number, contact.NO_NAME)
    notes: list[Message] = []
    place = _place(text, notes)
    if cells.get("coord_source", "").strip() in APPROXIMATE_SOURCES and place["precision"]:
        place["precision"] = "zip"
    further = [(kind, text[column]) for column, kind in OTHER_PHONES.items()]
    phone, others = contact.phones(text["phone"], further, notes)
    key_parts = (text[column] for column in ("name1", "name2", "street1", "street2", "city", "state"))
    return ProviderRecord(
        row=number,
        key=stable_key([*key_parts, place["postal_code"][:5] or text["zip"]]),
        name=name,
        organization=organization,
        takes_zip_point=not has_points,
        phone=phone.number if phone else "",
        phone_extension=phone.extension if phone else "",
        other_phones=others,
        website=contact.website(text["website"], notes),
        levels=said.levels,
        yes=said.yes,
        no=said.no,
        listed_as=listed_as,
        unknown_codes=said.unknown_codes,
        notes=tuple(notes),
        **place,
    )


def _place(text: Mapping[str, str], notes: list[Message]) -> dict[str, Any]:
    """Address and point, by the names of a record's fields."""
    state = contact.state_code(text["state"], notes)
    point = contact.point(text["latitude"], text["longitude"], notes)
    return {
        "street": text["street1"],
        "unit": text["street2"],
        "city": text["city"],
        "state": state,
        "postal_code": contact.postal_code(text["zip"], text["zip4"], state, notes),
        "latitude": point[0] if point else None,
        "longitude": point[1] if point else None,
        "precision": "exact" if point else None,
    }
