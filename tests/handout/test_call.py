"""The script of a call: whom to ask for, what to say and ask, what does not fit, and what to do after a no."""

from __future__ import annotations

import pytest
from flask import Flask

from referral.handout.spoken import SPOKEN_NEEDS
from referral.matching import Origin, Query, Requirement
from referral.sealing import Asked
from referral.vocabulary import ASKS, GROUPS, INTAKE_FACTS_BY_GROUP, NEEDS
from tests.handout.conftest import Get, Ids
from tests.handout.world import HIDDEN
from tests.pages.reading import Page, read, text_of

EVERY_CALL = [
    "Do you have a bed or a slot now? If not: how long is the wait, and where can I go until then?",
    "Is there a waiting list? May I call each day?",
    "What does it cost up front? How much does my insurance pay?",
    "Can I keep taking all my other medicines?",
    "What should I bring, and what must stay at home?",
    "Can family call or visit?",
    "May I keep my phone?",
    "Is smoking allowed?",
    "Can children stay, or is there child care?",
    "How do I get there? Can someone pick me up?",
    "Who do I ask for next time?",
]


def seal(site: Flask, *needs: str, **wanted: str) -> str:
    """A question of somebody near 40202: facts of each group parted by blanks."""
    requirements = tuple(Requirement(group, tuple(facts.split())) for group, facts in wanted.items())
    origin = Origin(38.2529, -85.7514, label="40202 (Louisville, KY)", state="KY")
    text: str = site.extensions["seal"].seal(Asked(Query(origin, needs, requirements), "40202"))
    return text


@pytest.fixture
def call(site: Flask, ids: Ids) -> Get:
    def get(key: str, sealed: str = "", prefix: str = "") -> Page:
        return read(site.test_client().get(f"{prefix}/call/{ids[key]}" + (f"/{sealed}" if sealed else "")))

    return get


def questions(page: Page) -> list[list[str]]:
    """Questions under each heading."""
    return [[text_of(item) for item in found.iter("li")] for found in page.find("ul", class_="questions")]


def section(page: Page, name: str) -> str:
    [found] = [e for e in page.find("section") if e.get("aria-labelledby") == name]
    return text_of(found)


def test_the_number_of_intake_is_called_and_the_others_stand_beside_it(call: Get) -> None:
    page = call("harbor")
    [button] = page.find("a", class_="call")
    assert button.get("href") == "tel:+15025550111;ext=3"
    text = section(page, "dial")
    assert "When it answers, enter extension 3, or ask for it." in text
    assert "This number leads to the people who help you start. Ask for “intake” or “admissions”." in text
    assert "Main number: 502-555-0100 ext. 12" in text
    assert "Hotline: 1-800-555-0112" in text


def test_without_a_number_of_intake_one_asks_for_intake(call: Get) -> None:
    text = section(call("lane"), "dial")
    assert "Call 502-555-0100" in text
    assert "Ask for “intake” or “admissions”." in text
    assert "leads to the people" not in text
    assert "extension" not in text
    assert "No phone number is listed." in section(call("screen"), "dial")


def test_key_facts_that_are_not_known_are_asked_when_nobody_asked(call: Get) -> None:
    asked, every = questions(call("lane"))
    assert asked == [
        "Do you take Medicaid?",
        "Do you have a sliding fee, by income?",
        "Do you treat mental health and substance use together?",
        "Can a person keep taking methadone or buprenorphine from their own doctor?",
        "How long can a person stay?",
    ]
    assert every == EVERY_CALL


def test_what_the_listing_answers_is_shown_and_not_asked(call: Get) -> None:
    page = call("harbor")
    [every] = questions(page)
    assert every == [
        q for q in EVERY_CALL if q not in ("Is smoking allowed?", "Can children stay, or is there child care?")
    ]
    text = section(page, "listed")
    assert "Children can come along" in text
    assert "Not here: Smoke-free" in text
    assert "Not here: Help with rides" in text
    assert "Live-in detox. Longest stay: 10 days" in text


def test_a_place_without_beds_is_not_asked_about_visits_and_phones(call: Get) -> None:
    _asked, every = questions(call("plain1"))
    assert "What should I bring to the first visit?" in every
    assert not [q for q in ("May I keep my phone?", "Can family call or visit?", "Is smoking allowed?") if q in every]
    assert "How do I get there? Can someone pick me up?" not in questions(call("screen"))[1]


def test_the_first_questions_are_made_from_what_this_person_asked(call: Get, site: Flask) -> None:
    wanted = {"payment": "takes_medicaid sliding_fee", "medication": "accepts_on_medication", "language": "spanish"}
    sealed = seal(site, "residential_90", "dual_diagnosis", **wanted)
    asked, every = questions(call("lane", sealed))
    assert asked == [
        "Can a person stay for 90 days?",
        "Do you treat mental health and substance use together?",
        "Do you take Medicaid? Do you have a sliding fee, by income?",
        "Can a person keep taking methadone or buprenorphine from their own doctor?",
        "Does anyone there speak Spanish?",
    ]
    assert every == EVERY_CALL
    listed = section(call("harbor", seal(site, "detox", payment="takes_medicaid")), "listed")
    assert "Live-in detox" in listed
    assert "Detox" not in listed, "the general kind says no more than the finer one"
    assert "Medicaid" in listed


