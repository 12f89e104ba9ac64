"""What holds for every combination of answers, and for every rule by itself."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

import pytest
import textstat  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from referral.guide import QUESTIONS, RULES, Advice, Answers, Progress, Question, Rule, advise
from referral.guide.progress import is_answer
from referral.vocabulary import CONCERNS, FACTS, INTAKE_FACTS_BY_GROUP, NEEDS
from tests.rounds import rounds

DANGEROUS_TO_STOP = {"alcohol", "benzodiazepines"}
"""What is a reason for detox by itself, whoever the person is."""


def possible(question: Question) -> list[frozenset[str]]:
    """Every answer that can be given to a question."""
    codes = [answer.code for answer in question.answers]
    subsets = (frozenset(c) for n in range(1, len(codes) + 1) for c in itertools.combinations(codes, n))
    return [chosen for chosen in subsets if is_answer(question, chosen)]


any_answers = st.fixed_dictionaries({}, optional={q.code: st.sampled_from(possible(q)) for q in QUESTIONS.values()})


@cache
def coarse() -> list[tuple[Answers, Advice]]:
    """Every combination in which one thing is used, or nearly everything."""
    used = [chosen for chosen in possible(QUESTIONS["used"]) if len(chosen) in (1, 6)]
    others = [possible(question) for code, question in QUESTIONS.items() if code != "used"]
    combinations = (dict(zip(QUESTIONS, chosen, strict=True)) for chosen in itertools.product(used, *others))
    return [(answers, advise(answers)) for answers in combinations]


def codes(advice: Advice) -> set[str]:
    return {suggestion.code for suggestion in advice.suggestions}


@settings(max_examples=rounds(200), deadline=None)
@given(any_answers)
def test_there_is_always_a_need_and_every_suggestion_says_why(answers: Answers) -> None:
    advice = advise(answers)
    assert advice.needs
    for suggestion in advice.suggestions:
        assert suggestion.rules
        assert all(rule.why and rule.source.url for rule in suggestion.rules)
        assert all(suggestion.code in rule.needs | rule.facts | rule.concerns for rule in suggestion.rules)


@settings(max_examples=rounds(200), deadline=None)
@given(any_answers)
def test_detox_and_a_sober_home_are_never_suggested_without_treatment(answers: Answers) -> None:
    assert codes(advise(answers)) & {"outpatient", "residential_90"}


with_opioids = st.sampled_from(
    [chosen for chosen in possible(QUESTIONS["used"]) if "opioids" in chosen and not chosen & DANGEROUS_TO_STOP]
)
on_medicine_or_pregnant = st.sampled_from(
    [chosen for chosen in possible(QUESTIONS["also"]) if chosen & {"pregnant", "on_medication"}]
)


@settings(max_examples=rounds(200), deadline=None)
@given(any_answers, with_opioids, on_medicine_or_pregnant)
def test_nobody_is_led_to_detox_from_opioids_who_is_pregnant_or_on_medicine(
    answers: Answers, used: frozenset[str], also: frozenset[str]
) -> None:
    suggested = codes(advise({**answers, "used": used, "also": also}))
    assert "detox" not in suggested
    assert "outpatient" in suggested


@settings(max_examples=rounds(200), deadline=None)
@given(any_answers)
def test_who_has_just_been_through_detox_is_not_sent_there_again(answers: Answers) -> None:
    assert "detox" not in codes(advise({**answers, "recent": frozenset({"detox"})}))


@settings(max_examples=rounds(200), deadline=None)
@given(any_answers, st.permutations(list(QUESTIONS)))
def test_the_order_of_answers_changes_nothing(answers: Answers, order: list[str]) -> None:
    assert advise({code: answers[code] for code in order if code in answers}) == advise(answers)


@settings(max_examples=rounds(200), deadline=None)
@given(any_answers)
def test_a_question_without_an_answer_is_as_one_that_is_not_known(answers: Answers) -> None:
    """Except where not knowing is what the rule is about: it never takes a suggestion away."""
    known = {code: chosen for code, chosen in answers.items() if chosen != {"not_sure"}}
    assert codes(advise(known)) <= codes(advise(answers))


def test_every_rule_is_reached_by_some_answers() -> None:
    reached = {rule.code for _, advice in coarse() for suggestion in advice.suggestions for rule in suggestion.rules}
    assert reached == {rule.code for rule in RULES}


def test_every_answer_matters_to_some_rule_or_says_that_nothing_is_known() -> None:
    asked = {
        (question, code)
        for rule in RULES
        for condition in (*rule.when, *rule.unless)
        for question, wanted in condition
        for code in wanted
    }
    given = {(question.code, answer.code) for question in QUESTIONS.values() for answer in question.answers}
    assert asked <= given
    assert {code for _, code in given - asked} == {"nothing_much", "no", "none", "not_sure"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_suggests_what_exists_and_stands_on_a_source(rule: Rule) -> None:
    assert rule.needs | rule.facts | rule.concerns
    assert rule.needs | rule.without <= set(NEEDS)
    assert rule.facts <= {fact.code for facts in INTAKE_FACTS_BY_GROUP.values() for fact in facts}
    assert rule.concerns <= set(CONCERNS)
    assert urlsplit(rule.source.url).scheme == "https"
    assert rule.source.publisher
    assert rule.source.title
    assert rule.why.endswith(".")


def test_no_rule_is_older_than_two_years() -> None:
    today = datetime.now(UTC).date()
    assert not [rule.code for rule in RULES if today - rule.reviewed > timedelta(days=730)]


def test_rules_and_answers_have_names_of_their_own() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    for question in QUESTIONS.values():
        assert len({answer.code for answer in question.answers}) == len(question.answers)


def test_there_are_at_most_six_questions_and_each_can_be_skipped() -> None:
    assert len(QUESTIONS) <= 6
    for question in QUESTIONS.values():
        assert is_answer(question, frozenset({"not_sure"}))


@pytest.mark.parametrize(
    ("question", "chosen", "is_one"),
    [
        ("used", ["alcohol", "opioids", "not_sure"], True),
        ("used", [], False),
        ("used", ["alcohol", "tea"], False),
        ("home", ["yes", "no"], False),
        ("also", ["pregnant", "on_medication"], True),
        ("also", ["pregnant", "none"], False),
        ("also", ["none", "not_sure"], False),
    ],
)
def test_which_answers_may_be_given_together(question: str, chosen: list[str], is_one: bool) -> None:
    assert is_answer(QUESTIONS[question], frozenset(chosen)) is is_one


def test_progress_cannot_leave_a_question_out() -> None:
    one = Progress().answered(["alcohol"])
    assert (one.step, one.question) == (1, QUESTIONS["stopping"])
    for step in (-1, 2, 7):
        with pytest.raises(ValueError, match=r"step|left out"):
            one.at(step)
    with pytest.raises(ValueError, match="not an answer"):
        one.answered(["tea"])


def test_going_back_keeps_what_was_answered_later() -> None:
    one = Progress().answered(["alcohol"]).answered(["ill"])
    changed = one.at(0).answered(["opioids"])
    assert changed.answers == {"used": {"opioids"}, "stopping": {"ill"}}
    assert changed.question == QUESTIONS["stopping"]


def test_facts_of_a_group_never_outweigh_each_other_in_a_search() -> None:
    """In one group any fact is enough, so facts of different kinds must not be suggested together."""
    alike = [{"treats_opioid_use", "treats_alcohol_use"}, {"methadone", "buprenorphine", "accepts_on_medication"}]
    for answers, advice in coarse():
        facts = [suggestion.code for suggestion in advice.facts]
        for _, members in itertools.groupby(sorted(facts, key=lambda c: FACTS[c].family), lambda c: FACTS[c].family):
            group = set(members)
            assert len(group) == 1 or any(group <= same for same in alike), answers


def test_questions_and_reasons_are_written_for_everyone() -> None:
    """Reading grade 8 or lower (Flesch-Kincaid)."""
    measure = type(textstat.textstat)()
    reasons = [rule.why for rule in RULES]
    asked = [text for q in QUESTIONS.values() for text in (q.text, *(a.explanation for a in q.answers)) if text]
    for texts in (reasons, asked):
        assert measure.flesch_kincaid_grade(" ".join(texts)) <= 8
