"""Answers to the guide in an address: whole when they come back, worthless when damaged, old or from another time."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from cryptography.fernet import Fernet, InvalidToken
from hypothesis import given, settings

from referral.guide import QUESTIONS, Answers, Progress
from referral.sealing import MAX_SEALED_LENGTH, PROGRESS_LENGTH, Seal, SealError
from tests.guide.test_rules import any_answers, possible
from tests.rounds import rounds
from tests.security.test_sealing import ASKED

SEAL = Seal("a key for tests only", ttl_days=30)
ONE = Progress().answered(["alcohol", "opioids"])


@settings(max_examples=rounds(200), deadline=None)
@given(any_answers)
def test_what_is_sealed_comes_back_whole(answers: Answers) -> None:
    step = next((n for n, code in enumerate(QUESTIONS) if code not in answers), len(QUESTIONS))
    progress = Progress(answers, step)
    sealed = SEAL.seal_progress(progress)
    assert SEAL.unseal_progress(sealed) == progress
    assert len(sealed) == len(SEAL.seal_progress(Progress()))


def test_the_longest_answers_fit_into_the_length_that_all_have() -> None:
    longest = {
        code: max(possible(question), key=lambda chosen: sum(len(c) + 3 for c in chosen))
        for code, question in QUESTIONS.items()
    }
    sealed = SEAL.seal_progress(Progress(longest, 6))
    assert len(sealed) == len(SEAL.seal_progress(Progress())) < MAX_SEALED_LENGTH
    assert len(json.dumps({code: sorted(chosen) for code, chosen in longest.items()})) < PROGRESS_LENGTH


def test_the_same_answers_look_different_every_time() -> None:
    assert len({SEAL.seal_progress(ONE) for _ in range(20)}) == 20


def test_it_has_a_key_of_its_own() -> None:
    """Not the shape of what is inside keeps guide and search apart: neither key opens what the other has closed."""

    def opens(fernet: Fernet, sealed: str) -> bool:
        try:
            fernet.decrypt(sealed + "=" * (-len(sealed) % 4))
        except InvalidToken:
            return False
        return True

    guide, query = SEAL.seal_progress(ONE), SEAL.seal(ASKED)
    assert opens(SEAL._guide_fernet, guide)
    assert opens(SEAL._fernet, query)
    assert not opens(SEAL._fernet, guide)
    assert not opens(SEAL._guide_fernet, query)


def test_damage_is_noticed() -> None:
    sealed = SEAL.seal_progress(ONE)
    for position, old in enumerate(sealed[:-1]):
        with pytest.raises(SealError):
            SEAL.unseal_progress(sealed[:position] + ("A" if old != "A" else "B") + sealed[position + 1 :])


@pytest.mark.parametrize(("days", "is_open"), [(0, True), (29.9, True), (30.1, False), (-1, False)])
def test_it_opens_for_thirty_days(monkeypatch: pytest.MonkeyPatch, days: float, is_open: bool) -> None:
    sealed = SEAL.seal_progress(ONE)
    later = time.time() + days * 86400
    monkeypatch.setattr(time, "time", lambda: later)
    if is_open:
        assert SEAL.unseal_progress(sealed) == ONE
    else:
        with pytest.raises(SealError):
            SEAL.unseal_progress(sealed)


@pytest.mark.parametrize(
    "changes",
    [
        {"a": {"used": ["tea"]}},
        {"a": {"colour": ["red"]}},
        {"a": {"home": ["yes", "no"]}},
        {"a": {"used": []}},
        {"a": {}, "s": 1},
        {"a": ["used"]},
        {"a": {"used": 1}},
        {"s": 7},
        {"s": -1},
        {"s": "1"},
        {"s": None},
    ],
    ids=str,
)
def test_what_the_guide_no_longer_asks_is_refused(changes: dict[str, Any]) -> None:
    def sealed(plain: dict[str, Any]) -> str:
        return SEAL._guide_fernet.encrypt(json.dumps(plain).encode()).decode()

    plain = {"a": {"used": ["alcohol"]}, "s": 1}
    assert SEAL.unseal_progress(sealed(plain)).step == 1
    with pytest.raises(SealError):
        SEAL.unseal_progress(sealed(plain | changes))
