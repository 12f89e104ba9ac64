"""Cells of our own file format: texts made safe for spreadsheets and back, and how each kind of cell is read.

A spreadsheet takes a cell that begins with = + - @ for a formula, so such a text gets an apostrophe in front, which
reading takes away again. A text that would not come through a spreadsheet whole (control characters, blanks at its
ends) is written as an apostrophe and a JSON string.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from referral.importers import contact
from referral.importers.messages import Message, MessageError, say
from referral.importers.reading.tables import MAX_CELL
from referral.models import utc_now
from referral.vocabulary import FACTS
from referral.vocabulary.words import N_, codes

FORMULA_STARTS = tuple("=+-@\t\r\n\0＝＋－＠﹢﹣﹦﹫")
"""What makes a spreadsheet take a cell for a formula, in full width and small form too."""
ERROR_VALUES = codes("#NULL! #DIV/0! #VALUE! #REF! #NAME? #NUM! #N/A #GETTING_DATA #SPILL! #CALC!")
"""What a spreadsheet shows in place of a value that it could not work out."""
MAX_LINES = 40
"""Lines of a cell that are written as lines; more become a JSON string."""

YES_WORDS = codes("yes y x 1 true t sí si s ✓ ✔ ☑")
NO_WORDS = codes("no n 0 false f ✗ ✘ ☐")
NOT_KNOWN_WORDS = frozenset(("", "?", "not known", "unknown", "desconocido", "no se sabe"))

_XML_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]00:00:00)?", re.ASCII)
_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_ZIP = re.compile(r"[0-9]{5}(?:-[0-9]{4})?")
_NUMBER = re.compile(r"-?[0-9]{1,4}(?:\.[0-9]{1,30})?(?:[eE][-+]?[0-9]{1,3})?")


class CellError(MessageError):
    """A cell cannot be read. The message goes on after the name of its column: what is wrong, and what to do."""


class Text(NamedTuple):
    """What a cell says. `is_exact`: not typed by a person, so it is taken as it stands."""

    text: str
    is_exact: bool = False


def to_cell(text: str, *, is_long: bool = False) -> str:
    """A text as it stands in a csv or a workbook. `is_long`: it may run over several lines."""
    if not text:
        return ""
    if not _is_plain(text, is_long=is_long):
        return "'" + json.dumps(text).replace("_x", "\\u005fx")
    if text.startswith((*FORMULA_STARTS, "'")) or text in ERROR_VALUES:
        return f"'{text}"
    return text


def from_cell(cell: str) -> Text:
    """The text of a cell that `to_cell` wrote, or that a person typed."""
    if not cell.startswith("'"):
        return Text(cell)
    if cell.startswith("'\""):
        try:
            value = json.loads(cell[1:])
        except ValueError:
            return Text(cell[1:])
        return Text(value, is_exact=True)
    return Text(cell[1:], is_exact=cell[1:] in ERROR_VALUES)


def _is_plain(text: str, *, is_long: bool) -> bool:
    """Whether a spreadsheet and the reading of what people type leave the text as it is."""
    is_clean = text == (clean_lines(text) if is_long else contact.clean_text(text))
    return is_clean and text.count("\n") < MAX_LINES and not _NOT_IN_XML.search(text) and not _XML_ESCAPE.search(text)


def clean_lines(text: str) -> str:
    """Several lines of visible text, without blank ones at either end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(map(contact.clean_text, lines)).strip()


def read_line(cell: Text, longest: int = contact.MAX_TEXT) -> str:
    """One line of text."""
    return _bounded(cell.text if cell.is_exact else _typed(contact.clean_text(cell.text)), longest)


def read_lines(cell: Text) -> str:
    """Text of several lines."""
    return _bounded(cell.text if cell.is_exact else _typed(clean_lines(cell.text)), MAX_CELL)


def _typed(text: str) -> str:
    if text in ERROR_VALUES:
        what = N_("%(text)s is an error of the spreadsheet: type the value")
        raise CellError(say(what, text=_quoted(text)))
    return text


def _bounded(text: str, longest: int) -> str:
    if len(text) > longest:
        what = N_("has %(n)s characters: use at most %(most)s")
        raise CellError(say(what, n=f"{len(text):,}", most=f"{longest:,}"))
    if "\0" in text or _HALF.search(text):
        raise CellError(say(N_("has a character that cannot be stored: type it again")))
    return text


def read_choice(cell: Text, allowed: Mapping[str, str]) -> str:
    """One of some codes. `allowed`: what may be typed, in lower case, and its code."""
    text = contact.clean_text(cell.text)
    if (code := allowed.get(text.casefold())) is None:
        known = ", ".join(dict.fromkeys(allowed.values()))
        raise CellError(say(N_("%(text)s is none of %(codes)s"), text=_quoted(text), codes=known))
    return code


def read_day(cell: Text) -> date | None:
    """A day as 2026-11-30, or as a spreadsheet may have made of it: 11/30/2026."""
    text = contact.clean_text(cell.text)
    if not text:
        return None
    if found := _ISO_DAY.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _US_DAY.fullmatch(text):
        month, day, year = map(int, found.groups())
    else:
        what = N_("%(text)s is not a day: write it as 2026-11-30")
        raise CellError(say(what, text=_quoted(text)))
    try:
        return date(year, month, day)
    except ValueError as error:
        what = N_("%(text)s is a day that does not exist: write it as 2026-11-30")
        raise CellError(say(what, text=_quoted(text))) from error


