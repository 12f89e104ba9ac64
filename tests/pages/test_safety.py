"""Safety stands above the matches, short, with its sources, and does not block the way."""

from __future__ import annotations

from flask.testing import FlaskClient

from tests.conftest import make_app
from tests.pages.conftest import Search
from tests.pages.reading import read


def test_warnings_stand_above_the_matches(search: Search) -> None:
    page = search(need="detox", substance="treats_alcohol_use", population="pregnant_postpartum")
    text = page.text()
    assert "Do not stop suddenly or alone." in text
    assert "Say that you are pregnant when you call" in text
    assert text.index("Do not stop suddenly") < text.index("Say that you are pregnant") < text.index("Best fit first")
    assert "Harbor" in text


def test_a_plan_carries_them_too(client: FlaskClient, search: Search) -> None:
    plan = read(client.get(search(need=["detox", "outpatient"], substance="treats_opioid_use").link("See the plan")))
    assert plan.text().index("Do not detox alone.") < plan.text().index("Each step, nearest first")


def test_a_search_that_calls_for_none_shows_none(search: Search) -> None:
    assert not search(need="outpatient", payment="takes_medicaid").find(class_="warnings")


def test_what_is_said_for_safety_adds_a_warning_and_leaves_out_no_place(search: Search) -> None:
    plain = search(need="outpatient")
    said = search(need="outpatient", concern=["benzodiazepines", "hard_withdrawal"])
    assert "If it happens now, call 911." in said.text()
    assert "Do not stop suddenly or alone." in said.text()
    assert said.texts(class_="card") == plain.texts(class_="card")


def test_what_was_said_for_safety_is_kept_when_the_search_is_changed(client: FlaskClient, search: Search) -> None:
    page = search(need="outpatient", concern="benzodiazepines")
    assert read(client.get(page.link("Change search"))).checked("concern") == ["benzodiazepines"]
    assert "Xanax" in read(client.get(page.link("Show the nearest first"))).text()


def test_each_warning_names_its_source_and_when_it_was_reviewed(search: Search) -> None:
    page = search(need="detox")
    sources = [a for a in page.find("a", class_="out") if "medlineplus.gov" in str(a.get("href"))]
    assert len(sources) == 1
    assert sources[0].get("rel") == "noreferrer noopener external"
    assert "Reviewed on November 20, 2026." in page.text()


def test_a_source_in_english_is_read_as_english_on_a_page_in_spanish(client: FlaskClient) -> None:
    answer = client.post("/es/", data={"near": "40202", "radius_miles": "25", "need": "detox"})
    page = read(client.get(answer.headers["Location"]))
    [source] = [a for a in page.find("a", class_="out") if "medlineplus.gov" in str(a.get("href"))]
    assert source.get("hreflang") == "en"
    assert [s.text for s in source.iter("span") if s.get("lang") == "en"] == ["MedlinePlus, Alcohol withdrawal"]


def test_the_emergency_number_is_the_one_of_the_settings(pages_path: object) -> None:
    client = make_app(f"sqlite:///{pages_path}", emergency_phone="112").test_client()
    answer = client.post("/", data={"near": "40202", "radius_miles": "25", "concern": "hard_withdrawal"})
    assert "If it happens now, call 112." in client.get(answer.headers["Location"]).get_data(as_text=True)
