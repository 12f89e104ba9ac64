"""What speaks for two listings being one place and what against it: the codes that are kept, and their words."""

from __future__ import annotations

from typing import NamedTuple

from referral.vocabulary.words import N_


class ReasonWords(NamedTuple):
    text: str
    """With %(n)s where the code carries a number."""
    speaks_for: bool


REASONS = {
    "same_name": ReasonWords(N_("Same name"), speaks_for=True),
    "like_names": ReasonWords(N_("Similar names (%(n)s of 100)"), speaks_for=True),
    "same_address": ReasonWords(N_("Same address"), speaks_for=True),
    "same_house": ReasonWords(N_("Same house, street written differently"), speaks_for=True),
    "near": ReasonWords(N_("%(n)s meters apart"), speaks_for=True),
    "same_zip": ReasonWords(N_("Same ZIP code"), speaks_for=True),
    "same_phone": ReasonWords(N_("Same phone"), speaks_for=True),
    "common_phone": ReasonWords(N_("Same phone, but many listings share it"), speaks_for=True),
    "same_website": ReasonWords(N_("Same website"), speaks_for=True),
    "common_website": ReasonWords(N_("Same website, but many listings share it"), speaks_for=True),
    "same_license": ReasonWords(N_("Same license number"), speaks_for=True),
    "same_levels": ReasonWords(N_("Same kinds of care"), speaks_for=True),
    "other_source": ReasonWords(N_("They come from different sources"), speaks_for=True),
    "unlike_names": ReasonWords(N_("Different names (%(n)s of 100)"), speaks_for=False),
    "other_program": ReasonWords(N_("The names say different programs"), speaks_for=False),
    "same_organization": ReasonWords(N_("One organization, differently named programs"), speaks_for=False),
    "other_unit": ReasonWords(N_("Different suite or floor"), speaks_for=False),
    "far": ReasonWords(N_("%(n)s miles apart"), speaks_for=False),
    "other_address": ReasonWords(N_("Different address"), speaks_for=False),
    "other_city": ReasonWords(N_("Different town"), speaks_for=False),
    "other_phone": ReasonWords(N_("Different phone"), speaks_for=False),
    "other_extension": ReasonWords(N_("Different extension"), speaks_for=False),
    "other_website": ReasonWords(N_("Different website"), speaks_for=False),
    "other_license": ReasonWords(N_("Different license number"), speaks_for=False),
    "other_levels": ReasonWords(N_("Different kinds of care"), speaks_for=False),
    "other_kind": ReasonWords(N_("One of them is telehealth or keeps its address confidential"), speaks_for=False),
    "same_source": ReasonWords(N_("Their source lists them as two"), speaks_for=False),
}
"""Codes in the order in which pages show them. A kept reason is a code, or a code, a colon and its number."""

_ORDER = {code: position for position, code in enumerate(REASONS)}


def in_order(reasons: list[str]) -> list[str]:
    return sorted(reasons, key=lambda reason: _ORDER[reason.partition(":")[0]])


def words_of(reason: str) -> tuple[ReasonWords, str]:
    """The words of a kept reason, and its number or nothing. An unknown code is shown as it is."""
    code, _colon, number = reason.partition(":")
    return REASONS.get(code, ReasonWords(code, speaks_for=False)), number
