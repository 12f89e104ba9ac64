"""The second step of signing in: a code from an app (TOTP, RFC 6238), or one of ten recovery codes."""

from __future__ import annotations

import hmac
import secrets
from datetime import UTC, datetime

import pyotp
import sqlalchemy as sa
from cryptography.fernet import InvalidToken
from sqlalchemy.orm import Session

from config import Config
from referral.accounts.keys import fernet, keyed_hash
from referral.models import RecoveryCode, User

STEP_SECONDS = 30
STEPS_OFF = (0, -1, 1)
"""How far the clock of a phone may be off, in steps."""

N_RECOVERY_CODES = 10
RECOVERY_LENGTH = 12
RECOVERY_LETTERS = "23456789abcdefghjkmnpqrstvwxyz"
"""Without what looks alike. 12 of them are 58 bits."""


def is_required(config: Config, user: User) -> bool:
    """Whether this person still has to set up a second step before anything else."""
    return _must_have(config, user) and not user.has_second_step


def _must_have(config: Config, user: User) -> bool:
    wanted = config.staff_totp_required
    return wanted == "all" or (wanted == "admin" and user.role == "admin")


def may_be_removed(config: Config, user: User) -> bool:
    return not _must_have(config, user)


def new_secret() -> str:
    return pyotp.random_base32()


def sealed_secret(secret_key: str, secret: str) -> str:
    return fernet(secret_key, "totp secret").encrypt(secret.encode()).decode()


def setup_address(site_name: str, email: str, secret: str) -> str:
    """The otpauth address that apps read from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=site_name)


def matching_step(secret: str, code: str, now: datetime, after: int | None = None) -> int | None:
    """The step for which this is the code, near now and later than the last one that was taken."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and len(digits) == 6):
        return None
    totp, step = pyotp.TOTP(secret), int(now.replace(tzinfo=UTC).timestamp()) // STEP_SECONDS
    for off in STEPS_OFF:
        is_new = after is None or step + off > after
        if is_new and hmac.compare_digest(totp.generate_otp(step + off), digits):
            return step + off
    return None


def take_code(session: Session, secret_key: str, user: User, code: str, now: datetime) -> bool:
    """Whether the code of the app is right; it is used up by that, also against others at the same moment."""
    if user.totp_secret is None:
        return False
    try:
        secret = fernet(secret_key, "totp secret").decrypt(user.totp_secret).decode()
    except InvalidToken:  # SECRET_KEY has changed: nobody can prove anything with this secret
        return False
    step = matching_step(secret, code, now, user.totp_step)
    if step is None:
        return False
    statement = (
        sa.update(User)
        .where(User.id == user.id, sa.or_(User.totp_step.is_(None), User.totp_step < step))
        .values(totp_step=step)
    )
    return session.connection().execute(statement).rowcount == 1


def new_recovery_codes(session: Session, secret_key: str, user_id: int) -> list[str]:
    """Ten new codes in place of the old ones. Only their hashes are stored: show them now."""
    remove_recovery_codes(session, user_id)
    codes = [
        "".join(secrets.choice(RECOVERY_LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(N_RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=_code_hash(secret_key, user_id, code)) for code in codes)
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def take_recovery_code(session: Session, secret_key: str, user_id: int, typed: str) -> bool:
    """Whether this is one of the user's codes that are left; it is gone then."""
    code = "".join(mark for mark in typed.casefold() if mark.isalnum())
    if len(code) != RECOVERY_LENGTH:
        return False
    statement = sa.delete(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.code_hash == _code_hash(secret_key, user_id, code)
    )
    return session.connection().execute(statement).rowcount == 1


def count_recovery_codes(session: Session, user_id: int) -> int:
    codes = sa.select(sa.func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user_id)
    return session.execute(codes).scalar_one()


def remove_recovery_codes(session: Session, user_id: int) -> None:
    session.connection().execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


def remove(session: Session, user: User) -> None:
    user.totp_secret = user.totp_step = None
    remove_recovery_codes(session, user.id)


def _code_hash(secret_key: str, user_id: int, code: str) -> str:
    return keyed_hash(secret_key, "recovery code", f"{user_id} {code}")
