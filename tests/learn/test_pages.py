"""The pages of the topics: the list, each topic, where their links lead, and how links out are marked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from babel.dates import format_date
from flask import Flask
from flask.testing import FlaskClient

from referral.extensions import db
from referral.language import LANGUAGES
from referral.learn.rendering import body_html
from referral.learn.topics import Source, markdown, read_topic, topics
from referral.vocabulary import NEEDS
from tests.conftest import make_app
from tests.learn.test_content import GOOD, SLUGS
from tests.pages.reading import Page, read, text_of

LEAVES = {"en": "(leaves this site)", "es": "(sale de este sitio)"}


def own_links(page: Page) -> list[str]:
    """Where the links of the page's main part lead within this site."""
    hrefs = [str(a.get("href")) for a in page.find("main")[0].iter("a")]
    return [href for href in hrefs if href.startswith("/")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_shows_every_topic_with_its_summary(client: FlaskClient, language: str) -> None:
    page = read(client.get(f"/{language}/learn"))
    assert [a for a in own_links(page) if "/learn/" in a] == [f"/{language}/learn/{slug}" for slug in SLUGS]
    for topic in topics(language).values():
        assert page.link(topic.title) == f"/{language}/learn/{topic.slug}"
        assert topic.summary in page.text()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SLUGS)
def test_a_topic_shows_its_title_review_sources_and_what_it_is_not(
    client: FlaskClient, language: str, slug: str
) -> None:
    topic = topics(language)[slug]
    page = read(client.get(f"/{language}/learn/{slug}"))
    assert page.status == 200
    assert page.find("html")[0].get("lang") == language
    assert page.texts("h1") == [topic.title]
    [sources] = page.find("section", class_="sources")
    shown = [Source(text_of(a).removesuffix(f" {LEAVES[language]}"), str(a.get("href"))) for a in sources.iter("a")]
    assert tuple(shown) == topic.sources
    assert format_date(topic.reviewed, format="long", locale=language) in text_of(sources)
    if language == "en":
        assert "not a diagnosis and not medical advice" in text_of(sources)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_within_the_site_leads_somewhere_in_the_same_language(client: FlaskClient, language: str) -> None:
    seen, to_see = set[str](), {f"/{language}/learn"}
    while to_see:
        address = to_see.pop()
        seen.add(address)
        page = read(client.get(address))
        assert page.status == 200, address
        assert all(link == f"/{language}" or link.startswith(f"/{language}/") for link in own_links(page)), address
        to_see |= {link for link in own_links(page) if "/learn" in link or "?need=" in link} - seen
    assert seen >= {f"/{language}/learn/{slug}" for slug in SLUGS}
    assert seen >= {f"/{language}/?need={need}" for need in NEEDS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", SLUGS)
def test_links_out_are_marked(client: FlaskClient, language: str, slug: str) -> None:
    page = read(client.get(f"/{language}/learn/{slug}"))
    out = [a for a in page.find("main")[0].iter("a") if not str(a.get("href")).startswith(("/", "tel:", "sms:"))]
    assert out
    for a in out:
        assert str(a.get("href")).startswith("https://")
        assert a.get("class") == "out"
        assert a.get("rel") == "noreferrer noopener external"
        assert text_of(a).endswith(LEAVES[language])


@pytest.mark.parametrize("slug", [slug for slug, topic in topics("en").items() if topic.needs])
def test_a_search_from_a_topic_starts_with_its_need(client: FlaskClient, slug: str) -> None:
    page = read(client.get(f"/learn/{slug}"))
    form = read(client.get(page.link("Find programs")))
    assert form.checked("need") == list(topics("en")[slug].needs)


@pytest.mark.parametrize("slug", [slug for slug, topic in topics("en").items() if not topic.needs])
def test_other_topics_lead_to_the_empty_form(client: FlaskClient, slug: str) -> None:
    page = read(client.get(f"/en/learn/{slug}"))
    assert page.link("Find programs") == "/en/"


@pytest.mark.parametrize("slug", SLUGS)
def test_a_topic_leads_on_to_others(client: FlaskClient, slug: str) -> None:
    page = read(client.get(f"/en/learn/{slug}"))
    [related] = [nav for nav in page.find("nav") if nav.get("aria-labelledby") == "related"]
    assert [a.get("href") for a in related.iter("a")] == [
        f"/en/learn/{other}" for other in topics("en")[slug].related
    ]


@pytest.mark.parametrize("path", ["/learn/rest", "/es/learn/rest", "/learn/Detox", "/learn/detox/", "/learn/..%2Fen"])
def test_an_unknown_topic_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_no_html_in_a_text_passes_through(site: Flask) -> None:
    text = "Begin <b onclick='x'>now</b> & <script>here</script>."
    topic = replace(read_topic("walking", GOOD), body=tuple(markdown.parse(text)))
    with site.test_request_context("/en/learn/walking"):
        html = body_html(topic)
    assert "&lt;b onclick='x'&gt;now&lt;/b&gt; &amp; &lt;script&gt;here&lt;/script&gt;" in html
    assert "<b" not in html
    assert "<script" not in html


def test_numbers_and_names_in_the_texts_are_settings(sqlite_url: str) -> None:
    app = make_app(
        sqlite_url,
        site_name="Sunrise & Co",
        emergency_phone="112",
        crisis_phone="555",
        helpline_name="County <Line>",
        helpline_phone="502-555-0199",
        results_ttl_days=7,
    )
    shown = ""
    for language in LANGUAGES:
        for slug in SLUGS:
            html = app.test_client().get(f"/{language}/learn/{slug}").get_data(as_text=True)
            shown += html[html.index('<div class="prose">') : html.index('<nav aria-labelledby="related"')]
    with app.app_context():
        db.engine.dispose()
    for number in ("911", "988", "662-4357", "SAMHSA National", "Onward", "30 days", "30 días"):
        assert number not in shown
    for number in ('"tel:112">', '"tel:555">', '"sms:555">', '"tel:+15025550199">502-555-0199<', "7 days", "7 días"):
        assert number in shown
    assert "County &lt;Line&gt;" in shown
    assert "Sunrise &amp; Co" in shown


def test_a_site_under_a_path_keeps_its_links_there(site: Flask) -> None:
    page = read(site.test_client().get("/es/learn/which-help", base_url="http://localhost/help"))
    links = own_links(page)
    assert "/help/es/learn/detox" in links
    assert "/help/es/?need=detox" in links
    assert all(link.startswith("/help/es/") for link in links)