def test_the_opening_says_the_need_for_oneself_and_for_another_and_never_the_place(call: Get, site: Flask) -> None:
    page = call("harbor", seal(site, "detox", "outpatient", "dual_diagnosis"))
    needs = "detox, outpatient treatment and mental health care at the same time"
    text = section(page, "say")
    assert f"Hello. I am looking for help with drug or alcohol use. I need {needs}." in text
    assert f"Hello. I am calling for someone who needs {needs}, for drug or alcohol use." in text
    assert not [word for word in ("40202", "mile", "38.25") if word in page.text().replace("KY 40202", "")]
    assert "I need" not in section(call("harbor"), "say")


def test_the_opening_leaves_out_kinds_of_care_that_the_place_does_not_have(call: Get, site: Flask) -> None:
    asked = seal(site, "detox", "residential_90", "dual_diagnosis", "sober_living")
    page = call("harbor", asked)
    assert "I need detox and mental health care at the same time." in section(page, "say")
    assert "Not found here: Sober living" in page.text()
    assert "I need live-in treatment for about 90 days and" in section(call("lane", asked), "say")
    # Where none of it is found, or nothing is listed, all of it is said.
    for key in ("plain1", "bare"):
        assert "I need detox, live-in treatment for about 90 days, mental" in section(call(key, asked), "say")


def test_a_fact_that_was_asked_and_is_listed_stands_once(call: Get, site: Flask) -> None:
    asked = seal(site, "detox", medication="buprenorphine accepts_on_medication", payment="free_care")
    text = section(call("rich1", asked), "listed")
    assert text.count("Staying on methadone or buprenorphine") == 1
    assert text.count("Free care") == 1


def test_every_need_can_be_said_aloud() -> None:
    assert set(SPOKEN_NEEDS) == set(ASKS)


def test_a_place_that_refuses_the_medication_is_not_shown_as_if_it_fitted(call: Get, site: Flask) -> None:
    page = call("strict", seal(site, "detox", medication="accepts_on_medication"))
    [notice] = page.find("div", class_="misfit")
    assert text_of(notice).startswith(
        "What does not fit Not here: Staying on methadone or buprenorphine taken now "
        "This place says that it does not continue this medicine. Call another place first. Back to your results"
    )
    # Before the number to call.
    assert page.html.index("What does not fit") < page.html.index('class="call"')
    assert "Do not stop it to get in" in page.text()
    assert not call("strict", seal(site, "detox")).find("div", class_="misfit")
    # One that says nothing about it is asked, and not denied.
    assert not call("lane", seal(site, "residential_90", medication="accepts_on_medication")).find(class_="misfit")


def test_what_is_not_found_here_is_said(call: Get, site: Flask) -> None:
    [notice] = call("plain1", seal(site, "detox")).find("div", class_="misfit")
    assert "Not found here: Detox" in text_of(notice)
    [notice] = call("harbor", seal(site, "detox", payment="free_care")).find("div", class_="misfit")
    assert "Not on its list: Free care" in text_of(notice)
    assert "medicine" not in text_of(notice)


def test_after_a_no_there_is_a_next_step(call: Get, site: Flask, ids: Ids) -> None:
    sealed = seal(site, "detox")
    page = call("harbor", sealed)
    address = page.link("Call the next place on your results")
    assert address == f"/results/{sealed}#p{ids['harbor']}"
    assert read(site.test_client().get(address)).find("li", id=f"p{ids['harbor']}")
    text = section(page, "refused")
    for words in ("You asked. That was the hard part.", "1-800-662-4357", "Call 911", "do not wait alone at home"):
        assert words in text
    assert "Withdrawal from alcohol or benzodiazepines" in text
    # At night nobody may answer; an emergency room is open.
    assert "Nobody answers? Leave a first name and, if they may call back, a number." in text
    assert "Ill from stopping opioids? Many emergency rooms can start medicine for it the same day." in text
    assert "Source:" in text
    assert "Reviewed on" in text
    assert call("harbor").link("Find the next place to call") == "/"


def test_who_takes_methadone_or_buprenorphine_asks_for_it_also_where_it_is_listed(call: Get, site: Flask) -> None:
    every = questions(call("rich1", seal(site, "detox", medication="accepts_on_medication")))[-1]
    assert "Can I keep taking my medicines: methadone, buprenorphine, others?" in every
    assert "Can I keep taking all my other medicines?" in questions(call("rich1", seal(site, "detox")))[-1]
    # It is asked once, where the listing is silent.
    asked, every = questions(call("lane", seal(site, "residential_90", medication="accepts_on_medication")))
    assert "Can a person keep taking methadone or buprenorphine from their own doctor?" in asked
    assert "Can I keep taking all my other medicines?" in every


