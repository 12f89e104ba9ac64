"""Topics, read from one Markdown file for each language: strictly, once in a process, and without the web.

The head of a file says its title, summary, group, order, review and sources, and which needs and topics belong to it.
The body has sections, paragraphs, lists, bold and links; a quotation is a warning. Anything else is a TopicError.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from referral.vocabulary import NEEDS
from referral.vocabulary.words import N_, codes

CONTENT = Path(__file__).parent / "content"

GROUPS: dict[str, str] = {
    "start": N_("Start here"),
    "care": N_("Kinds of care"),
    "methods": N_("What helps people recover"),
    "practical": N_("Money, rights and privacy"),
}
"""Code and heading of each group of topics, in the order of the page that lists them."""

WORDS = frozenset(
    {"site_name", "emergency_phone", "crisis_phone", "helpline_name", "helpline_phone", "results_ttl_days"}
)
"""Settings that a text may name as {emergency_phone}."""

PAGES = {"guide": "intake.guide", "report": "reports.find", "list": "handout.empty_list"}
"""Pages of the site that a text may lead to: name and endpoint."""

PHONES = frozenset(word for word in WORDS if word.endswith("_phone"))

KEYS = frozenset({"title", "summary", "group", "order", "reviewed", "needs", "related", "source"})

TOKENS = codes(
    "inline text softbreak paragraph_open paragraph_close heading_open heading_close bullet_list_open "
    "bullet_list_close ordered_list_open ordered_list_close list_item_open list_item_close strong_open strong_close "
    "em_open em_close link_open link_close blockquote_open blockquote_close"
)
"""What Markdown may find in a body."""

WORD = re.compile(r"\{(\w*)\}")

UNREAD = re.compile(r"[<>*]|\]\(")
"""Marks that stand in a text where Markdown did not understand them: HTML, a broken link, a lost asterisk."""

markdown = MarkdownIt("commonmark", {"html": False})


class TopicError(ValueError):
    """A file of a topic is not as it must be. The message names the file and what is wrong."""


@dataclass(frozen=True)
class Source:
    name: str
    url: str


@dataclass(frozen=True)
class Topic:
    slug: str
    title: str
    summary: str
    group: str
    order: int
    reviewed: date
    needs: tuple[str, ...]
    """Needs that a search from this page starts with."""
    related: tuple[str, ...]
    sources: tuple[Source, ...]
    body: tuple[Token, ...]


@cache
def topics(language: str) -> Mapping[str, Topic]:
    """All topics of a language by slug, in the order in which they are listed. Raises TopicError."""
    return read_folder(CONTENT / language)


def read_folder(folder: Path) -> Mapping[str, Topic]:
    """The topics in the files of a folder. Raises TopicError, also where a topic leads to one that is not there."""
    found = [read_topic(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.md"))]
    found.sort(key=lambda topic: (list(GROUPS).index(topic.group), topic.order))
    by_slug = {topic.slug: topic for topic in found}
    for topic in found:
        wanted = {*topic.related, *(value for kind, value in links(topic.body) if kind == "learn")}
        if missing := wanted - set(by_slug):
            raise TopicError(f"{topic.slug}: no topic {', '.join(sorted(missing))}")
    return by_slug


def read_topic(slug: str, text: str) -> Topic:
    """The topic in the text of a file. Raises TopicError."""
    try:
        head, body = _halves(text)
        topic = Topic(
            slug=slug,
            title=head["title"][0],
            summary=head["summary"][0],
            group=head["group"][0],
            order=int(head["order"][0]),
            reviewed=date.fromisoformat(head["reviewed"][0]),
            needs=tuple(head["needs"][0].split()),
            related=tuple(head["related"][0].split()),
            sources=tuple(_source(line) for line in head["source"]),
            body=tuple(markdown.parse(body)),
        )
        _check(topic)
    except ValueError as error:
        raise TopicError(f"{slug}: {error}") from error
    return topic


def _halves(text: str) -> tuple[dict[str, list[str]], str]:
    """The entries of the head by key, and the body."""
    start, head, body = text.split("---\n", 2)
    if start:
        raise ValueError("the head does not begin the file")
    entries: dict[str, list[str]] = {}
    for line in head.splitlines():
        key, colon, value = line.partition(":")
        if not colon or key not in KEYS:
            raise ValueError(f"not an entry of the head: {line!r}")
        entries.setdefault(key, []).append(value.strip())
    if missing := KEYS - set(entries):
        raise ValueError(f"the head lacks {', '.join(sorted(missing))}")
    if repeated := [key for key, values in entries.items() if len(values) > 1 and key != "source"]:
        raise ValueError(f"the head repeats {', '.join(repeated)}")
    return entries, body


def _source(line: str) -> Source:
    name, _bar, url = line.partition(" | ")
    if not name or not url.startswith("https://"):
        raise ValueError(f"a source is a name, a bar and an https address: {line!r}")
    return Source(name, url)


def _check(topic: Topic) -> None:
    if not topic.title or not topic.summary:
        raise ValueError("title or summary is empty")
    if topic.group not in GROUPS:
        raise ValueError(f"no group {topic.group!r}")
    if unknown := set(topic.needs) - set(NEEDS):
        raise ValueError(f"no need {', '.join(sorted(unknown))}")
    for token in every_token(topic.body):
        if token.type not in TOKENS:
            raise ValueError(f"a topic has no {token.type}")
        if token.type == "heading_open" and token.tag != "h2":
            raise ValueError(f"sections have headings of the second level, not {token.tag}")
        if token.type == "text":
            _check_text(token.content)
    for kind, value in links(topic.body):
        if not _is_link(kind, value):
            raise ValueError(f"no address for {kind}:{value}")


def _check_text(text: str) -> None:
    if unknown := set(WORD.findall(text)) - WORDS:
        raise ValueError(f"no setting {', '.join(sorted(unknown))}")
    if UNREAD.search(text):
        raise ValueError(f"marks that are not read: {text!r}")


def _is_link(kind: str, value: str) -> bool:
    """Whether a link is of a kind that a text may have. Whether a topic exists is known once all are read."""
    known = {
        "learn": bool(value),
        "page": value in PAGES,
        "need": value in NEEDS,
        "phone": value in PHONES,
        "sms": value in PHONES,
    }
    return known.get(kind, kind == "https" and value.startswith("//"))


def every_token(body: tuple[Token, ...]) -> Iterator[Token]:
    """The tokens of a body with those inside them."""
    for token in body:
        yield token
        yield from token.children or ()


def links(body: tuple[Token, ...]) -> Iterator[tuple[str, str]]:
    """Kind and value of each link, such as ("learn", "detox") or ("https", "//na.org")."""
    for token in every_token(body):
        if token.type == "link_open":
            kind, _colon, value = str(token.attrGet("href")).partition(":")
            yield kind, value
