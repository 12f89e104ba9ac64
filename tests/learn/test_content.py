"""The files of the topics: complete, the same in each language, sourced, reviewed, and refused when malformed."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from referral.language import DEFAULT, LANGUAGES
from referral.learn.topics import (
    CONTENT,
    GROUPS,
    Topic,
    TopicError,
    every_token,
    links,
    read_folder,
    read_topic,
    topics,
)
from referral.vocabulary import NEEDS

SLUGS = [
    "which-help",
    "overdose",
    "families",
    "detox",
    "live-in",
    "outpatient",
    "dual-diagnosis",
    "sober-living",
    "medications",
    "therapies",
    "mutual-help",
    "paying",
    "rights",
    "privacy",
]
"""Other pages and other sites link to these: they stay."""

MAX_AGE = timedelta(days=2 * 365)
"""After this time without a review a page may say what is no longer so."""

GOOD = """---
title: Walking
summary: One foot, then the other.
group: start
order: 1
reviewed: 2026-11-20
needs: detox
related:
source: A source | https://source.example/
---
Begin. See [detox](need:detox), or [call {emergency_phone}](phone:emergency_phone).

## Then

- Go on.
"""


SPANISH_MEDLINEPLUS = "https://medlineplus.gov/spanish/"
"""Below it each page of MedlinePlus has its translation."""


def in_english(url: str) -> str:
    return url.replace(SPANISH_MEDLINEPLUS, "https://medlineplus.gov/")


def both(slug: str) -> list[Topic]:
    return [topics(language)[slug] for language in LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_is_written_in_every_language(language: str) -> None:
    assert list(topics(language)) == SLUGS
    assert {path.stem for path in (CONTENT / language).iterdir()} == set(SLUGS)


@pytest.mark.parametrize("slug", SLUGS)
def test_languages_have_the_same_sections_lists_and_links(slug: str) -> None:
    first, *others = both(slug)
    for other in others:
        assert [t.type for t in other.body] == [t.type for t in first.body]
        assert list(links(other.body)) == list(links(first.body))


@pytest.mark.parametrize("slug", SLUGS)
def test_languages_have_the_same_sources_review_place_and_needs(slug: str) -> None:
    facts = [
        (t.reviewed, [in_english(s.url) for s in t.sources], t.group, t.order, t.needs, t.related) for t in both(slug)
    ]
    assert all(fact == facts[0] for fact in facts)


@pytest.mark.parametrize("slug", SLUGS)
def test_a_source_has_its_own_pages_in_spanish_or_says_that_it_is_in_english(slug: str) -> None:
    for source in topics("es")[slug].sources:
        has_spanish = source.url.startswith("https://medlineplus.gov/")
        assert source.url.startswith(SPANISH_MEDLINEPLUS) == has_spanish, source
        assert source.name.endswith("(en inglés)") != has_spanish, source


@pytest.mark.parametrize("slug", SLUGS)
def test_every_topic_was_reviewed_within_two_years_and_names_a_source(slug: str) -> None:
    today = datetime.now(UTC).date()
    for topic in both(slug):
        assert today - MAX_AGE <= topic.reviewed <= today
        assert topic.sources
        assert all(source.url.startswith("https://") for source in topic.sources)
        assert len({source.url for source in topic.sources}) == len(topic.sources)


@pytest.mark.parametrize("language", LANGUAGES)
def test_topics_stand_in_groups_each_in_a_place_of_its_own(language: str) -> None:
    places = Counter((topic.group, topic.order) for topic in topics(language).values())
    assert max(places.values()) == 1
    assert {group for group, _order in places} == set(GROUPS)


def test_every_need_is_explained() -> None:
    assert {need for topic in topics(DEFAULT).values() for need in topic.needs} == set(NEEDS)


@pytest.mark.parametrize("slug", SLUGS)
def test_topics_are_short_and_lead_on(slug: str) -> None:
    for topic in both(slug):
        words = " ".join(t.content for t in topic.body if t.type == "inline").split()
        assert 150 <= len(words) <= 450
        assert 2 <= len(topic.related) <= 3
        assert slug not in topic.related


def test_a_file_is_read_as_it_stands() -> None:
    topic = read_topic("walking", GOOD)
    assert (topic.title, topic.group, topic.needs, topic.related) == ("Walking", "start", ("detox",), ())
    assert [source.url for source in topic.sources] == ["https://source.example/"]
    assert list(links(topic.body)) == [("need", "detox"), ("phone", "emergency_phone")]
    assert sum(t.type == "list_item_open" for t in every_token(topic.body)) == 1


MALFORMED = {
    "no head": ("---\n", ""),
    "text before the head": ("---\ntitle", "Hello\n---\ntitle"),
    "no title": ("title: Walking\n", ""),
    "an empty summary": ("One foot, then the other.", ""),
    "an unknown entry": ("order: 1", "order: 1\nauthor: someone"),
    "an entry twice": ("order: 1", "order: 1\norder: 2"),
    "a line that is no entry": ("order: 1", "order: 1\nand more"),
    "an order that is no number": ("order: 1", "order: first"),
    "a group that is not there": ("group: start", "group: end"),
    "a day that is not there": ("2026-11-20", "2026-11-31"),
    "a need that is not there": ("needs: detox", "needs: rest"),
    "no source": ("source: A source | https://source.example/\n", ""),
    "a source without address": ("| https://source.example/", ""),
    "a source without encryption": ("https://source", "http://source"),
    "a heading of the wrong level": ("## Then", "### Then"),
    "HTML": ("Begin.", "Begin <b>now</b>."),
    "a block of HTML": ("Begin.", "<script>now</script>\n\nBegin."),
    "a lost asterisk": ("Begin.", "**Begin."),
    "a picture": ("Begin.", "![Begin](https://source.example/a.png)"),
    "a block of code": ("Begin.", "```\nBegin\n```"),
    "a setting that is not there": ("{emergency_phone}", "{secret_key}"),
    "a braces pair left empty": ("{emergency_phone}", "{}"),
    "a link that runs": ("need:detox", "javascript:alert(1)"),
    "a link without encryption": ("need:detox", "http://source.example/"),
    "a link to a path": ("need:detox", "/learn/detox"),
    "a link to a need that is not there": ("need:detox", "need:rest"),
    "a link to a phone that is not there": ("phone:emergency_phone", "phone:site_name"),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_malformed_file_is_refused(what: str) -> None:
    right, wrong = MALFORMED[what]
    assert right in GOOD
    with pytest.raises(TopicError, match="walking"):
        read_topic("walking", GOOD.replace(right, wrong, 1))


@pytest.mark.parametrize("change", [("related:", "related: running"), ("need:detox", "learn:running")])
def test_a_topic_that_leads_to_none_is_refused(tmp_path: Path, change: tuple[str, str]) -> None:
    (tmp_path / "walking.md").write_text(GOOD.replace(*change, 1))
    with pytest.raises(TopicError, match="no topic running"):
        read_folder(tmp_path)
