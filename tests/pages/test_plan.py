"""The plan: steps in their order, who does them, what is asked and arranged, and what is never said."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from referral.database import start_writing
from referral.extensions import db
from referral.matching import Origin, Query
from referral.sealing import Asked
from tests.pages.conftest import Search
from tests.pages.reading import Page, read, text_of
from tests.pages.world import at, provider

HERE = at(38.25, -85.75)


def test_several_steps_lead_to_a_plan(client: FlaskClient, search: Search) -> None:
    results = search(need=["detox", "sober_living", "outpatient"])
    plan = read(client.get(results.link("See the plan")))
    steps = [text_of(h) for li in plan.find("li", class_="step") for h in li.iter("h3")]
    assert steps == ["Step 1: Detox", "Step 2: Outpatient", "Step 3: Sober living"]
    first = [text_of(a) for a in plan.find("li", class_="step")[0].iter("a")]
    assert first[0] == "Harbor <i>Recovery</i>"
    assert re.search(r"Distance from the first place of the step before: [0-9.]+ miles", plan.text())
    assert "See all places as a list" in plan.text()


def stops(plan: Page, step: int, name: str) -> list[list[str]]:
    """The reasons of the stops with this name in a step."""
    cards = [li for li in plan.find("li", class_="step")[step].iter("li") if li.get("class") == "card"]
    return [[text_of(e) for e in next(c.iter("ul"))] for c in cards if name in text_of(c)]


def test_a_stop_of_a_plan_says_what_is_uncertain(client: FlaskClient, search: Search) -> None:
    plan = read(client.get(search(need=["detox", "outpatient"], payment="takes_medicaid").link("See the plan")))
    assert stops(plan, 0, "Green Gate") == [["Detox", "Ask: Do you take Medicaid?"]]
    assert stops(plan, 1, "Clinic 00") == [["Outpatient", "Ask: Do you take Medicaid?"]]
    assert stops(plan, 0, "Harbor") == [["Detox", "Medicaid"]]
    [together] = plan.find("section", **{"aria-labelledby": "together"})
    reasons = next(ul for ul in together.iter("ul") if ul.get("class") == "reasons")
    assert [text_of(e) for e in reasons] == ["Detox", "Outpatient", "Medicaid"]


def test_a_stop_of_a_plan_asks_nothing_that_is_known(client: FlaskClient, search: Search) -> None:
    results = search(need=["detox", "residential_90"], payment="takes_medicaid")
    plan = read(client.get(results.link("See the plan")))
    assert stops(plan, 1, "Long Lane") == [["Live-in treatment, 90 days", "Ask: Do you take Medicaid?"]]
    assert stops(plan, 1, "Hill House") == [["Ask: Can a person stay for 90 days?", "Ask: Do you take Medicaid?"]]


def test_a_stop_of_a_plan_says_what_it_does_for_the_time_after(app: Flask) -> None:
    known = {"onward_care": True, "naloxone_education": True}
    start_writing(db.session)
    db.session.add(provider("after", "Next Door", "detox", facts=known, **HERE))
    db.session.add(provider("plain", "Plain Door", "detox outpatient", **HERE))
    db.session.commit()
    text = app.extensions["seal"].seal(Asked(Query(Origin(38.25, -85.75), ("detox", "outpatient")), "40202"))
    plan = read(app.test_client().get(f"/plan/{text}"))
    cards = [text_of(li) for li in plan.find("li", class_="step")[0].iter("li") if li.get("class") == "card"]
    assert ["Next Door" in card for card in cards] == [True, False]
    assert "For the time after: Plans what comes next Naloxone and overdose training" in cards[0]
    assert "Ask: Will you help arrange the next step before discharge?" in cards[1]


def test_a_plan_says_what_to_arrange_before_each_step_ends(client: FlaskClient, search: Search) -> None:
    needs = ["detox", "residential_90", "outpatient", "sober_living"]
    plan = read(client.get(search(need=needs).link("See the plan")))
    steps = [text_of(li) for li in plan.find("li", class_="step")]
    assert "Ask the detox to call the live-in program before you leave" in steps[0]
    assert "No bed yet on that day? Ask to stay until there is one" in steps[0]
    assert "For opioids: ask to start methadone or buprenorphine there" in steps[0]
    assert "ask for your first outpatient appointment" in steps[1]
    assert "Ask how you get from the home to your treatment" in steps[2]
    assert "Some homes do not allow methadone or buprenorphine." in steps[3]
    assert "what happens after a return to use" in steps[3]


def test_a_plan_ends_with_mutual_help(client: FlaskClient, search: Search) -> None:
    plan = read(client.get(search(need=["detox", "outpatient"]).link("See the plan")))
    [section] = plan.find("section", **{"aria-labelledby": "along"})
    assert [name for name in ("(NA)", "(AA)", "SMART", "Al-Anon", "Nar-Anon") if name not in text_of(section)] == []
    assert all("leaves this site" in text_of(a) for a in section.iter("a") if str(a.get("href")).startswith("http"))


def test_a_stop_of_a_plan_says_whom_it_takes_only(client: FlaskClient, search: Search) -> None:
    plan = read(client.get(search(need=["detox", "outpatient"]).link("See the plan")))
    limits = plan.texts(class_="limits")
    assert limits
    assert set(limits) == {"Takes only people with opioid use disorder."}


def test_a_plan_says_when_a_step_is_beyond_the_distance(client: FlaskClient, search: Search) -> None:
    results = search(need=["detox", "sober_living"], near="Nashville, TN", radius_miles="10")
    plan = read(client.get(results.link("See the plan")))
    assert "We know of no place within 10 miles that offers this. These are the nearest." in plan.text()


def test_a_plan_says_when_no_one_place_does_all_steps(client: FlaskClient, search: Search) -> None:
    apart = "We know of no one place within 25 miles that does all of these steps. Here is who does each."
    plan = read(client.get(search(need=["detox", "sober_living"]).link("See the plan")))
    assert apart in plan.text()
    assert "All steps at one place" not in plan.text()
    plan = read(client.get(search(need=["detox", "outpatient"]).link("See the plan")))
    assert "does all of these steps" not in plan.text()


def test_a_plan_never_says_that_nobody_does_a_step_which_a_private_home_does(app: Flask) -> None:
    start_writing(db.session)
    db.session.add(provider("plain", "Plain Door", "detox", **HERE))
    db.session.add(provider("quiet", "Quiet Home", "recovery_residence", address_kind="confidential"))
    db.session.commit()

    def plan(state: str) -> str:
        origin = Origin(38.25, -85.75, state=state)
        text = app.extensions["seal"].seal(Asked(Query(origin, ("detox", "sober_living")), "40202"))
        return read(app.test_client().get(f"/plan/{text}")).text()

    assert "without a point on the map offer this too" in plan("KY")
    assert "We know of no place that offers this" not in plan("KY")
    assert "without a point on the map offer this too" not in plan("OH")
    assert "We know of no place that offers this" in plan("OH")


def test_a_plan_for_one_step_leads_to_the_list(client: FlaskClient, search: Search) -> None:
    address = search(need="detox").link("Change search").replace("/change/", "/plan/")
    assert client.get(address).status_code == 303
