"""Pages are made one at a time, and nobody is held up by a page that waits."""

from __future__ import annotations

import threading

import pytest

from referral.pages.turns import in_turn, turn


def test_pages_are_made_one_at_a_time() -> None:
    at_work, most = 0, 0
    counting = threading.Lock()

    @in_turn
    def view() -> None:
        nonlocal at_work, most
        with counting:
            at_work += 1
            most = max(most, at_work)
        sum(range(2000))
        with counting:
            at_work -= 1

    threads = [threading.Thread(target=lambda: [view() for _ in range(20)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_page_that_waits_for_the_database_holds_up_nobody() -> None:
    has_answered, is_waiting = threading.Event(), threading.Event()

    @in_turn
    def slow() -> None:
        is_waiting.set()
        has_answered.wait(30)

    waiting = threading.Thread(target=slow)
    waiting.start()
    assert is_waiting.wait(30)
    assert in_turn(lambda: "a page")() == "a page"
    has_answered.set()
    waiting.join()


def test_a_page_that_fails_gives_its_turn_back() -> None:
    with pytest.raises(ZeroDivisionError):
        in_turn(lambda: 1 // 0)()
    assert not turn.locked()
