"""The form's token: only a form that we gave out for this listing can be sent, for a day, and counts once."""

from __future__ import annotations

import base64
import json
import secrets
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

TTL_SECONDS = 86400
MAX_LENGTH = 500
"""Characters; more cannot be ours."""


@cache
def _fernet(secret_key: str) -> Fernet:
    """A key of its own, so that no other sealed text of the site can stand in for a token."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"onward report form 1")
    return Fernet(base64.urlsafe_b64encode(kdf.derive(secret_key.encode())))


def new_token(secret_key: str, provider_id: int) -> str:
    """For a hidden field; different every time."""
    text = json.dumps([provider_id, secrets.token_hex(16)])
    return _fernet(secret_key).encrypt(text.encode()).decode()


def read_nonce(secret_key: str, provider_id: int, token: str) -> str | None:
    """What names the form; None where the token is not ours, not of this listing, or over a day old."""
    if len(token) > MAX_LENGTH or not token.isascii():
        return None
    try:
        known_id, nonce = json.loads(_fernet(secret_key).decrypt(token, ttl=TTL_SECONDS))
    except (InvalidToken, ValueError):
        return None
    return str(nonce) if known_id == provider_id else None
