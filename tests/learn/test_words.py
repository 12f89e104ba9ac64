"""How the topics are worded: easy to read, without stigma, and with the facts that a person must find there."""

from __future__ import annotations

import re

import pytest
import textstat  # type: ignore[import-untyped]
from flask.testing import FlaskClient

from referral.learn.topics import topics
from tests.learn.test_content import SLUGS
from tests.pages.reading import read, text_of

MAX_GRADE = 8.0
"""Flesch-Kincaid: years of school in the United States."""

MIN_EASE = 75.0
"""Fernández-Huerta, the Flesch measure for Spanish: 70 to 80 is rather easy, 80 to 90 easy."""

MAX_WORDS = {"en": 25, "es": 32}
"""Of one sentence."""

STIGMA = {
    "en": r"addicts?|junk(ie|y)s?|clean|dirty|abus\w+|alcoholics?(?! anonymous)|drunks?|relaps\w+|druggies?|hooked",
    "es": r"(drog)?adict[oa]s?|toxicóman[oa]s?|limpi[oa]s?|suci[oa]s?|abus\w+|alcohólic[oa]s?(?! anónimos)"
    r"|reca[ií]d[ao]s?|recae\w*|vicios?\w*|borrach[oa]s?|drogat\w+|yonquis?",
}
"""Words that call a person by an illness, or an illness a fault."""

FACTS: dict[str, dict[str, str]] = {
    "which-help": {
        "en": "Detox | Live-in treatment | Outpatient | Mental health care too | Sober living",
        "es": "Desintoxicación | Tratamiento residencial | sin internarse | salud mental | Vivienda sobria",
    },
    "overdose": {
        "en": "Call 911 | naloxone | 2 to 3 minutes | on the side | Good Samaritan | state to state",
        "es": "Llame al 911 | naloxona | 2 o 3 minutos | de lado | buen samaritano | de un estado a otro",
    },
    "families": {
        "en": "CRAFT | naloxone | Al-Anon | Nar-Anon | 911 | 988 | your child",
        "es": "CRAFT | naloxona | Al-Anon | Nar-Anon | 911 | 988 | su hijo",
    },
    "detox": {
        "en": "6 to 12 hours | 24 to 48 hours | 5 to 7 days | Weeks | such as heroin | "
        "Methadone acts longer | 6 to 24 hours | Days 2 to 4 | delirium tremens | seizures | "
        "Never stop alcohol or benzodiazepines | the start, not the treatment | tolerance is lower | "
        "naloxone | Pregnant?",
        "es": "6 a 12 horas | 24 a 48 horas | 5 a 7 días | Semanas | como la heroína | "
        "La metadona dura más | 6 a 24 horas | día 2 al 4 | delirium tremens | convulsiones | "
        "Nunca deje el alcohol | el comienzo, no el tratamiento | aguanta menos | naloxona | embarazada",
    },
    "live-in": {
        "en": "less than 90 days | of limited use | day and night | insurance",
        "es": "menos de 90 días | sirve poco | de día y de noche | seguro",
    },
    "outpatient": {
        "en": "9 hours a week or more | 20 hours a week or more | partial hospitalization",
        "es": "9 horas a la semana o más | 20 horas a la semana o más | hospitalización parcial",
    },
    "dual-diagnosis": {
        "en": "at the same time | co-occurring | 988",
        "es": "al mismo tiempo | concurrentes | 988",
    },
    "sober-living": {
        "en": "Type P, level 1 | Type M, level 2 | Type S, level 3 | Type C, level 4 | not treatment",
        "es": "Tipo P, nivel 1 | Tipo M, nivel 2 | Tipo S, nivel 3 | Tipo C, nivel 4 | no un tratamiento",
    },
    "medications": {
        "en": "Methadone | Buprenorphine | Naltrexone | Clonidine | lofexidine | Acamprosate | Disulfiram | "
        "tolerance is lower",
        "es": "metadona | buprenorfina | naltrexona | clonidina | lofexidina | acamprosato | disulfiram | "
        "aguanta menos",
    },
    "therapies": {
        "en": "CBT | Group | Family | Contingency management | Motivational",
        "es": "CBT | grupo | familiar | Manejo de contingencias | motivacional",
    },
    "mutual-help": {
        "en": "Narcotics Anonymous | Alcoholics Anonymous | SMART Recovery | Al-Anon | Nar-Anon",
        "es": "Narcóticos Anónimos | Alcohólicos Anónimos | SMART Recovery | Al-Anon | Nar-Anon",
    },
    "paying": {
        "en": "Medicaid | Medicare | parity | block grant | Sliding fee | Free care | TRICARE | VA | appeal",
        "es": "Medicaid | Medicare | paridad | block grant | según sus ingresos | gratis | TRICARE | VA",
    },
    "rights": {
        "en": "42 CFR Part 2 | HIPAA | ADA | parity | pregnant | you can leave | not legal advice",
        "es": "42 CFR Parte 2 | HIPAA | ADA | paridad | embarazada | puede irse | No es asesoría legal",
    },
    "privacy": {
        "en": "No cookies | encrypted | after 30 days | this one tab | Leave quickly | Shift | not erase",
        "es": "Sin cookies | cifrado | después de 30 días | esta pestaña | Salir rápido | Shift | no borra",
    },
}
"""What each topic must say, in the words of its page, parted by bars."""