def read_past_day(cell: Text) -> date | None:
    """A day that has come already, somewhere on Earth."""
    day = read_day(cell)
    if day and day > utc_now().date() + timedelta(days=1):
        raise CellError(say(N_("%(day)s has not come yet"), day=day.isoformat()))
    return day


def read_whole(cell: Text, low: int, high: int) -> int | None:
    """A whole number from `low` to `high`."""
    text = contact.clean_text(cell.text)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12 and low <= int(text) <= high):
        what = N_("%(text)s is not a whole number from %(low)s to %(high)s")
        raise CellError(say(what, text=_quoted(text), low=f"{low:,}", high=f"{high:,}"))
    return int(text)


def read_degrees(cell: Text, highest: int) -> float | None:
    """Degrees with decimals, from minus to plus `highest`."""
    text = contact.clean_text(cell.text)
    if not text:
        return None
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not abs(number) <= highest:
        what = N_("%(text)s is not a number from -%(highest)s to %(highest)s")
        raise CellError(say(what, text=_quoted(text), highest=highest))
    return number


def read_known(cell: Text) -> bool | None:
    """yes, no, or (blank) not known."""
    text = contact.clean_text(cell.text).casefold()
    if text in NOT_KNOWN_WORDS:
        return None
    if text in YES_WORDS or text in NO_WORDS:
        return text in YES_WORDS
    what = N_("%(text)s is neither yes nor no: leave it empty where it is not known")
    raise CellError(say(what, text=_quoted(text)))


def read_state(cell: Text) -> str:
    """Two letters of a state or territory."""
    notes: list[Message] = []
    code = contact.state_code(cell.text, notes)
    if notes:
        what = N_("%(text)s is not a state: write its two letters, as KY")
        raise CellError(say(what, text=_quoted(cell.text)))
    return code


def read_zip(cell: Text, state: str) -> str:
    """A ZIP code. One that lost its zero at the beginning gets it back where the state has such ZIPs."""
    text = contact.clean_text(cell.text)
    notes: list[Message] = []
    code = text if _ZIP.fullmatch(text) else contact.postal_code(text, "", state, notes)
    if notes:
        what = N_("%(text)s is not a ZIP code: write five digits, or nine as 40202-1234")
        raise CellError(say(what, text=_quoted(text)))
    return code


def read_phone(cell: Text, kind: str = "main") -> tuple[str, str]:
    """(number, extension); both empty for a blank cell."""
    text = contact.clean_text(cell.text)
    if not text:
        return "", ""
    found = contact.phone(text, kind)
    if found is None:
        what = N_("%(text)s is not a phone number: write it as 502-555-0100")
        raise CellError(say(what, text=_quoted(text)))
    return found.number, found.extension


PHONE_KINDS = ("intake", "hotline", "main", "other")


def phones_to_text(phones: list[dict[str, str]]) -> str:
    """As they stand in a cell: intake 502-555-0100 x5; hotline 502-555-0101."""
    return "; ".join(
        f"{phone['kind']} {phone['number']}{' x' + phone['extension'] if phone.get('extension') else ''}"
        for phone in phones
    )


def read_phones(cell: Text) -> list[dict[str, str]]:
    """The further phones of a cell, as they are stored."""
    found = []
    for part in re.split(r"[;\n]", cell.text):
        words = contact.clean_text(part).split(" ", 1)
        kind = words[0].casefold().rstrip(":")
        number_text = words[-1] if kind in PHONE_KINDS and len(words) > 1 else " ".join(words)
        kind = kind if kind in PHONE_KINDS else "intake"
        number, extension = read_phone(Text(number_text), kind)
        if number:
            found.append({"kind": kind, "number": number, "extension": extension})
    return found


def read_website(cell: Text) -> str:
    """An address that begins with http:// or https://."""
    notes: list[Message] = []
    address = contact.website(cell.text, notes)
    if notes:
        what = N_("%(text)s is not a web address: write it as https://www.example.org")
        raise CellError(say(what, text=_quoted(cell.text)))
    return address


def facts_to_text(facts: Mapping[str, bool]) -> str:
    """As they stand in a cell: accepts_women: yes; accepts_men: no."""
    return "; ".join(f"{code}: {'yes' if is_yes else 'no'}" for code, is_yes in facts.items())


def read_facts(cell: Text) -> dict[str, bool]:
    """The facts of a program in one cell."""
    facts: dict[str, bool] = {}
    for part in filter(None, map(contact.clean_text, re.split(r"[;\n]", cell.text))):
        code, _, known = part.partition(":")
        code = code.strip().casefold()
        if code not in FACTS:
            what = N_("%(text)s is no fact: the column names of facts are their codes")
            raise CellError(say(what, text=_quoted(code)))
        is_yes = read_known(Text(known))
        if is_yes is not None:
            facts[code] = is_yes
    return {code: facts[code] for code in FACTS if code in facts}


def _quoted(text: str) -> str:
    text = contact.clean_text(text)
    return f"“{text[:40]}…”" if len(text) > 41 else f"“{text}”"
