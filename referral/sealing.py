"""The sealed query: what a person asked, encrypted so that it can stand in an address and tell nobody anything.

The answers to the guide are sealed in the same way with a key of their own: neither opens as the other.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from referral.guide import Progress
from referral.matching import Order, Origin, Precision, Query, QueryError, Requirement
from referral.vocabulary import CONCERNS

MAX_SEALED_LENGTH = 3000
"""Characters; more cannot be ours (and a request line ends at 4,094)."""


PADDED_BYTES = 256
"""A sealed question is filled up to a multiple of this, so that its length does not tell how much was asked."""

PROGRESS_LENGTH = 320
"""Characters to which answers to the guide are filled up with blanks, so that a length tells nothing about them."""


class SealError(ValueError):
    """The sealed text is damaged, expired, or was made with another key."""


@dataclass(frozen=True)
class Asked:
    """A query, and the text that was typed for the place, to fill the form again."""

    query: Query
    near: str
    concerns: tuple[str, ...] = ()
    """What was said for safety (vocabulary.CONCERNS)."""


class Seal:
    """Seals and opens queries, and answers to the guide, with keys derived from SECRET_KEY."""

    def __init__(self, secret_key: str, ttl_days: int) -> None:
        self._fernet = _fernet(secret_key, b"onward sealed query 1")
        self._guide_fernet = _fernet(secret_key, b"onward sealed guide answers 1")
        self._ttl_seconds = ttl_days * 86400

    def seal(self, asked: Asked) -> str:
        """Text for an address: URL-safe, different every time, and no longer for asking a little more."""
        text = _to_json(_to_plain(asked)).encode()
        return _encrypted(self._fernet, text.ljust(-(-len(text) // PADDED_BYTES) * PADDED_BYTES))

    def unseal(self, sealed: str) -> Asked:
        """What was sealed. Raises SealError."""
        try:
            return _from_plain(self._opened(self._fernet, sealed))
        except (InvalidToken, QueryError, LookupError, TypeError, ValueError) as error:
            # Sealed by us and yet not a query: the vocabulary has changed since.
            raise SealError("damaged, expired or from another time") from error

    def seal_progress(self, progress: Progress) -> str:
        """As `seal`, and every text as long as every other."""
        answers = {question: sorted(chosen) for question, chosen in progress.answers.items()}
        text = _to_json({"a": answers, "s": progress.step})
        return _encrypted(self._guide_fernet, text.encode().ljust(PROGRESS_LENGTH))

    def unseal_progress(self, sealed: str) -> Progress:
        """What was sealed. Raises SealError."""
        try:
            plain = self._opened(self._guide_fernet, sealed)
            return Progress({question: frozenset(chosen) for question, chosen in plain["a"].items()}, plain["s"])
        except (InvalidToken, AttributeError, LookupError, TypeError, ValueError) as error:
            raise SealError("damaged, expired or from another time") from error

    def _opened(self, fernet: Fernet, sealed: str) -> Any:
        """Raises InvalidToken and ValueError."""
        if len(sealed) > MAX_SEALED_LENGTH or not sealed.isascii():
            raise ValueError("not a sealed text")
        return json.loads(fernet.decrypt(sealed + "=" * (-len(sealed) % 4), ttl=self._ttl_seconds))


def _fernet(secret_key: str, purpose: bytes) -> Fernet:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose)
    return Fernet(base64.urlsafe_b64encode(kdf.derive(secret_key.encode())))


def _encrypted(fernet: Fernet, text: bytes) -> str:
    return fernet.encrypt(text).decode().rstrip("=")


def _to_json(plain: dict[str, Any]) -> str:
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)


def _to_plain(asked: Asked) -> dict[str, Any]:
    query, origin = asked.query, asked.query.origin
    return {
        "n": query.needs,
        "r": {item.group: item.facts for item in query.requirements},
        "o": [origin.latitude, origin.longitude, origin.precision, origin.label, origin.state],
        "m": query.radius_miles,
        "s": query.order,
        "t": asked.near,
        "c": asked.concerns,
    }


def _from_plain(plain: dict[str, Any]) -> Asked:
    latitude, longitude, precision, label, state = plain["o"]
    query = Query(
        origin=Origin(latitude, longitude, Precision(precision), label, state),
        needs=tuple(plain["n"]),
        requirements=tuple(Requirement(group, tuple(facts)) for group, facts in plain["r"].items()),
        radius_miles=plain["m"],
        order=Order(plain["s"]),
    )
    return Asked(query, plain["t"], tuple(code for code in plain.get("c", ()) if code in CONCERNS))
