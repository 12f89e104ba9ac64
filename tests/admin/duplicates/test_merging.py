"""Merging two listings by the form: what the one that stays has afterwards, and where the other one leads."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from referral.duplicates.merging import merged_ids
from referral.extensions import db
from referral.models import Act, Assignment, Check, Correction, DuplicatePair, Merge, Provider, Report
from referral.models.duplicate import shown_ids
from tests.admin.conftest import Staff
from tests.admin.duplicates.world import World, form_of, merge, page_of, second, undo
from tests.pages.reading import read
from tests.reports.sending import hidden, open_form, post, send


def provider(number: int) -> Provider:
    db.session.rollback()
    found = db.session.get(Provider, number)
    assert found is not None
    return found


def test_what_is_suggested_is_the_better_of_both(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    page = client.get(page_of(world)).get_data(as_text=True)
    assert 'name="keep" value="second"' in page, "it was confirmed later"
    assert merge(client, world).status_code == 303
    stays = provider(world.second)
    assert stays.name == "Blue Door", "of the one that was confirmed later"
    assert stays.organization == "Bay Health", "the other says nothing"
    assert (stays.latitude, stays.precision) == (38.261, "exact"), "an exact point is better"
    assert stays.website == "https://blue-door.example/"
    assert (stays.phone, stays.phone_extension) == ("502-555-0112", "7")
    numbers = [(phone["number"], phone["extension"]) for phone in stays.other_phones]
    assert numbers == [("502-555-0100", ""), ("502-555-0109", "")]
    assert stays.staff_note == "Ask for Sam."
    assert stays.facts == {
        "takes_medicaid": True,
        "methadone": True,
        "telehealth": True,
        "spanish": True,
    }


def test_each_choice_is_taken(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    one = provider(world.first)
    outpatient, detox = (program.id for program in one.programs)
    chosen: dict[str, Any] = {
        "part__name": "first",
        "part__address": "first",
        "part__point": "first",
        "part__phone": "first",
        "part__website": "second",
        "fact__spanish": "unknown",
        f"program__{outpatient}": "leave",
        f"program__{detox}": "add",
    }
    assert merge(client, world, why="The sign says so.", **chosen).status_code == 303
    stays = provider(world.second)
    assert (stays.name, stays.street, stays.unit) == ("Blue Door Recovery", "12 Dock Street", "")
    assert (stays.latitude, stays.precision) == (38.26, "zip")
    assert (stays.phone, stays.phone_extension, stays.website) == ("502-555-0100", "", "")
    assert [phone["number"] for phone in stays.other_phones] == ["502-555-0112", "502-555-0109"]
    assert "spanish" not in stays.facts
    programs = [(program.level, program.name, program.capacity, program.max_stay_days) for program in stays.programs]
    assert programs == [
        ("outpatient", "", 30, None),
        ("residential_long", "", None, 120),
        ("detox", "Quiet Ward", None, None),
    ]
    why = db.session.scalars(sa.select(Act.why).where(Act.kind == "merge")).one()
    assert why == "The sign says so."


def test_programs_of_one_level_are_combined(app: Flask, world: World, staff: Staff) -> None:
    merge(staff("editor"), world)
    outpatient = [program for program in provider(world.second).programs if program.level == "outpatient"]
    assert [(one.capacity, one.max_stay_days, one.facts) for one in outpatient] == [(30, 90, {"telehealth": True})]


def test_the_one_that_goes_keeps_its_data_and_is_off_the_list(app: Flask, world: World, staff: Staff) -> None:
    merge(staff("editor"), world)
    goes = provider(world.first)
    assert (goes.status, goes.name, goes.phone) == ("inactive", "Blue Door Recovery", "502-555-0100")
    assert [program.level for program in goes.programs] == ["outpatient", "detox"]


def test_reports_calls_and_assignment_move_along(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world)
    for model in (Report, Check):
        owners = set(db.session.scalars(sa.select(model.provider_id)))
        assert owners == {world.second}, model
    assert db.session.scalars(sa.select(Assignment.provider_id)).all() == [world.second]
    page = client.get(f"/en/providers/{world.second}").get_data(as_text=True)
    assert "Reported, being checked" in page


def test_imports_keep_what_was_taken_from_the_other(app: Flask, world: World, staff: Staff) -> None:
    merge(staff("editor"), world, part__name="first")
    fields = set(db.session.scalars(sa.select(Correction.field).where(Correction.provider_id == world.second)))
    assert {"name", "website", "facts.methadone", "level.detox", "phone"} <= fields


def test_history_of_the_other_is_found_from_the_one_that_stays(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    assert merged_ids(db.session, world.second) == []
    merge(client, world)
    assert merged_ids(db.session, world.second) == [world.first]
    made = db.session.scalars(sa.select(Merge)).one()
    undo(client, made.id)
    assert merged_ids(db.session, world.second) == []


@pytest.mark.parametrize("prefix", ["", "/en", "/es"])
def test_the_old_page_leads_to_the_new_one_in_the_same_language(
    app: Flask, world: World, staff: Staff, prefix: str
) -> None:
    client = staff("editor")
    merge(client, world)
    answer = client.get(f"{prefix}/providers/{world.first}?list=4-5")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{prefix}/providers/{world.second}?list=4-5"
    assert answer.headers["Cache-Control"] == "no-store", "a merge can be undone"
    call = client.get(f"{prefix}/call/{world.first}")
    assert (call.status_code, call.headers["Location"]) == (301, f"{prefix}/call/{world.second}")


def test_a_kept_list_with_the_old_number_shows_the_one_that_stays_once(
    app: Flask, world: World, staff: Staff
) -> None:
    client = staff("editor")
    merge(client, world)
    page = client.get(f"/en/list/{world.first}-{world.second}").get_data(as_text=True)
    assert page.count("Blue Door</") >= 1
    assert "no longer listed" not in page
    assert f"/providers/{world.second}" in page
    assert f"/providers/{world.first}" not in page


def add_third() -> int:
    third = second()
    third.source_key, third.name = "three", "Blue Door House"
    db.session.add(third)
    db.session.commit()
    return third.id


def test_merges_of_merges_lead_to_the_last(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world)
    third = add_third()
    assert merge(client, world._replace(first=third, second=world.second), keep="first").status_code == 303
    assert shown_ids(db.session, [world.first, world.second, third]) == {world.first: third, world.second: third}
    assert client.get(f"/en/providers/{world.first}").headers["Location"] == f"/en/providers/{third}"
    assert merged_ids(db.session, third) == [world.second, world.first]


def test_a_report_that_was_being_written_comes_in_for_the_one_that_stays(
    app: Flask, world: World, staff: Staff
) -> None:
    seeker, old = app.test_client(), f"/en/providers/{world.first}"
    token = open_form(seeker, old)
    merge(staff("editor"), world)
    assert seeker.get(f"{old}/report").headers["Location"] == f"/en/providers/{world.second}/report"
    again = read(post(seeker, old, kind="", text="Nobody answers.", token=token))
    assert (again.status, again.texts("textarea")) == (422, ["Nobody answers."])
    assert again.find("form", method="post")[0].get("action") == f"/en/providers/{world.second}/report"
    post(seeker, f"/en/providers/{world.second}", text="Nobody answers.", token=hidden(again, "token"))
    send(seeker, old, text="No bell.", token=token)
    reports = db.session.execute(sa.select(Report.provider_id, Report.text).order_by(Report.id.desc()).limit(2))
    assert reports.all() == [(world.second, "No bell."), (world.second, "Nobody answers.")]


def test_a_merge_into_what_has_closed_since_leads_nowhere(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world)
    provider(world.second).status = "inactive"
    db.session.commit()
    assert shown_ids(db.session, [world.first]) == {}
    assert client.get(f"/en/providers/{world.first}").status_code == 410
    assert "no longer listed" in client.get(f"/en/list/{world.first}").get_data(as_text=True)


def test_a_circle_of_merges_leads_nowhere_and_ends(app: Flask, world: World) -> None:
    acts = [Act(kind="merge"), Act(kind="merge")]
    db.session.add_all(acts)
    db.session.flush()
    db.session.add(Merge(loser_id=world.first, winner_id=world.second, act_id=acts[0].id))
    db.session.add(Merge(loser_id=world.second, winner_id=world.first, act_id=acts[1].id))
    for number in (world.first, world.second):
        db.session.get_one(Provider, number).status = "inactive"
    db.session.commit()
    assert shown_ids(db.session, [world.first, world.second]) == {}
    assert merged_ids(db.session, world.first) == [world.second]


def test_what_is_off_the_list_cannot_be_merged_again(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    data = form_of(client, world)
    merge(client, world)
    answer = client.post("/en/admin/duplicates/merge", data=data)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/en/admin/duplicates")
    assert len(db.session.scalars(sa.select(Merge)).all()) == 1
    same = client.post("/en/admin/duplicates/merge", data=data | {"second_id": world.first})
    assert same.status_code == 303
    assert len(db.session.scalars(sa.select(Merge)).all()) == 1


def test_fields_that_the_form_does_not_have_change_nothing(app: Flask, world: World, staff: Staff) -> None:
    strange: dict[str, Any] = {
        "part__source": "first",
        "part__id": "first",
        "fact__buprenorphine": "yes",
        "version": 77,
        "id": 99,
    }
    assert merge(staff("editor"), world, **strange).status_code == 303
    stays = provider(world.second)
    assert (stays.source, stays.source_key, "buprenorphine" in stays.facts) == ("locator_export", "two", False)


def test_a_choice_that_is_none_is_as_suggested(app: Flask, world: World, staff: Staff) -> None:
    assert merge(staff("editor"), world, part__name="third", fact__spanish="perhaps").status_code == 303
    assert provider(world.second).name == "Blue Door"


def test_the_pair_is_settled(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    merge(client, world)
    pair = db.session.get_one(DuplicatePair, world.pair)
    assert (pair.status, pair.user_id is None) == ("merged", False)
    assert "of 100" not in client.get("/en/admin/duplicates").get_data(as_text=True)


def test_a_hidden_address_that_is_chosen_has_no_point(app: Flask, world: World, staff: Staff) -> None:
    one = provider(world.first)
    one.address_kind, one.latitude, one.longitude, one.precision = "confidential", None, None, None
    db.session.commit()
    merge(staff("editor"), world, part__address="first", part__point="second")
    stays = provider(world.second)
    assert (stays.address_kind, stays.latitude) == ("confidential", None)


def test_two_without_a_pair_can_be_merged_by_number(app: Flask, world: World, staff: Staff) -> None:
    client = staff("editor")
    third = add_third()
    page = client.get(f"/en/admin/duplicates/new?first={world.first}&second={third}").get_data(as_text=True)
    assert "Are these two one place?" in page
    assert merge(client, World(world.first, third, world.pair)).status_code == 303
    assert shown_ids(db.session, [world.first]) == {world.first: third}
