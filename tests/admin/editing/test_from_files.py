"""What files and merges brought into a listing stays as it is while nobody changes it, and never stops a save."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from referral.admin.editing.fields import MAX_PHONES, PHONE_KINDS
from referral.importers.own import cells
from tests.admin.conftest import Staff
from tests.admin.editing.world import add_listing, add_places, edit, form_of, get, stored

N_PHONES = MAX_PHONES + 4
ODD: dict[str, Any] = {
    "other_phones": [
        *({"kind": "main", "number": f"502-555-01{n:02}", "extension": ""} for n in range(N_PHONES - 1)),
        {"kind": "intake", "number": "502-555-0199", "extension": "5 or 6"},
    ],
    "license_expires_on": date(1900, 1, 1),
    "phone_extension": "123456789012",
}
"""Nothing of it could be typed into the form."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Nothing here depends on the kind of the database."""
    return sqlite_url


@pytest.fixture
def listing(app: object) -> int:
    add_places()
    return add_listing(**ODD)


def test_a_save_keeps_what_could_not_be_typed(staff: Staff, listing: int) -> None:
    assert edit(staff(), listing, name="Harbor House").status_code == 303
    now = stored(listing)
    assert now.name == "Harbor House"
    assert {name: getattr(now, name) for name in ODD} == ODD


def test_of_many_numbers_one_can_be_taken_out_or_changed(staff: Staff, listing: int) -> None:
    client = staff()
    assert edit(client, listing, **{"phones-0-number": "", "phones-12-number": "(502) 555-0150"}).status_code == 303
    numbers = [one["number"] for one in stored(listing).other_phones]
    assert numbers == [*(f"502-555-01{n:02}" for n in range(1, 12)), "502-555-0150", "502-555-0199"]


def test_what_is_changed_must_be_right(staff: Staff, listing: int) -> None:
    changes = {"phones-13-extension": "5 or 7", "license_expires_on": "1900-01-02", "phone_extension": "123456789013"}
    for name, text in changes.items():
        assert edit(staff(), listing, **{name: text}).status_code == 422, name
    assert stored(listing).version == 1


def test_a_number_is_of_a_kind_that_files_know_too(staff: Staff, listing: int) -> None:
    assert set(PHONE_KINDS) <= set(cells.PHONE_KINDS)
    client = staff()
    assert edit(client, listing, **{"phones-0-kind": "other", "phones-1-kind": "=1+1; hotline"}).status_code == 303
    assert edit(client, listing, **{"phones-2-kind": "x", "phones-2-number": "502-555-0188"}).status_code == 303
    kinds = {one["kind"] for one in stored(listing).other_phones}
    assert kinds == {"main", "intake", "other"}
    offered = form_of(get(client, f"/listings/{listing}/edit"), "/edit").fields
    assert offered[f"phones-{N_PHONES - 1}-extension"] == "5 or 6"
