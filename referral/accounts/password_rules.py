"""Which passwords are refused: short ones, and those that somebody would guess. No expiry, no kinds of characters."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from referral.accounts.passwords import is_too_long, normalised

MIN_LENGTH = 15
MIN_LENGTH_WITH_SECOND_STEP = 8
MIN_DIFFERENT = 5
"""Different characters that a password has at least."""
MIN_OWN = 6
"""Characters that are left when everything that is known about its owner is taken out."""
MAX_REPEATED = 8
"""The longest part of which a password may not be a mere repetition."""

ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn")
"""Of the alphabet, the digits and the keyboard."""

_LOOKALIKES = str.maketrans("013457@$!", "oieastasi")


def min_length(*, has_second_step: bool) -> int:
    return MIN_LENGTH_WITH_SECOND_STEP if has_second_step else MIN_LENGTH


def problem_with(password: str, about: Iterable[str], *, has_second_step: bool) -> str | None:
    """short, long or common; None when it may be used. `about`: name, address and site, which others know too."""
    if is_too_long(password):
        return "long"
    text = normalised(password)
    if len(text) < min_length(has_second_step=has_second_step):
        return "short"
    return "common" if _is_common(text.casefold(), about) else None


def _is_common(text: str, about: Iterable[str]) -> bool:
    """Whether the whole of it is of a kind that is guessed first. Words in the middle of a long one do no harm."""
    plain = re.sub(r"[\W_]+", "", text)
    bare = plain.strip("0123456789")
    forms = {text, plain, bare, plain.translate(_LOOKALIKES), bare.translate(_LOOKALIKES)}
    return (
        len(set(text)) < MIN_DIFFERENT
        or not forms.isdisjoint(_known())
        or any(_is_repeated(form) for form in forms)
        or _is_row(plain)
        or _own_length(text, about) < MIN_OWN
    )


def _is_repeated(text: str) -> bool:
    """One short part again and again, as in passwordpassword."""
    return any(
        (text[:n] * (len(text) // n + 1))[: len(text)] == text
        for n in range(1, min(MAX_REPEATED, len(text) // 2) + 1)
    )


def _is_row(text: str) -> bool:
    """Made of runs along the alphabet or a keyboard, in either direction, each of three or more."""
    rest = text
    while len(rest) >= 3:
        longest = max((n for n in range(3, len(rest) + 1) if _is_run(rest[:n])), default=0)
        if not longest:
            return False
        rest = rest[longest:]
    return len(text) > len(rest)


def _is_run(text: str) -> bool:
    return any(text in row * 2 or text in row[::-1] * 2 for row in ROWS)


def _own_length(text: str, about: Iterable[str]) -> int:
    """Characters that are left without the words of `about`, and without digits and marks around them."""
    parts = {part for known in about for part in re.split(r"[\W_]+", known.casefold()) if len(part) >= 3}
    if not any(part in text for part in parts):
        return len(text)
    for part in sorted(parts, key=len, reverse=True):
        text = text.replace(part, "")
    return len(re.sub(r"[\W\d_]+", "", text))


@cache
def _known() -> frozenset[str]:
    """15,600 passwords that many people use, from zxcvbn. Compressed: many of the words are not for reading."""
    packed = Path(__file__).with_name("common_passwords.txt.gz").read_bytes()
    lines = gzip.decompress(packed).decode("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("# "))
