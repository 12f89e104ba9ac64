"""The safety warnings in the language of the request."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from babel.dates import format_date
from flask import current_app

from config import Config
from referral.language import current_language
from referral.pages.text import _
from referral.safety import SafetyWarning, warnings_that_apply
from referral.sealing import Asked


class WarningWords(NamedTuple):
    code: str
    title: str
    text: str
    source: str
    source_url: str
    reviewed: str


def warnings_for(needs: Iterable[str], facts: Iterable[str], concerns: Iterable[str]) -> list[WarningWords]:
    """What to show above results for these codes, the most urgent first."""
    config: Config = current_app.config["ONWARD"]
    language = current_language()
    found = warnings_that_apply(needs, facts, concerns)
    return [_words(warning, config.emergency_phone, language) for warning in found]


def warnings_for_asked(asked: Asked) -> list[WarningWords]:
    query = asked.query
    return warnings_for(query.needs, (code for item in query.requirements for code in item.facts), asked.concerns)


@lru_cache(maxsize=64)
def _words(warning: SafetyWarning, emergency_phone: str, language: str) -> WarningWords:
    return WarningWords(
        warning.code,
        _(warning.title),
        _(warning.text, emergency=emergency_phone),
        warning.source,
        warning.source_url,
        format_date(warning.reviewed, format="long", locale=language),
    )
