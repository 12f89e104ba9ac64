"""The sealed query: what a person asked, encrypted so that it can stand in an address and tell nobody anything."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from referral.matching import Order, Origin, Precision, Query, QueryError, Requirement

MAX_SEALED_LENGTH = 3000
"""Characters; more cannot be ours (and a request line ends at 4,094)."""


class SealError(ValueError):
    """The sealed text is damaged, expired, or was made with another key."""


@dataclass(frozen=True)
class Asked:
    """A query, and the text that was typed for the place, to fill the form again."""

    query: Query
    near: str


class Seal:
    """Seals and opens queries with a key derived from SECRET_KEY."""

    def __init__(self, secret_key: str, ttl_days: int) -> None:
        kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"onward sealed query 1")
        self._fernet = Fernet(base64.urlsafe_b64encode(kdf.derive(secret_key.encode())))
        self._ttl_seconds = ttl_days * 86400

    def seal(self, asked: Asked) -> str:
        """Text for an address: URL-safe, different every time."""
        text = json.dumps(_to_plain(asked), separators=(",", ":"), ensure_ascii=False)
        return self._fernet.encrypt(text.encode()).decode().rstrip("=")

    def unseal(self, sealed: str) -> Asked:
        """What was sealed. Raises SealError."""
        if len(sealed) > MAX_SEALED_LENGTH or not sealed.isascii():
            raise SealError("not a sealed query")
        try:
            text = self._fernet.decrypt(sealed + "=" * (-len(sealed) % 4), ttl=self._ttl_seconds)
            return _from_plain(json.loads(text))
        except (InvalidToken, QueryError, LookupError, TypeError, ValueError) as error:
            # Sealed by us and yet not a query: the vocabulary has changed since.
            raise SealError("damaged, expired or from another time") from error


def _to_plain(asked: Asked) -> dict[str, Any]:
    query, origin = asked.query, asked.query.origin
    return {
        "n": query.needs,
        "r": {item.group: item.facts for item in query.requirements},
        "o": [origin.latitude, origin.longitude, origin.precision, origin.label, origin.state],
        "m": query.radius_miles,
        "s": query.order,
        "t": asked.near,
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
    return Asked(query, plain["t"])
