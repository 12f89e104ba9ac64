"""Which passwords are taken: long ones that nobody would guess, of any characters."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from referral.accounts.password_rules import problem_with
from referral.accounts.passwords import HASHER, hashed, is_too_long, matches

ABOUT = ("editor@staff.example", "Sam Rivera", "Onward")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "seven blue herons waded out",
        "ñandú que corre por la pampa",
        "ゆきがふるとねこはまるくなる、と母",
        "🦦🐢🌲🚲🥁🪁🧭🪵🐝🫖🛶🌾🍋🎈🪴",
        "               spaces count   ",
        "editorial staffing meeting at nine",
        "rivera dips paddle 3 herons",
    ],
)
def test_long_ones_of_any_characters_are_taken(password: str) -> None:
    assert problem_with(password, ABOUT, has_second_step=False) is None


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("", "short"),
        ("fourteen chars", "short"),
        ("password1234567", "common"),
        ("PASSWORD1234567", "common"),
        ("p@ssw0rdp@ssw0rd", "common"),
        ("letmein letmein!", "common"),
        ("monkey 123456789", "common"),
        ("aaaaaaaaaaaaaaaaaa", "common"),
        ("abcabcabcabcabcabc", "common"),
        ("123456789012345678", "common"),
        ("qwertyuiopasdfghjkl", "common"),
        ("1qaz2wsx3edc4rfv5tgb", "common"),
        ("fedcbafedcbafedcba", "common"),
        ("onward-onward-2026", "common"),
        ("Sam.Rivera.1.2.3.4", "common"),
        ("editor@staff.example", "common"),
        ("ｐａｓｓｗｏｒｄ１２３４５６７", "common"),
        ("x" * 1001, "long"),
        ("ñ" * 501, "long"),
    ],
)
def test_what_would_be_guessed_first_is_refused(password: str, problem: str) -> None:
    assert problem_with(password, ABOUT, has_second_step=False) == problem


def test_with_a_second_step_eight_characters_are_enough_but_not_common_ones() -> None:
    assert problem_with("7 otters", ABOUT, has_second_step=True) is None
    assert problem_with("7 otter", ABOUT, has_second_step=True) == "short"
    assert problem_with("sunshine", ABOUT, has_second_step=True) == "common"
    assert problem_with("trustno1", ABOUT, has_second_step=True) == "common"


@given(st.text(max_size=1200))
def test_every_text_gets_an_answer_soon(password: str) -> None:
    started = time.perf_counter()
    assert problem_with(password, ABOUT, has_second_step=False) in (None, "short", "long", "common")
    assert time.perf_counter() - started < 0.25


def test_the_longest_run_of_letters_is_looked_at_soon() -> None:
    started = time.perf_counter()
    for text in ("abcdefghijklmnopqrstuvwxyz" * 38, "abc" * 333, "qwe" * 300 + "!"):
        problem_with(text, ABOUT, has_second_step=False)
    assert time.perf_counter() - started < 0.5


def test_the_hash_is_argon2id_with_what_owasp_asks_for_at_least() -> None:
    made = hashed("seven blue herons waded out")
    assert made.startswith("$argon2id$")
    assert HASHER.memory_cost >= 19 * 1024
    assert HASHER.time_cost >= 2
    assert hashed("seven blue herons waded out") != made
    assert matches(made, "seven blue herons waded out")
    assert not matches(made, "seven blue herons waded out ")
    assert not matches("not a hash", "seven blue herons waded out")


def test_nothing_too_long_is_hashed() -> None:
    assert is_too_long("x" * 1001)
    assert not is_too_long("x" * 1000)
    assert not matches(None, "x" * 100_000)
