"""What readers say about a file or a row: in English, and in a form that a page can say in another language.

Nobody knows the language of the page while a file is read, and what is said is kept until somebody looks. So a
message remembers its template, which is a message id, and what was filled in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any


class Message(str):
    """An English text with its template and the values in it, which may be messages themselves. Made by `say`."""

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, str]

    def __new__(cls, template: str, values: Mapping[str, str] | None = None) -> Message:
        message = super().__new__(cls, template % values if values else template)
        message.template, message.values = template, values or {}
        return message


class MessageError(ValueError):
    """An error that people read, in any language."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def say(template: str, **values: str | int) -> Message:
    """`template` is marked with N_ where it stands, and has places such as %(n)s for the values.

    Of the values those are translated that are messages.
    """
    return Message(
        template, {name: str(value) if isinstance(value, int) else value for name, value in values.items()}
    )


def joined(mark: str, *parts: str) -> Message:
    """Several texts with a mark between them."""
    names = [f"part_{at}" for at in range(len(parts))]
    return Message(mark.join(f"%({name})s" for name in names), dict(zip(names, parts, strict=True)))


def to_stored(message: Message) -> str:
    """As it is kept: its text, or JSON where something is filled in."""
    return json.dumps(_to_plain(message)) if message.values else message.template


def in_words(text: str, translate: Callable[[str], str]) -> str:
    """A message, or what `to_stored` made of it, in the language that `translate` gives message ids in.

    Any other text counts as a message id, so it comes back as it is where it has no translation.
    """
    return _filled(_to_plain(text) if isinstance(text, Message) else _from_stored(text), translate)


def in_english(text: str) -> str:
    return in_words(text, str)


def _to_plain(text: str) -> Any:
    """[template, values] of a message; each value such a list, or a text that is never translated."""
    if not isinstance(text, Message):
        return text
    return [text.template, {name: _to_plain(value) for name, value in text.values.items()}]


def _from_stored(text: str) -> Any:
    if text.startswith('["'):
        # A draft that was kept before messages were has its text, which may begin so too.
        with suppress(ValueError):
            return json.loads(text)
    return [text, {}]


def _filled(plain: Any, translate: Callable[[str], str]) -> str:
    if isinstance(plain, str):
        return plain
    template, values = plain
    # An empty message id stands for the head of a catalogue.
    text = translate(template) if template else ""
    return text % {name: _filled(value, translate) for name, value in values.items()} if values else text
