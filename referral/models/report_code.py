"""Codes of reports: short enough to write down and type, too many to guess (2 to the 50th)."""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (https://www.crockford.com/base32.html): no letter looks like a digit."""

LENGTH = 10
MAX_TYPED = 100

_READ_AS = str.maketrans("OIL", "011")


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """As people read it: K7QM-3XPT-9W."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, forgiving case, blanks, dashes and look-alikes; None if it cannot be one."""
    if len(typed) > MAX_TYPED:
        return None
    marks = unicodedata.normalize("NFKC", typed).upper().translate(_READ_AS)
    code = "".join(mark for mark in marks if not mark.isspace() and unicodedata.category(mark) != "Pd")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else None
