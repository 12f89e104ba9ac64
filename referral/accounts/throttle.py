"""How often somebody may try to sign in. Counted in the database, so that it holds for all workers and restarts.

A try is written down before the password is looked at, and taken away when it succeeds: tries that come at once
cannot pass together. What is counted: of one account 5 in a minute; of one network address 15 at once and then one
every 12 minutes, so never more than 20 in an hour; and after 100 failures in a row an account may only be tried from
an address where its owner has signed in before (NIST SP 800-63B). Who never failed is not held up by the others.
"""

from __future__ import annotations

import math
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from referral.accounts.keys import keyed_hash
from referral.models import AddressLoad, KnownAddress, LoginFailure

PER_ACCOUNT = 5
ACCOUNT_SPAN = timedelta(seconds=60)
PER_ADDRESS = 15
ADDRESS_REFILL = timedelta(minutes=12)
IN_A_ROW = 100
ROW_WAIT = timedelta(minutes=15)
"""What is told to who meets the last limit from an address that is not known."""

ADDRESS_SPAN = PER_ADDRESS * ADDRESS_REFILL
ACCOUNT_KEPT = timedelta(days=30)
KNOWN_KEPT = timedelta(days=90)


def account_key(secret_key: str, email_key: str) -> str:
    """Of any e-mail address: those that nobody has are counted alike, so that nothing tells them apart."""
    return keyed_hash(secret_key, "login account", email_key)


def address_key(secret_key: str, address: str) -> str:
    return keyed_hash(secret_key, "login address", address)


def take_try(session: Session, account: str, address: str, now: datetime) -> int:
    """Write down a try. Gives 0, or the seconds to wait where it may not be made now (then nothing is written)."""
    _one_at_a_time(session, now)
    load = session.scalars(sa.select(AddressLoad).where(AddressLoad.address == address)).one_or_none()
    address_wait = load.until + ADDRESS_REFILL - ADDRESS_SPAN - now if load is not None else timedelta(0)
    wait = max(_account_wait(session, account, address, now), address_wait)
    if wait > timedelta(0):
        return max(1, math.ceil(wait.total_seconds()))
    session.add(LoginFailure(account=account, at=now))
    if load is None:
        session.add(AddressLoad(address=address, until=now + ADDRESS_REFILL))
    else:
        load.until = max(load.until, now) + ADDRESS_REFILL
    return 0


def succeeded(session: Session, account: str, address: str, now: datetime) -> None:
    """The account starts again at nothing; of the address only this one try is taken back."""
    _one_at_a_time(session, now)
    connection = session.connection()
    free(session, account)
    load = session.scalars(sa.select(AddressLoad).where(AddressLoad.address == address)).one_or_none()
    if load is not None:
        load.until -= ADDRESS_REFILL
    connection.execute(sa.delete(KnownAddress).where(*_known(account, address)))
    session.add(KnownAddress(account=account, address=address, at=now))


def free(session: Session, account: str) -> None:
    """The account starts again at nothing: somebody who may has given its owner a new password to choose."""
    session.connection().execute(sa.delete(LoginFailure).where(LoginFailure.account == account))


def purge(session: Session, now: datetime) -> None:
    connection = session.connection()
    connection.execute(sa.delete(LoginFailure).where(LoginFailure.at < now - ACCOUNT_KEPT))
    connection.execute(sa.delete(KnownAddress).where(KnownAddress.at < now - KNOWN_KEPT))
    session.flush()
    connection.execute(sa.delete(AddressLoad).where(AddressLoad.until <= now))


def _one_at_a_time(session: Session, now: datetime) -> None:
    """Wait for other tries (SQLite does so by itself), and set right what a clock that went back has left ahead.

    Who also locks a user does that first: two who wait for each other would wait in vain.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE login_failure IN SHARE ROW EXCLUSIVE MODE")
    connection.execute(sa.update(LoginFailure).where(LoginFailure.at > now).values(at=now))
    latest = now + ADDRESS_SPAN
    connection.execute(sa.update(AddressLoad).where(AddressLoad.until > latest).values(until=latest))


def _account_wait(session: Session, account: str, address: str, now: datetime) -> timedelta:
    is_of_account = LoginFailure.account == account
    n_in_a_row = session.execute(sa.select(sa.func.count()).where(is_of_account)).scalar_one()
    if n_in_a_row >= IN_A_ROW:
        known = session.scalars(sa.select(KnownAddress.id).where(*_known(account, address))).first()
        if known is None:
            return ROW_WAIT
    recent = session.scalars(
        sa.select(LoginFailure.at)
        .where(is_of_account, LoginFailure.at > now - ACCOUNT_SPAN)
        .order_by(LoginFailure.at.desc())
        .limit(PER_ACCOUNT)
    ).all()
    return recent[-1] + ACCOUNT_SPAN - now if len(recent) == PER_ACCOUNT else timedelta(0)


def _known(account: str, address: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (KnownAddress.account == account, KnownAddress.address == address)
