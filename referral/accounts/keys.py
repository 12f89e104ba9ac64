"""Keys derived from SECRET_KEY, one for each purpose, and hashes that are stored in place of what they name."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from functools import cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@cache
def _derived(secret_key: str, purpose: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"onward {purpose} 1".encode())
    return kdf.derive(secret_key.encode())


def fernet(secret_key: str, purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(secret_key, purpose)))


def keyed_hash(secret_key: str, purpose: str, text: str) -> str:
    """For what could be guessed from a plain hash: addresses, codes that people type."""
    return hmac.new(_derived(secret_key, purpose), text.encode(), hashlib.sha256).hexdigest()


def new_token() -> str:
    """256 random bits for a cookie or a link."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: who reads the database cannot use it."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
