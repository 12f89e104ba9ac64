"""What the pages of a listing say: its number, which field an error is of, and links that keep what was typed."""

from __future__ import annotations

import re

from tests.admin.conftest import Staff
from tests.admin.editing.world import edit, get, send
from tests.pages.reading import read


def test_the_page_of_a_listing_says_the_number_that_other_pages_ask_for(staff: Staff, listing: int) -> None:
    assert f"#{listing}" in read(get(staff("viewer"), f"/listings/{listing}")).text()


def test_each_error_of_the_summary_says_which_field_it_is_of(staff: Staff, listing: int) -> None:
    page = read(
        edit(staff(), listing, organization="x" * 301, city="y" * 301, licensed_beds="many", website="x.example")
    )
    assert page.status == 422
    (summary,) = page.find("div", class_="problems")
    said = ["".join(link.itertext()) for link in summary.iter("a")]
    assert [text.partition(":")[0] for text in said[:2]] == ["Organization that it belongs to", "City"]
    assert any(text.startswith("Licensed beds: Enter a whole number") for text in said)
    assert len(set(said)) == len(said)


def test_looking_at_a_listing_like_the_new_one_does_not_lose_what_was_typed(staff: Staff, listing: int) -> None:
    client = staff()
    same = {"name": "Harbor Recovery", "city": "Louisville", "state": "KY", "postal_code": "40202"}
    page = read(
        send(client, get(client, "/listings/new"), "/new", phone="502-555-0100", street="12 Dock Street", **same)
    )
    assert page.status == 422
    (other,) = [link for link in page.find("a") if re.search(rf"/listings/{listing}$", str(link.get("href")))]
    assert other.get("target") == "_blank"
    assert "another tab" in "".join(other.itertext())
