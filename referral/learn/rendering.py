"""From the body of a topic to HTML: links get the addresses of this request, settings their values."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

from flask import current_app, url_for
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup

from config import Config
from referral.learn.topics import PAGES, WORD, WORDS, Topic
from referral.pages.phones import phone_href
from referral.pages.text import _


class Renderer(RendererHTML):
    """Markdown's own renderer, but for links, warnings, and the settings that a text names."""

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]) -> str:
        words: Mapping[str, str] = env["words"]
        return escapeHtml(WORD.sub(lambda found: words[found[1]], tokens[idx].content))

    def blockquote_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return '<div class="notice closed">\n'

    def blockquote_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return "</div>\n"

    def link_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        href = str(tokens[idx].attrGet("href"))
        env["leaves"] = href.startswith("https:")
        marks = ' class="out" rel="noreferrer noopener external"' if env["leaves"] else ""
        return f'<a href="{escapeHtml(_address(href, env["words"]))}"{marks}>'

    def link_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: MutableMapping[str, Any]
    ) -> str:
        return f" <small>{escapeHtml(_('(leaves this site)'))}</small></a>" if env["leaves"] else "</a>"


_RENDERER = Renderer()


def body_html(topic: Topic) -> Markup:
    """The body in HTML, with addresses in the language and below the root of this request."""
    config: Config = current_app.config["ONWARD"]
    words = {word: str(getattr(config, word)) for word in WORDS}
    html = _RENDERER.render(topic.body, OptionsDict({}), {"words": words})  # type: ignore[typeddict-item]
    return Markup(html)  # noqa: S704 - our own texts, escaped by the renderer


def _address(href: str, words: Mapping[str, str]) -> str:
    kind, _colon, value = href.partition(":")
    if kind == "learn":
        return url_for("learn.topic", topic=value)
    if kind == "page":
        return url_for(PAGES[value])
    if kind == "need":
        return url_for("intake.form", need=value)
    if kind == "phone":
        return phone_href(words[value])
    return f"sms:{words[value]}" if kind == "sms" else href