def paragraphs(client: FlaskClient, language: str, slug: str) -> list[str]:
    """What a person reads on the page of a topic, block by block, without headings and sources."""
    page = read(client.get(f"/{language}/learn/{slug}"))
    [prose] = page.find("div", class_="prose")
    blocks = [e for e in prose.iter() if e.tag in ("p", "li") and not e.findall("p")]
    return [*page.texts("p", class_="lead"), *map(text_of, blocks)]


def as_sentences(blocks: list[str]) -> str:
    """One text in which every block ends a sentence."""
    return "\n".join(block if block.endswith((".", "?", "!", ":")) else f"{block}." for block in blocks)


@pytest.mark.parametrize("slug", SLUGS)
def test_english_can_be_read_after_eight_years_of_school(client: FlaskClient, slug: str) -> None:
    measure = type(textstat.textstat)()
    grade = measure.flesch_kincaid_grade(as_sentences(paragraphs(client, "en", slug)))
    assert 0 < grade <= MAX_GRADE


@pytest.mark.parametrize("slug", SLUGS)
def test_spanish_is_easy_to_read(client: FlaskClient, slug: str) -> None:
    measure = type(textstat.textstat)()
    measure.set_lang("es")
    ease = measure.fernandez_huerta(as_sentences(paragraphs(client, "es", slug)))
    assert MIN_EASE <= ease < 120


@pytest.mark.parametrize("language", MAX_WORDS)
@pytest.mark.parametrize("slug", SLUGS)
def test_no_sentence_is_long(client: FlaskClient, language: str, slug: str) -> None:
    text = as_sentences(paragraphs(client, language, slug))
    sentences = re.split(r"(?<=[.?!:])\s", text)
    assert not [sentence for sentence in sentences if len(sentence.split()) > MAX_WORDS[language]]


@pytest.mark.parametrize("language", STIGMA)
@pytest.mark.parametrize("slug", ["", *SLUGS])
def test_no_word_shames_anyone(client: FlaskClient, language: str, slug: str) -> None:
    text = read(client.get(f"/{language}/learn/{slug}".rstrip("/"))).text()
    assert not re.findall(rf"\b(?:{STIGMA[language]})\b", text, re.IGNORECASE)


@pytest.mark.parametrize("language", STIGMA)
@pytest.mark.parametrize("slug", SLUGS)
def test_the_facts_are_there(client: FlaskClient, language: str, slug: str) -> None:
    text = read(client.get(f"/{language}/learn/{slug}")).text()
    assert not [fact for fact in FACTS[slug][language].split(" | ") if fact not in text]


@pytest.mark.parametrize("language", STIGMA)
def test_summaries_are_one_sentence_without_settings(language: str) -> None:
    for topic in topics(language).values():
        assert re.fullmatch(r"[^.!?{}]+\.", topic.summary)
        assert "{" not in topic.title


def test_a_text_in_spanish_to_the_crisis_line_begins_with_the_word_it_answers_to(client: FlaskClient) -> None:
    for slug in SLUGS:
        links = read(client.get(f"/es/learn/{slug}")).texts("a", href="sms:988")
        assert all("AYUDA" in text for text in links), slug
