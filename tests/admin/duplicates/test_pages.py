"""Pairs: the list, dismissing and opening again, who may do what, and two people at once."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.duplicates.search import begin, run
from referral.extensions import db
from referral.history import act
from referral.models import DuplicatePair, Merge
from tests.admin.conftest import Staff
from tests.admin.duplicates.test_merging import provider
from tests.admin.duplicates.world import World, form_of, merge, page_of
from tests.admin.people import csrf
from tests.pages.reading import read

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""Nothing here depends on the kind of database."""

INDEX = "/en/admin/duplicates"


def dismiss(client, world: World, **data: str):  # type: ignore[no-untyped-def]
    return client.post(f"{INDEX}/{world.pair}/dismiss", data={"csrf_token": csrf(client, page_of(world)), **data})


def test_the_list_shows_score_reasons_and_both_places(app: Flask, world: World, staff: Staff) -> None:
    page = staff("viewer").get(INDEX).get_data(as_text=True)
    for text in ("87 of 100", "Similar names (86 of 100)", "Same address", "Blue Door Recovery", "12 Dock St"):
        assert text in page


def test_the_list_is_narrowed_to_a_state(app: Flask, world: World, staff: Staff) -> None:
    client = staff("viewer")
    assert "Blue Door" in client.get(f"{INDEX}?state=KY").get_data(as_text=True)
    assert "Blue Door Recovery" not in client.get(f"{INDEX}?state=OH").get_data(as_text=True)


