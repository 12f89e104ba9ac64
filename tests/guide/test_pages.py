"""The pages of the guide: six questions, what may help, and the way from there to the results."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from referral.guide import QUESTIONS, Progress, advise
from referral.sealing import SealError
from tests.guide.conftest import SEIZURES, Walk
from tests.pages.reading import Page, read, text_of


def action(page: Page) -> str:
    return str(page.find("form")[0].get("action"))


def filled(page: Page) -> dict[str, list[str]]:
    """What a browser sends of the form on the page."""
    sent: dict[str, list[str]] = {}
    for field in page.find("form")[0].iter("input"):
        if field.get("type") not in ("checkbox", "radio") or field.get("checked") is not None:
            sent.setdefault(str(field.get("name")), []).append(field.get("value", ""))
    return sent


def test_the_intake_leads_to_the_guide(client: FlaskClient) -> None:
    page = read(client.get("/"))
    assert page.link("Answer six short questions") == "/guide"


def test_the_questions_come_one_a_page_in_their_order(walk: Walk) -> None:
    for number, question in enumerate(QUESTIONS.values()):
        page = walk(*["not_sure"] * number)
        assert page.texts("h1") == [question.text]
        assert f"Question {number + 1} of 6" in page.text()
        kind = "checkbox" if question.takes_several else "radio"
        values = [e.get("value") for e in page.find("input", name="answer", type=kind)]
        assert values == [answer.code for answer in question.answers]
        assert [t for a in question.answers for t in [a.label] if t not in page.text()] == []
    assert walk(*["not_sure"] * 6).texts("h1") == ["What may help"]


def test_each_question_stands_without_a_word_about_the_answers_in_its_title(walk: Walk) -> None:
    assert [t.split(" – ")[0] for t in walk("opioids", "ill").texts("title")] == ["Question 3 of 6"]


def test_going_back_shows_what_was_answered(client: FlaskClient, walk: Walk) -> None:
    page = read(client.get(walk(["alcohol", "opioids"], "ill").link("Back")))
    assert page.texts("h1") == [QUESTIONS["stopping"].text]
    assert page.checked("answer") == ["ill"]
    page = read(client.get(page.link("Back")))
    assert page.checked("answer") == ["alcohol", "opioids"]
    assert "Back" not in page.texts("a")


def test_an_answer_changed_later_keeps_the_others(client: FlaskClient, walk: Walk) -> None:
    first = read(client.get(walk(*SEIZURES).link("Change answers")))
    page = read(client.get(client.post(action(first), data={"answer": "cannabis"}).headers["Location"]))
    for _ in range(5):
        again = client.post(action(page), data={"answer": page.checked("answer")})
        page = read(client.get(again.headers["Location"]))
    assert page.texts("h1") == ["What may help"]
    assert "treats_alcohol_use" not in filled(page).get("substance", [])
    assert filled(page)["concern"] == ["hard_withdrawal"]


def wrong_answers() -> Iterator[tuple[int, list[str], str]]:
    for step in range(6):
        yield step, [], "Choose an answer"
    yield 0, ["tea"], "Choose only from this list"
    yield 1, ["ill", "very_ill"], "Choose only one"
    yield 5, ["pregnant", "none"], "cannot go with another"


@pytest.mark.parametrize(("step", "chosen", "told"), list(wrong_answers()))
def test_a_wrong_answer_is_told_and_loses_nothing(
    client: FlaskClient, walk: Walk, step: int, chosen: list[str], told: str
) -> None:
    before = walk(*SEIZURES[:step])
    page = read(client.post(action(before), data={"answer": chosen}))
    assert page.status == 422
    links = [a.get("href") for summary in page.find(class_="problems") for a in summary.iter("a")]
    assert links == ["#answer-0"]
    assert len(page.find(id="answer-0")) == 1
    assert all(told in text for text in page.texts(class_="error") + page.texts(class_="problems"))
    assert page.texts("title")[0].startswith("Error: ")
    assert page.checked("answer") == [code for code in chosen if code != "tea"]
    assert action(page) == action(before)
    after = read(client.get(client.post(action(page), data={"answer": SEIZURES[step]}).headers["Location"]))
    assert after.texts("h1") == walk(*SEIZURES[: step + 1]).texts("h1")


@pytest.mark.parametrize(
    ("answers", "number", "text"),
    [(("alcohol", "very_ill"), "tel:911", "seizure"), (("cannabis", "ill", "yes", "suicidal"), "tel:988", "suicide")],
)
def test_danger_shows_at_once_whom_to_call_and_blocks_nothing(
    walk: Walk, answers: tuple[str, ...], number: str, text: str
) -> None:
    page = walk(*answers)
    [notice] = page.find(class_="urgent")
    assert text in text_of(notice)
    assert number in [a.get("href") for a in notice.iter("a")]
    assert page.find("button", class_="main")
    assert not walk(*["not_sure"] * len(answers)).find(class_="urgent")


def test_thoughts_of_suicide_are_answered_at_the_end_too(walk: Walk) -> None:
    page = walk("cannabis", "ill", "yes", "suicidal", "no", "none")
    assert {a.get("href") for notice in page.find(class_="urgent") for a in notice.iter("a")} == {
        "tel:988",
        "sms:988",
    }


def test_the_numbers_in_the_answers_are_those_of_the_settings(walk: Walk) -> None:
    assert "call 911" in walk("alcohol").text()
    assert "call or text 988" in walk("alcohol", "ill", "yes").text()


def test_the_end_says_that_it_is_no_diagnosis(walk: Walk) -> None:
    assert "This is not a diagnosis" in walk(*SEIZURES).text()
    assert "This is not a diagnosis" in walk().text()


def test_the_end_is_the_intake_filled_in_with_why(walk: Walk) -> None:
    page = walk(*SEIZURES)
    sent = filled(page)
    assert sent["need"] == ["detox", "outpatient"]
    assert sent["substance"] == ["treats_alcohol_use"]
    assert sent["concern"] == ["hard_withdrawal"]
    assert sent["radius_miles"] == ["25"]
    advice = advise({code: frozenset({a}) for code, a in zip(QUESTIONS, SEIZURES, strict=True)})
    text = page.text()
    hrefs = {a.get("href") for a in page.find("a")}
    for suggestion in advice.suggestions:
        for rule in suggestion.rules:
            assert rule.why in text
            assert rule.source.url in hrefs


def test_each_suggestion_is_described_by_its_reason(walk: Walk) -> None:
    page = walk(["alcohol", "opioids"], "very_ill", "no", "yes", "jail", ["pregnant", "on_medication"])
    checked = [
        e for name in filled(page) for e in page.find("input", name=name, type="checkbox") if "checked" in e.attrib
    ]
    assert len(checked) == 12
    for box in checked:
        [reason] = page.find(id=str(box.get("aria-describedby")))
        assert text_of(reason).startswith("Why:")
    unchecked = [e for e in page.find("input", name="need") if "checked" not in e.attrib]
    assert not [e for e in unchecked if e.get("aria-describedby")]


def test_links_to_sources_are_marked_as_leaving(walk: Walk) -> None:
    page = walk(*SEIZURES)
    for link in [a for why in page.find(class_="why") for a in why.iter("a")]:
        assert "noreferrer" in link.get("rel", "")
        assert "leaves this site" in text_of(link)


def test_warnings_stand_above_what_is_suggested(walk: Walk) -> None:
    text = walk(*SEIZURES).text()
    assert text.index("Danger now") < text.index("Look for this first")


def test_the_end_leads_to_the_question_that_the_answers_suggest(site: Flask, client: FlaskClient, walk: Walk) -> None:
    page = walk(*SEIZURES)
    assert action(page) == "/"
    answer = client.post(action(page), data=filled(page) | {"near": "40202"})
    assert answer.status_code == 303
    asked = site.extensions["seal"].unseal(answer.headers["Location"].rsplit("/", 1)[1])
    assert asked.query.needs == ("detox", "outpatient")
    assert [r.facts for r in asked.query.requirements] == [("treats_alcohol_use",)]
    assert asked.concerns == ("hard_withdrawal",)


def test_a_missing_place_leads_to_the_whole_intake_with_everything_filled_in(client: FlaskClient, walk: Walk) -> None:
    page = read(client.post("/", data=filled(walk(*SEIZURES))))
    assert page.status == 422
    assert page.checked("need") == ["detox", "outpatient"]
    assert page.checked("substance") == ["treats_alcohol_use"]
    assert page.checked("concern") == ["hard_withdrawal"]


def test_a_parent_can_say_that_the_person_is_under_18(site: Flask, client: FlaskClient, walk: Walk) -> None:
    for answers in (["not_sure"] * 6, ["opioids"]):
        page = walk(*answers, *["not_sure"] * (6 - len(answers)))
        [box] = [e for e in page.find("input") if e.get("value") == "adolescents"]
        assert (box.get("name"), box.get("checked")) == ("age", None), "offered, and never suggested"
        assert "The person is under 18" in page.text()
    answer = client.post(action(page), data=filled(page) | {"near": "40202", "age": "adolescents"})
    assert "Age: Teens (under 18)" in read(client.get(answer.headers["Location"])).texts(class_="asked")[0]


def test_a_suggestion_can_be_taken_out(site: Flask, client: FlaskClient, walk: Walk) -> None:
    sent = filled(walk(*SEIZURES)) | {"near": ["40202"], "need": ["outpatient"], "substance": []}
    asked = site.extensions["seal"].unseal(client.post("/", data=sent).headers["Location"].rsplit("/", 1)[1])
    assert (asked.query.needs, asked.query.requirements) == (("outpatient",), ())


def test_the_language_is_kept_from_page_to_page(client: FlaskClient, walk: Walk) -> None:
    page = walk("alcohol", "ill", start="/es/guide")
    assert page.find("html")[0].get("lang") == "es"
    assert action(page).startswith("/es/guide/")
    end = walk(*["not_sure"] * 6, start="/es/guide")
    assert action(end) == "/es/"


def test_an_answer_sent_after_the_end_leads_to_the_end(site: Flask, client: FlaskClient) -> None:
    done = Progress({code: frozenset({"not_sure"}) for code in QUESTIONS}, 6)
    path = f"/guide/{site.extensions['seal'].seal_progress(done)}"
    answer = client.post(path, data={"answer": "no"})
    assert (answer.status_code, answer.headers["Location"]) == (303, path)


def test_nothing_of_the_answers_can_be_read_in_an_address(client: FlaskClient, walk: Walk) -> None:
    addresses = [action(walk(*SEIZURES[:n])) for n in range(1, 6)] + [walk(*SEIZURES).link("Back")]
    raw = [base64.urlsafe_b64decode(a.rsplit("/", 1)[1] + "==") for a in addresses]
    for word in (*SEIZURES[:2], "used", "stopping", "yes", "none"):
        assert not [a for a, b in zip(addresses, raw, strict=True) if word in a or word.encode() in b]
    assert len({len(address) for address in addresses}) == 1


def test_the_seals_of_guide_and_search_do_not_open_each_other(site: Flask, client: FlaskClient, walk: Walk) -> None:
    seal = site.extensions["seal"]
    guide = action(walk("alcohol")).rsplit("/", 1)[1]
    query = client.post("/", data={"near": "40202", "radius_miles": "25"}).headers["Location"].rsplit("/", 1)[1]
    for path in (f"/results/{guide}", f"/plan/{guide}", f"/change/{guide}", f"/guide/{query}"):
        assert read(client.get(path)).status == 410, path
    assert read(client.post(f"/guide/{query}", data={"answer": "alcohol"})).status == 410
    with pytest.raises(SealError):
        seal.unseal(guide)
    with pytest.raises(SealError):
        seal.unseal_progress(query)


@pytest.mark.parametrize("sealed", ["x", "gAAAAAB" + "a" * 180, "é", "a" * 3500])
def test_a_damaged_address_gives_the_form_and_no_dead_end(client: FlaskClient, sealed: str) -> None:
    for page in (read(client.get(f"/guide/{sealed}")), read(client.post(f"/guide/{sealed}", data={"answer": "ill"}))):
        assert page.status == 410
        assert page.find("input", id="near")


def test_no_page_of_the_guide_sets_a_cookie_or_is_kept(client: FlaskClient, walk: Walk) -> None:
    posted = client.post("/guide", data={"answer": "alcohol"})
    for answer in (client.get("/guide"), posted, client.get(posted.headers["Location"]), client.post("/guide")):
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_another_site_cannot_answer_and_a_browser_that_hides_its_origin_can(client: FlaskClient) -> None:
    def status(**headers: str) -> int:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/guide", data={"answer": "alcohol"}, headers=sent).status_code

    assert status(Sec_Fetch_Site="cross-site") == status(Origin="https://elsewhere.example") == 400
    assert status(Origin="null") == status(Sec_Fetch_Site="same-origin") == 303
