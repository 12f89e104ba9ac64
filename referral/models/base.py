"""The declarative base, and the column types that several models share."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from referral.vocabulary import FACTS

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

VALUE = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
"""Any one value of a listing; None is NULL."""


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention=NAMING)


def utc_now() -> datetime:
    """Now, in UTC, without a zone: the form in which all times are stored."""
    return datetime.now(UTC).replace(tzinfo=None)


class UnknownFactError(ValueError):
    """A fact that is not in the vocabulary, or whose value is neither yes (True) nor no (False)."""


class FactsType(sa.types.TypeDecorator[dict[str, bool]]):
    """Facts as an object of code to true (yes) or false (no); not known is the absence of the code.

    A code stands once, so a fact cannot be yes and no. Codes come back in the vocabulary's order;
    one that the vocabulary no longer has is left out. Change facts by assigning a new dict.
    """

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: dict[str, bool] | None, dialect: sa.Dialect) -> dict[str, bool]:
        facts = value or {}
        for code, known in facts.items():
            if code not in FACTS or not isinstance(known, bool):
                raise UnknownFactError(f"not a fact: {code!r} = {known!r}")
        return {code: facts[code] for code in sorted(facts)}

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> dict[str, bool]:
        return {code: known for code, known in (value or {}).items() if code in FACTS}


def one_of(column: str, allowed: tuple[str, ...]) -> str:
    """SQL text of a check that a column holds one of these plain codes."""
    return f"{column} IN ({', '.join(repr(code) for code in allowed)})"