def test_a_dismissed_pair_leaves_the_list_with_its_reason(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    assert dismiss(client, world, reason="branches").status_code == 303
    assert "Blue Door Recovery" not in client.get(INDEX).get_data(as_text=True)
    page = client.get(f"{INDEX}?status=dismissed").get_data(as_text=True)
    assert "Branches of one organization" in page
    client.post(f"{INDEX}/{world.pair}/reopen", data={"csrf_token": csrf(client, page_of(world))})
    assert "Blue Door Recovery" in client.get(INDEX).get_data(as_text=True)


def test_a_dismissal_needs_a_reason(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    assert dismiss(client, world).status_code == 422
    answer = dismiss(client, world, reason="other", own_words=" ")
    assert answer.status_code == 422
    assert "Say why they are two." in answer.get_data(as_text=True)
    assert dismiss(client, world, reason="other", own_words="Two doors, two teams").status_code == 303
    assert db.session.get_one(DuplicatePair, world.pair).why == "Two doors, two teams"


def test_a_viewer_sees_the_pair_and_changes_nothing(app: Flask, world: World, staff: Staff) -> None:
    viewer = staff("viewer")
    page = viewer.get(page_of(world)).get_data(as_text=True)
    assert "Blue Door Recovery" in page
    assert "Merge them" not in page
    token = csrf(viewer, INDEX)
    for path in ("/search", "/merge", f"/{world.pair}/dismiss", f"/{world.pair}/reopen", "/merges/1/undo"):
        assert viewer.post(INDEX + path, data={"csrf_token": token}).status_code == 403


@pytest.mark.parametrize("side", ["first", "second"])
def test_who_comes_second_sees_the_values_of_now_and_what_they_chose(
    app: Flask, world: World, staff: Staff, side: str
) -> None:
    client = staff("editor")
    data = form_of(client, world, part__name="first", part__website="second", why="One door")
    with act(db.session, "edit"):
        provider(getattr(world, side)).city = "Shively"
        db.session.commit()
    answer = client.post(f"{INDEX}/merge", data=data)
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "Somebody has changed one of the two meanwhile." in page
    assert "Shively" in page
    assert "One door" in page
    chosen = read(answer)
    assert (chosen.checked("part-name"), chosen.checked("part-website")) == (["first"], ["second"])
    assert db.session.scalars(sa.select(Merge)).all() == []
    again = {field.get("name"): field.get("value") for field in chosen.find("input", type="hidden")}
    assert client.post(f"{INDEX}/merge", data=data | again).status_code == 303
    assert provider(world.second).name == "Blue Door Recovery"


@pytest.mark.parametrize("version", [None, "", "x", "-1", "99999999999999999999"])
def test_a_form_without_the_versions_it_showed_changes_nothing(
    app: Flask, world: World, staff: Staff, version: str | None
) -> None:
    client = staff("editor")
    data = form_of(client, world) | {"second_version": version}
    data = {name: value for name, value in data.items() if value is not None}
    assert client.post(f"{INDEX}/merge", data=data).status_code == 409
    assert db.session.scalars(sa.select(Merge)).all() == []


def test_of_two_merges_at_once_one_counts(app: Flask, world: World, staff: Staff) -> None:
    one, other = staff("editor"), staff("admin")
    data = form_of(other, world, keep="first")
    assert merge(one, world).status_code == 303
    assert other.post(f"{INDEX}/merge", data=data).status_code == 303
    assert [made.winner_id for made in db.session.scalars(sa.select(Merge))] == [world.second]


def test_every_page_is_whole_in_both_languages(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    paths = ["", f"/{world.pair}", "/new", "/new?first=1&second=x", "/merges"]
    for language in ("en", "es"):
        for path in paths:
            assert read(client.get(f"/{language}/admin/duplicates{path}")) is not None
    merge(client, world)
    number = db.session.scalars(sa.select(Merge.id)).one()
    read(client.get(f"/es/admin/duplicates/merges/{number}"))
    read(client.get("/es/admin/duplicates/merges"))


@pytest.mark.parametrize("number", ["0", "99", "9999999999999999999"])
def test_what_is_not_there_is_404(app: Flask, staff: Staff, number: str) -> None:
    client = staff("viewer")
    assert client.get(f"{INDEX}/{number}").status_code == 404
    assert client.get(f"{INDEX}/merges/{number}").status_code == 404
    assert client.get(f"{INDEX}/new?first={number}&second=1").status_code == 422


def test_a_search_of_a_small_directory_is_done_at_once(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    db.session.execute(sa.delete(DuplicatePair))
    db.session.commit()
    client.post(f"{INDEX}/search", data={"csrf_token": csrf(client, INDEX)})
    page = client.get(INDEX).get_data(as_text=True)
    assert "Listings compared: 2. New pairs: 1." in page
    assert "Blue Door Recovery" in page


def test_two_numbers_are_asked_for_where_none_was_typed(app: Flask, staff: Staff) -> None:
    client = staff("viewer")
    assert read(client.get(f"{INDEX}/new")).status == 200
    page = read(client.get(f"{INDEX}/new?first=&second=third"))
    assert page.status == 422
    assert page.texts("p", class_="error") == ["Error: Enter its number."] * 2


def test_the_numbers_are_taken_as_pages_write_them(app: Flask, world: World, staff: Staff) -> None:
    client = staff("viewer")
    page = client.get(f"{INDEX}/new?first=%23{world.first}&second=%20%23{world.second}")
    assert page.status_code == 200
    assert "Are these two one place?" in page.get_data(as_text=True)
    history = read(client.get(f"/en/admin/history?provider=%23{world.first}"))
    assert history.texts("h1") == ["History of Blue Door Recovery"]


def test_no_pairs_are_denied_before_anybody_has_searched(app: Flask, staff: Staff) -> None:
    client = staff("viewer")
    page = read(client.get(INDEX))
    assert "The pairs will stand here when the directory has been searched." in page.text()
    assert "nobody has searched yet" in read(client.get("/en/admin/overview")).text()
    run(db.engine, begin_search())
    assert "No pair waits for a decision." in read(client.get(INDEX)).text()
    assert "nobody has searched yet" not in read(client.get("/en/admin/overview")).text()


def begin_search() -> int:
    db.session.rollback()
    with db.engine.execution_options(is_write=True).begin() as connection:
        return begin(connection, None)


def test_the_page_of_a_search_that_runs_comes_again_unless_told_to_stand_still(app: Flask, staff: Staff) -> None:
    client = staff("viewer")
    begin_search()
    page = client.get(INDEX)
    assert page.headers["Refresh"] == "2"
    assert "A search is running" in read(page).text()
    assert "Refresh" not in client.get(read(page).link("stand still")).headers
