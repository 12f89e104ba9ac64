"""How the kinds of file are called, and the language in which a workbook explains its columns."""

from __future__ import annotations

from collections.abc import Callable

from referral.language import translations
from referral.vocabulary.words import N_

FILES: dict[str, tuple[str, str]] = {
    "xlsx": (
        N_("Excel workbook (.xlsx)"),
        N_("To look at and to change. A second sheet explains the columns."),
    ),
    "csv": (N_("CSV"), N_("The same table for any other program.")),
    "json": (N_("JSON"), N_("For other systems.")),
}
"""Label and text of each kind of file (exporters.FORMATS)."""


def say_in(language: str) -> Callable[..., str]:
    """A function that says messages in a language, also once the request is over."""
    known = translations(language)

    def say(message: str, **values: object) -> str:
        text = known.gettext(message)
        return text % values if values else text

    return say
