"""Websites as staff type them."""

from __future__ import annotations

import re

from referral.importers.contact import website
from referral.pages.text import _

_BARE = re.compile(r"[\w-]+(\.[\w-]+)+([/?#:]\S*)?")


def problem_with_website(text: str) -> str:
    """What is wrong with an address and how to put it right; empty where it can be linked to."""
    if "://" not in text and _BARE.fullmatch(text):
        return _("Begin with https://, as in %(suggestion)s.", suggestion=f"https://{text}")
    return "" if website(text, []) else _("Enter an address that begins with https:// or http://, or nothing.")
