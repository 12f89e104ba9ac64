"""Phone numbers as people read them and as a phone dials them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from referral.pages.text import _

NATIONAL_DIGITS = 10
"""Digits of a number in the North American plan, without its country code 1."""


class PhoneLink(NamedTuple):
    href: str
    """For a link; empty where there is nothing to dial."""
    text: str


def phone_href(number: str, extension: str = "") -> str:
    """The tel: address (RFC 3966) of a number as listed.

    Short numbers such as 988 are dialled as they are, and numbers written with a "+" keep their country.
    """
    digits = re.sub(r"[^0-9]", "", number)
    if not digits:
        return ""
    if re.match(r"[^0-9]*\+", number) or (len(digits) == NATIONAL_DIGITS + 1 and digits[0] == "1"):
        href = f"tel:+{digits}"
    else:
        href = f"tel:+1{digits}" if len(digits) == NATIONAL_DIGITS else f"tel:{digits}"
    more = re.sub(r"[^0-9]", "", extension)
    return f"{href};ext={more}" if more else href


@lru_cache(maxsize=4096)
def phone_link(number: str, extension: str, _language: str) -> PhoneLink | None:
    """The link for a listing's number, in the language of the request, or None where it has no number."""
    if not number:
        return None
    text = _("%(number)s ext. %(extension)s", number=number, extension=extension) if extension else number
    return PhoneLink(phone_href(number, extension), text)
