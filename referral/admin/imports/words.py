"""How imports, fields, values and times read on the pages of this part."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from babel.dates import format_date

from referral.history.fields import PRECISION_LABELS, label_of, value_words
from referral.history.putting_back import DAYS
from referral.importers.messages import in_english, in_words
from referral.language import DEFAULT, current_language
from referral.models import ImportDraft
from referral.pages.text import _, ngettext
from referral.vocabulary.words import N_

OUTCOMES: dict[str, str] = {
    "added": N_("New listings"),
    "changed": N_("Listings that change"),
    "gone": N_("Listings that are not in the file any more"),
    "kept": N_("Corrections of staff that stay"),
    "rejected": N_("Rows that could not be understood"),
    "skipped": N_("Rows that do not belong in the directory"),
}
"""What can be listed of a comparison, in the order of the page."""

ABOUT: dict[str, str] = {
    "added": N_("These come into the directory."),
    "changed": N_("Each value as it is now, and as it will be."),
    "gone": N_("They stay in the directory as they are. After the import you can take them off the list."),
    "kept": N_("The source says something new, but staff have set our value. Ours stays; settle it afterwards."),
    "rejected": N_("They are not imported. Put them right in the file and send it again, or leave them."),
    "skipped": N_("They are well formed, but are not about treatment of addiction, or are not wanted."),
}

STATUSES: dict[str, str] = {
    "uploaded": N_("Waits for its columns to be named"),
    "comparing": N_("Is being compared"),
    "compared": N_("Compared: look and apply"),
    "applying": N_("Is being applied"),
    "applied": N_("Applied"),
    "failed": N_("Did not work"),
}


class ChangeLine(NamedTuple):
    label: str
    old: str
    new: str


def field_words(field: str) -> str:
    """What a field of history or of a correction is called."""
    label, about = label_of(field)
    if field.startswith("level."):
        return _("Kind of care: %(level)s", level=_(about))
    return ", ".join(filter(None, (_(label), _(about) if about else "")))


def words_of(field: str, value: Any) -> str:
    """A value as staff read it."""
    text, is_english = value_words(field, value)
    if is_english:
        text = _(text)
    if not value:
        return text
    if field in DAYS and isinstance(value, str):
        return str(format_date(date.fromisoformat(value), format="long", locale=current_language()))
    if field == "point":
        return f"{text} ({_(PRECISION_LABELS.get(value[2], value[2]))})"
    return text


def line_of(change: list[Any]) -> ChangeLine:
    """Of [field, old, new]. A program that comes or goes is named in one of the two values."""
    field, old, new = change
    return ChangeLine(field_words(field), words_of(field, old), words_of(field, new))


def size_text(n_bytes: int) -> str:
    if n_bytes < 100_000:
        return _("%(n)s kB", n=f"{max(1, round(n_bytes / 1000)):,}")
    return _("%(n)s MB", n=f"{n_bytes / 1_000_000:,.1f}")


def title_of(draft: ImportDraft) -> str:
    return draft.file_name or _("Taking import %(n)s back", n=draft.import_run_id)


class Reason(NamedTuple):
    """What a reader of files said, in the language of the page. `is_english`: it has no translation."""

    text: str
    is_english: bool


def reason_of(said: str) -> Reason:
    """`said` is a message of importers.messages, or what is kept of one."""
    text = in_words(said, _)
    return Reason(text, current_language() != DEFAULT and text == in_english(said))


def message_of(draft: ImportDraft) -> str:
    """Why it failed."""
    return in_words(draft.message, _) if draft.message else ""


def done_text(counts: dict[str, Any]) -> str:
    """The counts of an import in one line."""
    return ", ".join(
        (
            ngettext("%(n)s added", "%(n)s added", counts.get("added", 0)),
            ngettext("%(n)s changed", "%(n)s changed", counts.get("changed", 0)),
            ngettext("%(n)s unchanged", "%(n)s unchanged", counts.get("unchanged", 0)),
        )
    )
