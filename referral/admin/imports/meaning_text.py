"""What a value means, as it is typed: labels of facts and levels, parted by semicolons, and days.

Medicaid; Methadone: no; 90 days
"""

from __future__ import annotations

import re
from functools import lru_cache

from referral.importers.mapping import Meaning
from referral.language import current_language
from referral.pages.text import _
from referral.phrases import fact_label, level_label
from referral.vocabulary import FACTS, LEVELS

NOT_DECIDED, NO_LEVEL, LEFT_OUT = "", "-", "leave_out"
"""Of the list of levels: nobody has said what the value means; it means no level of care; its row is left out."""

MAX_TYPED = 600
_DAYS = re.compile(r"([0-9]{1,4})\s*(?:days?|d[ií]as?)", re.IGNORECASE)
_YES, _NO = ("yes", "sí", "si"), ("no",)


class NotUnderstoodError(ValueError):
    """A word that is no fact, level or number of days."""


@lru_cache(maxsize=4)
def _codes(_language: str) -> dict[str, str]:
    """Code by what may be typed for it: its label in the language of the page, in English, or the code itself."""
    known: dict[str, str] = {}
    for code in FACTS:
        known |= dict.fromkeys((fact_label(code).casefold(), FACTS[code].label.casefold(), code), code)
    for code in LEVELS:
        known |= dict.fromkeys((level_label(code).casefold(), LEVELS[code].label.casefold(), code), code)
    return known


@lru_cache(maxsize=4)
def suggestions(_language: str) -> tuple[str, ...]:
    """What a field offers while somebody types: each fact as yes and as no, then the levels."""
    facts = sorted((fact_label(code) for code in FACTS), key=str.casefold)
    no = _("no")
    return (*(text for label in facts for text in (label, f"{label}: {no}")), *map(level_label, LEVELS))


def to_typed(meaning: Meaning | None) -> tuple[str, str]:
    """(choice in the list of levels, text of the field) of a meaning; None: nobody has said."""
    if meaning is None:
        return NOT_DECIDED, ""
    if meaning.leaves_out:
        return LEFT_OUT, ""
    no = _("no")
    parts = [fact_label(code) for code in meaning.yes] + [f"{fact_label(code)}: {no}" for code in meaning.no]
    parts += [level_label(code) for code in meaning.levels[1:]]
    if meaning.stay_days:
        parts.append(_("%(n)s days", n=meaning.stay_days))
    return meaning.levels[0] if meaning.levels else NO_LEVEL, "; ".join(parts)


def from_typed(level: str, text: str) -> Meaning | None:
    """What was chosen and typed; None where nobody has said. Raises NotUnderstoodError with the word."""
    if level == LEFT_OUT:
        return Meaning(leaves_out=True)
    levels: dict[str, None] = {level: None} if level in LEVELS else {}
    yes: dict[str, None] = {}
    no: dict[str, None] = {}
    days = None
    for part in filter(None, map(str.strip, re.split(r"[;\n]", text[:MAX_TYPED]))):
        if found := _DAYS.fullmatch(part):
            days = int(found[1])
            continue
        code, is_yes = _read(part)
        if code in LEVELS:
            levels[code] = None
        else:
            (yes if is_yes else no)[code] = None
    if both := yes.keys() & no.keys():
        raise NotUnderstoodError(fact_label(min(both)))
    if days is not None and not 1 <= days <= 3650:
        raise NotUnderstoodError(str(days))
    meaning = Meaning(tuple(code for code in LEVELS if code in levels), tuple(yes), tuple(no), days)
    return None if level == NOT_DECIDED and meaning == Meaning() else meaning


def _read(part: str) -> tuple[str, bool]:
    known = _codes(current_language())
    if code := known.get(part.casefold()):
        return code, True
    label, colon, answer = part.rpartition(":")
    code, said = known.get(label.strip().casefold(), ""), answer.strip().casefold()
    if colon and code in FACTS and said in (*_YES, *_NO, _("no"), _("yes")):
        return code, said not in (*_NO, _("no"))
    raise NotUnderstoodError(part[:60])
