"""Each scenario in tests/guide/scenarios/*.toml holds."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from referral.guide import QUESTIONS, RULES, Answers, Progress, advise

FOLDER = Path(__file__).parent / "scenarios"


def scenarios() -> Iterator[Any]:
    for path in sorted(FOLDER.glob("*.toml")):
        for scenario in tomllib.loads(path.read_text(encoding="utf-8"))["scenario"]:
            yield pytest.param(scenario, id=f"{path.stem}: {scenario['shows']}")


def answers(scenario: dict[str, Any]) -> Answers:
    """As the pages would take them: one that could not be given there is an error."""
    progress = Progress()
    for code in QUESTIONS:
        told = scenario.get(code, "not_sure")
        progress = progress.answered([told] if isinstance(told, str) else told)
    return progress.answers


@pytest.mark.parametrize("scenario", list(scenarios()))
def test_scenario(scenario: dict[str, Any]) -> None:
    advice = advise(answers(scenario))
    suggested = {s.code: [rule.code for rule in s.rules] for s in advice.suggestions}
    assert [s.code for s in advice.needs] == scenario["needs"]
    assert [s.code for s in advice.facts] == scenario["facts"]
    assert [s.code for s in advice.concerns] == scenario["concerns"]
    assert not set(suggested) & set(scenario.get("never", []))
    for code, rules in scenario.get("because", {}).items():
        assert suggested[code] == rules


def test_each_rule_is_shown_by_a_scenario() -> None:
    shown = {
        rule for scenario in scenarios() for rules in scenario.values[0].get("because", {}).values() for rule in rules
    }
    assert shown == {rule.code for rule in RULES}
