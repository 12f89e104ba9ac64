"""JSON as RFC 8259 has it, nothing more. What the standard parser lets through is kept where it stands, so that the
reader of a body can name every fault at its place, and all of them at once."""

from __future__ import annotations

import json
import math
from typing import Any

MAX_INT_DIGITS = 19
"""Longer integers are read as infinity: no number that is asked for is so large."""


class JsonError(ValueError):
    """Not JSON at all. The message is for developers, in English, and quotes nothing of the body."""


class Repeating(dict[str, Any]):
    """An object in which a key stands twice: `repeated` names them."""

    repeated: tuple[str, ...] = ()


def parse(body: bytes) -> Any:
    """The value of a body. NaN, Infinity and numbers too large for a double come back as non-finite floats.

    Raises JsonError.
    """
    try:
        return json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=lambda _name: math.nan,
            parse_int=_integer,
        )
    except UnicodeDecodeError as error:
        raise JsonError("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise JsonError(f"The body is not JSON: line {error.lineno}, column {error.colno}.") from error
    except RecursionError as error:
        raise JsonError("The body is nested too deeply.") from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = Repeating(pairs)
    if len(value) < len(pairs):
        seen: set[str] = set()
        value.repeated = tuple(dict.fromkeys(key for key, _ in pairs if key in seen or seen.add(key)))  # type: ignore[func-returns-value]
    return value


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= MAX_INT_DIGITS else math.inf