def test_the_script_is_printed_as_large_as_one_sheet_allows(call: Get, site: Flask) -> None:
    """How small it has to be; browser tests hold that it stays on one sheet."""
    wanted = {
        "medication": "methadone buprenorphine accepts_on_medication",
        "substance": "treats_opioid_use",
        "population": "pregnant_postpartum",
    }
    asked = (seal(site, "detox"), seal(site, "detox", "outpatient", **wanted))
    for prefix, sizes in (("", ["pt-9", "pt-7-5"]), ("/es", ["pt-8-5", "pt-7-5"])):
        for question, size in zip(asked, sizes, strict=True):
            assert call("lane", question, prefix).find("div", class_=size), (prefix, size)


def test_who_is_pregnant_is_told_to_say_so(call: Get, site: Flask) -> None:
    assert "Say that you are pregnant when you call" in section(
        call("lane", seal(site, "detox", population="pregnant_postpartum")), "say"
    )
    assert "pregnant" not in section(call("lane", seal(site, "detox")), "say")


def test_closed_for_now_is_said_first(call: Get, site: Flask) -> None:
    for page in (call("repair"), call("repair", seal(site, "detox", medication="accepts_on_medication"))):
        assert text_of(page.find(class_="closed")[0]).startswith("Closed for now.")
        assert page.html.index("Closed for now.") < page.html.index('class="call"')
    asked, _every = questions(call("repair", seal(site, "detox", payment="free_care")))
    assert asked == ["Do you offer detox?", "Is care free of charge?"]


def test_a_place_that_is_gone_has_no_script(site: Flask, call: Get, ids: Ids) -> None:
    for page in (call("gone"), call("gone", seal(site, "detox"))):
        assert page.status == 410
        assert page.texts("h1") == ["Gone Away is no longer listed"]
        assert "502-555" not in page.html
    for number in ("0", "999999", "2147483648", "9" * 19, "9" * 40, "x"):
        assert read(site.test_client().get(f"/call/{number}")).status == 404
    page = read(site.test_client().get(f"/call/{ids['lane']}/damaged"))
    assert page.status == 410
    assert page.find("form")


def test_a_report_is_said_and_a_private_address_is_not(call: Get) -> None:
    assert "Reported, being checked." in call("lane").text()
    page = call("rose")
    assert not [part for part in HIDDEN.values() if part in page.html]


def test_a_place_of_which_nothing_is_known_can_still_be_called(call: Get, site: Flask) -> None:
    assert questions(call("bare"))[1] == EVERY_CALL
    asked, _every = questions(call("bare", seal(site, "detox", language="spanish")))
    assert asked == ["Do you offer detox?", "Does anyone there speak Spanish?"]


def test_many_wanted_facts_are_one_question(call: Get, site: Flask) -> None:
    wanted = {group: " ".join(fact.code for fact in INTAKE_FACTS_BY_GROUP[group]) for group in GROUPS}
    asked, _every = questions(call("lane", seal(site, *NEEDS, **wanted)))
    assert len(asked) == 2 + len(GROUPS)
    assert any(q.startswith("Which of these do you take or offer: Medicaid, Medicare,") for q in asked)


def test_the_script_speaks_spanish_and_keeps_it(call: Get, site: Flask, ids: Ids) -> None:
    sealed = seal(site, "detox")
    page = call("harbor", sealed, prefix="/es")
    assert page.find("html")[0].get("lang") == "es"
    assert f"/es/results/{sealed}#p{ids['harbor']}" in {a.get("href") for a in page.find("a")}
    sources = page.find("a", class_="out", hreflang="en")
    assert sources
    assert all(any(span.get("lang") == "en" for span in source.iter("span")) for source in sources)


def test_names_are_text_and_never_markup(call: Get) -> None:
    page = call("harbor")
    assert page.texts("h1") == ["The call to Harbor <i>Recovery</i>"]
    assert not page.find("i")
    assert [e.get("content") for e in page.find("meta", name="robots")] == ["noindex"]


def test_who_reads_no_english_is_told_what_to_say_when_it_is_answered_in_english(call: Get) -> None:
    page = call("lane", prefix="/es")
    [words] = [e for e in page.find("span", lang="en") if text_of(e).startswith("Spanish")]
    assert text_of(words) == "Spanish interpreter, please."
    assert page.find("a", href="/es/learn/rights")
    assert "interpreter" not in section(call("lane"), "say")


def test_whether_the_language_of_the_page_is_spoken_there_is_shown_or_asked(call: Get) -> None:
    asked = "¿Hay personal que hable español?"
    assert questions(call("lane", prefix="/es"))[-1][0] == asked
    harbor = call("harbor", prefix="/es")
    assert asked not in harbor.text()
    assert "Español" in section(harbor, "listed")
    assert "Spanish" not in call("harbor").text()


def test_every_page_calls_the_same_number(site: Flask, ids: Ids) -> None:
    client, harbor, sealed = site.test_client(), ids["harbor"], seal(site, "detox")
    pages = (
        f"/results/{sealed}",
        f"/providers/{harbor}",
        f"/call/{harbor}",
        f"/call/{harbor}/{sealed}",
        f"/list/{harbor}",
    )
    for path in pages:
        calls = [a for a in read(client.get(path)).find("a", class_="call") if "Harbor" in text_of(a)]
        assert [a.get("href") for a in calls] == ["tel:+15025550111;ext=3"], path
