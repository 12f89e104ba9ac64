"""A place as people type or paste it into a search: "Louisville, KY 40202", "Austin Texas", "bismarck nd"."""

from __future__ import annotations

import re

from referral.admin.shared.staff_index import current_staff_index
from referral.finding import Filters, terms_of
from referral.pages.wording import today
from referral.places.states import STATES

_CODES = {name.casefold(): code for code, name in STATES.items()}
_NAMES = "|".join(re.escape(name) for name in _CODES)
_STATE = re.compile(
    rf"(?P<words>.*?\w)??(?P<between>^|\s*,\s*|\s+)(?P<state>[a-z]{{2}}|{_NAMES})"
    r"(?P<more>,?\s+[0-9]{5}(?:-[0-9]{4})?(?:\W.*)?)?",
    re.IGNORECASE,
)


def words_and_state(text: str) -> tuple[str, str]:
    """("Louisville 40202", "KY") for "Louisville, KY 40202"; without a state at its end or before a ZIP, the text.

    A state without a comma before it may be a word as well ("West Grove Clinic SC" is in Wisconsin). It is a state
    behind a city that we list in it, where it is written like one and something is found in it, or where nothing is
    found that has the word.
    """
    match = _STATE.fullmatch(text)
    if match is None:
        return text, ""
    words, between, state, more = (match[name] or "" for name in ("words", "between", "state", "more"))
    code = _CODES.get(state.casefold(), state.upper())
    if code not in STATES or not (words or more):
        return text, ""
    rest = f"{words} {more.lstrip(', ')}".strip()
    is_written_so = len(state) == 2 and state.isupper() and not words.isupper()
    is_state = (
        "," in between
        or current_staff_index().has_city(words, code)
        or (is_written_so and _is_found(rest, code))
        or not _is_found(text)
    )
    return (rest, code) if is_state else (text, "")


def _is_found(text: str, state: str = "") -> bool:
    return current_staff_index().count(Filters(terms=terms_of(text), state=state), today=today()) > 0
