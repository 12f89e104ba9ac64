"""Keeping places on a list while looking on, without a cookie and without scripts."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask.testing import FlaskClient

from tests.pages.conftest import Search
from tests.pages.reading import Page, read, text_of


def keep(client: FlaskClient, address: str, page: Page, name: str) -> tuple[str, Page]:
    """Follow the link that keeps the place of this name, as a browser does."""
    [card] = [card for card in page.find(class_="card") if name in text_of(card)]
    [link] = [a for a in card.iter("a") if "keep" in str(a.get("class")).split()]
    target, _, anchor = str(link.get("href")).partition("#")
    assert card.get("id") == anchor
    assert target.startswith("?")
    target = urlsplit(address).path + ("" if target == "?" else target)
    return target, read(client.get(target))


def start(client: FlaskClient, **form: object) -> tuple[str, Page]:
    address = client.post("/", data={"near": "40202", "radius_miles": "25"} | form).headers["Location"]
    return address, read(client.get(address))


def test_nothing_is_kept_at_first(search: Search) -> None:
    [bar] = search(need="detox").find(class_="list-bar")
    assert bar.get("hidden") is not None


def test_kept_places_are_counted_and_their_list_is_one_tap_away(client: FlaskClient) -> None:
    address, page = start(client, need="detox")
    address, page = keep(client, address, page, "Harbor")
    assert page.link("Your list: 1 place")
    address, page = keep(client, address, page, "Green Gate")
    assert page.link("Your list: 2 places")
    listed = read(client.get(page.link("Your list")))
    assert [name for name in ("Harbor", "Green Gate") if name in listed.text()] == ["Harbor", "Green Gate"]
    address, page = keep(client, address, page, "Harbor")
    assert page.link("Your list: 1 place")


def test_the_list_goes_along_wherever_a_search_leads(client: FlaskClient) -> None:
    address, page = start(client, need=["detox", "outpatient"], payment="takes_medicaid", radius_miles="5")
    _, page = keep(client, address, page, "Harbor")
    kept = page.link("Your list").rpartition("/")[2]
    addresses = {
        text_of(a): str(a.get("href"))
        for a in page.find("main")[0].iter("a")
        if "/results/" in str(a.get("href")) or "/plan/" in str(a.get("href")) or "/change/" in str(a.get("href"))
    }
    assert len(addresses) >= 5
    assert [text for text, address in addresses.items() if f"list={kept}" not in address] == []
    form = read(client.get(addresses["Change search"]))
    assert [e.get("value") for e in form.find("input", name="list")] == [kept]
    answer = client.post("/", data={"near": "40202", "radius_miles": "25", "list": kept})
    assert answer.headers["Location"].endswith(f"?list={kept}")


def test_a_plan_keeps_places_too(client: FlaskClient) -> None:
    _, page = start(client, need=["detox", "outpatient"])
    plan = page.link("See the plan")
    _, page = keep(client, plan, read(client.get(plan)), "Green Gate")
    assert page.texts("h1") == ["A plan, step by step"]
    assert page.link("Your list: 1 place")


def test_a_list_in_an_address_that_is_none_is_left_out(client: FlaskClient) -> None:
    address, _ = start(client, need="detox")
    for text in ("", "x", "1-", "-1", "1,2", "99999999999", "1-" * 4000, "٣", "%00", "<b>"):
        page = read(client.get(address, query_string={"list": text}))
        [bar] = page.find(class_="list-bar")
        assert bar.get("hidden") is not None, text
