"""Reading the parts of a JSON body. Every fault is noted with its place and what to do; reading goes on."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from referral.api.strict_json import Repeating

MAX_FAULTS = 20
"""More are counted, not listed, so that a small body cannot ask for a huge answer."""

MAX_KEY_SHOWN = 60


@dataclass(frozen=True)
class Fault:
    """What is wrong with one part of a request. `field` is a JSON pointer (RFC 6901); the whole body is ""."""

    field: str
    detail: str
    choices: tuple[str, ...] = ()


@dataclass
class Faults:
    """The faults found so far."""

    noted: list[Fault] = field(default_factory=list)

    def note(self, field: str, detail: str, choices: Iterable[str] = ()) -> None:
        self.noted.append(Fault(field, detail, tuple(choices)))

    def __bool__(self) -> bool:
        return bool(self.noted)

    def listed(self) -> list[dict[str, Any]]:
        """As `errors` of a problem document."""
        entries: list[dict[str, Any]] = [
            {"field": fault.field, "detail": fault.detail}
            | ({"choices": list(fault.choices)} if fault.choices else {})
            for fault in self.noted[:MAX_FAULTS]
        ]
        more = len(self.noted) - MAX_FAULTS
        if more > 0:
            detail = ngettext("%(num)d more error is not listed.", "%(num)d more errors are not listed.", more)
            entries.append({"field": "", "detail": detail})
        return entries


def pointer(parent: str, key: str | int) -> str:
    """JSON pointer of a member. A long key is cut."""
    text = str(key)[:MAX_KEY_SHOWN].encode("utf-8", "replace").decode("utf-8")
    return f"{parent}/{text.replace('~', '~0').replace('/', '~1')}"


def read_object(value: Any, at: str, keys: Collection[str], faults: Faults) -> dict[str, Any]:
    """The members whose keys are known. Notes unknown and repeated keys; another type gives no members."""
    if not isinstance(value, dict):
        faults.note(at, _("Send an object."), keys)
        return {}
    for key in value.repeated if isinstance(value, Repeating) else ():
        faults.note(pointer(at, key), _("This key stands here more than once. Send it once."))
    for key in value:
        if key not in keys:
            faults.note(pointer(at, key), _("There is no such key. Leave it out, or use one of the choices."), keys)
    return {key: member for key, member in value.items() if key in keys}


def read_codes(value: Any, at: str, known: Collection[str], faults: Faults) -> tuple[str, ...]:
    """A list of different codes out of `known`. Those that are right are given even where others are not."""
    if not isinstance(value, list):
        faults.note(at, _("Send a list."), known)
        return ()
    codes: list[str] = []
    for number, item in enumerate(value):
        if not isinstance(item, str) or item not in known:
            faults.note(pointer(at, number), _("Use one of the choices."), known)
        elif item in codes:
            faults.note(pointer(at, number), _("This stands in the list twice. Send it once."))
        else:
            codes.append(item)
    return tuple(codes)


def read_code(value: Any, at: str, known: Collection[str], faults: Faults) -> str | None:
    if isinstance(value, str) and value in known:
        return value
    faults.note(at, _("Use one of the choices."), known)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def read_number(value: Any, at: str, least: float, most: float, faults: Faults) -> float | None:
    """A finite number from `least` to `most`; true and false are not numbers."""
    if _is_number(value) and least <= value <= most:
        return float(value)
    faults.note(at, _("Send a number from %(least)s to %(most)s.", least=f"{least:,g}", most=f"{most:,g}"))
    return None


def read_count(value: Any, at: str, most: int, faults: Faults) -> int | None:
    """A whole number from 1 to `most`; 2.0 is one (RFC 8259 knows no other integers), true is not."""
    if _is_number(value) and 1 <= value <= most and value == int(value):
        return int(value)
    faults.note(at, _("Send a whole number from 1 to %(most)s.", most=f"{most:,}"))
    return None
