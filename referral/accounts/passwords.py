"""Hashing of passwords with Argon2id. What makes a good one stands in password_rules."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MAX_BYTES = 1000
"""A longer password is refused before anything is computed from it."""

HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
"""The least that OWASP asks of Argon2id. More would let a few sign-ins at once take the memory of a small server."""


def normalised(password: str) -> str:
    """NFKC: one password, whichever keyboard wrote its letters."""
    return unicodedata.normalize("NFKC", password)


def is_too_long(password: str) -> bool:
    return len(password) > MAX_BYTES or len(password.encode("utf-8", "replace")) > MAX_BYTES


def hashed(password: str) -> str:
    return HASHER.hash(_as_bytes(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether this is the password. Without a hash the same work is done for nothing, and the answer is no."""
    if is_too_long(password):
        return False
    try:
        is_right = HASHER.verify(password_hash or _nobodys_hash(), _as_bytes(password))
    except (VerificationError, InvalidHashError):
        return False
    return is_right and password_hash is not None


def needs_new_hash(password_hash: str) -> bool:
    """Whether the hash was made with other settings than those of today."""
    return HASHER.check_needs_rehash(password_hash)


@cache
def _nobodys_hash() -> str:
    return HASHER.hash("the password of nobody")


def _as_bytes(password: str) -> bytes:
    return normalised(password).encode("utf-8", "replace")
