"""The sealed query: whole when it comes back, unreadable on the way, worthless when it is damaged or old."""

from __future__ import annotations

import base64
import time
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.matching import Order, Origin, Precision, Query, Requirement
from referral.sealing import MAX_SEALED_LENGTH, Asked, Seal, SealError
from referral.vocabulary import CONCERNS, FACTS_BY_FAMILY, GROUPS, NEEDS
from tests.rounds import rounds

KEY = "a key for tests only"
SEAL = Seal(KEY, ttl_days=30)
NEAR = "Coeur d'Alene, ID"
ASKED = Asked(
    Query(
        Origin(47.6777, -116.7805, Precision.CITY, NEAR, "ID"),
        needs=("detox", "dual_diagnosis"),
        requirements=(Requirement("payment", ("takes_medicaid",)), Requirement("medication", ("methadone",))),
    ),
    NEAR,
)


@st.composite
def requirements(draw: st.DrawFn) -> tuple[Requirement, ...]:
    groups = draw(st.lists(st.sampled_from(GROUPS), unique=True, max_size=4))
    return tuple(
        Requirement(
            group,
            tuple(draw(st.lists(st.sampled_from([f.code for f in FACTS_BY_FAMILY[group]]), unique=True, min_size=1))),
        )
        for group in groups
    )


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
questions = st.builds(
    Asked,
    st.builds(
        Query,
        st.builds(Origin, st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(Precision), texts, texts),
        st.lists(st.sampled_from(list(NEEDS)), unique=True).map(tuple),
        requirements(),
        st.none() | st.floats(0.001, 12_450),
        st.sampled_from(Order),
    ),
    texts,
    st.lists(st.sampled_from(list(CONCERNS)), unique=True).map(tuple),
)


@settings(max_examples=rounds(300), deadline=None)
@given(questions)
def test_what_is_sealed_comes_back_whole(asked: Asked) -> None:
    assert SEAL.unseal(SEAL.seal(asked)) == asked


def test_the_largest_question_fits_into_an_address() -> None:
    everything = tuple(Requirement(g, tuple(f.code for f in FACTS_BY_FAMILY[g] if f.on_intake)) for g in GROUPS)
    largest = Query(ASKED.query.origin, tuple(NEEDS), tuple(r for r in everything if r.facts))
    assert len(SEAL.seal(Asked(largest, "x" * 120))) <= MAX_SEALED_LENGTH


def test_nothing_can_be_read_from_it() -> None:
    sealed = SEAL.seal(ASKED)
    raw = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
    for word in ("detox", "medicaid", "methadone", "Coeur", "47.67", "116.78", "payment"):
        assert word.encode() not in raw
        assert word not in sealed


def test_its_length_does_not_tell_how_much_was_asked() -> None:
    little = Asked(Query(ASKED.query.origin), "")
    assert len(SEAL.seal(little)) == len(SEAL.seal(ASKED))
    assert len(SEAL.seal(replace(ASKED, concerns=("benzodiazepines",)))) == len(SEAL.seal(ASKED))


def test_the_same_question_looks_different_every_time() -> None:
    assert len({SEAL.seal(ASKED) for _ in range(50)}) == 50


def test_it_stands_in_an_address_without_being_changed() -> None:
    assert set(SEAL.seal(ASKED)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_damage_at_any_position_is_noticed() -> None:
    sealed = SEAL.seal(ASKED)
    for position, old in enumerate(sealed[:-1]):
        damaged = sealed[:position] + ("A" if old != "A" else "B") + sealed[position + 1 :]
        with pytest.raises(SealError):
            SEAL.unseal(damaged)
    for length in range(len(sealed) - 1):
        with pytest.raises(SealError):
            SEAL.unseal(sealed[:length])


@settings(max_examples=rounds(300), deadline=None)
@given(st.text(max_size=200) | st.text("ABCxyz019-_=", max_size=4000))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(SealError):
        SEAL.unseal(text)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealError):
        Seal("another key for tests", ttl_days=30).unseal(SEAL.seal(ASKED))


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (29.9, True), (30.1, False), (400, False), (-1, False)])
def test_it_opens_for_thirty_days(monkeypatch: pytest.MonkeyPatch, days: float, is_open: bool) -> None:
    sealed = SEAL.seal(ASKED)
    later = time.time() + days * 86400
    monkeypatch.setattr(time, "time", lambda: later)
    if is_open:
        assert SEAL.unseal(sealed) == ASKED
    else:
        with pytest.raises(SealError):
            SEAL.unseal(sealed)


@pytest.mark.parametrize(
    "changes",
    [
        {"n": ["cure"]},
        {"r": {"payment": ["gold"]}},
        {"o": [91, 0, "exact", "", ""]},
        {"m": -1},
        {"s": "best-paid"},
        {"o": 1},
    ],
    ids=str,
)
def test_what_the_vocabulary_no_longer_has_is_refused(changes: dict[str, Any]) -> None:
    import json

    plain = {"n": [], "r": {}, "o": [0, 0, "exact", "", ""], "m": 25.0, "s": "best", "t": ""}

    def sealed(values: dict[str, Any]) -> str:
        return SEAL._fernet.encrypt(json.dumps(values).encode()).decode()

    assert SEAL.unseal(sealed(plain)).near == ""
    with pytest.raises(SealError):
        SEAL.unseal(sealed(plain | changes))
