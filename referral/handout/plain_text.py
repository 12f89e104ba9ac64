"""A list as plain text: for a message, a jail's or hospital's system, a braille display, or a bad connection."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from flask import current_app

from config import Config
from referral.handout.list_page import ListPage
from referral.handout.listed import ListedProvider
from referral.handout.sending import plain
from referral.pages.text import _

WIDTH = 72


INDENT = "   "


def plain_text(page: ListPage) -> str:
    title = _("Places to call")
    lines = [title, "=" * len(title), ""]
    if page.gone:
        lines += [*_wrapped(page.gone), ""]
    for number, provider in enumerate(page.providers, 1):
        lines += [*_entry(number, provider), ""]
    config: Config = current_app.config["ONWARD"]
    overdose, suicide = _("Overdose, or cannot breathe?"), _("Thinking of suicide?")
    lines += [
        _("Help right now"),
        *_wrapped(f"{overdose} {config.emergency_phone}", INDENT),
        *_wrapped(f"{suicide} {config.crisis_phone}", INDENT),
        *_wrapped(_("Talk to someone now: free, day and night."), INDENT),
        *_wrapped(f"{config.helpline_name}: {config.helpline_phone}", INDENT),
        "",
        # Never broken: it must stay a link.
        _("The whole list: %(address)s", address=page.address),
    ]
    return "\n".join(lines) + "\n"


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(
        plain(text),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _entry(number: int, provider: ListedProvider) -> Iterator[str]:
    """One place. What it costs and takes stands on the page: here is what a call needs."""
    yield from _wrapped(f"{number}. {provider.name}")
    for text in _lines(provider):
        yield from _wrapped(text, INDENT)


def _lines(provider: ListedProvider) -> Iterator[str]:
    if provider.organization:
        yield provider.organization
    if provider.is_closed:
        yield _("Closed for now.")
    if provider.is_reported:
        yield _("Reported, being checked.")
    if provider.limits:
        yield f"{provider.limits}."
    if provider.to_call.link:
        yield _("Phone: %(number)s", number=provider.to_call.link.text)
    else:
        yield _("No phone number is listed.")
    yield from (f"{other.label}: {other.link.text}" for other in provider.to_call.others)
    yield provider.address
    yield from (f"{level}. {stay}" if stay else level for level, stay in provider.levels)
    yield _("Opening hours: not known. Call before you go.")
    yield _("Ask:")
    yield from (f"- {question}" for question in provider.questions)
    yield f"{provider.confirmed.text}."
