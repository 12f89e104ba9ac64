"""Names of places, made fit to compare: which words tell one place from another, and how alike two names are."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from referral.vocabulary.words import codes

_WORDS = re.compile(r"[a-z0-9]+")
_SILENT = re.compile(r"['’`]|(?<=\b[A-Za-z])\.(?=[A-Za-z]\b)")
"""Apostrophes, and the points in "P.C."."""

LEGAL = codes("inc llc lp llp lllp ltd pc pllc pa corp corporation incorporated company co dba")

SAME_WORD = {
    "center": "centers centre ctr ctrs cntr ctrl",
    "service": "services servs serv svcs svc",
    "treatment": "trt trtmt treatments tx",
    "health": "hlth healthcare",
    "behavioral": "behav behavior behavioural bh",
    "mental": "mh",
    "hospital": "hosp hospitals",
    "program": "programs prog progs prgm prg programme",
    "department": "dept",
    "community": "comm cmty",
    "association": "assoc associates assn associated",
    "rehabilitation": "rehab rehabilitative rehabs",
    "medical": "med medicine",
    "alcohol": "alc alcoholism",
    "addiction": "addictions addictive",
    "counseling": "counselling couns",
    "residential": "residence res",
    "outpatient": "op",
    "saint": "st",
    "women": "womens woman female",
    "men": "mens man male",
    "group": "groups",
    "clinic": "clinics",
    "system": "systems",
    "solution": "solutions",
    "resource": "resources",
    "adolescent": "adolescents teen teens youth youths",
    "child": "children childrens",
    "family": "families",
    "veterans": "va veteran",
    "county": "cnty co",
    "intensive": "iop",
    "detox": "detoxification withdrawal",
    "methadone": "otp narcotic opioid opiate mmtp mmp",
    "recovery": "recov",
    "regional": "reg region",
    "house": "hse",
    "mount": "mt",
    "fort": "ft",
    "1": "i one first 1st",
    "2": "ii two second 2nd",
    "3": "iii three third 3rd",
    "4": "iv four fourth 4th",
    "north": "northern",
    "south": "southern",
    "east": "eastern",
    "west": "western",
}
"""A word, and other ways to write it or as good as it."""

_SAME = {other: word for word, others in SAME_WORD.items() for other in others.split()}

EMPTY = codes("the of for and at in a an to by on with de del la las los el y")

GENERAL = codes(
    "center clinic service treatment program recovery health care behavioral mental counseling outpatient "
    "inpatient residential substance abuse use addiction alcohol drug community medical hospital house home "
    "foundation group association system county family therapy therapeutic rehabilitation wellness support "
    "solution institute agency department human social living intervention prevention methadone detox office "
    "division unit branch location site women men adolescent child adult intensive comprehensive integrated "
    "chemical dependency dependence disorder disorders council resource network partners project campus facility "
    "regional management assistance psychological psychiatric guidance development education transitional sober "
    "holistic professional life new clinical consulting satellite crisis stabilization access ambulatory partial "
    "day halfway"
)
"""Words that so many places use that they tell little apart."""

KINDS = codes(
    "outpatient inpatient residential detox methadone women men adolescent child adult intensive veterans court "
    "dui dwi sober transitional halfway family mother mothers pregnant spanish jail prison correctional crisis "
    "day partial mental telehealth 1 2 3 4 5 6 7 8 9 b c d e f"
)
"""Words that name one of several programs of one organization."""

GENERAL_WEIGHT = 0.3
CITY_WEIGHT = 0.2
FUZZY_WORD = 84
"""Likeness (0 to 100) from which two words of four letters or more are one word, mistyped."""


class Name(NamedTuple):
    """A name ready to compare."""

    text: str
    """Its words in order, abbreviations written out."""
    words: frozenset[str]
    general: frozenset[str]
    """Those that tell little apart."""
    here: frozenset[str]
    """Those that are the town's name."""
    kinds: frozenset[str]

    @property
    def telling(self) -> frozenset[str]:
        return self.words - self.general - self.here


def plain_words(text: str) -> list[str]:
    """The words of a text in small letters without accents; "St. Mary's" gives saint, marys."""
    text = _SILENT.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(mark for mark in text if not unicodedata.combining(mark))
    return _WORDS.findall(text.casefold())


@lru_cache(maxsize=65536)
def name_words(text: str) -> tuple[str, ...]:
    """Words of a name in order, each once, without legal forms and small words, abbreviations written out."""
    found = [_SAME.get(word, word) for word in plain_words(text) if word not in LEGAL and word not in EMPTY]
    return tuple(dict.fromkeys(found or plain_words(text)))


def name_of(text: str, city: str) -> Name:
    """`city`: the town of the place, whose name says nothing within it."""
    found = name_words(text)
    words = frozenset(found)
    general = words & GENERAL
    here = (words - general) & frozenset(name_words(city))
    return Name(" ".join(found), words, general, here, words & KINDS)


class Likeness(NamedTuple):
    """How alike two names are, 0 to 100 each."""

    whole: int
    """Shared words against all words of both."""
    part: int
    """Shared words against those of the shorter name: 100 where one name holds the other."""


def likeness(a: Name, b: Name) -> Likeness:
    """Words count by how much they tell; a mistyped word counts nearly. Symmetric."""
    if a.words == b.words:
        return Likeness(100, 100) if a.words else Likeness(0, 0)
    shared = a.words & b.words
    weight_a, weight_b = _weight(a.words, a, b), _weight(b.words, a, b)
    if not (weight_a and weight_b):
        return Likeness(0, 0)
    common = _weight(shared, a, b) + _mistyped(sorted(a.words - shared), sorted(b.words - shared), a, b)
    whole, part = 200 * common / (weight_a + weight_b), 100 * common / min(weight_a, weight_b)
    if a.kinds == b.kinds:
        # Names that differ in blanks: "Clean Slate" and "CleanSlate".
        whole = max(whole, fuzz.ratio(a.text.replace(" ", ""), b.text.replace(" ", ""), score_cutoff=90))
    return Likeness(min(99, round(whole)), min(100, round(max(whole, part))))


def _weight(words: frozenset[str], a: Name, b: Name) -> float:
    n_general = len(words & (a.general | b.general))
    n_here = len(words & (a.here | b.here))
    return len(words) - n_general - n_here + GENERAL_WEIGHT * n_general + CITY_WEIGHT * n_here


def _mistyped(left: list[str], right: list[str], a: Name, b: Name) -> float:
    """Weight of words that are one word but for a letter or two. Each counts once."""
    total, free = 0.0, set(right)
    for word in left:
        if len(word) < 4 or not word.isalpha():
            continue
        near = [
            (fuzz.ratio(word, other), other)
            for other in sorted(free)
            if len(other) >= 4 and other.isalpha() and abs(len(word) - len(other)) <= 2
        ]
        best, other = max(near, default=(0.0, ""))
        if best >= FUZZY_WORD:
            free.discard(other)
            total += (_weight(frozenset((word,)), a, b) + _weight(frozenset((other,)), a, b)) / 2 * best / 100
    return total
